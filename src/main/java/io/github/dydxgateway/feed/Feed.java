package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelListener;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.ChannelSubscription;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.MalformedFrameException;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What one subscription at the venue becomes: its frames, normalised, on its topics. All state
 * belongs to the feed's loop; only {@link #start}, {@link #add}, {@link #remove} and {@link #close}
 * may be called from any thread.
 */
abstract class Feed implements ChannelListener {
  private final ChannelId channelId;
  private final Executor loop;
  private final ChannelSource source;
  private final FeedCounters counters;
  private final List<Topic> topics = new ArrayList<>();

  /**
   * Guards opening and closing the subscription, so that the next feed of the same can open its own
   * at once.
   */
  private final Object subscribing = new Object();

  private volatile ChannelSubscription subscription;
  private volatile boolean closed;
  private TopicFailure failure;
  private boolean live;
  private boolean hadState;
  private String interruption = "";

  Feed(ChannelId channelId, Executor loop, ChannelSource source, FeedCounters counters) {
    this.channelId = channelId;
    this.loop = loop;
    this.source = source;
    this.counters = counters;
  }

  // ---- life

  /** Begins, as soon as what the feed needs is known. */
  final void start() {
    loop.execute(this::prepare);
  }

  /** Waits for what the feed needs, then calls {@link #subscribe}. */
  void prepare() {
    subscribe();
  }

  final void subscribe() {
    synchronized (subscribing) {
      if (!closed && subscription == null) {
        subscription = source.subscribe(channelId, loop, this);
      }
    }
  }

  /** Subscribes once more if the venue has refused; for a feed that is never given up. */
  final void retryIfRefused() {
    loop.execute(
        () -> {
          if (failure != null && !closed) {
            failure = null;
            subscription = null;
            prepare();
          }
        });
  }

  /** Adds a topic, which has the feed's state at once if the feed has one. */
  final void add(Topic topic) {
    loop.execute(
        () -> {
          topics.add(topic);
          if (failure != null) {
            topic.fail(failure);
          } else if (hadState) {
            topic.moveTo(
                live ? State.STATE_LIVE : State.STATE_RECOVERING, live ? "" : interruption);
            publishSnapshot(topic);
          } else if (!interruption.isEmpty()) {
            topic.moveTo(State.STATE_RECOVERING, interruption);
          }
        });
  }

  /** Removes a topic. */
  final void remove(Topic topic) {
    loop.execute(() -> topics.remove(topic));
  }

  /** Ends the subscription at the venue before it returns. */
  final void close() {
    synchronized (subscribing) {
      closed = true;
      if (subscription != null) {
        subscription.close();
      }
    }
    stopWaiting();
  }

  /** Ends whatever {@link #prepare} began. */
  void stopWaiting() {}

  /** Tells all topics that they can't be served. */
  final void fail(TopicFailure reason) {
    failure = reason;
    live = false;
    List.copyOf(topics).forEach(topic -> topic.fail(reason));
  }

  // ---- what comes from the venue

  @Override
  public final void onSubscribed(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    if (closed) {
      return;
    }
    takeState(frame, receiveTimeNs);
    live = true;
    topics.forEach(topic -> topic.moveTo(State.STATE_LIVE, ""));
    if (hadState) {
      onStateAgain(frame, receiveTimeNs);
    } else {
      hadState = true;
      onFirstState(frame, receiveTimeNs);
    }
  }

  @Override
  public final void onData(IndexerFrame.ChannelData frame, long receiveTimeNs) {
    if (!closed) {
      onUpdates(frame, receiveTimeNs);
    }
  }

  @Override
  public final void onInterrupted(String reason) {
    if (live || (!hadState && failure == null)) {
      live = false;
      interruption = reason;
      topics.forEach(topic -> topic.moveTo(State.STATE_RECOVERING, reason));
    }
  }

  @Override
  public final void onLost(String reason, long receiveTimeNs) {
    if (live && !nextStateHoldsLost()) {
      publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, receiveTimeNs);
    }
    onInterrupted(reason);
  }

  @Override
  public final void onMalformed(MalformedFrameException problem, long receiveTimeNs) {
    if (closed) {
      return;
    }
    counters.report(channelId, problem.messageId(), problem.getMessage());
    topics.forEach(topic -> topic.publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, receiveTimeNs));
    onUpdateLost();
  }

  @Override
  public final void onRefused(Refusal refusal) {
    int code =
        switch (refusal.kind()) {
          case UNKNOWN_ID -> TopicFailure.NOT_FOUND;
          case REFUSED_BY_VENUE -> TopicFailure.FAILED_PRECONDITION;
          case NO_CONNECTION_LEFT -> TopicFailure.RESOURCE_EXHAUSTED;
        };
    boolean retryable = refusal.kind() == Refusal.Kind.NO_CONNECTION_LEFT;
    fail(new TopicFailure(code, refusal.message(), retryable));
  }

  // ---- what feeds differ in

  /** An initial state has come; called before topics become live. */
  void takeState(IndexerFrame.Subscribed frame, long receiveTimeNs) {}

  /** The first initial state: publishes it on all topics. */
  abstract void onFirstState(IndexerFrame.Subscribed frame, long receiveTimeNs);

  /** An initial state after an interruption: publishes what clients do not have yet. */
  abstract void onStateAgain(IndexerFrame.Subscribed frame, long receiveTimeNs);

  /** Updates. */
  abstract void onUpdates(IndexerFrame.ChannelData frame, long receiveTimeNs);

  /** The present state of a topic, for clients that join. */
  abstract List<Event.Builder> snapshot(Topic topic);

  /**
   * Whether an initial state brings what was lost before updates that came; those after the last
   * update are looked for in {@link #onStateAgain}.
   */
  boolean nextStateHoldsLost() {
    return true;
  }

  /** The present state of a topic for clients that join; none before the first initial state. */
  final List<Event.Builder> presentState(Topic topic) {
    return hadState ? snapshot(topic) : List.of();
  }

  /** An update could not be read; whether it can be got again depends on the channel. */
  void onUpdateLost() {}

  // ---- what feeds share

  final void publishSnapshot(Topic topic) {
    snapshot(topic).forEach(topic::publish);
  }

  final void publishSnapshots() {
    topics.forEach(this::publishSnapshot);
  }

  final void publishLoss(GapReason reason, long receiveTimeNs) {
    topics.forEach(topic -> topic.publishLoss(reason, receiveTimeNs));
  }

  /** Counts, logs and announces something that can't be expressed exactly. */
  final void reportLost(long messageId, String problem, long receiveTimeNs) {
    report(messageId, problem);
    publishLoss(GapReason.GAP_REASON_NOT_REPRESENTABLE, receiveTimeNs);
  }

  /**
   * Counts and logs something of which nothing is lost to clients but what they can see is absent.
   */
  final void report(long messageId, String problem) {
    counters.report(channelId, messageId, problem);
  }

  /** Notes how old an event is on arrival. */
  final void noteEventTime(long eventTimeNs, long receiveTimeNs) {
    counters.noteEventTime(channelId.channel(), eventTimeNs, receiveTimeNs);
  }

  /** Asks the venue for a fresh state. */
  final void resync(String reason) {
    ChannelSubscription present = subscription;
    if (present != null) {
      present.resync(reason);
    }
  }

  final List<Topic> topics() {
    return topics;
  }

  final ChannelId channelId() {
    return channelId;
  }

  final Executor loop() {
    return loop;
  }

  static Event.Builder at(long receiveTimeNs) {
    return Event.newBuilder().setReceiveTimeNs(receiveTimeNs);
  }
}
