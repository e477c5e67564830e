package io.github.dydxgateway.stream;

import com.google.protobuf.CodedOutputStream;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Gap;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.ResumePoint;
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
 * A shared topic: its sequence, its ring of recent events and the clients that read it.
 *
 * <p>All state belongs to the topic's loop. The methods that publish must be called there; those
 * that take a {@link Subscription} or a waiter hand themselves over to it; the plain getters may be
 * used from any thread.
 */
public final class Topic {
  private static final int CLOSED = -1;

  /** Events after which clients are told of them although more of the burst may follow. */
  private static final int MOST_UNSIGNALLED = 128;

  private final TopicKey key;
  private final Executor loop;
  private final SnapshotSource snapshots;
  private final StreamCounters counters;
  private final String epoch;
  private final ReplayRing ring;
  private final byte[] encodedKey;
  private final LongAdder published;

  /** Streams and unary calls that use the topic; {@link #CLOSED} once it is closed. */
  private final AtomicInteger users = new AtomicInteger();

  private final List<Subscription> subscribers = new ArrayList<>();
  private final List<SnapshotWaiter> waiters = new ArrayList<>();
  private Runnable onFailed = () -> {};
  private TopicFailure failure;
  private long lastSnapshotInParts;

  /** Where in the ring losses stand that nothing has followed yet; -1: the last event is none. */
  private long lossPosition = -1;

  private long sequenceBeforeLoss;
  private Handoff cachedHandoff;
  private long cachedHead = -1;
  private final Runnable endOfBurst = this::endOfBurst;
  private final LongSupplier nanoTime;
  private int unsignalled;
  private int uncounted;

  /** When the first entry that is not signalled yet was appended. */
  private long burstNanos;

  private boolean burstEnds;

  private volatile State state = State.STATE_PENDING;
  private volatile String stateReason = "";
  private long sequence;

  /**
   * The same for other threads, which may see it a moment later: a fence for each event is dear.
   */
  private final AtomicLong shownSequence = new AtomicLong();

  private final AtomicLong lastEventTimeNs = new AtomicLong();
  private volatile int subscriberCount;
  private volatile long stateSinceNanos = System.nanoTime();
  private volatile long idleSinceNanos = System.nanoTime();

  /**
   * @param lastSequence the sequence before the first of this life of the topic
   * @param nanoTime monotonic, by which the age of what waits for clients is measured
   */
  Topic(
      TopicKey key,
      Executor loop,
      SnapshotSource snapshots,
      StreamSettings settings,
      StreamCounters counters,
      String epoch,
      long lastSequence,
      LongSupplier nanoTime) {
    this.key = key;
    this.loop = loop;
    this.snapshots = snapshots;
    this.counters = counters;
    this.epoch = epoch;
    this.ring =
        new ReplayRing(
            settings.replayEvents(), settings.replayBytes(), settings.replayBytesOfOneEvent());
    this.encodedKey = EventEncoder.topicField(key);
    this.published = counters.published(key.kind());
    this.nanoTime = nanoTime;
    setSequence(lastSequence);
  }

  // ---- published to by the feed, on the loop

  /**
   * Publishes an event with payload and receive time; key and sequence are added here. The builder
   * is used up.
   */
  public void publish(Event.Builder event) {
    long receiveTimeNs = event.getReceiveTimeNs();
    Event payload = event.clearTopic().clearSequence().clearReceiveTimeNs().build();
    publish(new WholePayload(payload), receiveTimeNs);
  }

  /**
   * Publishes an event.
   *
   * @param receiveTimeNs when the frame that caused it arrived, nanoseconds since the Unix epoch
   */
  public void publish(EventPayload payload, long receiveTimeNs) {
    if (failure != null) {
      return;
    }
    long next = sequence + 1;
    byte[] message = EventEncoder.encode(encodedKey, next, receiveTimeNs, payload);
    lossPosition = -1;
    setSequence(next);
    lastEventTimeNs.setRelease(receiveTimeNs);
    uncounted++;
    append(true, receiveTimeNs, message);
  }

  private void setSequence(long next) {
    sequence = next;
    shownSequence.setRelease(next);
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
  }

  /**
   * Says that something is lost to all clients of the topic, for a reason that lies upstream. Takes
   * one sequence, which stands for it.
   */
  public void publishLoss(GapReason reason, long receiveTimeNs) {
    if (failure != null) {
      return;
    }
    long lost = sequence + 1;
    byte[] message =
        EventEncoder.encode(
            Event.newBuilder()
                .setReceiveTimeNs(receiveTimeNs)
                .setTopic(key.message())
                .setGap(
                    Gap.newBuilder()
                        .setFirstMissingSequence(lost)
                        .setLastMissingSequence(lost)
                        .setReason(reason))
                .build());
    if (lossPosition < 0) {
      lossPosition = ring.head();
      sequenceBeforeLoss = sequence;
    }
    setSequence(lost);
    counters.losses(key.kind()).increment();
    append(true, 0, message);
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
    append(false, 0, EventEncoder.state(key, next, reason));
    if (next == State.STATE_LIVE && !waiters.isEmpty()) {
      // Once the state that made it live has been published.
      loop.execute(this::answerWaiters);
    }
  }

  /** Tells all clients that the topic can't be served any more, and closes it. */
  public void fail(TopicFailure reason) {
    if (failure != null) {
      return;
    }
    failure = reason;
    state = State.STATE_CLOSED;
    stateReason = reason.message();
    byte[] message = EventEncoder.error(key, reason);
    ring.append(sequence, false, state, nanoTime.getAsLong(), 0, message, reason);
    users.set(CLOSED);
    onFailed.run();
    signalAll();
    waiters.forEach(waiter -> waiter.onFailure(reason));
    waiters.clear();
  }

  private void append(boolean numbered, long receiveTimeNs, byte[] message) {
    if (unsignalled == 0) {
      burstNanos = nanoTime.getAsLong();
    }
    ring.append(sequence, numbered, state, burstNanos, receiveTimeNs, message, null);
    if (subscribers.isEmpty()) {
      count();
      return;
    }
    // What the loop has received at once is told at once: a wake-up costs more than an event.
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
    // Either a client that is about to rest sees the ring's new head, or its rest is seen here.
    VarHandle.fullFence();
    for (int i = 0; i < subscribers.size(); i++) {
      subscribers.get(i).signal();
    }
  }

  private void count() {
    if (uncounted > 0) {
      published.add(uncounted);
      uncounted = 0;
    }
  }

  // ---- used by clients

  /** Adds a client and hands over to it where to start. Any thread. */
  void attach(Subscription subscription, ResumePoint resumeFrom) {
    loop.execute(
        () -> {
          subscribers.add(subscription);
          subscriberCount = subscribers.size();
          handOver(subscription, resumeFrom);
        });
  }

  /** Hands over anew where to start, to a client that has not started yet. Any thread. */
  void startAgain(Subscription subscription, ResumePoint resumeFrom) {
    loop.execute(() -> handOver(subscription, resumeFrom));
  }

  private void handOver(Subscription subscription, ResumePoint resumeFrom) {
    subscription.handOver(resumeFrom == null || failure != null ? joining() : resume(resumeFrom));
  }

  /**
   * Hands over a fresh snapshot to a client that was too far behind. A Gap before it says what the
   * client lost, where there is no snapshot or it does not hold what the client lost. Any thread.
   *
   * @param lastSequence the last that the client has
   */
  void restart(Subscription subscription, long lastSequence) {
    loop.execute(
        () -> {
          Handoff present = present();
          boolean loses =
              (present.messages().isEmpty()
                      || key.kind().whenLagging() == TopicKind.WhenLagging.DELIVER_OR_SNAPSHOT)
                  && failure == null
                  && sequence > lastSequence;
          subscription.handOver(
              loses
                  ? afterGap(lastSequence + 1, sequence, GapReason.GAP_REASON_SLOW_CONSUMER)
                  : present);
        });
  }

  /** Removes a client. Any thread, after {@link #attach}. */
  void detach(Subscription subscription) {
    loop.execute(
        () -> {
          subscribers.remove(subscription);
          subscriberCount = subscribers.size();
        });
  }

  /**
   * Where a client begins. What was lost right before it came belongs between its snapshot and the
   * next event, so it gets that Gap too where a snapshot is no whole state.
   */
  private Handoff joining() {
    boolean isAfterLoss =
        lossPosition >= 0
            && sequenceBeforeLoss > 0
            && failure == null
            && state != State.STATE_PENDING
            && (key.kind().whenLagging() == TopicKind.WhenLagging.DELIVER_OR_GAP
                || key.kind().whenLagging() == TopicKind.WhenLagging.NEWEST);
    return isAfterLoss
        ? startingWith(
            stateAt(lossPosition),
            encoded(snapshotEvents(sequenceBeforeLoss)),
            sequenceBeforeLoss,
            lossPosition)
        : present();
  }

  private Handoff present() {
    if (failure != null) {
      return new Handoff(
          state,
          null,
          List.of(EventEncoder.error(key, failure)),
          sequence,
          ring.head(),
          ring.head(),
          failure);
    }
    if (cachedHandoff == null || cachedHead != ring.head()) {
      List<byte[]> messages =
          state == State.STATE_PENDING ? List.of() : encoded(snapshotEvents(sequence));
      cachedHandoff = startingWith(state, messages, sequence, ring.head());
      cachedHead = ring.head();
    }
    return cachedHandoff;
  }

  private static List<byte[]> encoded(List<Event> events) {
    return events.stream().map(EventEncoder::encode).toList();
  }

  /**
   * The state as events whose sequences are consecutive and end with that one, as if they had just
   * been published.
   */
  private List<Event> snapshotEvents(long last) {
    List<Event.Builder> builders = snapshots.snapshot();
    List<Event> events = new ArrayList<>(builders.size());
    for (Event.Builder event : builders) {
      long place = last - builders.size() + 1 + events.size();
      events.add(event.setTopic(key.message()).setSequence(Math.max(1, place)).build());
    }
    if (events.size() > 1) {
      lastSnapshotInParts = last;
    }
    return events;
  }

  private Handoff resume(ResumePoint from) {
    if (from.getEpoch().equals(epoch) && Long.compareUnsigned(from.getSequence(), sequence) <= 0) {
      if (from.getSequence() < lastSnapshotInParts) {
        // The client may have but a part of a snapshot: what follows would not make it whole.
        counters.resumeMissed().increment();
        return present();
      }
      long position = positionAfter(from.getSequence());
      if (position >= 0) {
        counters.resumed().increment();
        return startingWith(
            stateAt(position), List.of(), from.getSequence(), position, ring.head());
      }
      counters.resumeMissed().increment();
      return afterGap(from.getSequence() + 1, sequence, GapReason.GAP_REASON_REPLAY_EXPIRED);
    }
    counters.resumeMissed().increment();
    return afterGap(0, 0, GapReason.GAP_REASON_EPOCH_CHANGED);
  }

  /** The sequence of a resume point, if it is of this life of the sequences; else 0. Any thread. */
  long placeOf(ResumePoint from) {
    return from != null && from.getEpoch().equals(epoch) ? from.getSequence() : 0;
  }

  private Handoff afterGap(long firstMissing, long lastMissing, GapReason reason) {
    Handoff present = present();
    List<byte[]> messages = new ArrayList<>();
    messages.add(EventEncoder.gap(key, firstMissing, lastMissing, reason));
    messages.addAll(present.messages());
    return startingWith(present.state(), messages, present.sequence(), present.nextPosition());
  }

  private Handoff startingWith(State then, List<byte[]> messages, long included, long position) {
    return startingWith(then, messages, included, position, position);
  }

  private Handoff startingWith(
      State then, List<byte[]> messages, long included, long position, long replayEnd) {
    String reason = then == state ? stateReason : "";
    return new Handoff(
        then, EventEncoder.state(key, then, reason), messages, included, position, replayEnd, null);
  }

  /** The topic's state when the entry at that position was to come. */
  private State stateAt(long position) {
    RingEntry before = ring.get(position - 1);
    if (before != null) {
      return before.state();
    }
    RingEntry next = ring.get(position);
    return next != null && next.numbered() ? next.state() : state;
  }

  /** Where in the ring the events after that sequence begin; -1 if they are not kept. */
  private long positionAfter(long lastSequence) {
    for (long position = ring.head(); position > ring.oldest(); position--) {
      RingEntry entry = ring.get(position - 1);
      if (entry.sequence() == lastSequence) {
        return position;
      }
      if (entry.sequence() < lastSequence) {
        return -1;
      }
      if (entry.sequenceBefore() == lastSequence && entry.numbered()) {
        return position - 1;
      }
    }
    return ring.head() == 0 && lastSequence == sequence ? 0 : -1;
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
    List<SnapshotWaiter> waiting = List.copyOf(waiters);
    waiters.clear();
    List<Event> events = snapshotEvents(sequence);
    waiting.forEach(waiter -> waiter.onSnapshot(events));
  }

  /** Waits for a topic's state. Called on the topic's loop, once. */
  public interface SnapshotWaiter {
    /** The state: the events that a client which joins now would get. */
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

  /** Last sequence published. */
  public long sequence() {
    return shownSequence.getAcquire();
  }

  /** Bytes that the topic keeps to replay. */
  public long replayBytes() {
    return ring.bytes();
  }

  /** Events and changes of state that the topic keeps to replay. */
  public long replayEvents() {
    return Math.max(0, ring.head() - ring.oldest());
  }

  /** Clients that stream the topic. */
  public int subscriberCount() {
    return subscriberCount;
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

  ReplayRing ring() {
    return ring;
  }
}
