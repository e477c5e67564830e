package io.github.dydxgateway.stream;

import com.google.protobuf.CodedOutputStream;
import io.github.dydxgateway.stream.state.TopicState;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SnapshotReason;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * A shared topic: its log, its state and the delivery loops that read it for clients.
 *
 * <p>All state belongs to the topic's loop. The methods that publish must be called there; those
 * that take a {@link TopicCursor}, a {@link TopicSignal} or a waiter hand themselves over to it;
 * the plain getters may be used from any thread.
 */
public final class Topic {
  private static final int CLOSED = -1;

  /** Entries after which loops are signalled although more of the burst may follow. */
  private static final int MOST_UNSIGNALLED = 128;

  private final TopicKey key;
  private final Executor loop;

  /** What the topic is about, as of the last entry. */
  private final TopicState content;

  private final StreamCounters counters;
  private final String epoch;
  private final long base;
  private final TopicLog log;
  private final LongAdder published;
  private final LongSupplier nanoTime;

  /** Streams and unary calls that use the topic; {@link #CLOSED} once it is closed. */
  private final AtomicInteger users = new AtomicInteger();

  private final List<TopicSignal> signals = new ArrayList<>();
  private final List<TopicView> views = new ArrayList<>();
  private final List<SnapshotWaiter> waiters = new ArrayList<>();
  private Runnable onFailed = () -> {};

  /** Set after the last entry; nothing is appended any more. */
  private volatile TopicFailure failure;

  /** The first of the losses that no event has followed yet; 0: there is none. */
  private long firstLoss;

  /** Of a view: the last entry of the viewed topic that is included. */
  private long shownSequence;

  private StartPoint cachedJoin;
  private StartPoint cachedConflation;
  private final Runnable endOfBurst = this::endOfBurst;
  private int unsignalled;
  private int uncounted;

  /** When the first entry that is not signalled yet was appended. */
  private long burstNanos;

  private boolean burstEnds;

  private volatile State state = State.STATE_PENDING;
  private volatile String stateReason = "";
  private final AtomicLong lastEventTimeNs = new AtomicLong();
  private final AtomicInteger subscriberCount = new AtomicInteger();
  private volatile long stateSinceNanos = System.nanoTime();
  private volatile long idleSinceNanos = System.nanoTime();

  /**
   * @param content empty
   * @param base the sequence before the first of this life of the topic
   * @param nanoTime monotonic, by which the age of what waits for clients is measured
   */
  Topic(
      TopicKey key,
      Executor loop,
      TopicState content,
      StreamSettings settings,
      StreamCounters counters,
      String epoch,
      long base,
      LongSupplier nanoTime) {
    this.key = key;
    this.loop = loop;
    this.content = content;
    this.counters = counters;
    this.epoch = epoch;
    this.base = base;
    this.log =
        new TopicLog(
            EventEncoder.topicField(key),
            !key.isView(),
            base,
            settings.replayEvents(),
            settings.replayBytes(),
            settings.replayAge().toNanos());
    this.published = counters.published(key.kind());
    this.nanoTime = nanoTime;
  }

  // ---- published to by the feed, on the loop

  /**
   * Publishes an event with payload and receive time; key and sequence are added here. The builder
   * is used up.
   */
  public void publish(Event.Builder event) {
    if (failure == null) {
      content.apply(event.build());
      appendEvent(event);
    }
  }

  private void appendEvent(Event.Builder event) {
    long receiveTimeNs = event.getReceiveTimeNs();
    Event payload = event.clearTopic().clearSequence().clearReceiveTimeNs().build();
    appendEvent(new WholePayload(payload), receiveTimeNs);
  }

  /**
   * Publishes an event.
   *
   * @param receiveTimeNs when the frame that caused it arrived, nanoseconds since the Unix epoch
   */
  public void publish(EventPayload payload, long receiveTimeNs) {
    if (failure == null) {
      payload.applyTo(content, receiveTimeNs);
      appendEvent(payload, receiveTimeNs);
    }
  }

  private void appendEvent(EventPayload payload, long receiveTimeNs) {
    firstLoss = 0;
    lastEventTimeNs.setRelease(receiveTimeNs);
    uncounted++;
    append(payload, receiveTimeNs, false);
  }

  /**
   * Publishes a whole state, which replaces what clients have.
   *
   * @param whole events with payload and receive time that hold it together
   */
  public void publishSnapshot(SnapshotReason reason, List<Event.Builder> whole) {
    if (failure == null) {
      content.replace(whole.stream().map(Event.Builder::build).toList());
      List<Event.Builder> entries = content.entries(reason, log.head());
      log.beginState(entries.size());
      entries.forEach(this::appendEvent);
    }
  }

  /**
   * Publishes, on a view, the present state of the viewed topic.
   *
   * @param events with payload, receive time and SnapshotInfo
   * @param viewedSequence last entry of the viewed topic that it includes
   */
  void publishView(List<Event.Builder> events, long viewedSequence) {
    shownSequence = viewedSequence;
    events.forEach(this::publish);
  }

  /**
   * The payload of an event.
   *
   * @param event with nothing else
   */
  private record WholePayload(Event event) implements EventPayload {
    @Override
    public int serializedSize() {
      return event.getSerializedSize();
    }

    @Override
    public void writeTo(CodedOutputStream out) throws IOException {
      event.writeTo(out);
    }

    /** Applied as an event before. */
    @Override
    public void applyTo(TopicState state, long receiveTimeNs) {}
  }

  /**
   * Says that something is lost to all clients of the topic, for a reason that lies upstream. Takes
   * one sequence, which stands for it.
   */
  public void publishLoss(GapReason reason, long receiveTimeNs) {
    if (failure != null) {
      return;
    }
    long lost = log.head() + 1;
    publishLoss(reason, lost, receiveTimeNs);
    views.forEach(view -> view.topic().publishLoss(reason, lost, receiveTimeNs));
  }

  private void publishLoss(GapReason reason, long lost, long receiveTimeNs) {
    if (firstLoss == 0) {
      firstLoss = log.head() + 1;
    }
    counters.losses(key.kind()).increment();
    append(
        EventPayload.of(Event.GAP_FIELD_NUMBER, EventEncoder.gapMessage(lost, lost, reason)),
        receiveTimeNs,
        false);
  }

  /**
   * Moves to another state and says so.
   *
   * @param reason for a person; may be empty
   */
  public void moveTo(State next, String reason) {
    if (failure != null || (next == state && reason.equals(stateReason))) {
      return;
    }
    if ((next == State.STATE_LIVE) != (state == State.STATE_LIVE)) {
      stateSinceNanos = System.nanoTime();
    }
    state = next;
    stateReason = reason;
    append(
        EventPayload.of(
            Event.SUBSCRIPTION_STATE_FIELD_NUMBER, EventEncoder.stateMessage(next, reason)),
        EventEncoder.nowNs(),
        true);
    views.forEach(view -> view.topic().moveTo(next, reason));
    if (next == State.STATE_LIVE && !waiters.isEmpty()) {
      // Once the state that made it live has been published.
      loop.execute(this::answerWaiters);
    }
  }

  /** Says to all clients that the topic can't be served any more, and closes it. */
  public void fail(TopicFailure reason) {
    if (failure != null) {
      return;
    }
    failure = reason;
    state = State.STATE_CLOSED;
    stateReason = reason.message();
    users.set(CLOSED);
    onFailed.run();
    signalAll();
    List.copyOf(views).forEach(view -> view.topic().fail(reason));
    waiters.forEach(waiter -> waiter.onFailure(reason));
    waiters.clear();
  }

  private void append(EventPayload payload, long receiveTimeNs, boolean changesState) {
    if (unsignalled == 0) {
      burstNanos = nanoTime.getAsLong();
    }
    log.append(payload, receiveTimeNs, state, changesState, burstNanos);
    if (signals.isEmpty() && views.isEmpty()) {
      count();
      return;
    }
    // What the loop has received at once is signalled at once: a wake-up costs more than an event.
    unsignalled++;
    if (unsignalled >= MOST_UNSIGNALLED) {
      signalAll();
    } else if (!burstEnds) {
      burstEnds = true;
      loop.execute(endOfBurst);
    }
  }

  private void endOfBurst() {
    burstEnds = false;
    if (unsignalled > 0) {
      signalAll();
    }
  }

  private void signalAll() {
    unsignalled = 0;
    count();
    for (int i = 0; i < views.size(); i++) {
      views.get(i).update();
    }
    // Either a loop that is about to read sees the log's new head, or its rest is seen here.
    VarHandle.fullFence();
    for (int i = 0; i < signals.size(); i++) {
      signals.get(i).raise();
    }
  }

  private void count() {
    if (uncounted > 0) {
      published.add(uncounted);
      uncounted = 0;
    }
  }

  // ---- used by clients

  /** Adds a loop that reads for clients. Any thread. */
  void attach(TopicSignal signal) {
    loop.execute(() -> signals.add(signal));
  }

  /** Removes a loop. Any thread, after {@link #attach}. */
  void detach(TopicSignal signal) {
    loop.execute(() -> signals.remove(signal));
  }

  /** A client begins to stream the topic. Any thread. */
  void countIn() {
    subscriberCount.incrementAndGet();
  }

  /** A client no longer streams the topic. Any thread. */
  void countOut() {
    subscriberCount.decrementAndGet();
  }

  /** Offers a client where to start. Any thread. */
  void start(TopicCursor cursor, ResumePoint resumeFrom) {
    loop.execute(
        () -> cursor.offer(resumeFrom == null || failure != null ? joining() : resume(resumeFrom)));
  }

  /**
   * Offers a fresh snapshot to a client that was too far behind. A Gap before it says what the
   * client lost, where there is no snapshot or it does not hold what the client lost. Any thread.
   *
   * @param lastSequence the last that the client has
   */
  void restart(TopicCursor cursor, long lastSequence) {
    loop.execute(
        () -> {
          StartPoint present = present(SnapshotReason.SNAPSHOT_REASON_CONFLATED);
          boolean loses =
              (present.snapshot().isEmpty()
                      || key.kind().whenLagging() == TopicKind.WhenLagging.DELIVER_OR_SNAPSHOT)
                  && failure == null
                  && log.head() > lastSequence;
          cursor.offer(
              loses
                  ? present.after(
                      EventEncoder.gap(
                          key, lastSequence + 1, log.head(), GapReason.GAP_REASON_SLOW_CONSUMER))
                  : present);
        });
  }

  /**
   * Where a client begins. What was lost right before it came belongs between its snapshot and the
   * next event, so it gets that Gap too where a snapshot is no whole state.
   */
  private StartPoint joining() {
    boolean isAfterLoss =
        firstLoss > base + 1
            && failure == null
            && state != State.STATE_PENDING
            && key.kind().whenLagging() == TopicKind.WhenLagging.DELIVER_OR_GAP;
    State before = isAfterLoss ? log.stateAfter(firstLoss - 1) : null;
    return before == null || before == State.STATE_PENDING
        ? present(SnapshotReason.SNAPSHOT_REASON_JOIN)
        : startingWith(
            before,
            encodedSnapshot(SnapshotReason.SNAPSHOT_REASON_JOIN, firstLoss - 1),
            firstLoss - 1);
  }

  private StartPoint present(SnapshotReason reason) {
    boolean joins = reason == SnapshotReason.SNAPSHOT_REASON_JOIN;
    StartPoint cached = joins ? cachedJoin : cachedConflation;
    if (cached != null && cached.asOf() == log.head() && failure == null) {
      return cached;
    }
    List<byte[]> snapshot =
        state == State.STATE_PENDING || failure != null
            ? List.of()
            : encodedSnapshot(reason, log.head());
    StartPoint present = startingWith(state, snapshot, log.head());
    if (joins) {
      cachedJoin = present;
    } else {
      cachedConflation = present;
    }
    return present;
  }

  private List<byte[]> encodedSnapshot(SnapshotReason reason, long asOf) {
    return snapshotEvents(reason, asOf).stream().map(EventEncoder::encode).toList();
  }

  private List<Event> snapshotEvents(SnapshotReason reason, long asOf) {
    List<Event.Builder> parts =
        key.isView()
            ? content.snapshot(SnapshotReason.SNAPSHOT_REASON_VIEW, shownSequence)
            : content.snapshot(reason, asOf);
    return parts.stream().map(part -> part.setTopic(key.message()).build()).toList();
  }

  // ---- views

  /** Begins to publish the present state on a view. Any thread. */
  void add(TopicView view) {
    loop.execute(
        () -> {
          views.add(view);
          if (failure != null) {
            view.topic().fail(failure);
          } else if (state != State.STATE_PENDING) {
            view.topic().moveTo(state, stateReason);
            view.update();
          }
        });
  }

  /** Publishes no more on a view. Any thread, after {@link #add}. */
  void remove(TopicView view) {
    loop.execute(() -> views.remove(view));
  }

  /** What the topic is about. On the loop. */
  TopicState content() {
    return content;
  }

  private StartPoint resume(ResumePoint from) {
    long last = from.getSequence();
    boolean isOfThisLife = from.getEpoch().equals(epoch) && last >= base && last <= log.head();
    if (isOfThisLife && last + 1 >= log.oldest()) {
      State then = log.stateAfter(last);
      counters.resumed().increment();
      return startingWith(then == null ? state : then, List.of(), last, log.head());
    }
    counters.resumeMissed().increment();
    StartPoint present = present(SnapshotReason.SNAPSHOT_REASON_JOIN);
    boolean isKnownRange = from.getEpoch().equals(epoch) && last > 0 && last < log.head();
    return present.after(
        isKnownRange
            ? EventEncoder.gap(key, last + 1, log.head(), GapReason.GAP_REASON_REPLAY_EXPIRED)
            : EventEncoder.gap(key, 0, 0, GapReason.GAP_REASON_EPOCH_CHANGED));
  }

  /** The sequence of a resume point, if it is of this life of the sequences; else 0. Any thread. */
  long placeOf(ResumePoint from) {
    return from != null && from.getEpoch().equals(epoch) ? from.getSequence() : 0;
  }

  private StartPoint startingWith(State then, List<byte[]> snapshot, long asOf) {
    return startingWith(then, snapshot, asOf, asOf);
  }

  private StartPoint startingWith(State then, List<byte[]> snapshot, long asOf, long replayEnd) {
    String reason = then == state ? stateReason : "";
    return new StartPoint(
        null, then, EventEncoder.state(key, then, reason), snapshot, asOf, replayEnd);
  }

  // ---- used by unary calls

  /** Gives the state as soon as the topic is live. Any thread; the waiter is called on the loop. */
  public void awaitSnapshot(SnapshotWaiter waiter) {
    loop.execute(
        () -> {
          if (failure != null) {
            waiter.onFailure(failure);
          } else {
            waiters.add(waiter);
            if (state == State.STATE_LIVE) {
              answerWaiters();
            }
          }
        });
  }

  /** Forgets a waiter. Any thread. */
  public void cancel(SnapshotWaiter waiter) {
    loop.execute(() -> waiters.remove(waiter));
  }

  private void answerWaiters() {
    if (waiters.isEmpty() || state != State.STATE_LIVE) {
      return;
    }
    List<Event> events = snapshotEvents(SnapshotReason.SNAPSHOT_REASON_JOIN, log.head());
    if (events.isEmpty()) {
      return; // live, but its first state comes only now
    }
    List<SnapshotWaiter> waiting = List.copyOf(waiters);
    waiters.clear();
    waiting.forEach(waiter -> waiter.onSnapshot(events));
  }

  /** Waits for a topic's state. Called on the topic's loop, once. */
  public interface SnapshotWaiter {
    /** The state: the events of the snapshot that a client which joins now would get. */
    void onSnapshot(List<Event> events);

    /** The topic can't be served. */
    void onFailure(TopicFailure failure);
  }

  // ---- life

  /** Counts a user in; false if the topic is closed already. Any thread. */
  boolean retain() {
    for (; ; ) {
      int present = users.get();
      if (present == CLOSED) {
        return false;
      }
      if (users.compareAndSet(present, present + 1)) {
        return true;
      }
    }
  }

  /** Counts a user out. Any thread. */
  public void release() {
    for (; ; ) {
      int present = users.get();
      if (present == CLOSED) {
        return;
      }
      if (present == 1) {
        idleSinceNanos = System.nanoTime();
      }
      if (users.compareAndSet(present, present - 1)) {
        return;
      }
    }
  }

  /** Closes the topic if nobody has used it for so long; whether it did. Any thread. */
  boolean closeIfIdle(long nowNanos, long lingerNanos) {
    return users.get() == 0
        && nowNanos - idleSinceNanos >= lingerNanos
        && users.compareAndSet(0, CLOSED);
  }

  void onFailed(Runnable action) {
    onFailed = action;
  }

  // ---- read from any thread

  /** Identity. */
  public TopicKey key() {
    return key;
  }

  /** The one thread that feeds the topic. */
  public Executor loop() {
    return loop;
  }

  /** State as of now. */
  public State state() {
    return state;
  }

  /** Last sequence published; of a view, how much was published. */
  public long sequence() {
    return log.head();
  }

  /** Why it can't be served any more; null while it can. Nothing is appended once it is set. */
  TopicFailure failure() {
    return failure;
  }

  /** Bytes that the topic's log takes. */
  public long replayBytes() {
    return log.bytes();
  }

  /** Entries that the topic's log keeps. */
  public long replayEvents() {
    return Math.max(0, log.head() - log.oldest() + 1);
  }

  /** Clients that stream the topic. */
  public int subscriberCount() {
    return subscriberCount.get();
  }

  /** When the last event was received, nanoseconds since the Unix epoch; 0: never. */
  public long lastEventTimeNs() {
    return lastEventTimeNs.getAcquire();
  }

  /** How long the topic has not been live; zero while it is. */
  public Duration notLiveFor() {
    return state == State.STATE_LIVE
        ? Duration.ZERO
        : Duration.ofNanos(System.nanoTime() - stateSinceNanos);
  }

  TopicLog log() {
    return log;
  }
}
