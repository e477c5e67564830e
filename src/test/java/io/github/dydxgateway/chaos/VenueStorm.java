package io.github.dydxgateway.chaos;

import io.github.dydxgateway.simulator.Faults;
import io.github.dydxgateway.simulator.IndexerSimulator;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Causes the venue's own faults, tick by tick, as a round's plan draws them. Thread-safe. */
final class VenueStorm {
  private static final int TICKS = 500;
  private static final int LARGEST_BATCH = 60;
  private static final List<String> CHANNELS =
      List.of(
          "v4_trades",
          "v4_orderbook",
          "v4_candles",
          "v4_markets",
          "v4_block_height",
          "v4_subaccounts");
  private static final List<String> STREAMED = List.of("BTC-USD", "ETH-USD", "SOL-USD");
  private static final List<String> NO_STATES =
      List.of("", "null", "\"\"", "\"<html>502 Bad Gateway</html>\"");
  private static final Duration LONGEST_HIDDEN = Duration.ofSeconds(60);

  private final IndexerSimulator venue;
  private final Set<VenueFault> faults;
  private final ChaosSetup setup;

  /** Markets that neither clients nor accounts have anything to do with. */
  private final List<String> quiet = new ArrayList<>();

  private final Set<String> removed = ConcurrentHashMap.newKeySet();
  private final Map<VenueFault, AtomicLong> tally = new EnumMap<>(VenueFault.class);
  private int listed;
  private Round round = new Round(new SplittableRandom(), new Problems());
  private boolean calm = true;

  VenueStorm(IndexerSimulator venue, Set<VenueFault> faults, ChaosSetup setup) {
    this.venue = venue;
    this.faults = new HashSet<>(faults);
    this.setup = setup;
    if (setup.redundancy() < 2) {
      this.faults.remove(VenueFault.SLOW_FETCH);
    }
    for (VenueFault fault : this.faults) {
      tally.put(fault, new AtomicLong());
    }
  }

  private record Round(SplittableRandom random, Problems problems) {}

  /**
   * From now on things go wrong.
   *
   * @param problems receives faults that the venue refused
   */
  synchronized void begin(ChaosPlan plan, Problems problems) {
    tally.values().forEach(times -> times.set(0));
    round = new Round(plan.venue(), problems);
    calm = false;
  }

  /** Draws what goes wrong before the market's next step. */
  synchronized void tick() {
    if (calm) {
      return;
    }
    SplittableRandom random = round.random;
    int drawn = random.nextInt(TICKS);
    for (VenueFault fault : VenueFault.values()) {
      drawn -= fault.weight();
      if (drawn < 0) {
        if (faults.contains(fault)) {
          happen(fault, random);
          tally.get(fault).incrementAndGet();
        }
        return;
      }
    }
  }

  /** From now on nothing goes wrong. */
  void calm() {
    synchronized (this) {
      calm = true;
    }
    ChaosVenue.await(venue.faults().clear());
    venue.faults().limitSubscriptions(setup.limit());
  }

  /** How often each fault has happened in the round. */
  Map<VenueFault, AtomicLong> tally() {
    return tally;
  }

  /** Names of markets removed without an announcement. */
  Set<String> removed() {
    return removed;
  }

  private void happen(VenueFault fault, SplittableRandom random) {
    Faults faults = venue.faults();
    switch (fault) {
      case REDELIVER -> {
        String channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
        started(faults.bus().redeliver(channel, random.nextInt(1, LARGEST_BATCH + 1)));
      }
      case HIDDEN_TICKER -> {
        String ticker = STREAMED.get(random.nextInt(STREAMED.size()));
        Duration age = Duration.ofSeconds(random.nextLong(5, LONGEST_HIDDEN.toSeconds()));
        faults.tickers().hideTickers(Set.of(ticker), 1, age);
      }
      case MUTE_CONNECTION -> faults.openings().mute(1);
      case IGNORED_UPGRADE -> faults.openings().ignoreUpgrades(1);
      case FAILED_FETCH -> faults.subscribes().failFetches(random.nextInt(1, 4));
      case UNREADABLE_STATE ->
          faults
              .subscribes()
              .sendUnreadableStates(NO_STATES.get(random.nextInt(NO_STATES.size())), 1);
      case SLOW_FETCH ->
          // The next draw of it ends it in half of the cases.
          faults
              .subscribes()
              .fetchFor(Duration.ofMillis(random.nextBoolean() ? 0 : random.nextInt(20, 300)));
      case NEW_MARKET -> {
        faults.tickers().hideNewTickers(LONGEST_HIDDEN);
        String ticker = newTicker();
        started(venue.addMarket(ticker, BigDecimal.valueOf(random.nextLong(100, 9999), 3)));
        quiet.add(ticker);
      }
      case RENAMED_MARKET -> {
        if (!quiet.isEmpty()) {
          String old = quiet.remove(random.nextInt(quiet.size()));
          String ticker = newTicker();
          started(venue.renameMarket(old, ticker));
          quiet.add(ticker);
        }
      }
      case REMOVED_MARKET -> {
        if (!quiet.isEmpty()) {
          String ticker = quiet.remove(random.nextInt(quiet.size()));
          removed.add(ticker);
          started(venue.delistMarket(ticker));
        }
      }
    }
  }

  private String newTicker() {
    return "CHAOS" + listed++ + "-USD";
  }

  private void started(Future<?> action) {
    Problems problems = round.problems;
    action.onFailure(e -> problems.add("the venue refused a fault: " + e.getMessage()));
  }
}
