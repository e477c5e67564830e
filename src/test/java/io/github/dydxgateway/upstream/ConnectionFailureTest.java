package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.testing.ScriptedConnection;
import io.github.dydxgateway.testing.ScriptedIndexer;
import io.github.dydxgateway.testing.ScriptedIndexer.Upgrade;
import io.github.dydxgateway.testing.TestProxy;
import io.github.dydxgateway.upstream.UpstreamSettings.BackoffSettings;
import io.vertx.core.Vertx;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a connection ends or does not begin: tried again, ever more slowly. */
@Timeout(60)
class ConnectionFailureTest {
  private static final ChannelId BTC = new ChannelId(Channel.TRADES, "BTC-USD");
  private static final Duration FIRST_DELAY = Duration.ofMillis(60);
  private static final int FAILURES = 4;
  private static final Pattern WAIT = Pattern.compile("trying again in (\\d+) ms");

  private final Vertx vertx = Vertx.vertx();
  private final ScriptedIndexer indexer = ScriptedIndexer.automatic();
  private final RecordingListener btc = new RecordingListener();
  private final List<Loss> losses = new CopyOnWriteArrayList<>();
  private final List<Long> waitsMs = new CopyOnWriteArrayList<>();
  private final AtomicInteger activations = new AtomicInteger();
  private ConnectionPool pool;

  private record Loss(DisconnectReason reason, long timeNs) {}

  @AfterEach
  void end() throws Exception {
    pool.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    indexer.close();
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(5));
  }

  private void start() {
    start(indexer.uri(), Duration.ofSeconds(20), Duration.ZERO, null, Map.of());
  }

  private void start(
      URI uri,
      Duration heartbeatTimeout,
      Duration restartSpread,
      ProxySettings proxy,
      Map<String, String> headers) {
    pool =
        new ConnectionPool(
            vertx,
            new UpstreamSettings(
                uri,
                false,
                2,
                heartbeatTimeout,
                Duration.ofSeconds(2),
                Duration.ofMillis(500),
                new BackoffSettings(FIRST_DELAY, Duration.ofSeconds(2), 2, Duration.ZERO),
                500,
                Duration.ofSeconds(10),
                1 << 20,
                restartSpread,
                proxy,
                headers),
            JsonFrameDecoder::new,
            new UpstreamObserver() {
              @Override
              public void connectionStateChanged(
                  int number, ConnectionState from, ConnectionState to, String reason) {
                Matcher wait = WAIT.matcher(reason);
                if (to == ConnectionState.ACTIVE) {
                  activations.incrementAndGet();
                } else if (wait.find()) {
                  waitsMs.add(Long.parseLong(wait.group(1)));
                }
              }

              @Override
              public void reconnecting(int number, DisconnectReason reason) {
                losses.add(new Loss(reason, System.nanoTime()));
              }
            },
            InstantSource.system(),
            ignored -> false);
    pool.subscribe(BTC, pool.loopFor(BTC.channel()), btc);
  }

  private void awaitLive() {
    soon().until(() -> btc.heard().contains("state 0"));
  }

  /** A quarter less than the wait, for each loss may be noted late. */
  private void assertLostGrowingApart(DisconnectReason... expected) {
    soon().until(() -> losses.size() >= FAILURES);
    for (int i = 0; i < FAILURES; i++) {
      assertThat(losses.get(i).reason()).isIn((Object[]) expected);
      if (i > 0) {
        long waitedNs = losses.get(i).timeNs() - losses.get(i - 1).timeNs();
        assertThat(Duration.ofNanos(waitedNs))
            .as("wait before attempt %d", i + 1)
            .isGreaterThanOrEqualTo(FIRST_DELAY.multipliedBy(3L << (i - 1)).dividedBy(4));
      }
    }
  }

  static List<Arguments> waysToFail() {
    return List.of(
        Arguments.of("closed with 1000", Upgrade.closeAtOnce(1000), DisconnectReason.CLOSE_1000),
        Arguments.of("closed with 1001", Upgrade.closeAtOnce(1001), DisconnectReason.CLOSE_1001),
        Arguments.of("closed with 1008", Upgrade.closeAtOnce(1008), DisconnectReason.CLOSE_1008),
        Arguments.of("closed with 1011", Upgrade.closeAtOnce(1011), DisconnectReason.CLOSE_1011),
        Arguments.of("closed with 1012", Upgrade.closeAtOnce(1012), DisconnectReason.CLOSE_1012),
        Arguments.of("closed with 4000", Upgrade.closeAtOnce(4000), DisconnectReason.CLOSE_4000),
        Arguments.of("TCP reset", Upgrade.RESET, DisconnectReason.RESET),
        Arguments.of("HTTP 403", Upgrade.refuse(403), DisconnectReason.UPGRADE_REFUSED),
        Arguments.of("HTTP 429", Upgrade.refuse(429), DisconnectReason.UPGRADE_REFUSED),
        Arguments.of("HTTP 502", Upgrade.refuse(502), DisconnectReason.UPGRADE_REFUSED),
        Arguments.of("upgrade never answered", Upgrade.HANG, DisconnectReason.TIMEOUT),
        Arguments.of("connected never said", Upgrade.ACCEPT_SILENTLY, DisconnectReason.TIMEOUT));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waysToFail")
  void isTriedAgainEverMoreSlowlyUntilTheVenueIsBack(
      String way, Upgrade upgrade, DisconnectReason reason) {
    indexer.onUpgrade(attempt -> attempt < FAILURES ? upgrade : Upgrade.ACCEPT);
    start();
    awaitLive();
    boolean mayUndoTheUpgrade = reason == DisconnectReason.RESET; // where it overtakes the answer
    assertLostGrowingApart(reason, mayUndoTheUpgrade ? DisconnectReason.CONNECT_FAILED : reason);
    assertThat(losses).hasSize(FAILURES);
  }

  @Test
  void aConnectionHalfOpenIsGivenUpAndTriedAgainEverMoreSlowly() {
    indexer.deafAfterSubscribes(true);
    start(indexer.uri(), Duration.ofMillis(150), Duration.ZERO, null, Map.of());
    assertLostGrowingApart(DisconnectReason.HEARTBEAT);
    indexer.deafAfterSubscribes(false);
    vertx.setPeriodic(20, ignored -> indexer.openConnections().forEach(ScriptedConnection::ping));
    soon().until(() -> indexer.openConnections().stream().anyMatch(open -> open.pongs() > 20));
    assertThat(btc.heard()).endsWith("state 0");
  }

  @Test
  void anUnknownHostIsTriedAgainEverMoreSlowly() {
    start(
        URI.create("ws://indexer.invalid/"), Duration.ofSeconds(20), Duration.ZERO, null, Map.of());
    // late, where no name server can be reached
    assertLostGrowingApart(DisconnectReason.CONNECT_FAILED, DisconnectReason.TIMEOUT);
  }

  @Test
  void aServerThatSpeaksNoTlsIsTriedAgainEverMoreSlowly() {
    URI uri = URI.create("wss://localhost:" + indexer.uri().getPort());
    start(uri, Duration.ofSeconds(20), Duration.ZERO, null, Map.of());
    assertLostGrowingApart(DisconnectReason.CONNECT_FAILED);
  }

  @Test
  void aVenueThatClosesAfterEachInitialStateIsNotCalledWithoutRest() {
    indexer.onUpgrade(attempt -> Upgrade.ACCEPT);
    start();
    for (int i = 0; i < FAILURES; i++) {
      int states = i + 1;
      soon().until(() -> btc.heard().stream().filter("state 0"::equals).count() == states);
      indexer.awaitConnection(i).close(1001, null);
    }
    assertLostGrowingApart(DisconnectReason.CLOSE_1001);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void aServerThatAsksToBeLeftAloneIsLeftAlone(int status) {
    indexer.onUpgrade(
        attempt -> attempt == 0 ? Upgrade.refuse(status, "Retry-After", "1") : Upgrade.ACCEPT);
    start();
    awaitLive();
    List<Long> attempts = indexer.attemptTimesNs();
    assertThat(Duration.ofNanos(attempts.get(1) - attempts.get(0)))
        .isGreaterThanOrEqualTo(Duration.ofMillis(990));
  }

  @ParameterizedTest
  @CsvSource({
    "wss://me:secret@other.example/v4/ws?token=secret#secret, wss://other.example/v4/ws",
    "wss://me:se#cret@other.example/v4, wss://other.example/v4",
    "//me:secret@other.example/v4, //other.example/v4",
    "/v5/ws?token=secret, /v5/ws",
    "https://sso.example/login?email=a@b.example&token=secret, https://sso.example/login",
    "https://other.example/@login, https://other.example/@login"
  })
  void aRedirectIsNamedWithoutItsSecrets(String location, String shown) {
    indexer.onUpgrade(attempt -> Upgrade.refuse(302, "Location", location));
    start();
    soon().until(() -> losses.size() >= 2);
    assertThat(losses.get(0).reason()).isEqualTo(DisconnectReason.UPGRADE_REFUSED);
    assertThat(pool.connections().get(0).lastDisconnectReason())
        .isEqualTo("upgrade to WebSocket refused with HTTP 302, which redirects to " + shown);
  }

  @Test
  void afterARestartConnectionsReturnSpread() {
    Duration spread = Duration.ofMillis(300);
    start(indexer.uri(), Duration.ofSeconds(20), spread, null, Map.of());
    for (int i = 0; i < FAILURES; i++) {
      int sessions = i + 1;
      soon().until(() -> activations.get() == sessions);
      indexer.connection(i).close(1012, "{\"message\":\"Service restarting\"}");
      soon().until(() -> waitsMs.size() == sessions);
    }
    List<Long> additions = new ArrayList<>();
    for (int i = 0; i < FAILURES; i++) {
      additions.add(waitsMs.get(i) - (FIRST_DELAY.toMillis() << i));
    }
    assertThat(additions).allMatch(addition -> addition >= 0 && addition <= spread.toMillis());
    assertThat(Set.copyOf(additions)).as("they are random").hasSizeGreaterThan(1);
  }

  // ---- proxies

  private static ProxySettings http(TestProxy proxy, String username, String password) {
    return new ProxySettings(ProxyType.HTTP, "127.0.0.1", proxy.port(), username, password);
  }

  private static ProxySettings socks(TestProxy proxy, String username, String password) {
    return new ProxySettings(ProxyType.SOCKS5, "127.0.0.1", proxy.port(), username, password);
  }

  private void startThrough(ProxySettings proxy) {
    // a name that only the proxy can make something of
    URI uri = URI.create("ws://venue.invalid:" + indexer.uri().getPort() + "/v4/ws");
    start(uri, Duration.ofSeconds(20), Duration.ZERO, proxy, Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "socks5"})
  void aPlainWebSocketGoesThroughATunnelOfTheProxy(String type) {
    try (TestProxy proxy =
        type.equals("http") ? TestProxy.http("me:secret") : TestProxy.socks5("me:secret")) {
      startThrough(
          type.equals("http") ? http(proxy, "me", "secret") : socks(proxy, "me", "secret"));
      awaitLive();
      assertThat(proxy.asked()).containsExactly("venue.invalid:" + indexer.uri().getPort());
      assertThat(indexer.lastHeaders().contains("Proxy-Authorization")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "socks5"})
  void credentialsThatTheProxyRefusesAreAFailureLikeAnyOther(String type) {
    try (TestProxy proxy =
        type.equals("http") ? TestProxy.http("me:secret") : TestProxy.socks5("me:secret")) {
      startThrough(
          type.equals("http") ? http(proxy, "me", "swordfish") : socks(proxy, "me", "swordfish"));
      assertLostGrowingApart(DisconnectReason.PROXY_FAILED);
      assertThat(pool.connections().get(0).lastDisconnectReason())
          .contains("proxy " + type + "://127.0.0.1:" + proxy.port())
          .doesNotContain("swordfish");
      assertThat(proxy.asked()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "socks5"})
  void aProxyThatRefusesThenWorksIsNoDeadEnd(String type) {
    try (TestProxy proxy = type.equals("http") ? TestProxy.http(null) : TestProxy.socks5(null)) {
      proxy.refuse(true);
      startThrough(type.equals("http") ? http(proxy, null, null) : socks(proxy, null, null));
      assertLostGrowingApart(DisconnectReason.PROXY_FAILED);
      proxy.refuse(false);
      awaitLive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "socks5"})
  void aProxyThatHangsThenWorksIsNoDeadEnd(String type) {
    try (TestProxy proxy = type.equals("http") ? TestProxy.http(null) : TestProxy.socks5(null)) {
      proxy.hang(true);
      startThrough(type.equals("http") ? http(proxy, null, null) : socks(proxy, null, null));
      soon().until(() -> losses.size() >= 2);
      assertThat(losses)
          .extracting(Loss::reason)
          .isSubsetOf(DisconnectReason.PROXY_FAILED, DisconnectReason.TIMEOUT);
      proxy.hang(false);
      awaitLive();
    }
  }

  @Test
  void aDeadProxyIsTriedAgainEverMoreSlowly() {
    TestProxy proxy = TestProxy.http(null);
    proxy.close();
    startThrough(http(proxy, null, null));
    assertLostGrowingApart(DisconnectReason.PROXY_FAILED);
  }

  // ---- headers

  @Test
  void headersOfTheConfigurationAreSent() {
    start(
        indexer.uri(),
        Duration.ofSeconds(20),
        Duration.ZERO,
        null,
        Map.of("X-Api-Key", "k", "User-Agent", "desk"));
    awaitLive();
    assertThat(indexer.lastHeaders().getAll("X-Api-Key")).containsExactly("k");
    assertThat(indexer.lastHeaders().getAll("User-Agent")).containsExactly("desk");
  }
}
