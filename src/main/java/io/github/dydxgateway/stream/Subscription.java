package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One client's place in one topic: a cursor in the topic's ring. What waits for the client is what
 * lies between the cursor and the ring's head, so a client that is behind holds no memory of its
 * own.
 *
 * <p>While the topic is LIVE on the stream, nothing is sent that has waited longer than the
 * stream's bound: it gives way to a snapshot or to the newest event, or the topic is LAGGING on the
 * stream until the client has caught up. So is the replay after a resume point.
 *
 * <p>Read by the outbox's thread only, but for {@link #signal} and {@link #handOver}, which the
 * topic's loop calls.
 */
final class Subscription {
  private final Topic topic;
  private final ResumePoint resumeFrom;
  private final Outbox outbox;
  private final AtomicBoolean signalled = new AtomicBoolean();
  private final AtomicReference<Handoff> offered = new AtomicReference<>();

  private Phase phase = Phase.NEW;
  private Handoff handoff;
  private int handoffIndex;
  private long cursor;
  private final long maxLagNanos;
  private long replayEnd;
  private long attachedNanos;

  /** When the topic handed over where to start; written before {@link #offered}. */
  private volatile long offeredNanos;

  /** Whether what is sent is older than the bound, or a replay. */
  private boolean lagging;

  /** Whether it starts again because it was too far behind. */
  private boolean wasBehind;

  private long lastSequence;
  private State lastState;
  private int delivered;
  private long oldestReceiveTimeNs;
  private TopicFailure failure;
  private boolean stopping;
  private boolean released;

  /**
   * @param maxLagNanos how long an event may wait while the topic is LIVE on the stream; zero: for
   *     ever
   */
  Subscription(Topic topic, ResumePoint resumeFrom, long maxLagNanos, Outbox outbox) {
    this.topic = topic;
    this.resumeFrom = resumeFrom;
    this.maxLagNanos = maxLagNanos;
    this.outbox = outbox;
    this.lastSequence = topic.placeOf(resumeFrom);
  }

  /** What a client does with a topic. */
  private enum Phase {
    /** Not known to the topic yet. */
    NEW,
    /** Too far behind: needs a fresh snapshot. */
    BEHIND,
    /** Asked the topic where to start. */
    WAITING,
    /** Sends what it gets first. */
    STARTING,
    /** Follows the ring. */
    FOLLOWING,
    /** Ends. */
    ENDED
  }

  /** What a call of {@link #drain} came to. */
  enum Progress {
    /** Everything there was is sent. */
    CAUGHT_UP,
    /** There is more to send. */
    MORE,
    /** The topic failed; the subscription is over. */
    FAILED,
    /** The client may not lose what it would have to lose; the call must end. */
    TOO_SLOW,
    /** The stream is being stopped, and everything there was is sent. */
    STOPPED
  }

  Topic topic() {
    return topic;
  }

  /** There is something new in the topic. */
  void signal() {
    if (signalled.compareAndSet(false, true)) {
      outbox.wake(this);
    }
  }

  /** As {@link #signal}, for the outbox's own thread while it drains. */
  void requeue() {
    if (signalled.compareAndSet(false, true)) {
      outbox.queue(this);
    }
  }

  /** Where to start. */
  void handOver(Handoff start) {
    offeredNanos = outbox.nanoTime();
    offered.set(start);
    signal();
  }

  /**
   * Sends what there is, at most so many messages, as long as the client can take them.
   *
   * @return what came of it
   */
  Progress drain(EventSink sink, int most) {
    signalled.set(false);
    delivered = 0;
    oldestReceiveTimeNs = 0;
    Progress progress = drainNow(sink, most);
    if (delivered > 0) {
      outbox.delivered(topic.key().kind(), delivered, oldestReceiveTimeNs);
    }
    return progress;
  }

  private Progress drainNow(EventSink sink, int most) {
    int left = most;
    long now = outbox.nanoTime();
    while (left > 0) {
      switch (phase) {
        case NEW -> {
          if (stopping) {
            return Progress.STOPPED;
          }
          if (outbox.mayStart(this)) {
            phase = Phase.WAITING;
            topic.attach(this, resumeFrom);
          }
          return Progress.CAUGHT_UP;
        }
        case BEHIND -> {
          if (outbox.mayStart(this)) {
            phase = Phase.WAITING;
            wasBehind = true;
            askForStart();
          }
          return Progress.CAUGHT_UP;
        }
        case WAITING -> {
          handoff = offered.getAndSet(null);
          if (handoff == null) {
            return Progress.CAUGHT_UP;
          }
          phase = Phase.STARTING;
          handoffIndex = 0;
        }
        case STARTING -> {
          if (isSnapshotOutdated(now)) {
            phase = Phase.WAITING;
            handoff = null;
            askForStart();
            return Progress.CAUGHT_UP;
          }
          if (handoffIndex == handoff.messages().size()) {
            left -= sendStartState(now);
            follow();
          } else if (outbox.accepts(handoff.messages().get(handoffIndex).length, now)) {
            left -= sendStartState(now);
            outbox.send(handoff.messages().get(handoffIndex++));
            delivered++;
            left--;
          } else {
            return Progress.MORE;
          }
        }
        case FOLLOWING -> {
          if (cursor == topic.ring().head()) {
            endLag();
            return stopping ? Progress.STOPPED : Progress.CAUGHT_UP;
          }
          RingEntry entry = topic.ring().get(cursor);
          if (!outbox.accepts(entry == null ? 0 : entry.message().length, now)) {
            return Progress.MORE;
          }
          if (entry == null) {
            if (mustEndWhenLost()) {
              return Progress.TOO_SLOW;
            }
            left -= skipLost();
          } else if (isLate(entry, now) && outbox.disconnectsSlowConsumers()) {
            return Progress.TOO_SLOW;
          } else if (isLate(entry, now) && !delivers()) {
            left -= conflate();
          } else {
            left -= markLag(entry, now);
            send(entry);
            left--;
          }
        }
        case ENDED -> {
          return Progress.FAILED;
        }
      }
    }
    return Progress.MORE;
  }

  /** The stream is being stopped: what waits is still sent. */
  void stop() {
    stopping = true;
    signal();
  }

  private void askForStart() {
    if (wasBehind) {
      topic.restart(this, lastSequence);
    } else {
      topic.startAgain(this, resumeFrom);
    }
  }

  /**
   * Whether a snapshot of which nothing is sent yet has waited too long: a newer one replaces it.
   */
  private boolean isSnapshotOutdated(long now) {
    return handoffIndex == 0
        && !handoff.messages().isEmpty()
        && handoff.failure() == null
        && isOld(now - offeredNanos);
  }

  /**
   * Sends the state in which the client starts, with the first of what it starts with.
   *
   * @return how many events that took
   */
  private int sendStartState(long now) {
    if (handoffIndex > 0) {
      // The snapshot has parts, and the client may read them slowly.
      return !lagging && isOld(now - offeredNanos)
          ? startLag("the snapshot takes " + millis(now - offeredNanos) + " ms")
          : 0;
    }
    boolean replays = handoff.replayEnd() > handoff.nextPosition();
    if (handoff.stateMessage() == null || (handoff.state() == lastState && !replays)) {
      return 0;
    }
    lastState = handoff.state();
    lagging = replays;
    if (replays && lastState == State.STATE_LIVE) {
      sendState(State.STATE_LAGGING, "what followed the resume point is replayed");
    } else {
      outbox.send(handoff.stateMessage());
    }
    return 1;
  }

  private void follow() {
    cursor = handoff.nextPosition();
    lastSequence = handoff.sequence();
    replayEnd = handoff.replayEnd();
    attachedNanos = offeredNanos;
    failure = handoff.failure();
    phase = failure == null ? Phase.FOLLOWING : Phase.ENDED;
    handoff = null;
    outbox.started();
  }

  private void send(RingEntry entry) {
    boolean isStateOnly = !entry.numbered() && entry.failure() == null;
    if (!isStateOnly || entry.state() != lastState) {
      if (isStateOnly && lagging && entry.state() == State.STATE_LIVE) {
        sendState(State.STATE_LAGGING, "");
      } else {
        outbox.send(entry.message());
      }
      delivered++;
      if (oldestReceiveTimeNs == 0) {
        oldestReceiveTimeNs = entry.receiveTimeNs();
      }
    }
    cursor = entry.position() + 1;
    lastSequence = entry.sequence();
    lastState = entry.state();
    failure = entry.failure();
    if (failure != null) {
      phase = Phase.ENDED;
    }
  }

  // ---- lag

  /** How long an entry has waited for this client. */
  private long lagOf(RingEntry entry, long now) {
    return now - Math.max(entry.appendNanos(), attachedNanos);
  }

  private boolean isOld(long lagNanos) {
    return maxLagNanos > 0 && lagNanos > maxLagNanos;
  }

  /** Whether an entry has waited too long; what is replayed may be of any age. */
  private boolean isLate(RingEntry entry, long now) {
    return cursor >= replayEnd && entry.failure() == null && isOld(lagOf(entry, now));
  }

  /** Whether what is late is sent nevertheless. */
  private boolean delivers() {
    return topic.key().kind().whenLagging().delivers();
  }

  /**
   * Sends, before an entry, that the topic lags or no longer does.
   *
   * @return how many events that took
   */
  private int markLag(RingEntry entry, long now) {
    if (!lagging && isLate(entry, now)) {
      return startLag("the oldest event has waited " + millis(lagOf(entry, now)) + " ms");
    }
    if (lagging && cursor >= replayEnd && lagOf(entry, now) <= maxLagNanos / 2) {
      return endLag();
    }
    return 0;
  }

  private int startLag(String reason) {
    lagging = true;
    outbox.counters().lagged(topic.key().kind()).increment();
    return sendUnlessNotLive(State.STATE_LAGGING, reason);
  }

  private int endLag() {
    if (!lagging) {
      return 0;
    }
    lagging = false;
    return sendUnlessNotLive(State.STATE_LIVE, "");
  }

  private int sendUnlessNotLive(State state, String reason) {
    if (lastState != State.STATE_LIVE) {
      return 0;
    }
    sendState(state, reason);
    return 1;
  }

  private void sendState(State state, String reason) {
    outbox.send(EventEncoder.state(topic.key(), state, reason));
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  /**
   * Whether the client is so far behind that its call has to end. Looked at now and then, even if
   * the client reads nothing.
   */
  boolean isTooSlow(long now) {
    long next =
        switch (phase) {
          case STARTING -> handoff.nextPosition();
          case FOLLOWING -> cursor;
          default -> topic.ring().head();
        };
    if (next >= topic.ring().head()) {
      return false;
    }
    RingEntry entry = topic.ring().get(next);
    if (entry == null) {
      return mustEndWhenLost();
    }
    if (!outbox.disconnectsSlowConsumers()) {
      return false;
    }
    return phase == Phase.FOLLOWING
        ? isLate(entry, now)
        : next >= handoff.replayEnd() && isOld(now - Math.max(entry.appendNanos(), offeredNanos));
  }

  /** How many messages of the topic wait for the client. */
  long waiting() {
    return phase == Phase.FOLLOWING ? topic.ring().head() - cursor : 0;
  }

  /** Whether the topic may lose events for a slow client, under the policy CONFLATE. */
  boolean mayLose() {
    return topic.key().kind().whenLagging() != TopicKind.WhenLagging.DELIVER_ALL;
  }

  private boolean mustEndWhenLost() {
    return outbox.disconnectsSlowConsumers() || !mayLose();
  }

  /** Skips entries that are no longer kept; returns how many events that took. */
  private int skipLost() {
    return switch (topic.key().kind().whenLagging()) {
      case CONFLATE, DELIVER_OR_SNAPSHOT -> restart();
      case NEWEST -> skipTo(newest());
      case DELIVER_OR_GAP -> skipTo(middle());
      case DELIVER_ALL -> throw new IllegalStateException("may lose nothing: " + topic.key());
    };
  }

  /** Skips entries that have waited too long; returns how many events that took. */
  private int conflate() {
    return topic.key().kind().whenLagging() == TopicKind.WhenLagging.NEWEST
        ? skipTo(newest())
        : restart();
  }

  private int restart() {
    outbox.counters().conflated(topic.key().kind()).increment();
    phase = Phase.BEHIND;
    return 0;
  }

  private int skipTo(RingEntry next) {
    int sent = 0;
    long lastMissing = next.sequenceBefore();
    if (lastMissing > lastSequence) {
      if (topic.key().kind().whenLagging() == TopicKind.WhenLagging.DELIVER_OR_GAP) {
        outbox.counters().dropped(topic.key().kind()).add(lastMissing - lastSequence);
        outbox.send(
            EventEncoder.gap(
                topic.key(), lastSequence + 1, lastMissing, GapReason.GAP_REASON_SLOW_CONSUMER));
        sent++;
      } else {
        outbox.counters().conflated(topic.key().kind()).increment();
      }
      lastSequence = lastMissing;
    }
    cursor = next.position();
    if (!delivers()) {
      attachedNanos = outbox.nanoTime(); // sent whatever its age, for there is nothing newer
    }
    // An entry that is a change of state says so itself.
    if (next.numbered() && next.state() != lastState) {
      lastState = next.state();
      sendState(lagging && lastState == State.STATE_LIVE ? State.STATE_LAGGING : lastState, "");
      sent++;
    }
    return sent;
  }

  /** The newest event that a frame caused; the oldest entry that waits if there is none. */
  private RingEntry newest() {
    ReplayRing ring = topic.ring();
    for (; ; ) {
      RingEntry newest = ring.get(ring.head() - 1);
      if (newest != null) {
        return newestEvent(newest);
      }
    }
  }

  private RingEntry newestEvent(RingEntry newest) {
    RingEntry event = newest;
    while (event.receiveTimeNs() == 0 && event.failure() == null && event.position() > cursor) {
      RingEntry before = topic.ring().get(event.position() - 1);
      if (before == null) {
        return event;
      }
      event = before;
    }
    return event;
  }

  /**
   * The middle of what is kept, so that a client that is always a little too slow does not get a
   * Gap for each event.
   */
  private RingEntry middle() {
    ReplayRing ring = topic.ring();
    for (; ; ) {
      long oldest = Math.max(cursor, ring.oldest());
      RingEntry middle = ring.get(oldest + (ring.head() - oldest) / 2);
      if (middle != null) {
        return middle;
      }
    }
  }

  /** The last sequence the client has. */
  long lastSequence() {
    return lastSequence;
  }

  /** Why the topic failed; null if it did not. */
  TopicFailure failure() {
    return failure;
  }

  /** Whether {@link #end} was called. */
  boolean hasEnded() {
    return released;
  }

  /** Ends the subscription; nothing more is sent. */
  void end() {
    released = true;
    if (phase != Phase.NEW) {
      topic.detach(this);
    }
    if (phase == Phase.WAITING || phase == Phase.STARTING) {
      outbox.started();
    }
    phase = Phase.ENDED;
    topic.release();
  }
}
