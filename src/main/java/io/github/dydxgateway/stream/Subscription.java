package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One client's place in one topic: a cursor in the topic's ring. What waits for the client is what
 * lies between the cursor and the ring's head, so a client that is behind holds no memory of its
 * own.
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
  private long replayEndPosition;
  private long replayEndOffset;
  private long lastSequence;
  private State lastState;
  private int delivered;
  private long oldestReceiveTimeNs;
  private TopicFailure failure;
  private boolean stopping;
  private boolean released;

  Subscription(Topic topic, ResumePoint resumeFrom, Outbox outbox) {
    this.topic = topic;
    this.resumeFrom = resumeFrom;
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
            topic.restart(this, lastSequence);
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
          if (handoff.state() != lastState && handoff.stateMessage() != null) {
            lastState = handoff.state();
            outbox.send(handoff.stateMessage());
            left--;
          }
        }
        case STARTING -> {
          if (handoffIndex == handoff.messages().size()) {
            follow();
          } else if (sink.isReady()) {
            outbox.send(handoff.messages().get(handoffIndex++));
            delivered++;
            left--;
          } else {
            return Progress.MORE;
          }
        }
        case FOLLOWING -> {
          if (cursor == topic.ring().head()) {
            return stopping ? Progress.STOPPED : Progress.CAUGHT_UP;
          }
          if (!sink.isReady()) {
            return Progress.MORE;
          }
          RingEntry entry = topic.ring().get(cursor);
          if (entry == null || isTooFarBehind(entry)) {
            if (mustEndWhenBehind()) {
              return Progress.TOO_SLOW;
            }
            left -= catchUp();
          } else {
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

  private void follow() {
    cursor = handoff.nextPosition();
    lastSequence = handoff.sequence();
    if (handoff.newest() != null) {
      replayEndPosition = handoff.newest().position() + 1;
      replayEndOffset = handoff.newest().endOffset();
    }
    failure = handoff.failure();
    phase = failure == null ? Phase.FOLLOWING : Phase.ENDED;
    handoff = null;
    outbox.started();
  }

  private void send(RingEntry entry) {
    if (entry.numbered() || entry.failure() != null || entry.state() != lastState) {
      outbox.send(entry.message());
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

  /** Whether more waits than the limits allow, beside what the client asked to be replayed. */
  private boolean isTooFarBehind(RingEntry next) {
    StreamSettings settings = outbox.settings();
    long head = topic.ring().head();
    if (head - Math.max(cursor, replayEndPosition) > settings.outboxEvents()) {
      return true;
    }
    RingEntry newest = topic.ring().get(head - 1);
    return newest != null
        && head - cursor > 1
        && newest.endOffset() - Math.max(next.startOffset(), replayEndOffset)
            > settings.outboxBytes();
  }

  /**
   * Whether the client is so far behind that its call has to end. Looked at now and then, even if
   * the client reads nothing.
   */
  boolean isTooSlow() {
    if (!mustEndWhenBehind()) {
      return false;
    }
    if (phase == Phase.STARTING) {
      // What comes after its first state waits already.
      long next = handoff.nextPosition();
      long waiting = topic.ring().head() - next;
      return waiting > 0 && (topic.ring().get(next) == null || waiting > allowedAfter(handoff));
    }
    if (phase != Phase.FOLLOWING || cursor == topic.ring().head()) {
      return false;
    }
    RingEntry next = topic.ring().get(cursor);
    return next == null || isTooFarBehind(next);
  }

  /** How many events after a hand-over may wait: what was to be replayed, and an outbox full. */
  private long allowedAfter(Handoff start) {
    long replayed =
        start.newest() == null ? 0 : start.newest().position() + 1 - start.nextPosition();
    return Math.max(0, replayed) + outbox.settings().outboxEvents();
  }

  /** How many messages of the topic wait for the client. */
  long waiting() {
    return phase == Phase.FOLLOWING ? topic.ring().head() - cursor : 0;
  }

  /** Whether the topic may lose events for a slow client, under the policy CONFLATE. */
  boolean mayLose() {
    return topic.key().kind().overflow() != TopicKind.Overflow.END_CALL;
  }

  private boolean mustEndWhenBehind() {
    return outbox.disconnectsSlowConsumers() || !mayLose();
  }

  /** Skips what the client is too late for; returns how many messages that took. */
  private int catchUp() {
    if (topic.key().kind().overflow() == TopicKind.Overflow.SNAPSHOT) {
      outbox.counters().conflated(topic.key().kind()).increment();
      phase = Phase.BEHIND;
      return 0;
    }
    RingEntry next = entryToGoOnWith();
    int sent = 0;
    long lastMissing = next.sequenceBefore();
    if (lastMissing > lastSequence) {
      outbox.counters().dropped(topic.key().kind()).add(lastMissing - lastSequence);
      outbox.send(
          EventEncoder.gap(
              topic.key(), lastSequence + 1, lastMissing, GapReason.GAP_REASON_SLOW_CONSUMER));
      lastSequence = lastMissing;
      sent++;
    }
    cursor = next.position();
    // An entry that is a change of state says so itself.
    if (next.numbered() && next.state() != lastState) {
      lastState = next.state();
      outbox.send(EventEncoder.state(topic.key(), lastState, ""));
      sent++;
    }
    return sent;
  }

  /**
   * The newest half of what may wait, so that a client that is always a little too slow does not
   * get a Gap for each event.
   */
  private RingEntry entryToGoOnWith() {
    StreamSettings settings = outbox.settings();
    ReplayRing ring = topic.ring();
    for (; ; ) {
      long head = ring.head();
      RingEntry newest = ring.get(head - 1);
      if (newest == null) {
        continue;
      }
      RingEntry candidate = newest;
      long first = Math.max(cursor, head - Math.max(1, settings.outboxEvents() / 2));
      for (long position = head - 2; position >= first; position--) {
        RingEntry older = ring.get(position);
        if (older == null
            || newest.endOffset() - older.startOffset() > settings.outboxBytes() / 2) {
          break;
        }
        candidate = older;
      }
      return candidate;
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
