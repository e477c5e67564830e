package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.util.concurrent.TimeUnit;

/**
 * One client's place in one topic: fetches where to start, then follows the log.
 *
 * <p>While the topic is LIVE on the stream, nothing is sent that has waited longer than the
 * stream's bound: it gives way to a snapshot, or the topic is LAGGING on the stream until the
 * client has caught up. So is the replay after a resume point.
 *
 * <p>Belongs to the stream's loop, but for {@link #offer}, which the topic's loop calls.
 */
final class TopicCursor {
  private final Topic topic;
  private final TopicLog log;
  private final ResumePoint resumeFrom;
  private final long maxLagNanos;
  private final TopicKey ofSet;
  private final ClientStream stream;

  private Phase phase = Phase.NEW;

  /** Its place among the cursors of the loop on the topic. */
  private int place;

  /** Whether it waits for its turn in the stream. */
  private boolean queued;

  private StartPoint start;
  private boolean startAnnounced;
  private int snapshotIndex;

  /** When the topic said where to start. */
  private long startNanos;

  /** When it began to follow the log; what was appended before waits only since then. */
  private long attachedNanos;

  /** Whether a long event was sent that the client may not have taken yet. */
  private boolean isBehindLongEvent;

  /** When the client had taken the last long event. */
  private long longEventTakenNanos;

  private long replayEnd;

  /** Whether what is sent is older than the bound, or a replay. */
  private boolean lagging;

  /** Whether it starts again because it was too far behind. */
  private boolean wasBehind;

  /** Sequence of the last entry that the client has. */
  private long last;

  private State lastState;
  private TopicFailure failure;
  private boolean stopping;
  private boolean released;

  /**
   * @param maxLagNanos how long an event may wait while the topic is LIVE on the stream; zero: for
   *     ever
   * @param ofSet the set that it belongs to; null: the client asked for the topic itself
   */
  TopicCursor(
      Topic topic, ResumePoint resumeFrom, long maxLagNanos, TopicKey ofSet, ClientStream stream) {
    this.topic = topic;
    this.log = topic.log();
    this.resumeFrom = resumeFrom;
    this.maxLagNanos = maxLagNanos;
    this.ofSet = ofSet;
    this.stream = stream;
    this.last = topic.placeOf(resumeFrom);
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
    /** Follows the log. */
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

  TopicKey ofSet() {
    return ofSet;
  }

  int place() {
    return place;
  }

  void place(int newPlace) {
    place = newPlace;
  }

  /** There may be something to send. */
  void poll() {
    if (!queued && !released && phase != Phase.WAITING) {
      queued = true;
      stream.queue(this);
    }
  }

  /** Its turn has come. */
  void dequeued() {
    queued = false;
  }

  /** Where to start. Called on the topic's loop. */
  void offer(StartPoint offered) {
    long now = stream.nanoTime();
    stream.loop().execute(() -> begin(offered, now));
  }

  private void begin(StartPoint offered, long offeredNanos) {
    if (phase == Phase.WAITING) {
      start = offered;
      startNanos = offeredNanos;
      startAnnounced = false;
      snapshotIndex = 0;
      phase = Phase.STARTING;
      poll();
    }
  }

  /**
   * Adds what there is to the stream's message.
   *
   * @param share bytes after which it is the next topic's turn
   * @return what came of it
   */
  Progress drain(int share, long now) {
    if (stream.length() == 0) {
      noteTaken(now);
    }
    int end = stream.length() + share;
    for (; ; ) {
      switch (phase) {
        case NEW -> {
          if (stopping) {
            return Progress.STOPPED;
          }
          if (stream.mayStart(this)) {
            phase = Phase.WAITING;
            stream.loop().attach(this);
            topic.countIn();
            topic.start(this, resumeFrom);
          }
          return Progress.CAUGHT_UP;
        }
        case BEHIND -> {
          if (stream.mayStart(this)) {
            wasBehind = true;
            askForStart();
          }
          return Progress.CAUGHT_UP;
        }
        case WAITING -> {
          return Progress.CAUGHT_UP;
        }
        case STARTING -> {
          if (isSnapshotOutdated(now)) {
            askForStart();
            return Progress.CAUGHT_UP;
          }
          if (!addStart(now)) {
            return Progress.MORE;
          }
          follow();
        }
        case FOLLOWING -> {
          Progress progress = addEntries(end, now);
          if (progress != null) {
            return progress;
          }
        }
        case ENDED -> {
          return Progress.FAILED;
        }
      }
    }
  }

  /** The stream is being stopped: what waits is still sent. */
  void stop() {
    stopping = true;
    poll();
  }

  // ---- the start

  private void askForStart() {
    phase = Phase.WAITING;
    start = null;
    if (wasBehind) {
      topic.restart(this, last);
    } else {
      topic.start(this, resumeFrom);
    }
  }

  /**
   * Whether a snapshot of which nothing is sent yet has waited too long: a newer one replaces it.
   */
  private boolean isSnapshotOutdated(long now) {
    return !startAnnounced && !start.snapshot().isEmpty() && isOld(now - startNanos);
  }

  /** Adds what the client gets first; false if there is no room for all of it. */
  private boolean addStart(long now) {
    if (!startAnnounced) {
      if (!stream.acceptsOwn(now)) {
        return false;
      }
      if (start.gap() != null) {
        stream.add(start.gap());
      }
      addStartState();
      startAnnounced = true;
    }
    while (snapshotIndex < start.snapshot().size()) {
      byte[] part = start.snapshot().get(snapshotIndex);
      if (!stream.accepts(part.length, now)) {
        return false;
      }
      if (snapshotIndex > 0 && !lagging && isOld(now - startNanos)) {
        // The snapshot has parts, and the client reads them slowly.
        startLag("the snapshot takes " + millis(now - startNanos) + " ms");
      }
      stream.add(part);
      noteLength(part.length, 1);
      stream.delivered(topic.key().kind(), 1, 0);
      snapshotIndex++;
    }
    return true;
  }

  private void addStartState() {
    boolean replays = start.replayEnd() > start.asOf();
    if (start.state() == State.STATE_CLOSED || (start.state() == lastState && !replays)) {
      return;
    }
    lastState = start.state();
    lagging = replays;
    if (replays && lastState == State.STATE_LIVE) {
      addState(State.STATE_LAGGING, "what followed the resume point is replayed");
    } else {
      stream.add(start.stateMessage());
    }
  }

  private void follow() {
    last = start.asOf();
    replayEnd = start.replayEnd();
    attachedNanos = startNanos;
    longEventTakenNanos = startNanos;
    phase = Phase.FOLLOWING;
    start = null;
    stream.started();
  }

  // ---- the log

  /** Adds a run of entries; null: it may go on. */
  private Progress addEntries(int end, long now) {
    // In this order: nothing is appended once the topic has failed.
    TopicFailure failed = topic.failure();
    long head = log.head();
    if (last >= head) {
      return atHead(failed, now);
    }
    if (!stream.acceptsOwn(now)) {
      return Progress.MORE;
    }
    LogSlice slice = stream.slice();
    if (!read(head, end, now, slice)) {
      if (mustEndWhenLost()) {
        return Progress.TOO_SLOW;
      }
      skipLost(head);
      return null;
    }
    long lag = lagOf(slice, now);
    if (stream.disconnectsSlowConsumers() && isClientLate(slice.appendNanos(), now)) {
      return Progress.TOO_SLOW;
    }
    if (isLate(lag) && !delivers() && !stream.disconnectsSlowConsumers()) {
      conflate();
      return null;
    }
    if (!stream.accepts(slice.length(), now)) {
      return Progress.MORE;
    }
    if (markLag(lag) && !read(head, end, now, slice)) {
      return null;
    }
    add(slice);
    return stream.length() < end ? null : Progress.MORE;
  }

  private boolean read(long head, int end, long now, LogSlice into) {
    long most = stream.events(now);
    return log.read(
        last + 1,
        most < head - last ? last + most : head,
        Math.min(end - stream.length(), stream.room()),
        lagging,
        into);
  }

  private Progress atHead(TopicFailure failed, long now) {
    if ((lagging || failed != null) && !stream.acceptsOwn(now)) {
      return Progress.MORE;
    }
    endLag();
    if (failed != null) {
      stream.add(EventEncoder.error(topic.key(), failed));
      failure = failed;
      phase = Phase.ENDED;
      return Progress.FAILED;
    }
    return stopping ? Progress.STOPPED : Progress.CAUGHT_UP;
  }

  private void add(LogSlice slice) {
    if (lagging && slice.changesState() && slice.state() == State.STATE_LIVE) {
      stream.add(
          EventEncoder.state(
              topic.key(), State.STATE_LAGGING, "", topic.key().isView() ? 0 : slice.last()));
    } else {
      stream.add(slice);
    }
    stream.delivered(
        topic.key().kind(),
        slice.count(),
        EventEncoder.receiveTimeNs(slice.bytes(), slice.offset()));
    noteLength(slice.length(), slice.count());
    last = slice.last();
    lastState = slice.state();
  }

  // ---- lag

  /** How long the first entry has waited for this client; what is replayed may be of any age. */
  private long lagOf(LogSlice slice, long now) {
    return last < replayEnd ? 0 : now - Math.max(slice.appendNanos(), attachedNanos);
  }

  private boolean isOld(long lagNanos) {
    return maxLagNanos > 0 && lagNanos > maxLagNanos;
  }

  private boolean isLate(long lagNanos) {
    return isOld(lagNanos);
  }

  /**
   * Whether an entry has waited too long because the client did not read. What waits behind a long
   * event does so only since the client has taken that: one event is no backlog, however long.
   */
  private boolean isClientLate(long appendNanos, long now) {
    if (last < replayEnd || isBehindLongEvent) {
      return false;
    }
    long since = Math.max(Math.max(appendNanos, attachedNanos), longEventTakenNanos);
    return isOld(now - since) && stream.wasBlockedSince(since);
  }

  private void noteLength(int length, int count) {
    isBehindLongEvent |= count == 1 && length > EventBatch.MAX_BYTES;
  }

  /** The client can take more: it has taken what it was sent before. */
  private void noteTaken(long now) {
    if (isBehindLongEvent) {
      isBehindLongEvent = false;
      longEventTakenNanos = now;
    }
  }

  /** Whether what is late is sent nevertheless. */
  private boolean delivers() {
    return topic.key().kind().whenLagging().delivers();
  }

  /** Says, before an entry, that the topic lags or no longer does; whether it begins to lag. */
  private boolean markLag(long lag) {
    if (!lagging && isLate(lag)) {
      startLag("the oldest event has waited " + millis(lag) + " ms");
      return true;
    }
    if (lagging && last >= replayEnd && lag <= maxLagNanos / 2) {
      endLag();
    }
    return false;
  }

  private void startLag(String reason) {
    lagging = true;
    stream.counters().lagged(topic.key().kind()).increment();
    if (lastState == State.STATE_LIVE) {
      addState(State.STATE_LAGGING, reason);
    }
  }

  private void endLag() {
    if (lagging) {
      lagging = false;
      if (lastState == State.STATE_LIVE) {
        addState(State.STATE_LIVE, "");
      }
    }
  }

  private void addState(State state, String reason) {
    stream.add(EventEncoder.state(topic.key(), state, reason));
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  /**
   * Whether the client is so far behind that its call has to end. Looked at now and then, even if
   * the client reads nothing.
   */
  boolean isTooSlow(long now) {
    long head = log.head();
    long has =
        switch (phase) {
          case STARTING -> start.asOf();
          case FOLLOWING -> last;
          default -> head;
        };
    if (has >= head) {
      return false;
    }
    LogSlice slice = stream.slice();
    if (!log.read(has + 1, has + 1, 1, false, slice)) {
      return mustEndWhenLost();
    }
    if (!stream.disconnectsSlowConsumers()) {
      return false;
    }
    return phase == Phase.FOLLOWING
        ? isClientLate(slice.appendNanos(), now)
        : has >= start.replayEnd() && isOld(now - Math.max(slice.appendNanos(), startNanos));
  }

  /** How many entries of the topic wait for the client. */
  long waiting() {
    return phase == Phase.FOLLOWING ? Math.max(0, log.head() - last) : 0;
  }

  /** Whether the topic may lose events for a slow client, under the policy CONFLATE. */
  boolean mayLose() {
    return topic.key().kind().whenLagging() != TopicKind.WhenLagging.DELIVER_ALL;
  }

  private boolean mustEndWhenLost() {
    return stream.disconnectsSlowConsumers() || !mayLose();
  }

  /** Skips entries that are no longer kept. */
  private void skipLost(long head) {
    switch (topic.key().kind().whenLagging()) {
      case CONFLATE, DELIVER_OR_SNAPSHOT -> conflate();
      case DELIVER_OR_GAP -> skipToMiddle(head);
      case DELIVER_ALL -> throw new IllegalStateException("may lose nothing: " + topic.key());
    }
  }

  private void conflate() {
    stream.counters().conflated(topic.key().kind()).increment();
    phase = Phase.BEHIND;
  }

  /**
   * Goes on in the middle of what is kept, so that a client that is always a little too slow does
   * not get a Gap for each event.
   */
  private void skipToMiddle(long head) {
    long oldest = Math.max(log.oldest(), last + 1);
    long next = oldest + Math.max(0, head - oldest) / 2;
    long lastMissing = next - 1;
    State then = log.stateAfter(lastMissing);
    if (then == null || lastMissing <= last) {
      return; // dropped meanwhile: look again
    }
    stream.counters().dropped(topic.key().kind()).add(lastMissing - last);
    stream.add(
        EventEncoder.gap(topic.key(), last + 1, lastMissing, GapReason.GAP_REASON_SLOW_CONSUMER));
    last = lastMissing;
    if (then != lastState) {
      lastState = then;
      addState(lagging && then == State.STATE_LIVE ? State.STATE_LAGGING : then, "");
    }
  }

  // ---- the end

  /** The last sequence the client has; 0: none. */
  long lastSequence() {
    return last;
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
      stream.loop().detach(this);
      topic.countOut();
    }
    if (phase == Phase.WAITING || phase == Phase.STARTING) {
      stream.started();
    }
    phase = Phase.ENDED;
    topic.release();
  }
}
