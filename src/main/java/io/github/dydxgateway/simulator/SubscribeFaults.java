package io.github.dydxgateway.simulator;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What goes wrong with subscribes and with the initial states that answer them. Thread-safe. */
public final class SubscribeFaults {

  // Guarded by this.
  private final Map<SimulatedChannel, Failure> failures = new EnumMap<>(SimulatedChannel.class);
  private final FaultCount failedFetches = new FaultCount();
  private final FaultCount unanswered = new FaultCount();
  private final FaultCount unreadable = new FaultCount();
  private String unreadableContents = "";
  private long fetchMillis;
  private long delayMillis;
  private int limit = FaultCount.FOR_EVER;

  SubscribeFaults() {}

  private record Failure(String message, FaultCount count) {}

  /**
   * Answers the next subscribes of a channel with an error.
   *
   * @param channel wire name, {@code v4_trades}
   */
  public synchronized void fail(String channel, String message, int count) {
    Failure failure = new Failure(message, new FaultCount());
    failure.count.set(count);
    failures.put(SimulatedChannel.named(channel), failure);
  }

  /**
   * Fails to fetch the initial states of the next subscribes, whatever their channel: {@code
   * Internal error, could not fetch data for subscription: v4_trades.}
   */
  public synchronized void failFetches(int count) {
    failedFetches.set(count);
  }

  /** Never answers the next subscribes, whatever their channel. */
  public synchronized void ignore(int count) {
    unanswered.set(count);
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
    unreadable.set(count);
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
    failedFetches.clear();
    unanswered.clear();
    unreadable.clear();
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
    return unanswered.take();
  }

  synchronized Optional<String> takeFailure(SimulatedChannel channel) {
    Failure failure = failures.get(channel);
    if (failure != null && failure.count.take()) {
      return Optional.of(failure.message);
    }
    return failedFetches.take() ? Optional.of(fetchFailure(channel)) : Optional.empty();
  }

  /** What to send in place of an initial state, if anything. */
  synchronized Optional<String> takeUnreadable() {
    return unreadable.take() ? Optional.of(unreadableContents) : Optional.empty();
  }
}
