package io.github.dydxgateway.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Instances of the venue's WebSocket service whose list of tickers is old. They refuse a subscribe
 * of a ticker that they do not know with {@code Invalid subscription id for channel: …}, whether
 * {@code v4_markets} has announced it or not. Ages are simulated time. Thread-safe.
 */
public final class TickerCacheFaults {

  // Guarded by this.
  private Duration newTickersHidden = Duration.ZERO;
  private final FaultCount staleConnections = new FaultCount();
  private StaleTickers staleTickers;

  TickerCacheFaults() {}

  private record StaleTickers(Set<String> tickers, Duration age) {}

  /**
   * All instances refuse a market that was listed or renamed less than this ago, as the venue does
   * for up to 300 s; ZERO ends it. Markets there at the start are known.
   */
  public synchronized void hideNewTickers(Duration age) {
    newTickersHidden = age;
  }

  /**
   * The next connections lead to an instance that does not know these tickers, until it refreshes
   * its list.
   *
   * @param connections how many connections
   * @param age when it refreshes its list, counted from the connection
   */
  public synchronized void hideTickers(Set<String> tickers, int connections, Duration age) {
    staleTickers = new StaleTickers(Set.copyOf(tickers), age);
    staleConnections.set(connections);
  }

  synchronized void clear() {
    newTickersHidden = Duration.ZERO;
    staleConnections.clear();
  }

  /** The instance that a new connection leads to. */
  synchronized Instance connect(Instant now) {
    return staleConnections.take()
        ? new Instance(staleTickers.tickers, now.plus(staleTickers.age))
        : new Instance(Set.of(), now);
  }

  private synchronized Duration newTickersHidden() {
    return newTickersHidden;
  }

  /** One instance as one connection finds it. */
  final class Instance {
    private final Set<String> hidden;
    private final Instant refreshed;

    private Instance(Set<String> hidden, Instant refreshed) {
      this.hidden = hidden;
      this.refreshed = refreshed;
    }

    /**
     * Whether the instance knows a ticker of the venue.
     *
     * @param announced when {@code v4_markets} announced it; empty for one there from the start
     */
    boolean knows(String ticker, Optional<Instant> announced, Instant now) {
      boolean young =
          announced.filter(since -> since.plus(newTickersHidden()).isAfter(now)).isPresent();
      return !young && !(hidden.contains(ticker) && now.isBefore(refreshed));
    }
  }
}
