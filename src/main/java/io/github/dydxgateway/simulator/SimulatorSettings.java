package io.github.dydxgateway.simulator;

import java.time.Duration;
import java.util.List;

/**
 * How a simulated Indexer behaves. Immutable.
 *
 * @param port TCP port on 127.0.0.1; 0 takes a free one at the first start and keeps it
 * @param seed the same seed and the same ticks give the same market story
 * @param tickInterval how often the market moves, at least 1 ms; {@link Duration#ZERO} for only
 *     when {@link IndexerSimulator#tick()} is called. Simulated time follows the wall clock when
 *     this is positive; otherwise it starts at {@link #MANUAL_START} and each tick takes one second
 * @param markets number of markets, 1 to 300; the first are BTC-USD, ETH-USD and SOL-USD
 * @param pingInterval time between WebSocket ping control frames
 * @param pongTimeout a connection without pong for this long after a ping is closed with 1011
 * @param accounts addresses that trade, on subaccounts 0 and 128
 * @param control whether {@code /control} is served over HTTP on the same port
 */
public record SimulatorSettings(
    int port,
    long seed,
    Duration tickInterval,
    int markets,
    Duration pingInterval,
    Duration pongTimeout,
    List<String> accounts,
    boolean control) {

  /** The account that trades when no other is configured. */
  public static final String DEFAULT_ACCOUNT = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";

  /** Subscribing to this address is refused with a compliance text, for ever. */
  public static final String REFUSED_ACCOUNT = "dydx1refusedrefusedrefusedrefusedrefunut7dt";

  /** Simulated time at the first manual tick, ISO-8601. */
  public static final String MANUAL_START = "2025-12-08T16:00:00.000Z";

  private static final int MOST_MARKETS = 300;

  public SimulatorSettings {
    accounts = List.copyOf(accounts);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port must be 0 to 65535 but is " + port);
    }
    if (!tickInterval.isZero() && tickInterval.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(
          "tickInterval must be 0 or at least 1 ms but is " + tickInterval);
    }
    if (markets < 1 || markets > MOST_MARKETS) {
      throw new IllegalArgumentException("markets must be 1 to 300 but is " + markets);
    }
    if (pingInterval.toMillis() < 1 || pongTimeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "pingInterval and pongTimeout must be at least 1 ms: %s, %s"
              .formatted(pingInterval, pongTimeout));
    }
    for (String account : accounts) {
      if (!SubaccountId.isAddress(account)) {
        throw new IllegalArgumentException("not a dydx address: " + account);
      }
    }
  }

  /** Free port, ticks of 100 ms, 40 markets, the venue's heartbeat, one account, no control. */
  public static SimulatorSettings defaults() {
    return new SimulatorSettings(
        0,
        42,
        Duration.ofMillis(100),
        40,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        List.of(DEFAULT_ACCOUNT),
        false);
  }

  /** The same on another port. */
  public SimulatorSettings withPort(int port) {
    return new SimulatorSettings(
        port, seed, tickInterval, markets, pingInterval, pongTimeout, accounts, control);
  }

  /** The same with another market story. */
  public SimulatorSettings withSeed(long seed) {
    return new SimulatorSettings(
        port, seed, tickInterval, markets, pingInterval, pongTimeout, accounts, control);
  }

  /** The same at another pace; ZERO for manual ticks. */
  public SimulatorSettings withTickInterval(Duration tickInterval) {
    return new SimulatorSettings(
        port, seed, tickInterval, markets, pingInterval, pongTimeout, accounts, control);
  }

  /** The same with another number of markets. */
  public SimulatorSettings withMarkets(int markets) {
    return new SimulatorSettings(
        port, seed, tickInterval, markets, pingInterval, pongTimeout, accounts, control);
  }

  /** The same with another heartbeat. */
  public SimulatorSettings withHeartbeat(Duration pingInterval, Duration pongTimeout) {
    return new SimulatorSettings(
        port, seed, tickInterval, markets, pingInterval, pongTimeout, accounts, control);
  }

  /** The same with other trading accounts. */
  public SimulatorSettings withAccounts(List<String> accounts) {
    return new SimulatorSettings(
        port, seed, tickInterval, markets, pingInterval, pongTimeout, accounts, control);
  }

  /** The same with or without the HTTP control endpoint. */
  public SimulatorSettings withControl(boolean control) {
    return new SimulatorSettings(
        port, seed, tickInterval, markets, pingInterval, pongTimeout, accounts, control);
  }

  /** Whether only {@link IndexerSimulator#tick()} moves the market. */
  boolean manual() {
    return tickInterval.isZero();
  }
}
