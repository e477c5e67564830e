package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelListener;
import io.github.dydxgateway.indexer.IndexerFrame.ChannelData;
import io.github.dydxgateway.indexer.IndexerFrame.Subscribed;
import io.github.dydxgateway.indexer.MalformedFrameException;
import java.util.Comparator;

/** One subscription on one connection. Touched by the connection's loop only. */
final class Subscription {
  /** Markets first, since everything else needs them; then in the order of subscribing. */
  static final Comparator<Subscription> ORDER =
      Comparator.comparing((Subscription s) -> s.channelId().channel() != Channel.MARKETS)
          .thenComparingLong(s -> s.owner.sequence());

  /** Where a subscription stands. */
  enum State {
    /** To be sent as soon as there is a session and the pace allows it. */
    WAITING,
    /** Sent, not answered yet. What comes now is held. */
    SENT,
    /** The initial state came: updates are handed on as they come. */
    LIVE,
    /** The venue could not serve it: to be sent again after a while, in whatever session. */
    RETRYING
  }

  private final PooledSubscription owner;
  private final Delivery delivery;
  private final Backoff retries;
  private final Backoff answerWaits;
  private final HeldFrames held = new HeldFrames();
  private State state = State.WAITING;
  private long stateMessageId = -1;
  private long lastMessageId = -1;
  private long sentNumber;
  private long sentNs;
  private long dueNs;
  private boolean awaitsUnsubscribed = true;

  /** Whether it was sent in this session, and no initial state has come since. */
  private boolean asked;

  /**
   * @param retries waits before trying again what the venue could not serve
   * @param answerWaits how long to wait for an answer: longer after each that did not come, for the
   *     link may be so late that asking again only makes another answer worthless
   */
  Subscription(PooledSubscription owner, Delivery delivery, Backoff retries, Backoff answerWaits) {
    this.owner = owner;
    this.delivery = delivery;
    this.retries = retries;
    this.answerWaits = answerWaits;
  }

  PooledSubscription owner() {
    return owner;
  }

  ChannelId channelId() {
    return owner.channelId();
  }

  State state() {
    return state;
  }

  /** End of the wait for an answer, or of the wait before trying again. */
  long dueNs() {
    return dueNs;
  }

  /** Rises with every subscribe of the connection. */
  long sentNumber() {
    return sentNumber;
  }

  /**
   * Whether to ignore initial states until the venue has confirmed the last unsubscribe. False once
   * that has led to nothing.
   */
  boolean awaitsUnsubscribed() {
    return awaitsUnsubscribed;
  }

  void stopAwaitingUnsubscribed() {
    awaitsUnsubscribed = false;
  }

  /** The venue has answered another, so that one less is before this one if it waits its turn. */
  void queueMoved(long nowNs) {
    if (!asked) {
      owner.progress(nowNs);
    }
  }

  /** To be sent (again). */
  void toWaiting() {
    state = State.WAITING;
    held.clear();
  }

  void toSent(long number, long nowNs) {
    state = State.SENT;
    asked = true;
    sentNumber = number;
    sentNs = nowNs;
    dueNs = nowNs + answerWaits.next().toNanos();
    held.clear();
  }

  /** Waits longer after each failure, until an initial state comes. */
  void toRetrying(long nowNs) {
    state = State.RETRYING;
    dueNs = Math.max(nowNs + retries.next().toNanos(), earliestRetryNs());
    held.clear();
  }

  private long earliestRetryNs() {
    return sentNs + UpstreamSettings.SUBSCRIBE_RETRY_INTERVAL.toNanos();
  }

  /**
   * The session was lost. What waits after a failure goes on waiting, but not for long: the next
   * session may be with another instance of the venue.
   */
  void sessionLost() {
    if (state == State.RETRYING) {
      dueNs = Math.min(dueNs, earliestRetryNs());
    } else {
      toWaiting();
    }
    awaitsUnsubscribed = true;
    asked = false;
  }

  /** The venue answers, though not with a state yet: the wait is no sign of a stuck connection. */
  void answered() {
    owner.progress(dueNs);
  }

  /** The initial state came: hands it on, then what was held and is newer. */
  void toLive(Subscribed frame, long receiveTimeNs) {
    state = State.LIVE;
    asked = false;
    stateMessageId = frame.messageId();
    lastMessageId = stateMessageId;
    retries.reset();
    answerWaits.reset();
    delivery.deliver(listener -> listener.onSubscribed(frame, receiveTimeNs));
    for (HeldFrames.Entry entry : held.take()) {
      if (entry.frame() == null) {
        if (entry.messageId() > stateMessageId) { // the listener must know what the state lacks
          malformed(entry.problem(), entry.receiveTimeNs());
        }
      } else if (isNew(entry.messageId())) {
        data(entry.frame(), entry.receiveTimeNs());
      }
    }
  }

  /** Number of the initial state; -1 before the first, or where it had none. */
  long stateMessageId() {
    return stateMessageId;
  }

  /** Number of the last update, or of the initial state where there was none; -1 before. */
  long lastMessageId() {
    return lastMessageId;
  }

  /** Whether an update is newer than the initial state and all updates: their numbers rise. */
  boolean isNew(long messageId) {
    return messageId == -1 || messageId > lastMessageId;
  }

  /** Whether an update newer than that message was handed on. */
  boolean hasDataAfter(long messageId) {
    return lastMessageId > stateMessageId && lastMessageId > messageId;
  }

  boolean hold(ChannelData frame, long receiveTimeNs, int length) {
    return held.add(frame, receiveTimeNs, length);
  }

  boolean hold(MalformedFrameException problem, long receiveTimeNs, int length) {
    return held.add(problem, receiveTimeNs, length);
  }

  void data(ChannelData frame, long receiveTimeNs) {
    lastMessageId = Math.max(lastMessageId, frame.messageId());
    delivery.deliver(listener -> listener.onData(frame, receiveTimeNs));
  }

  void malformed(MalformedFrameException problem, long receiveTimeNs) {
    delivery.deliver(listener -> listener.onMalformed(problem, receiveTimeNs));
  }

  void interrupted(String reason) {
    delivery.deliver(listener -> listener.onInterrupted(reason));
  }

  void lost(String reason, long receiveTimeNs) {
    delivery.deliver(listener -> listener.onLost(reason, receiveTimeNs));
  }

  void refused(ChannelListener.Refusal refusal) {
    delivery.deliver(listener -> listener.onRefused(refusal));
  }
}
