package io.github.dydxgateway.simulator;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What goes wrong with subscribes and with the initial states that answer them. Thread-safe. */
public final class SubscribeFaults {

  // Guarded by this.
  private final Map<SimulatedChannel, Failure> failures = new EnumMap<>(SimulatedChannel.class);
  private int failedFetches;
  private int unanswered;
  private int unreadable;
  private String unreadableContents = "";
  private long fetchMillis;
  private long delayMillis;
  private int limit = FaultCount.FOR_EVER;

  SubscribeFaults() {}

  private record Failure(String message, int count) {}

  /**
   * Answers the next subscribes of a channel with an error.
   *
   * @param channel wire name, {@code v4_trades}
   */
  public synchronized void fail(String channel, String message, int count) {
    failures.put(SimulatedChannel.named(channel), new Failure(message, count));
  }

  /**
   * Fails to fetch the initial states of the next subscribes, whatever their channel: {@code
   * Internal error, could not fetch data for subscription: v4_trades.}
   */
  public synchronized void failFetches(int count) {
    failedFetches = count;
  }

  /** Never answers the next subscribes, whatever their channel. */
  public synchronized void ignore(int count) {
    unanswered = count;
  }

  /**
   * Answers the next subscribes with something else than an initial state, whatever their channel;
   * they are live all the same.
   *
   * @param contents stands in the frame as it is: {@code null}, {@code "text"}, or nothing, which
   *     makes the frame no JSON
   */
  public synchronized void sendUnreadableStates(String contents, int count) {
    unreadableContents = contents;
    unreadable = count;
  }

  /**
   * Fetches initial states for so long: updates between the reading of a state and its sending are
   * in neither, so the client loses them and nothing shows it. ZERO ends it.
   */
  public synchronized void fetchFor(Duration duration) {
    fetchMillis = duration.toMillis();
  }

  /** Delays the answers by more than the usual few milliseconds; they are up to date. */
  public synchronized void delay(Duration duration) {
    delayMillis = duration.toMillis();
  }

  /**
   * Accepts no more than so many subscriptions of each channel on one connection, where the
   * channel's own limit is not lower; 0 ends it. What is subscribed stays.
   */
  public synchronized void limit(int most) {
    limit = most == 0 ? FaultCount.FOR_EVER : most;
  }

  /** What the venue answers where it can't fetch an initial state. */
  static String fetchFailure(SimulatedChannel channel) {
    return "Internal error, could not fetch data for subscription: " + channel.wireName() + ".";
  }

  synchronized void clear() {
    failures.clear();
    failedFetches = 0;
    unanswered = 0;
    unreadable = 0;
    fetchMillis = 0;
    delayMillis = 0;
    limit = FaultCount.FOR_EVER;
  }

  synchronized int limitOf(SimulatedChannel channel) {
    return Math.min(limit, channel.limit());
  }

  synchronized long delayMillis() {
    return delayMillis;
  }

  synchronized long fetchMillis() {
    return fetchMillis;
  }

  synchronized boolean takeUnanswered() {
    boolean taken = unanswered > 0;
    unanswered = FaultCount.less(unanswered);
    return taken;
  }

  synchronized Optional<String> takeFailure(SimulatedChannel channel) {
    Failure failure = failures.get(channel);
    if (failure != null && failure.count > 0) {
      failures.put(channel, new Failure(failure.message, FaultCount.less(failure.count)));
      return Optional.of(failure.message);
    }
    if (failedFetches > 0) {
      failedFetches = FaultCount.less(failedFetches);
      return Optional.of(fetchFailure(channel));
    }
    return Optional.empty();
  }

  /** What to send in place of an initial state, if anything. */
  synchronized Optional<String> takeUnreadable() {
    if (unreadable == 0) {
      return Optional.empty();
    }
    unreadable = FaultCount.less(unreadable);
    return Optional.of(unreadableContents);
  }
}
