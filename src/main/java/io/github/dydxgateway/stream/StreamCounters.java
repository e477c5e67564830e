package io.github.dydxgateway.stream;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens to events and clients since the start. May be used from any thread. */
public final class StreamCounters {
  private final Map<TopicKind, LongAdder> published = adders();
  private final Map<TopicKind, LongAdder> delivered = adders();
  private final Map<TopicKind, LongAdder> dropped = adders();
  private final Map<TopicKind, LongAdder> conflated = adders();
  private final Map<TopicKind, LongAdder> lagged = adders();
  private final Map<TopicKind, LongAdder> losses = adders();
  private final Map<TopicKind, LongAdder> cutOff = adders();
  private final ElapsedTime elapsed;
  private volatile DeliveryListener listener = (kind, nanos) -> {};
  private final LongAdder resumed = new LongAdder();
  private final LongAdder resumeMissed = new LongAdder();
  private final Map<ClientLimit, LongAdder> limitsHit = new EnumMap<>(ClientLimit.class);

  /** All at zero. */
  public StreamCounters() {
    this(ElapsedTime.ofProcess());
  }

  /**
   * All at zero.
   *
   * @param elapsed for how long events take
   */
  StreamCounters(ElapsedTime elapsed) {
    this.elapsed = elapsed;
    for (ClientLimit limit : ClientLimit.values()) {
      limitsHit.put(limit, new LongAdder());
    }
  }

  private static Map<TopicKind, LongAdder> adders() {
    Map<TopicKind, LongAdder> adders = new EnumMap<>(TopicKind.class);
    for (TopicKind kind : TopicKind.values()) {
      adders.put(kind, new LongAdder());
    }
    return adders;
  }

  /** Events put into topics. */
  public LongAdder published(TopicKind kind) {
    return published.get(kind);
  }

  /**
   * Counts events handed to a client at once.
   *
   * @param oldestReceiveTimeNs when the frame of the first of them arrived, nanoseconds since the
   *     Unix epoch; 0: not known
   */
  void delivered(TopicKind kind, int events, long oldestReceiveTimeNs) {
    delivered.get(kind).add(events);
    if (oldestReceiveTimeNs != 0) {
      long nanos = elapsed.since(oldestReceiveTimeNs);
      if (nanos != ElapsedTime.UNKNOWN) {
        listener.delivered(kind, nanos);
      }
    }
  }

  /** Sets who hears how long events take. */
  public void listen(DeliveryListener newListener) {
    listener = newListener;
  }

  /**
   * Hears how long events take through the gateway. Called on the threads of clients: must be
   * thread safe and cheap.
   */
  @FunctionalInterface
  public interface DeliveryListener {
    /**
     * Events were handed to a client.
     *
     * @param nanos time since the frame of the first of them arrived
     */
    void delivered(TopicKind kind, long nanos);
  }

  /** Events of topics handed to clients. */
  public LongAdder delivered(TopicKind kind) {
    return delivered.get(kind);
  }

  /** Events dropped for clients that read too slowly; each was announced by a Gap. */
  public LongAdder dropped(TopicKind kind) {
    return dropped.get(kind);
  }

  /** Times that a snapshot, or the newest event, took the place of the events that waited. */
  public LongAdder conflated(TopicKind kind) {
    return conflated.get(kind);
  }

  /** Times that a topic became LAGGING on a stream because events waited too long. */
  public LongAdder lagged(TopicKind kind) {
    return lagged.get(kind);
  }

  /** Losses upstream that were announced on a topic. */
  public LongAdder losses(TopicKind kind) {
    return losses.get(kind);
  }

  /** Calls ended because the client read too slowly. */
  public LongAdder cutOff(TopicKind kind) {
    return cutOff.get(kind);
  }

  /** Times that a client was refused or cut off by a limit. */
  public LongAdder limitHit(ClientLimit limit) {
    return limitsHit.get(limit);
  }

  /** Subscriptions that went on from their resume point. */
  public LongAdder resumed() {
    return resumed;
  }

  /** Subscriptions whose resume point was no longer kept. */
  public LongAdder resumeMissed() {
    return resumeMissed;
  }
}
