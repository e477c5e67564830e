package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.ChannelListener;
import io.github.dydxgateway.indexer.ChannelSubscription;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.MalformedFrameException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One of a feed's subscriptions to the same, on a connection of its own. All copies tell the same
 * story, each at its own pace. Touched by the feed's loop only.
 */
final class Copy implements ChannelListener {
  /** Frames kept of a copy that is not in step yet. */
  private static final int MOST_HELD = 1000;

  /** Where a copy stands. */
  enum State {
    /** No initial state since the start or the last interruption. */
    WAITING,
    /** Has a state, but that does not meet what clients have yet. What it tells is held. */
    JOINING,
    /** Whatever it tells next is delivered already or comes right after what is. */
    IN_STEP,
    /** Refused; nothing more comes. */
    REFUSED
  }

  /** A frame of updates and when it arrived, nanoseconds since the Unix epoch. */
  record Held(IndexerFrame.ChannelData frame, long receiveTimeNs, long heldAtNanos) {}

  private final Feed feed;
  private final int number;
  private final Deque<Held> held = new ArrayDeque<>();
  private volatile ChannelSubscription subscription;
  private State state = State.WAITING;
  private boolean led;
  private boolean askedWhileLive;
  private Refusal refusal;
  private IndexerFrame.Subscribed initialState;
  private long stateReceiveTimeNs;
  private long stateAtNanos;

  /**
   * @param number from 0; the same again for a copy that takes the place of a refused one
   */
  Copy(Feed feed, int number) {
    this.feed = feed;
    this.number = number;
  }

  int number() {
    return number;
  }

  State state() {
    return state;
  }

  /** Why it is refused; null if it is not. */
  Refusal refusal() {
    return refusal;
  }

  /** The state it joins with. */
  IndexerFrame.Subscribed initialState() {
    return initialState;
  }

  /** When that arrived, nanoseconds since the Unix epoch. */
  long stateReceiveTimeNs() {
    return stateReceiveTimeNs;
  }

  /** When that arrived, by the feed's clock. */
  long stateAtNanos() {
    return stateAtNanos;
  }

  /** What came since, in order. */
  List<Held> held() {
    return new ArrayList<>(held);
  }

  void subscribed(ChannelSubscription now) {
    subscription = now;
  }

  boolean isSubscribed() {
    return subscription != null;
  }

  /** Notes whether another copy was in step when the state that comes next was asked for. */
  void askedWhileLive(boolean wasLive) {
    askedWhileLive = wasLive;
  }

  /** Whether another copy was in step when its state was asked for. */
  boolean isAskedWhileLive() {
    return askedWhileLive;
  }

  void toWaiting() {
    state = State.WAITING;
    forget();
  }

  void toJoining(IndexerFrame.Subscribed frame, long receiveTimeNs, long nowNanos) {
    forget();
    state = State.JOINING;
    initialState = frame;
    stateReceiveTimeNs = receiveTimeNs;
    stateAtNanos = nowNanos;
  }

  void toInStep() {
    state = State.IN_STEP;
    led = false;
    forget();
  }

  /** It told something before the others. */
  void leads() {
    led = true;
  }

  /** Whether it told anything before the others since it is in step. */
  boolean hasLed() {
    return led;
  }

  void toRefused(Refusal why) {
    state = State.REFUSED;
    refusal = why;
    forget();
  }

  /** Keeps a frame; false if there is no room for it. */
  boolean hold(IndexerFrame.ChannelData frame, long receiveTimeNs, long nowNanos) {
    return held.size() < MOST_HELD && held.add(new Held(frame, receiveTimeNs, nowNanos));
  }

  private void forget() {
    initialState = null;
    held.clear();
  }

  /** Asks the venue for a fresh state. */
  void resync(String reason) {
    ChannelSubscription present = subscription;
    if (present != null) {
      present.resync(reason);
    }
  }

  /** Whether its wait for a state has come nearer to its end within that time. Any thread. */
  boolean isMoving(long nowNanos, Duration within) {
    ChannelSubscription present = subscription;
    return present != null && nowNanos - present.progressNanos() <= within.toNanos();
  }

  /** Ends it. Any thread. */
  void close() {
    ChannelSubscription present = subscription;
    if (present != null) {
      present.close();
    }
  }

  @Override
  public void onSubscribed(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    feed.onSubscribed(this, frame, receiveTimeNs);
  }

  @Override
  public void onData(IndexerFrame.ChannelData frame, long receiveTimeNs) {
    feed.onData(this, frame, receiveTimeNs);
  }

  @Override
  public void onInterrupted(String reason) {
    feed.onInterrupted(this, reason);
  }

  @Override
  public void onLost(String reason, long receiveTimeNs) {
    feed.onLost(this, reason, receiveTimeNs);
  }

  @Override
  public void onMalformed(MalformedFrameException problem, long receiveTimeNs) {
    feed.onMalformed(this, problem, receiveTimeNs);
  }

  @Override
  public void onRefused(Refusal why) {
    feed.onRefused(this, why);
  }
}
