package io.github.dydxgateway.simulator;

import java.util.Optional;

/** The venue's channels with their limits per connection. */
enum SimulatedChannel {
  ORDERBOOK("v4_orderbook", 32, "1.0.0"),
  TRADES("v4_trades", 32, "2.1.0"),
  CANDLES("v4_candles", 32, "1.0.0"),
  MARKETS("v4_markets", 32, "1.0.0"),
  BLOCK_HEIGHT("v4_block_height", 1, "1.0.0"),
  SUBACCOUNTS("v4_subaccounts", 256, "3.0.0"),
  PARENT_SUBACCOUNTS("v4_parent_subaccounts", 256, "3.0.0");

  private final String wireName;
  private final int limit;
  private final String version;

  SimulatedChannel(String wireName, int limit, String version) {
    this.wireName = wireName;
    this.limit = limit;
    this.version = version;
  }

  static Optional<SimulatedChannel> of(String wireName) {
    for (SimulatedChannel channel : values()) {
      if (channel.wireName.equals(wireName)) {
        return Optional.of(channel);
      }
    }
    return Optional.empty();
  }

  /**
   * The channel of a fault.
   *
   * @throws IllegalArgumentException where no channel has the name
   */
  static SimulatedChannel named(String wireName) {
    return of(wireName)
        .orElseThrow(() -> new IllegalArgumentException("no channel has the name " + wireName));
  }

  String wireName() {
    return wireName;
  }

  /** Subscriptions that one connection may have. */
  int limit() {
    return limit;
  }

  /** The {@code version} field of its data frames. */
  String version() {
    return version;
  }

  /** Whether a request has to name an id. */
  boolean needsId() {
    return this != MARKETS && this != BLOCK_HEIGHT;
  }
}
