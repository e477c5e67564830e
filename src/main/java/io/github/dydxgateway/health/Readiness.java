package io.github.dydxgateway.health;

import io.github.dydxgateway.config.GatewayConfig;
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

/** Finds out whether the gateway can serve. May be asked from any thread. */
@Singleton
public class Readiness {
  private final ConnectionPool connections;
  private final InstrumentCache instruments;
  private final TopicRegistry topics;
  private final StreamRegistry streams;
  private final Duration topicStuckAfter;

  /** Looks at these rooms. */
  public Readiness(
      ConnectionPool connections,
      InstrumentCache instruments,
      TopicRegistry topics,
      StreamRegistry streams,
      GatewayConfig config) {
    this.connections = connections;
    this.instruments = instruments;
    this.topics = topics;
    this.streams = streams;
    this.topicStuckAfter = config.health().topicStuckAfter();
  }

  /** The gateway as it is now. */
  public Report report() {
    List<ConnectionSnapshot> now = connections.connections();
    List<Topic> open = List.copyOf(topics.topics());
    List<String> stuck =
        open.stream()
            .filter(topic -> topic.notLiveFor().compareTo(topicStuckAfter) > 0)
            .map(topic -> topic.key() + " " + topic.state())
            .limit(10)
            .toList();
    long lastReceiveTimeNs =
        now.stream().mapToLong(ConnectionSnapshot::lastReceiveTimeNs).max().orElse(0);
    return new Report(
        now.stream().map(one -> one.number() + " " + one.state()).toList(),
        now.stream().anyMatch(one -> one.state() == ConnectionState.ACTIVE),
        lastReceiveTimeNs == 0
            ? -1
            : Math.max(0, System.currentTimeMillis() - lastReceiveTimeNs / 1_000_000),
        instruments.isLoaded(),
        instruments.size(),
        open.size(),
        stuck,
        streams.size(),
        streams.isStopping());
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
   * @param stuckTopics some of those that are not live for too long
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
      int streams,
      boolean stopping) {
    /** Whether the gateway can serve. */
    public boolean isReady() {
      return !stopping && connected && instrumentsLoaded && stuckTopics.isEmpty();
    }
  }
}
