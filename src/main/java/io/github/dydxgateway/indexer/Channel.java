package io.github.dydxgateway.indexer;

/** A channel of the Indexer's WebSocket. */
public enum Channel {
  /** Order books, by ticker. */
  ORDER_BOOK("v4_orderbook", 32, true),
  /** Trades, by ticker. */
  TRADES("v4_trades", 32, true),
  /** Candles, by {@code ticker/resolution}. */
  CANDLES("v4_candles", 32, true),
  /** All markets; has no id. */
  MARKETS("v4_markets", 32, false),
  /** Blocks of the chain; has no id. */
  BLOCK_HEIGHT("v4_block_height", 1, false),
  /** Subaccounts, by {@code address/number}. */
  SUBACCOUNTS("v4_subaccounts", 256, true),
  /** Parent subaccounts, by {@code address/number}. */
  PARENT_SUBACCOUNTS("v4_parent_subaccounts", 256, true);

  private final String wireName;
  private final int connectionLimit;
  private final boolean hasId;

  Channel(String wireName, int connectionLimit, boolean hasId) {
    this.wireName = wireName;
    this.connectionLimit = connectionLimit;
    this.hasId = hasId;
  }

  /** The venue's name, such as {@code v4_trades}. */
  public String wireName() {
    return wireName;
  }

  /** How many subscriptions of this channel the venue allows on one connection. */
  public int connectionLimit() {
    return connectionLimit;
  }

  /** Whether a subscription of this channel names what it wants; if not there is just one. */
  public boolean hasId() {
    return hasId;
  }

  /** The channel of that name, or null if this version knows none. */
  public static Channel ofWireName(String wireName) {
    for (Channel channel : CHANNELS) {
      if (channel.wireName.equals(wireName)) {
        return channel;
      }
    }
    return null;
  }

  private static final Channel[] CHANNELS = values();
}
