package io.github.dydxgateway.health;

import static io.github.dydxgateway.testing.GatewayClient.subaccount;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.config.GatewayConfig;
import io.github.dydxgateway.feed.FeedCounters;
import io.github.dydxgateway.feed.Feeds;
import io.github.dydxgateway.feed.PrivateAccounts;
import io.github.dydxgateway.feed.Redundancy;
import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.FrameReader;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.stream.EventBatch;
import io.github.dydxgateway.stream.StreamClock;
import io.github.dydxgateway.stream.StreamCounters;
import io.github.dydxgateway.stream.StreamIdentity;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.stream.StreamSettings;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.stream.TopicRegistry;
import io.github.dydxgateway.testing.ScriptedConnection;
import io.github.dydxgateway.testing.ScriptedIndexer;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.upstream.ConnectionPool;
import io.github.dydxgateway.upstream.UpstreamObserver;
import io.github.dydxgateway.upstream.UpstreamSettings;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which topics are stuck while the gateway asks for many at its pace, five a second. */
@Timeout(60)
class ReadinessTest {
  private static final String ADDRESS = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";
  private static final Duration STUCK_AFTER = Duration.ofSeconds(3);

  /** The last is asked for well after that time. */
  private static final int TOPICS = 25;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final ScriptedIndexer venue = ScriptedIndexer.automatic();
  private final List<Topic> opened = new ArrayList<>();
  private ConnectionPool pool;
  private TopicRegistry topics;
  private Readiness readiness;

  /** So slow that many topics wait their turn. */
  private static UpstreamSettings slow(UpstreamSettings defaults) {
    return new UpstreamSettings(
        defaults.uri(),
        defaults.batched(),
        defaults.maxConnections(),
        defaults.heartbeatTimeout(),
        defaults.connectTimeout(),
        defaults.firstFrameTimeout(),
        defaults.reconnect(),
        5,
        defaults.subscribeTimeout(),
        defaults.maxFrameBytes(),
        defaults.restartSpread(),
        defaults.proxy(),
        defaults.headers());
  }

  @BeforeEach
  void start() {
    venue.initialState(
        Channel.MARKETS, "", "{\"markets\":{" + TestGateway.BTC_MARKET.replace('\'', '"') + "}}");
    pool =
        new ConnectionPool(
            vertx,
            slow(UpstreamSettings.defaults(venue.uri())),
            () -> new FrameReader()::read,
            UpstreamObserver.NONE,
            Clock.systemUTC(),
            ignored -> false);
    InstrumentCache instruments = new InstrumentCache();
    Feeds feeds =
        new Feeds(
            pool,
            instruments,
            new PrivateAccounts(List.of(new PrivateAccounts.Account(ADDRESS, Set.of(), ""))),
            new FeedCounters(),
            Redundancy.of(1));
    StreamSettings settings =
        new StreamSettings(
            Duration.ofSeconds(1),
            1000,
            1 << 20,
            Duration.ofHours(1),
            10,
            1000,
            1000,
            Duration.ofHours(1),
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            EventBatch.MAX_BYTES);
    StreamCounters counters = new StreamCounters();
    topics = new TopicRegistry(feeds, settings, counters, "epoch", StreamClock.system());
    readiness =
        new Readiness(
            pool,
            instruments,
            topics,
            new StreamRegistry(
                topics,
                settings,
                counters,
                new StreamIdentity("epoch", "test", "simulator", "127.0.0.1"),
                StreamClock.system()),
            feeds,
            new LoopWatch(vertx, vertx.nettyEventLoopGroup()),
            new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(GatewayConfig.class)
                .withDefaultValue("gateway.health.topic-stuck-after", STUCK_AFTER.toString())
                .build()
                .getConfigMapping(GatewayConfig.class));
    feeds.start();
    eventually().until(() -> readiness.report().isReady());
  }

  @AfterEach
  void end() throws Exception {
    pool.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    venue.close();
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
  }

  private void openTopics() throws Exception {
    for (int number = 0; number < TOPICS; number++) {
      opened.add(topics.open(new TopicKey(subaccount(ADDRESS, number))));
    }
  }

  private boolean allLive() {
    return opened.stream().allMatch(topic -> topic.state() == State.STATE_LIVE);
  }

  private void awaitAllLiveAndReadyAllTheTime() {
    Duration[] longest = {Duration.ZERO};
    eventually()
        .until(
            () -> {
              assertThat(readiness.report().stuckTopics()).isEmpty();
              assertThat(readiness.report().isReady()).isTrue();
              for (Topic topic : opened) {
                Duration waits = topic.notLiveFor();
                longest[0] = waits.compareTo(longest[0]) > 0 ? waits : longest[0];
              }
              return allLive();
            });
    assertThat(longest[0]).isGreaterThan(STUCK_AFTER);
  }

  @Test
  void topicsThatWaitTheirTurnAreNotStuck() throws Exception {
    openTopics();
    awaitAllLiveAndReadyAllTheTime();
  }

  @Test
  void norAreTheyAfterTheConnectionWasLost() throws Exception {
    openTopics();
    eventually().until(this::allLive);
    venue.connection(0).close(1012, "");
    eventually().until(() -> !allLive());
    eventually().until(() -> readiness.report().connected());
    awaitAllLiveAndReadyAllTheTime();
  }

  @Test
  void allAreStuckWhereTheVenueAnswersNothing() throws Exception {
    ScriptedConnection connection = venue.connection(0);
    connection.goSilent();
    openTopics();
    eventually().until(() -> !readiness.report().stuckTopics().isEmpty());
    assertThat(readiness.report().isReady()).isFalse();
    assertThat(connection.requests()).hasSizeLessThan(TOPICS);
    eventually().until(() -> readiness.report().stuckTopics().size() == 10); // all that are named
  }

  @Test
  void oneThatIsNotAnsweredIsStuckThoughOthersAre() throws Exception {
    ScriptedConnection connection = venue.connection(0);
    connection.goSilent();
    openTopics();
    Set<String> answered = new HashSet<>(Set.of("", ADDRESS + "/0"));
    eventually()
        .until(
            () -> {
              for (ScriptedConnection.Request request : connection.requests()) {
                if (answered.add(request.id())) {
                  connection.sendSubscribed(Channel.SUBACCOUNTS, request.id(), "{}");
                }
              }
              return !readiness.report().stuckTopics().isEmpty();
            });
    assertThat(readiness.report().isReady()).isFalse();
    assertThat(readiness.report().stuckTopics())
        .singleElement()
        .asString()
        .isEqualTo(opened.get(0).key() + " " + opened.get(0).state());
  }
}
