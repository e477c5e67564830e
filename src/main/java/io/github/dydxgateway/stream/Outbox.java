package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/**
 * One client's outbox: the topics it has and what waits for it in each.
 *
 * <p>Bounded whatever the client does: events wait in the topics' rings and are shared; of its own
 * it holds one entry a topic, and answers to the commands of the client, which the caller has to
 * send one at a time (see {@link #hasAnswersWaiting}). Belongs to the thread of its sink, but for
 * {@link #wake}.
 */
public final class Outbox {
  /** Messages sent of one topic before it is the next one's turn. */
  private static final int TURN = 64;

  /**
   * Topics that may fetch their first state at once, which bounds the snapshots held for a client
   * that does not read.
   */
  private static final int MOST_STARTING = 8;

  private final EventSink sink;
  private final boolean disconnectsSlowConsumers;
  private final StreamSettings settings;
  private final StreamCounters counters;
  private final TopicRegistry topics;
  private final String epoch;
  private final boolean endsWithoutTopics;
  private final Runnable onClosed;

  private final Map<TopicKey, Subscription> subscriptions = new LinkedHashMap<>();
  private final Queue<byte[]> answers = new ArrayDeque<>();
  private final Queue<Subscription> ready = new MpscUnboundedAtomicArrayQueue<>(64);
  private final Set<Subscription> waitingToStart = new LinkedHashSet<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  private int starting;
  private TopicFailure lastFailure;
  private long lastSentNanos = System.nanoTime();
  private boolean sentSomething;
  private boolean draining;
  private boolean noMoreCommands;
  private boolean closed;
  private volatile int topicCount;
  private volatile long[] waitingByKind = new long[TopicKind.values().length];

  /**
   * @param policy what happens if the client reads too slowly
   * @param endsWithoutTopics whether the call ends as soon as none of its topics can be served
   * @param onClosed run once, when the outbox is closed
   */
  Outbox(
      EventSink sink,
      SlowConsumerPolicy policy,
      StreamSettings settings,
      StreamCounters counters,
      TopicRegistry topics,
      String epoch,
      String version,
      boolean endsWithoutTopics,
      Runnable onClosed) {
    this.sink = sink;
    this.disconnectsSlowConsumers = policy == SlowConsumerPolicy.SLOW_CONSUMER_POLICY_DISCONNECT;
    this.settings = settings;
    this.counters = counters;
    this.topics = topics;
    this.epoch = epoch;
    this.endsWithoutTopics = endsWithoutTopics;
    this.onClosed = onClosed;
    answers.add(EventEncoder.opened(epoch, version));
  }

  /**
   * Adds a topic.
   *
   * @param resumeFrom the last event the client has; null to start with a snapshot
   */
  public void subscribe(TopicKey key, ResumePoint resumeFrom) {
    if (closed) {
      return;
    }
    if (subscriptions.containsKey(key)) {
      answers.add(
          EventEncoder.error(
              key,
              new TopicFailure(
                  TopicFailure.ALREADY_EXISTS,
                  "this stream has the topic already; it goes on",
                  false)));
      return;
    }
    if (subscriptions.size() >= settings.maxTopicsPerStream()) {
      refuse(
          key,
          new TopicFailure(
              TopicFailure.RESOURCE_EXHAUSTED,
              "a stream may have at most " + settings.maxTopicsPerStream() + " topics",
              false));
      return;
    }
    try {
      Subscription subscription = new Subscription(topics.open(key), resumeFrom, this);
      subscriptions.put(key, subscription);
      topicCount = subscriptions.size();
      subscription.signal();
    } catch (TopicRefusedException e) {
      refuse(key, e.failure());
    }
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
    Subscription subscription = subscriptions.remove(key);
    if (subscription == null) {
      answers.add(
          EventEncoder.error(
              key,
              new TopicFailure(
                  TopicFailure.NOT_FOUND, "this stream does not have the topic", false)));
      return;
    }
    topicCount = subscriptions.size();
    waitingToStart.remove(subscription);
    subscription.end();
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

  /** There is something to send of this subscription. Any thread. */
  void wake(Subscription subscription) {
    ready.add(subscription);
    if (scheduled.compareAndSet(false, true)) {
      sink.loop().execute(this::drain);
    }
  }

  /** Sends what the client can take. Called when the sink has become ready, and after commands. */
  public void drain() {
    if (draining) {
      return;
    }
    draining = true;
    try {
      scheduled.set(false);
      drainNow();
    } finally {
      draining = false;
    }
  }

  private void drainNow() {
    while (!closed && !answers.isEmpty() && sink.isReady()) {
      send(answers.poll());
    }
    int turns = ready.size();
    while (!closed && answers.isEmpty() && sink.isReady()) {
      Subscription next = ready.poll();
      if (next == null) {
        break;
      }
      if (subscriptions.get(next.topic().key()) != next) {
        continue;
      }
      take(next, next.drain(sink, TURN));
      if (--turns <= 0 && !ready.isEmpty()) {
        // Everybody had a turn: let other work of this thread go on.
        reschedule();
        break;
      }
    }
    if (sentSomething) {
      sentSomething = false;
      lastSentNanos = System.nanoTime();
    }
    endIfOver();
  }

  /** Whether the subscription may fetch its first state now; if not it will be asked again. */
  boolean mayStart(Subscription subscription) {
    if (starting >= MOST_STARTING) {
      waitingToStart.add(subscription);
      return false;
    }
    waitingToStart.remove(subscription);
    starting++;
    return true;
  }

  /** A subscription has sent its first state, or has ended before. */
  void started() {
    starting--;
    askWaiting();
  }

  /**
   * Asks as many of the waiting subscriptions as may start. They go on waiting until they do, for
   * another may be faster or they may end before.
   */
  private void askWaiting() {
    Iterator<Subscription> waiting = waitingToStart.iterator();
    for (int free = MOST_STARTING - starting; free > 0 && waiting.hasNext(); free--) {
      waiting.next().signal();
    }
  }

  void queue(Subscription subscription) {
    ready.add(subscription);
  }

  private void reschedule() {
    if (scheduled.compareAndSet(false, true)) {
      sink.loop().execute(this::drain);
    }
  }

  private void take(Subscription subscription, Subscription.Progress progress) {
    switch (progress) {
      case CAUGHT_UP -> {}
      case MORE -> subscription.requeue();
      case FAILED -> {
        lastFailure = subscription.failure();
        subscriptions.remove(subscription.topic().key());
        topicCount = subscriptions.size();
        subscription.end();
      }
      case TOO_SLOW -> cutOff(subscription);
    }
  }

  private void cutOff(Subscription subscription) {
    TopicKey key = subscription.topic().key();
    counters.cutOff(key.kind()).increment();
    TopicFailure failure =
        new TopicFailure(
            TopicFailure.RESOURCE_EXHAUSTED,
            "the client reads too slowly on "
                + key
                + "; resume from epoch "
                + epoch
                + " sequence "
                + subscription.lastSequence(),
            true);
    close();
    sink.fail(failure);
  }

  private void endIfOver() {
    if (closed || !subscriptions.isEmpty() || !answers.isEmpty()) {
      return;
    }
    if (lastFailure != null && (endsWithoutTopics || noMoreCommands)) {
      close();
      sink.fail(lastFailure);
    } else if (noMoreCommands) {
      close();
      sink.complete();
    }
  }

  void send(byte[] message) {
    sentSomething = true;
    sink.send(message);
  }

  /**
   * Sends a heartbeat if the stream was quiet, and ends the call if the client is too slow for what
   * it may not lose. Called from time to time; any thread.
   */
  void sweep(long nowNanos) {
    sink.loop()
        .execute(
            () -> {
              if (closed) {
                return;
              }
              long[] waiting = new long[TopicKind.values().length];
              for (Subscription subscription : subscriptions.values()) {
                if (subscription.isTooSlow()) {
                  cutOff(subscription);
                  return;
                }
                waiting[subscription.topic().key().kind().ordinal()] += subscription.waiting();
              }
              waitingByKind = waiting;
              if (nowNanos - lastSentNanos >= settings.heartbeatInterval().toNanos()
                  && answers.isEmpty()
                  && sink.isReady()) {
                lastSentNanos = nowNanos;
                sink.send(EventEncoder.heartbeat());
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
    subscriptions.values().forEach(Subscription::end);
    subscriptions.clear();
    topicCount = 0;
    answers.clear();
    onClosed.run();
  }

  /** Number of topics. Any thread. */
  public int topicCount() {
    return topicCount;
  }

  /** How many messages waited for the client at the last sweep. Any thread. */
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
