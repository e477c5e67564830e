package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.ResumeInfo;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One client's stream: the topics it has, and its messages, each built of runs of entries of their
 * logs.
 *
 * <p>Bounded whatever the client does: events wait in the topics' logs and are shared; of its own
 * it holds a cursor a topic, and answers to the commands of the client, which the caller has to
 * send one at a time (see {@link #hasAnswersWaiting}). Belongs to its loop.
 */
public final class ClientStream {
  /** Messages sent before it is another stream's turn. */
  private static final int MESSAGES_OF_A_TURN = 4;

  /** Kept free in a message for states and gaps that belong before an entry. */
  private static final int OWN_BYTES = 1 << 10;

  /** The least that a topic may add to a message when others wait as well. */
  private static final int LEAST_SHARE = 2 << 10;

  /**
   * Topics that may fetch their first state at once, which bounds the snapshots held for a client
   * that does not read.
   */
  private static final int MOST_STARTING = 8;

  /** Topics that the end of a stalled stream names, for a status has to stay small. */
  private static final int MOST_NAMED = 8;

  private static final TopicFailure BROKEN =
      new TopicFailure(TopicFailure.INTERNAL, "the stream failed; open it again", true);

  private static final TopicFailure ALREADY_THERE =
      new TopicFailure(
          TopicFailure.ALREADY_EXISTS, "this stream has the topic already; it goes on", false);

  private static final TopicKind[] KINDS = TopicKind.values();
  private static final long[] NONE_WAITING = new long[KINDS.length];

  private final EventSink sink;
  private final boolean disconnectsSlowConsumers;
  private final StreamSettings settings;
  private final StreamCounters counters;
  private final TopicRegistry topics;
  private final String epoch;
  private final StreamClock clock;
  private final AckWindow acknowledgements;
  private final boolean endsWithoutTopics;

  /** Bytes of entries that a message may have. */
  private final int mostBytes;

  private final Runnable onClosed;

  private final Map<TopicKey, TopicCursor> cursors = new LinkedHashMap<>();
  private final Map<TopicKey, TopicSet> sets = new LinkedHashMap<>();
  private final Queue<byte[]> answers = new ArrayDeque<>();
  private final Deque<TopicCursor> ready = new ArrayDeque<>();
  private final Set<TopicCursor> waitingToStart = new LinkedHashSet<>();
  private final LogSlice slice = new LogSlice();
  private final Runnable flush = this::flush;

  /** By kind of topic: events sent since they were counted last, and when the first had arrived. */
  private final int[] uncounted = new int[KINDS.length];

  private final long[] oldestReceiveTimeNs = new long[KINDS.length];

  /** The message that is being built. */
  private EventBatch message = new EventBatch();

  private long flushNanos;

  /** Of all topics that the stream has had; what is held back must not become late by that. */
  private long smallestMaxLagNanos = Long.MAX_VALUE;

  private long lastFlushNanos;
  private boolean flushScheduled;

  /** Topics that belong to {@link #sets}. */
  private int topicsOfSets;

  private int starting;
  private TopicFailure lastFailure;
  private TopicFailure stopReason;
  private boolean waits;
  private boolean draining;
  private boolean noMoreCommands;
  private boolean closed;
  private volatile int topicCount;
  private volatile long lastSentNanos = System.nanoTime();

  /** Whether the client could not take all there was; only then the sweep has to look at topics. */
  private volatile boolean blocked;

  /** When the client could not take all there was. */
  private long lastBlockedNanos;

  private volatile long[] waitingByKind = NONE_WAITING;

  /**
   * @param policy what happens if the client reads too slowly
   * @param endsWithoutTopics whether the call ends as soon as none of its topics can be served
   * @param onClosed run once, when the stream is closed
   */
  ClientStream(
      EventSink sink,
      SlowConsumerPolicy policy,
      StreamSettings settings,
      StreamCounters counters,
      TopicRegistry topics,
      StreamIdentity identity,
      StreamClock clock,
      boolean endsWithoutTopics,
      Runnable onClosed) {
    this.sink = sink;
    this.disconnectsSlowConsumers = policy == SlowConsumerPolicy.SLOW_CONSUMER_POLICY_DISCONNECT;
    this.settings = settings;
    this.counters = counters;
    this.topics = topics;
    this.epoch = identity.epoch();
    this.clock = clock;
    this.acknowledgements = new AckWindow(settings.maxLag().toNanos(), clock.nanoTime());
    this.endsWithoutTopics = endsWithoutTopics;
    this.mostBytes = Math.max(1, settings.messageBytes() - OWN_BYTES);
    this.onClosed = onClosed;
    this.lastBlockedNanos = clock.nanoTime() - 1;
    answers.add(EventEncoder.opened(identity));
  }

  /** Adds a topic with the gateway's bound for lag. */
  public void subscribe(TopicKey key, ResumePoint resumeFrom) {
    subscribe(key, resumeFrom, settings.maxLag());
  }

  /**
   * Adds a topic.
   *
   * @param resumeFrom the last event the client has; null to start with a snapshot
   * @param maxLag how long an event may wait while the topic is LIVE on the stream; zero: for ever
   */
  public void subscribe(TopicKey key, ResumePoint resumeFrom, Duration maxLag) {
    if (closed) {
      return;
    }
    if (stopReason != null) {
      refuse(key, stopReason);
      return;
    }
    if (cursors.containsKey(key)) {
      answers.add(EventEncoder.error(key, ALREADY_THERE));
      return;
    }
    if (hasMostTopics()) {
      refuse(key, tooManyTopics());
      return;
    }
    add(key, resumeFrom, maxLag, null);
  }

  private boolean hasMostTopics() {
    return cursors.size() - topicsOfSets + sets.size() >= settings.maxTopicsPerStream();
  }

  private TopicFailure tooManyTopics() {
    return new TopicFailure(
        TopicFailure.RESOURCE_EXHAUSTED,
        "a stream may have at most "
            + settings.maxTopicsPerStream()
            + " topics (gateway.stream.max-topics-per-stream)",
        false);
  }

  private void add(TopicKey key, ResumePoint resumeFrom, Duration maxLag, TopicKey ofSet) {
    try {
      TopicCursor cursor =
          new TopicCursor(topics.open(key), resumeFrom, maxLag.toNanos(), ofSet, this);
      cursors.put(key, cursor);
      if (!maxLag.isZero()) {
        smallestMaxLagNanos = Math.min(smallestMaxLagNanos, maxLag.toNanos());
      }
      topicsOfSets += ofSet == null ? 0 : 1;
      topicCount = cursors.size();
      cursor.poll();
    } catch (TopicRefusedException e) {
      refuse(key, e.failure());
    }
  }

  /**
   * Adds all topics of a set, those that come later included. They count as one; those that the
   * stream has already go on as they are.
   *
   * @param name of the set, as the client knows it
   */
  public void subscribeAll(TopicKey name, TopicSet set, Duration maxLag) {
    if (closed) {
      return;
    }
    if (stopReason != null) {
      refuse(name, stopReason);
    } else if (sets.containsKey(name)) {
      answers.add(EventEncoder.error(name, ALREADY_THERE));
    } else if (hasMostTopics()) {
      refuse(name, tooManyTopics());
    } else {
      sets.put(name, set);
      set.follow(sink.loop(), key -> addOfSet(key, maxLag, name));
    }
  }

  private void addOfSet(TopicKey key, Duration maxLag, TopicKey name) {
    if (sets.containsKey(name) && stopReason == null && !cursors.containsKey(key)) {
      add(key, null, maxLag, name);
      sink.loop().add(this);
    }
  }

  private void leaveSet(TopicKey name) {
    sets.remove(name).leave();
    List.copyOf(cursors.values()).stream()
        .filter(cursor -> name.equals(cursor.ofSet()))
        .forEach(this::remove);
  }

  /** Says that the client does not get a topic. */
  public void refuse(TopicKey key, TopicFailure failure) {
    if (closed) {
      return;
    }
    lastFailure = failure;
    answers.add(EventEncoder.error(key, failure));
  }

  /** Ends a topic. */
  public void unsubscribe(TopicKey key) {
    if (closed) {
      return;
    }
    if (sets.containsKey(key)) {
      leaveSet(key);
      endTopic(key);
      return;
    }
    TopicCursor cursor = cursors.get(key);
    if (cursor == null) {
      answers.add(
          EventEncoder.error(
              key,
              new TopicFailure(
                  TopicFailure.NOT_FOUND, "this stream does not have the topic", false)));
      return;
    }
    remove(cursor);
    endTopic(key);
  }

  private void endTopic(TopicKey key) {
    lastFailure = null;
    askWaiting();
    answers.add(EventEncoder.state(key, State.STATE_CLOSED, "unsubscribed"));
  }

  /** The client will send no more commands: the call ends once it has no topics. */
  public void endCommands() {
    noMoreCommands = true;
    drain();
  }

  /**
   * Whether answers to commands wait for the client; while they do, no further command should be
   * taken from it.
   */
  public boolean hasAnswersWaiting() {
    return !answers.isEmpty();
  }

  /**
   * Takes the client's acknowledgement; from the first on, it is sent only so many events beyond
   * what it has acknowledged.
   *
   * @param events that the client has processed since the stream began, in all
   * @return false if that is fewer than before, or more than were sent
   */
  public boolean acknowledge(long events) {
    return closed || acknowledgements.acknowledge(events, nanoTime());
  }

  /**
   * Sets how long events may be held back to go in one message with later ones, from now on.
   *
   * @param interval zero: not at all
   */
  public void flushInterval(Duration interval) {
    flushNanos = interval.toNanos();
  }

  // ---- what cursors ask for

  /** Whether an event, or a run of them, may be added to the message now. */
  boolean accepts(int length, long nowNanos) {
    return fits(length) && events(nowNanos) > 0;
  }

  private boolean fits(int length) {
    return message.length() == 0 || message.length() + length <= mostBytes;
  }

  /** Whether states and gaps may be added to the message now. */
  boolean acceptsOwn(long nowNanos) {
    return message.length() <= mostBytes && events(nowNanos) > 0;
  }

  /**
   * Whether the client was unable to take all there was since then. If it was not, what has waited
   * since then did so because of the gateway.
   */
  boolean wasBlockedSince(long nanos) {
    return blocked || lastBlockedNanos - nanos >= 0;
  }

  /** How many events may be added to the message now. */
  long events(long nowNanos) {
    return acknowledgements.room(nowNanos);
  }

  /** Bytes of entries that may still be added to the message. */
  int room() {
    return mostBytes - message.length();
  }

  /** Bytes of the message so far. */
  int length() {
    return message.length();
  }

  void add(byte[] event) {
    message.add(event);
    acknowledgements.sent(1);
  }

  void add(LogSlice run) {
    message.add(run.bytes(), run.offset(), run.length(), run.count());
    acknowledgements.sent(run.count());
  }

  /** For one cursor at a time. */
  LogSlice slice() {
    return slice;
  }

  long nanoTime() {
    return clock.nanoTime();
  }

  DeliveryLoop loop() {
    return sink.loop();
  }

  // ---- delivery

  /** There may be something to send of this topic. */
  void queue(TopicCursor cursor) {
    ready.add(cursor);
    if (!draining) {
      sink.loop().add(this);
    }
  }

  /** Whether it is to wait for its turn: it does not yet, and nothing is held back. */
  boolean waits() {
    if (waits || closed || isHeldBack()) {
      return false;
    }
    waits = true;
    return true;
  }

  private boolean isHeldBack() {
    if (flushNanos == 0) {
      return false;
    }
    long left = lastFlushNanos + Math.min(flushNanos, smallestMaxLagNanos / 2) - nanoTime();
    if (left > 0 && !flushScheduled) {
      flushScheduled = true;
      sink.loop().schedule(flush, left);
    }
    return left > 0;
  }

  private void flush() {
    flushScheduled = false;
    if (!closed) {
      drain();
    }
  }

  /** Its turn on its loop has come; returns how many messages it sent. */
  int deliver() {
    waits = false;
    return drain();
  }

  /**
   * Sends what the client can take. Called when the sink has become ready, and after commands.
   *
   * @return how many messages were sent
   */
  public int drain() {
    if (draining || closed) {
      return 0;
    }
    draining = true;
    int sent = 0;
    if (blocked) {
      lastBlockedNanos = nanoTime();
    }
    try {
      while (!closed && sent < MESSAGES_OF_A_TURN && sink.isReady()) {
        long now = nanoTime();
        fill(now);
        if (closed || !send(now)) {
          break;
        }
        sent++;
      }
    } catch (RuntimeException e) {
      // A cursor in an unknown state must not keep a client waiting for events that never come.
      close();
      sink.fail(BROKEN, List.of());
      throw e;
    } finally {
      draining = false;
    }
    if (!closed) {
      boolean canTakeMore = sink.isReady() && events(nanoTime()) > 0;
      blocked(!canTakeMore);
      if (canTakeMore && !(ready.isEmpty() && answers.isEmpty())) {
        // Everybody has a turn.
        sink.loop().add(this);
      }
      endIfOver();
    }
    return sent;
  }

  /** Adds to the message what there is, one topic after the other. */
  private void fill(long now) {
    while (!answers.isEmpty() && fits(answers.peek().length)) {
      add(answers.poll());
    }
    boolean goesOn = answers.isEmpty();
    while (goesOn && !ready.isEmpty()) {
      goesOn = false;
      int share = Math.max(LEAST_SHARE, room() / ready.size());
      for (int turns = ready.size(); turns > 0 && room() > 0; turns--) {
        TopicCursor next = ready.poll();
        if (next == null) {
          return; // closed meanwhile
        }
        if (next.hasEnded()) {
          continue;
        }
        int before = message.length();
        TopicCursor.Progress progress = next.drain(share, now);
        if (progress == TopicCursor.Progress.MORE && message.length() == before) {
          // The first of the next message: others that always have something must not keep it out.
          ready.addFirst(next);
          return;
        }
        next.dequeued();
        take(next, progress);
        goesOn |= message.length() > before;
      }
    }
  }

  /** Sends the message, if there is anything in it. */
  private boolean send(long now) {
    if (message.events() == 0) {
      return false;
    }
    EventBatch full = message;
    message = new EventBatch();
    sink.send(full);
    lastSentNanos = System.nanoTime();
    lastFlushNanos = now;
    countDelivered();
    return true;
  }

  /** Events of a topic are sent; they count as delivered once the sink has let go of them. */
  void delivered(TopicKind kind, int events, long oldestReceived) {
    int index = kind.ordinal();
    if (uncounted[index] == 0 || oldestReceiveTimeNs[index] == 0) {
      oldestReceiveTimeNs[index] = oldestReceived;
    } else if (oldestReceived != 0) {
      oldestReceiveTimeNs[index] = Math.min(oldestReceiveTimeNs[index], oldestReceived);
    }
    uncounted[index] += events;
  }

  private void countDelivered() {
    for (TopicKind kind : KINDS) {
      int events = uncounted[kind.ordinal()];
      if (events > 0) {
        uncounted[kind.ordinal()] = 0;
        counters.delivered(kind, events, oldestReceiveTimeNs[kind.ordinal()]);
      }
    }
  }

  private void blocked(boolean now) {
    if (now != blocked) {
      blocked = now;
      waitingByKind = NONE_WAITING;
    }
  }

  /** Whether the subscription may fetch its first state now; if not it will be asked again. */
  boolean mayStart(TopicCursor cursor) {
    if (starting >= MOST_STARTING) {
      waitingToStart.add(cursor);
      return false;
    }
    waitingToStart.remove(cursor);
    starting++;
    return true;
  }

  /** A cursor has sent its first state, or has ended before. */
  void started() {
    starting--;
    askWaiting();
  }

  /**
   * Asks as many of the waiting cursors as may start. They go on waiting until they do, for another
   * may be faster or they may end before.
   */
  private void askWaiting() {
    Iterator<TopicCursor> waiting = waitingToStart.iterator();
    for (int free = MOST_STARTING - starting; free > 0 && waiting.hasNext(); free--) {
      waiting.next().poll();
    }
  }

  private void take(TopicCursor cursor, TopicCursor.Progress progress) {
    switch (progress) {
      case CAUGHT_UP -> {}
      case MORE -> cursor.poll();
      case FAILED -> {
        lastFailure = cursor.failure();
        remove(cursor);
      }
      case TOO_SLOW -> cutOff(cursor);
      case STOPPED -> {
        add(EventEncoder.state(cursor.topic().key(), State.STATE_CLOSED, stopReason.message()));
        remove(cursor);
      }
    }
  }

  private void remove(TopicCursor cursor) {
    cursors.remove(cursor.topic().key());
    topicsOfSets -= cursor.ofSet() == null ? 0 : 1;
    waitingToStart.remove(cursor);
    topicCount = cursors.size();
    cursor.end();
  }

  private void cutOff(TopicCursor cursor) {
    TopicKey key = cursor.topic().key();
    counters.cutOff(key.kind()).increment();
    TopicFailure failure =
        new TopicFailure(
            TopicFailure.RESOURCE_EXHAUSTED,
            "the client reads too slowly on "
                + key
                + "; resume from epoch "
                + epoch
                + " sequence "
                + cursor.lastSequence(),
            true);
    end(failure, resumeInfo(cursor).toList());
  }

  private Stream<ResumeInfo> resumeInfo(TopicCursor cursor) {
    return cursor.lastSequence() == 0
        ? Stream.empty()
        : Stream.of(
            ResumeInfo.newBuilder()
                .setTopic(cursor.topic().key().message())
                .setResumeFrom(
                    ResumePoint.newBuilder().setEpoch(epoch).setSequence(cursor.lastSequence()))
                .build());
  }

  /** Ends the call with an error, after what was added to the message. */
  private void end(TopicFailure failure, List<ResumeInfo> resumeFrom) {
    send(nanoTime());
    close();
    sink.fail(failure, resumeFrom);
  }

  private void endIfOver() {
    if (closed
        || !cursors.isEmpty()
        || (!sets.isEmpty() && stopReason == null)
        || !answers.isEmpty()) {
      return;
    }
    if (stopReason != null) {
      end(stopReason, List.of());
    } else if (lastFailure != null && (endsWithoutTopics || noMoreCommands)) {
      end(lastFailure, List.of());
    } else if (noMoreCommands) {
      close();
      sink.complete();
    }
  }

  /**
   * Sends a heartbeat if the stream was quiet, and ends the call if the client is too slow for what
   * it may not lose or takes nothing at all. Called from time to time; any thread. Costs a task of
   * the stream's thread only if there is reason to look.
   */
  void sweep(long nowNanos) {
    if (blocked || isQuiet(nowNanos)) {
      sink.loop().execute(() -> look(nowNanos));
    }
  }

  private boolean isQuiet(long nowNanos) {
    return nowNanos - lastSentNanos >= settings.heartbeatInterval().toNanos();
  }

  private void look(long nowNanos) {
    if (closed) {
      return;
    }
    long[] waiting = new long[KINDS.length];
    long now = nanoTime();
    for (TopicCursor cursor : cursors.values()) {
      if (cursor.isTooSlow(now)) {
        cutOff(cursor);
        return;
      }
      waiting[cursor.topic().key().kind().ordinal()] += cursor.waiting();
    }
    if (!sink.isReady() || events(now) == 0) {
      waitingByKind = waiting;
      if (nowNanos - lastSentNanos >= settings.stallTimeout().toNanos()) {
        cutOffStalled();
      }
    } else if (answers.isEmpty() && isQuiet(nowNanos)) {
      add(EventEncoder.heartbeat());
      send(now);
      lastSentNanos = nowNanos;
    }
  }

  private void cutOffStalled() {
    counters.limitHit(ClientLimit.STALL_TIMEOUT).increment();
    List<TopicCursor> named =
        cursors.values().stream()
            .sorted(Comparator.comparing(TopicCursor::mayLose))
            .limit(MOST_NAMED)
            .toList();
    String places =
        named.stream()
            .map(cursor -> cursor.topic().key() + " " + cursor.lastSequence())
            .collect(Collectors.joining(", "));
    TopicFailure failure =
        new TopicFailure(
            TopicFailure.RESOURCE_EXHAUSTED,
            "nothing could be sent for "
                + settings.stallTimeout().toMillis()
                + " ms ("
                + ClientLimit.STALL_TIMEOUT.key()
                + "); resume each topic from its last event, epoch "
                + epoch
                + (places.isEmpty() ? "" : ": " + places),
            true);
    end(failure, named.stream().flatMap(this::resumeInfo).toList());
  }

  /**
   * Ends the stream well: what waits for the client is sent, then the end of each topic, then the
   * call fails with the reason. Any thread.
   *
   * @return done once the client has taken it all, or has left
   */
  CompletionStage<Void> stop(TopicFailure reason) {
    sink.loop()
        .execute(
            () -> {
              if (!closed && stopReason == null) {
                stopReason = reason;
                cursors.values().forEach(TopicCursor::stop);
                drain();
              }
            });
    return sink.ended();
  }

  /** Ends the stream at once, whatever waits for the client. Any thread. */
  void abort(TopicFailure reason) {
    sink.loop()
        .execute(
            () -> {
              if (!closed) {
                close();
                sink.fail(reason, List.of());
              }
            });
  }

  /** Leaves all topics. Closing twice is harmless. */
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    waitingToStart.clear();
    sets.values().forEach(TopicSet::leave);
    sets.clear();
    cursors.values().forEach(TopicCursor::end);
    cursors.clear();
    ready.clear();
    topicCount = 0;
    answers.clear();
    onClosed.run();
  }

  /** Number of topics. Any thread. */
  public int topicCount() {
    return topicCount;
  }

  /** How many entries waited for the client, if it is slow, at the last sweep. Any thread. */
  long waiting(TopicKind kind) {
    return waitingByKind[kind.ordinal()];
  }

  StreamSettings settings() {
    return settings;
  }

  StreamCounters counters() {
    return counters;
  }

  boolean disconnectsSlowConsumers() {
    return disconnectsSlowConsumers;
  }
}
