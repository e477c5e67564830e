package io.github.dydxgateway.metrics;

import io.github.dydxgateway.config.GatewayConfig;
import io.github.dydxgateway.feed.FeedCounters;
import io.github.dydxgateway.feed.Feeds;
import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.log.QueuedPrintStream;
import io.github.dydxgateway.stream.ClientLimit;
import io.github.dydxgateway.stream.StreamCounters;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.stream.TopicKind;
import io.github.dydxgateway.stream.TopicRegistry;
import io.github.dydxgateway.upstream.ConnectionPool;
import io.github.dydxgateway.upstream.ConnectionSnapshot;
import io.github.dydxgateway.upstream.ConnectionState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Shows what topics, clients and connections are, as they are asked for. */
@Singleton
public class GatewayMeters implements MeterBinder {
  private static final Duration[] LATENCY_BUCKETS = {
    Duration.ofNanos(50_000),
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10)
  };

  private final Map<TopicKind, Timer> latencies = new EnumMap<>(TopicKind.class);
  private final ConnectionPool connections;
  private final InstrumentCache instruments;
  private final TopicRegistry topics;
  private final StreamRegistry streams;
  private final StreamCounters counters;
  private final FeedCounters feedCounters;
  private final Feeds feeds;
  private final Duration silentAfter;
  private final String version;

  /** Shows these rooms. */
  public GatewayMeters(
      ConnectionPool connections,
      InstrumentCache instruments,
      TopicRegistry topics,
      StreamRegistry streams,
      StreamCounters counters,
      FeedCounters feedCounters,
      Feeds feeds,
      GatewayConfig config,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.connections = connections;
    this.instruments = instruments;
    this.topics = topics;
    this.streams = streams;
    this.counters = counters;
    this.feedCounters = feedCounters;
    this.feeds = feeds;
    this.silentAfter = config.health().silentAfter();
    this.version = version;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("gateway.info", () -> 1)
        .description("Always 1; the version of the gateway is its label")
        .tag("version", version)
        .register(registry);
    for (ConnectionState state : ConnectionState.values()) {
      Gauge.builder("gateway.upstream.connections", () -> count(state))
          .description("Connections to the venue")
          .tag("state", label(state))
          .register(registry);
    }
    Gauge.builder("gateway.upstream.last.frame.age", this::lastFrameAgeSeconds)
        .description("Time since anything last arrived from the venue; NaN before the first")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("gateway.instruments", instruments, InstrumentCache::size)
        .description("Instruments known")
        .register(registry);
    Gauge.builder("gateway.streams", streams, StreamRegistry::size)
        .description("Streams being served")
        .register(registry);
    for (Channel channel : Channel.values()) {
      FunctionCounter.builder(
              "gateway.normalisation.errors", feedCounters, all -> all.count(channel))
          .description("Values from the venue that could not be expressed exactly")
          .tag("channel", channel.wireName())
          .register(registry);
      Gauge.builder("gateway.upstream.silent.subscriptions", () -> countSilent(channel))
          .description("Live subscriptions that are quiet for much longer than usual")
          .tag("channel", channel.wireName())
          .register(registry);
      FunctionCounter.builder(
              "gateway.upstream.redundant.frames",
              feedCounters,
              all -> all.redundantFrames(channel))
          .description("Messages that told nothing which another connection had not told before")
          .tag("channel", channel.wireName())
          .register(registry);
      FunctionCounter.builder("gateway.feed.failovers", feedCounters, all -> all.failovers(channel))
          .description("Times that a subscription broke off and another copy of it went on")
          .tag("channel", channel.wireName())
          .register(registry);
      FunctionCounter.builder(
              "gateway.feed.repeated.records", feedCounters, all -> all.repeatedRecords(channel))
          .description("Records that the venue sent again or late and that were not published")
          .tag("channel", channel.wireName())
          .register(registry);
      FunctionCounter.builder(
              "gateway.feed.state.differences", feedCounters, all -> all.stateDifferences(channel))
          .description(
              "Levels, trades and entries of accounts corrected by a further initial state")
          .tag("channel", channel.wireName())
          .register(registry);
      Gauge.builder("gateway.feed.missing.copies", () -> feedCounters.missingCopies(channel))
          .description("Copies of subscriptions that are wanted and could not take over now")
          .tag("channel", channel.wireName())
          .register(registry);
    }
    for (Channel channel : List.of(Channel.TRADES, Channel.BLOCK_HEIGHT, Channel.MARKETS)) {
      Gauge.builder("gateway.upstream.lag", () -> feedCounters.lagNanos(channel) / 1e9)
          .description("Age of the newest event when it arrived, by the venue's clock and ours")
          .baseUnit("seconds")
          .tag("channel", channel.wireName())
          .register(registry);
    }
    for (TopicKind kind : TopicKind.values()) {
      latencies.put(kind, latency(registry, kind));
      Gauge.builder("gateway.stream.waiting", () -> streams.waiting(kind))
          .description("Entries of topics that wait for slow clients, at the last look")
          .baseUnit("entries")
          .tag("kind", label(kind))
          .register(registry);
      Gauge.builder("gateway.replay", () -> sum(kind, Topic::replayBytes))
          .description("What topics keep to replay")
          .baseUnit("bytes")
          .tag("kind", label(kind))
          .register(registry);
      Gauge.builder("gateway.replay.events", () -> sum(kind, Topic::replayEvents))
          .description("Events that topics keep to replay")
          .tag("kind", label(kind))
          .register(registry);
      Gauge.builder("gateway.topics", () -> count(kind))
          .description("Open topics")
          .tag("kind", label(kind))
          .register(registry);
      counter(
          registry,
          "gateway.events.published",
          "Events put into topics",
          kind,
          counters::published);
      counter(
          registry,
          "gateway.events.delivered",
          "Events handed to clients",
          kind,
          counters::delivered);
      counter(
          registry,
          "gateway.events.dropped",
          "Events dropped for slow clients, each announced by a Gap",
          kind,
          counters::dropped);
      counter(
          registry,
          "gateway.conflations",
          "Times that a snapshot replaced the events waiting for a slow client",
          kind,
          counters::conflated);
      counter(
          registry,
          "gateway.upstream.losses",
          "Losses upstream announced by a Gap",
          kind,
          counters::losses);
      counter(
          registry,
          "gateway.slow.consumers.cut.off",
          "Calls ended for slowness",
          kind,
          counters::cutOff);
    }
    logLinesDropped(registry, "stdout", () -> System.out);
    logLinesDropped(registry, "stderr", () -> System.err);
    for (ClientLimit limit : ClientLimit.values()) {
      FunctionCounter.builder("gateway.client.limits", counters.limitHit(limit), LongAdder::sum)
          .description("Times that a client was refused or let go because of a limit")
          .tag("limit", label(limit))
          .register(registry);
    }
    counters.listen(
        (kind, nanos) -> latencies.get(kind).record(Math.max(0, nanos), TimeUnit.NANOSECONDS));
    FunctionCounter.builder("gateway.resumes", counters.resumed(), LongAdder::sum)
        .description("Subscriptions with a resume point")
        .tag("result", "hit")
        .register(registry);
    FunctionCounter.builder("gateway.resumes", counters.resumeMissed(), LongAdder::sum)
        .description("Subscriptions with a resume point")
        .tag("result", "miss")
        .register(registry);
  }

  private static Timer latency(MeterRegistry registry, TopicKind kind) {
    return Timer.builder("gateway.delivery.latency")
        .description(
            "From a frame's arrival until the transport has its event, once for the oldest of a burst")
        .tag("kind", label(kind))
        .serviceLevelObjectives(LATENCY_BUCKETS)
        .register(registry);
  }

  private static void counter(
      MeterRegistry registry,
      String name,
      String description,
      TopicKind kind,
      Function<TopicKind, LongAdder> adder) {
    FunctionCounter.builder(name, adder.apply(kind), LongAdder::sum)
        .description(description)
        .tag("kind", label(kind))
        .register(registry);
  }

  private static void logLinesDropped(
      MeterRegistry registry, String name, Supplier<PrintStream> stream) {
    FunctionCounter.builder(
            "gateway.log.dropped", stream, now -> QueuedPrintStream.droppedLines(now.get()))
        .description("Lines dropped because standard output or standard error was not read")
        .baseUnit("lines")
        .tag("stream", name)
        .register(registry);
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private long count(ConnectionState state) {
    return connections.connections().stream()
        .filter(connection -> connection.state() == state)
        .count();
  }

  private long count(TopicKind kind) {
    return topics.topics().stream().map(Topic::key).filter(key -> key.kind() == kind).count();
  }

  private long countSilent(Channel channel) {
    return feeds.silent(System.nanoTime(), silentAfter).stream()
        .filter(channelId -> channelId.channel() == channel)
        .count();
  }

  private long sum(TopicKind kind, ToLongFunction<Topic> figure) {
    return topics.topics().stream()
        .filter(topic -> topic.key().kind() == kind)
        .mapToLong(figure)
        .sum();
  }

  private double lastFrameAgeSeconds() {
    OptionalLong age =
        ConnectionSnapshot.lastReceiveAgeNanos(connections.connections(), System.nanoTime());
    return age.isEmpty() ? Double.NaN : age.getAsLong() / 1e9;
  }
}
