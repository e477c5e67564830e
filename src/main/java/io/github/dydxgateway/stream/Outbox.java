package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
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

  /** Topics that the end of a stalled stream names, for a status has to stay small. */
  private static final int MOST_NAMED = 8;

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
  private final Runnable onClosed;

  private final Map<TopicKey, Subscription> subscriptions = new LinkedHashMap<>();
  private final Queue<byte[]> answers = new ArrayDeque<>();
  private final Queue<Subscription> ready = new MpscUnboundedAtomicArrayQueue<>(64);
  private final Set<Subscription> waitingToStart = new LinkedHashSet<>();
  private final AtomicBoolean woken = new AtomicBoolean();

  /** By kind of topic: events sent since they were counted last, and when the first had arrived. */
  private final int[] uncounted = new int[KINDS.length];

  private final long[] oldestReceiveTimeNs = new long[KINDS.length];
  private int starting;
  private TopicFailure lastFailure;
  private TopicFailure stopReason;
  private int sent;
  private boolean draining;
  private boolean noMoreCommands;
  private boolean closed;
  private volatile int topicCount;
  private volatile long lastSentNanos = System.nanoTime();

  /** Whether the client could not take all there was; only then the sweep has to look at topics. */
  private volatile boolean blocked;

  private volatile long[] waitingByKind = NONE_WAITING;

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
      StreamClock clock,
      boolean endsWithoutTopics,
      Runnable onClosed) {
    this.sink = sink;
    this.disconnectsSlowConsumers = policy == SlowConsumerPolicy.SLOW_CONSUMER_POLICY_DISCONNECT;
    this.settings = settings;
    this.counters = counters;
    this.topics = topics;
    this.epoch = epoch;
    this.clock = clock;
    this.acknowledgements = new AckWindow(settings.maxLag().toNanos(), clock.nanoTime());
    this.endsWithoutTopics = endsWithoutTopics;
    this.onClosed = onClosed;
    answers.add(EventEncoder.opened(epoch, version));
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
              "a stream may have at most "
                  + settings.maxTopicsPerStream()
                  + " topics (gateway.stream.max-topics-per-stream)",
              false));
      return;
    }
    try {
      Subscription subscription =
          new Subscription(topics.open(key), resumeFrom, maxLag.toNanos(), this);
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
   * Whether the client can take an event of a topic now.
   *
   * @param length of the event in bytes
   */
  boolean accepts(int length, long nowNanos) {
    return acknowledgements.allows(nowNanos) && sink.accepts(length);
  }

  long nanoTime() {
    return clock.nanoTime();
  }

  /** There is something to send of this subscription. Any thread. */
  void wake(Subscription subscription) {
    ready.add(subscription);
    drainLater();
  }

  /** It waits for its turn at most once. */
  private void drainLater() {
    if (woken.compareAndSet(false, true)) {
      sink.loop().add(this);
    }
  }

  /** Its turn on its loop has come; returns how many messages it sent. */
  int drainWoken() {
    // Before looking what is ready: whoever adds to it later has to wake it anew.
    woken.set(false);
    drain();
    return sent;
  }

  /** Sends what the client can take. Called when the sink has become ready, and after commands. */
  public void drain() {
    if (draining) {
      return;
    }
    draining = true;
    try {
      drainNow();
    } finally {
      draining = false;
    }
  }

  private void drainNow() {
    sent = 0;
    while (!closed && !answers.isEmpty() && sink.accepts(answers.peek().length)) {
      send(answers.poll());
    }
    int turns = ready.size();
    while (!closed && answers.isEmpty() && accepts(0, nanoTime())) {
      Subscription next = ready.poll();
      if (next == null) {
        break;
      }
      if (next.hasEnded()) {
        continue;
      }
      take(next, next.drain(sink, TURN));
      if (--turns <= 0 && !ready.isEmpty()) {
        // Everybody had a turn: let other work of this thread go on.
        drainLater();
        break;
      }
    }
    // Also if nothing was sent: an earlier one may have failed before it came to this.
    sink.flush();
    if (sent > 0) {
      lastSentNanos = System.nanoTime();
      countDelivered();
    }
    blocked(!closed && !accepts(0, nanoTime()));
    endIfOver();
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
      case STOPPED -> {
        TopicKey key = subscription.topic().key();
        send(EventEncoder.state(key, State.STATE_CLOSED, stopReason.message()));
        subscriptions.remove(key);
        waitingToStart.remove(subscription);
        topicCount = subscriptions.size();
        subscription.end();
      }
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
    if (stopReason != null) {
      close();
      sink.fail(stopReason);
    } else if (lastFailure != null && (endsWithoutTopics || noMoreCommands)) {
      close();
      sink.fail(lastFailure);
    } else if (noMoreCommands) {
      close();
      sink.complete();
    }
  }

  void send(byte[] event) {
    sent++;
    acknowledgements.sent();
    sink.send(event);
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
    for (Subscription subscription : subscriptions.values()) {
      if (subscription.isTooSlow(now)) {
        cutOff(subscription);
        return;
      }
      waiting[subscription.topic().key().kind().ordinal()] += subscription.waiting();
    }
    if (!accepts(0, now)) {
      waitingByKind = waiting;
      if (nowNanos - lastSentNanos >= settings.stallTimeout().toNanos()) {
        cutOffStalled();
      }
    } else if (answers.isEmpty() && isQuiet(nowNanos)) {
      lastSentNanos = nowNanos;
      send(EventEncoder.heartbeat());
      sink.flush();
      blocked(!accepts(0, now));
    }
  }

  private void cutOffStalled() {
    counters.limitHit(ClientLimit.STALL_TIMEOUT).increment();
    String places =
        subscriptions.values().stream()
            .sorted(Comparator.comparing(Subscription::mayLose))
            .limit(MOST_NAMED)
            .map(subscription -> subscription.topic().key() + " " + subscription.lastSequence())
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
    close();
    sink.fail(failure);
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
                subscriptions.values().forEach(Subscription::stop);
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
                sink.fail(reason);
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

  /** How many messages waited for the client, if it is slow, at the last sweep. Any thread. */
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
