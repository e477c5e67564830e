package io.github.dydxgateway.health;

import io.github.dydxgateway.config.GatewayConfig;
import io.github.dydxgateway.feed.Feeds;
import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.stream.TopicRegistry;
import io.github.dydxgateway.upstream.ConnectionPool;
import io.github.dydxgateway.upstream.ConnectionSnapshot;
import io.github.dydxgateway.upstream.ConnectionState;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Finds out whether the gateway can serve. May be asked from any thread. */
@Singleton
public class Readiness {
  private static final int MOST_NAMED = 10;

  /** Blocks and oracle prices come whether or not anybody trades. */
  private static final Set<Channel> ALWAYS_TICKING = Set.of(Channel.BLOCK_HEIGHT, Channel.MARKETS);

  private final ConnectionPool connections;
  private final InstrumentCache instruments;
  private final TopicRegistry topics;
  private final StreamRegistry streams;
  private final Feeds feeds;
  private final LoopWatch loops;
  private final Duration topicStuckAfter;
  private final Duration silentAfter;
  private final Duration loopStuckAfter;

  /** Looks at these rooms. */
  public Readiness(
      ConnectionPool connections,
      InstrumentCache instruments,
      TopicRegistry topics,
      StreamRegistry streams,
      Feeds feeds,
      LoopWatch loops,
      GatewayConfig config) {
    this.connections = connections;
    this.instruments = instruments;
    this.topics = topics;
    this.streams = streams;
    this.feeds = feeds;
    this.loops = loops;
    this.topicStuckAfter = config.health().topicStuckAfter();
    this.silentAfter = config.health().silentAfter();
    this.loopStuckAfter = config.health().loopStuckAfter();
  }

  /** The gateway as it is now. */
  public Report report() {
    List<ConnectionSnapshot> now = connections.connections();
    List<Topic> open = List.copyOf(topics.topics());
    long nowNanos = System.nanoTime();
    List<String> stuck =
        open.stream()
            .filter(topic -> isStuck(topic, nowNanos))
            .map(topic -> topic.key() + " " + topic.state())
            .limit(MOST_NAMED)
            .toList();
    List<ChannelId> silent = feeds.silent(nowNanos, silentAfter);
    Duration loopDelay = loops.longestDelay();
    OptionalLong lastFrameAge = ConnectionSnapshot.lastReceiveAgeNanos(now, nowNanos);
    return new Report(
        now.stream().map(one -> one.number() + " " + one.state()).toList(),
        now.stream().anyMatch(one -> one.state() == ConnectionState.ACTIVE),
        lastFrameAge.isEmpty() ? -1 : lastFrameAge.getAsLong() / 1_000_000,
        instruments.isLoaded(),
        instruments.size(),
        open.size(),
        stuck,
        silent.stream().map(Readiness::name).limit(MOST_NAMED).toList(),
        silent.stream().map(ChannelId::channel).anyMatch(ALWAYS_TICKING::contains),
        open.stream().mapToLong(Topic::replayBytes).sum(),
        loopDelay.toMillis(),
        loopDelay.compareTo(loopStuckAfter) > 0,
        streams.size(),
        streams.isStopping());
  }

  /**
   * Whether the venue owes the topic its state for too long. The gateway asks for states one after
   * the other at a pace, so a client that opens many topics at once is no reason to send clients
   * elsewhere: a topic whose turn has not come counts only if the venue answers nobody before it.
   */
  private boolean isStuck(Topic topic, long nowNanos) {
    return topic.notLiveFor().compareTo(topicStuckAfter) > 0
        && !feeds.isMoving(topic, nowNanos, topicStuckAfter);
  }

  private static String name(ChannelId channelId) {
    return (channelId.channel().wireName() + " " + channelId.id()).strip();
  }

  /**
   * What was found.
   *
   * @param connections number and state of each
   * @param connected whether one is active
   * @param lastFrameAgeMillis time since anything last arrived from the venue; -1: never
   * @param instrumentsLoaded whether the venue has told its instruments
   * @param instruments how many are known
   * @param topics how many are open
   * @param stuckTopics some of those whose state the venue owes for too long
   * @param silent some of the subscriptions that are live and quiet for much longer than usual
   * @param venueSilent whether one of them is of a channel that always ticks
   * @param replayBytes kept by all topics for clients that resume
   * @param loopDelayMillis for how long the latest event loop has stood still
   * @param loopStuck whether that is too long
   * @param streams how many are served
   * @param stopping whether the gateway is about to end
   */
  public record Report(
      List<String> connections,
      boolean connected,
      long lastFrameAgeMillis,
      boolean instrumentsLoaded,
      int instruments,
      int topics,
      List<String> stuckTopics,
      List<String> silent,
      boolean venueSilent,
      long replayBytes,
      long loopDelayMillis,
      boolean loopStuck,
      int streams,
      boolean stopping) {
    /** Whether the gateway can serve. */
    public boolean isReady() {
      return !stopping
          && connected
          && instrumentsLoaded
          && stuckTopics.isEmpty()
          && !venueSilent
          && !loopStuck;
    }
  }
}
