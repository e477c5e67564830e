package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.SlowConsumerPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** All streams being served, and the limit of their number. May be used from any thread. */
public final class StreamRegistry {
  private final TopicRegistry topics;
  private final StreamSettings settings;
  private final StreamCounters counters;
  private final StreamIdentity identity;
  private final StreamClock clock;
  private final Set<ClientStream> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();
  private volatile TopicFailure stopReason;

  /**
   * @param identity sent to clients
   * @param clock of the ages of events
   */
  public StreamRegistry(
      TopicRegistry topics,
      StreamSettings settings,
      StreamCounters counters,
      StreamIdentity identity,
      StreamClock clock) {
    this.topics = topics;
    this.settings = settings;
    this.counters = counters;
    this.identity = identity;
    this.clock = clock;
  }

  /**
   * Opens a stream for a client. Called on the sink's loop, as everything on the stream.
   *
   * @param policy what happens if the client reads too slowly
   * @param endsWithoutTopics whether the call ends as soon as none of its topics can be served
   * @return null if as many streams are served as may be
   */
  public ClientStream open(EventSink sink, SlowConsumerPolicy policy, boolean endsWithoutTopics) {
    if (!countIn()) {
      counters.limitHit(ClientLimit.STREAMS).increment();
      return null;
    }
    ClientStream[] self = new ClientStream[1];
    ClientStream stream =
        new ClientStream(
            sink,
            policy,
            settings,
            counters,
            topics,
            identity,
            clock,
            endsWithoutTopics,
            () -> {
              if (open.remove(self[0])) {
                count.decrementAndGet();
              }
            });
    self[0] = stream;
    open.add(stream);
    TopicFailure reason = stopReason;
    if (reason != null) {
      stream.stop(reason);
    }
    return stream;
  }

  /** Never above the limit, not even for a moment: others may look, or be refused meanwhile. */
  private boolean countIn() {
    int most = settings.maxStreams();
    return count.getAndUpdate(served -> served < most ? served + 1 : served) < most;
  }

  /**
   * Ends all streams well, and those opened from now on at once: what waits for a client is sent to
   * it, then the end of each topic, then the call fails with the reason.
   *
   * @return done once every client has taken that, or has left
   */
  public CompletableFuture<Void> stop(TopicFailure reason) {
    stopReason = reason;
    return CompletableFuture.allOf(
        open.stream()
            .map(stream -> stream.stop(reason).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  /**
   * Ends what {@link #stop} has left over, whatever still waits for the clients.
   *
   * @return how many streams that were
   */
  public int abort(TopicFailure reason) {
    List<ClientStream> left = List.copyOf(open);
    left.forEach(stream -> stream.abort(reason));
    return left.size();
  }

  /** Whether the streams are being stopped. */
  public boolean isStopping() {
    return stopReason != null;
  }

  /**
   * Sends heartbeats to quiet streams and ends those that are too slow. Called from time to time.
   */
  public void sweep(long nowNanos) {
    open.forEach(stream -> stream.sweep(nowNanos));
  }

  /** How many entries of topics of that kind waited for clients at the last sweep. */
  public long waiting(TopicKind kind) {
    long waiting = 0;
    for (ClientStream stream : open) {
      waiting += stream.waiting(kind);
    }
    return waiting;
  }

  /** Number of streams being served. */
  public int size() {
    return count.get();
  }

  /** Whether as many streams are served as may be. */
  public boolean isFull() {
    return count.get() >= settings.maxStreams();
  }

  /**
   * How long an event may wait while its topic is LIVE, for a client that asks for nothing else.
   */
  public Duration maxLag() {
    return settings.maxLag();
  }

  /** What streams say of the gateway when they open. */
  public StreamIdentity identity() {
    return identity;
  }

  /** How many topics a stream may have. */
  public int maxTopicsPerStream() {
    return settings.maxTopicsPerStream();
  }

  /** How many streams may be served at once. */
  public int maxStreams() {
    return settings.maxStreams();
  }
}
