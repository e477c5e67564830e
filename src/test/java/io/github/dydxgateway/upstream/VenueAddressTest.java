package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.testing.ScriptedIndexer;
import io.github.dydxgateway.testing.ScriptedIndexer.Upgrade;
import io.github.dydxgateway.testing.TestProxy;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.ProxyType;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From the name of the venue, or of the proxy, to a connection. */
@Timeout(60)
class VenueAddressTest {
  private static final ChannelId BTC = new ChannelId(Channel.TRADES, "BTC-USD");

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final ScriptedIndexer indexer = ScriptedIndexer.automatic();
  private final RecordingListener btc = new RecordingListener();
  private final List<DisconnectReason> losses = new CopyOnWriteArrayList<>();
  private final List<String> lookedUp = new CopyOnWriteArrayList<>();
  private ConnectionPool pool;

  @AfterEach
  void end() throws Exception {
    pool.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    indexer.close();
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(5));
  }

  private void start(UpstreamSettings settings, NameResolver.Lookup lookup) {
    pool =
        new ConnectionPool(
            vertx,
            settings,
            JsonFrameDecoder::new,
            new UpstreamObserver() {
              @Override
              public void reconnecting(int number, DisconnectReason reason) {
                losses.add(reason);
              }
            },
            InstantSource.system(),
            ignored -> false,
            name -> {
              lookedUp.add(name);
              return lookup.addressesOf(name);
            });
    pool.subscribe(BTC, pool.loopFor(BTC.channel()), btc);
  }

  private URI named(String name) {
    return URI.create("ws://" + name + ":" + indexer.uri().getPort() + "/v4/ws");
  }

  private void start(NameResolver.Lookup lookup) {
    start(UpstreamSettings.defaults(named("venue.test")), lookup);
  }

  private void awaitLive() {
    soon().until(() -> btc.heard().contains("state 0"));
  }

  private static InetAddress[] addresses(String... literals) throws UnknownHostException {
    InetAddress[] addresses = new InetAddress[literals.length];
    for (int i = 0; i < literals.length; i++) {
      addresses[i] = InetAddress.getByName(literals[i]);
    }
    return addresses;
  }

  @Test
  void aLookUpThatHangsHoldsUpNoEventLoop() {
    CountDownLatch answered = new CountDownLatch(1);
    start(
        name -> {
          try {
            answered.await(30, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new UnknownHostException("interrupted");
          }
          return addresses("127.0.0.1");
        });
    soon().until(() -> !lookedUp.isEmpty());
    AtomicLong ticks = new AtomicLong();
    vertx.setPeriodic(10, ignored -> ticks.incrementAndGet());
    await().atMost(Duration.ofSeconds(5)).until(() -> ticks.get() >= 50);
    answered.countDown();
    awaitLive();
    assertThat(lookedUp).containsExactly("venue.test");
  }

  @Test
  void connectionsThatLookUpAtTheSameTimeShareOneLookUp() {
    CountDownLatch answered = new CountDownLatch(1);
    start(
        name -> {
          try {
            answered.await(30, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new UnknownHostException("interrupted");
          }
          return addresses("127.0.0.1");
        });
    RecordingListener copy = new RecordingListener();
    pool.subscribeCopy(BTC, pool.loopFor(BTC.channel()), copy);
    soon().until(() -> !lookedUp.isEmpty() && pool.connections().size() == 2);
    answered.countDown();
    awaitLive();
    soon().until(() -> copy.heard().contains("state 0"));
    assertThat(lookedUp).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void aNameThatIsNotFoundIsLookedUpAgain() {
    start(
        name -> {
          if (lookedUp.size() < 3) {
            throw new UnknownHostException(name);
          }
          return addresses("127.0.0.1");
        });
    awaitLive();
    assertThat(losses).containsOnly(DisconnectReason.CONNECT_FAILED).hasSize(2);
    assertThat(pool.connections().get(0).lastDisconnectReason()).contains("venue.test");
  }

  @Test
  void eachAddressOfBothFamiliesIsTriedWithinOneAttempt() {
    start(name -> addresses("127.0.0.2", "127.0.0.3", "::1", "127.0.0.1"));
    awaitLive();
    assertThat(losses).isEmpty();
    assertThat(indexer.lastHeaders().get("Host")).isEqualTo(named("venue.test").getAuthority());
  }

  @Test
  void anAddressThatSwallowsPacketsCostsLittle() {
    long startNs = System.nanoTime();
    start(name -> addresses("192.0.2.1", "127.0.0.1"));
    awaitLive();
    assertThat(losses).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void anAddressThatAcceptsButNeverUpgradesCostsLittle() throws Exception {
    int port = indexer.uri().getPort();
    NetServer deaf = vertx.createNetServer().connectHandler(socket -> {});
    deaf.listen(port, "127.0.0.2")
        .toCompletionStage()
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
    start(name -> addresses("127.0.0.2", "127.0.0.1"));
    awaitLive();
    assertThat(losses).isEmpty();
  }

  @Test
  void theAttemptAfterAFailureBeginsWithTheNextAddress() throws Exception {
    int port = indexer.uri().getPort();
    try (ScriptedIndexer starting = ScriptedIndexer.automatic("127.0.0.2", port)) {
      starting.onUpgrade(attempt -> Upgrade.refuse(503));
      start(name -> addresses("127.0.0.2", "127.0.0.1"));
      awaitLive();
      assertThat(losses).containsExactly(DisconnectReason.UPGRADE_REFUSED);
      assertThat(starting.attemptTimesNs()).hasSize(1);
    }
  }

  @Test
  void ifNoAddressAnswersAllAreNamed() {
    indexer.close();
    start(name -> addresses("127.0.0.2", "127.0.0.3"));
    soon().until(() -> losses.size() >= 2);
    assertThat(losses).containsOnly(DisconnectReason.CONNECT_FAILED);
    assertThat(pool.connections().get(0).lastDisconnectReason())
        .contains("127.0.0.2")
        .contains("127.0.0.3");
  }

  @Test
  void theNameOfAProxyIsLookedUpInsteadOfTheVenues() {
    try (TestProxy proxy = TestProxy.http(null)) {
      UpstreamSettings defaults = UpstreamSettings.defaults(named("venue.invalid"));
      start(
          new UpstreamSettings(
              defaults.uri(),
              false,
              2,
              defaults.heartbeatTimeout(),
              defaults.connectTimeout(),
              defaults.firstFrameTimeout(),
              defaults.reconnect(),
              defaults.subscribeRate(),
              defaults.subscribeTimeout(),
              defaults.maxFrameBytes(),
              Duration.ZERO,
              new ProxySettings(ProxyType.HTTP, "proxy.test", proxy.port(), null, null),
              Map.of()),
          name -> addresses("127.0.0.2", "127.0.0.1"));
      awaitLive();
      assertThat(lookedUp).containsExactly("proxy.test");
      assertThat(proxy.asked()).containsExactly("venue.invalid:" + indexer.uri().getPort());
    }
  }
}
