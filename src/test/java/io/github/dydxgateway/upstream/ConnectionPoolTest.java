package io.github.dydxgateway.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelSubscription;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.testing.ScriptedConnection;
import io.github.dydxgateway.testing.ScriptedIndexer;
import io.github.dydxgateway.testing.ScriptedIndexer.Upgrade;
import io.github.dydxgateway.upstream.UpstreamSettings.BackoffSettings;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import java.net.InetAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ConnectionPoolTest {
  private static final Pattern WEB_SOCKET_KEY =
      Pattern.compile("(?i)sec-websocket-key: *([^\\r]+)");
  private static final ChannelId BTC = new ChannelId(Channel.TRADES, "BTC-USD");
  private static final ChannelId ETH = new ChannelId(Channel.TRADES, "ETH-USD");
  private static final ChannelId MARKETS = ChannelId.of(Channel.MARKETS);

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final List<DisconnectReason> losses = new CopyOnWriteArrayList<>();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final UpstreamObserver observer =
      new UpstreamObserver() {
        @Override
        public void reconnecting(int number, DisconnectReason reason) {
          losses.add(reason);
        }

        @Override
        public void connectionStateChanged(
            int number, ConnectionState from, ConnectionState to, String reason) {
          events.add(number + " " + from + "->" + to);
        }

        @Override
        public void malformedFrame(Channel channel, String problem) {
          events.add("malformed");
        }

        @Override
        public void droppedFrame(Channel channel, DropReason reason) {
          events.add("dropped " + reason);
        }

        @Override
        public void listenerFailed(Channel channel) {
          events.add("listener failed");
        }
      };

  private final Set<ChannelId> listed = ConcurrentHashMap.newKeySet();
  private ScriptedIndexer indexer = ScriptedIndexer.automatic();
  private ConnectionPool pool;

  @AfterEach
  void end() throws Exception {
    if (pool != null) {
      pool.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    indexer.close();
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(5));
  }

  private void manual() {
    indexer.close();
    indexer = ScriptedIndexer.manual();
  }

  private void start() {
    start(2, Duration.ofSeconds(20), Duration.ofSeconds(5));
  }

  private void start(int maxConnections, Duration heartbeat, Duration connectTimeout) {
    pool =
        new ConnectionPool(
            vertx,
            new UpstreamSettings(
                indexer.uri(),
                false,
                maxConnections,
                heartbeat,
                connectTimeout,
                Duration.ofSeconds(1),
                new BackoffSettings(
                    Duration.ofMillis(20), Duration.ofMillis(500), 2, Duration.ofMillis(5)),
                500,
                Duration.ofSeconds(10),
                1 << 20,
                Duration.ZERO,
                null,
                Map.of()),
            JsonFrameDecoder::new,
            observer,
            InstantSource.system(),
            listed::contains);
  }

  private RecordingListener subscribe(ChannelId channelId) {
    RecordingListener listener = new RecordingListener();
    subscribe(channelId, listener);
    return listener;
  }

  private ChannelSubscription subscribe(ChannelId channelId, RecordingListener listener) {
    return pool.subscribe(channelId, pool.loopFor(channelId.channel()), listener);
  }

  private static void awaitHeard(RecordingListener listener, String... heard) {
    soon().untilAsserted(() -> assertThat(listener.heard()).containsExactly(heard));
  }

  private ConnectionState stateOfFirst() {
    return pool.connections().get(0).state();
  }

  // ---- connecting

  @Test
  void subscribesOnlyAfterConnected() {
    manual();
    start();
    RecordingListener btc = subscribe(BTC);
    ScriptedConnection connection = indexer.awaitConnection(0);
    connection.ping();
    soon().until(() -> connection.pongs() == 1);
    assertThat(connection.requests()).isEmpty();
    assertThat(stateOfFirst()).isEqualTo(ConnectionState.CONNECTING);

    connection.sendConnected();
    assertThat(connection.awaitRequest(1).summary()).isEqualTo("subscribe v4_trades BTC-USD");
    connection.sendSubscribed(Channel.TRADES, "BTC-USD", "{\"n\":1}");
    connection.pushData(Channel.TRADES, "BTC-USD", "{\"n\":2}");
    awaitHeard(btc, "state 1", "data 2");

    ConnectionSnapshot snapshot = pool.connections().get(0);
    assertThat(snapshot.number()).isEqualTo(1);
    assertThat(snapshot.state()).isEqualTo(ConnectionState.ACTIVE);
    assertThat(snapshot.sessionId()).isEqualTo(connection.id());
    assertThat(snapshot.subscriptionCount()).isEqualTo(1);
    assertThat(snapshot.frameCount()).isEqualTo(3);
    assertThat(snapshot.reconnectCount()).isZero();
    assertThat(snapshot.lastDisconnectReason()).isEmpty();
    assertThat(Instant.ofEpochSecond(0, snapshot.lastReceiveTimeNs()))
        .isBetween(Instant.now().minusSeconds(30), Instant.now());
    assertThat(btc.lastReceiveTimeNs()).isEqualTo(snapshot.lastReceiveTimeNs());
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1008, 1011, 1012, 4000, 4999})
  void reconnectsAndSubscribesAgainAfterTheVenueCloses(int code) {
    indexer.initialState(Channel.TRADES, "BTC-USD", "{\"n\":1}");
    start();
    RecordingListener btc = subscribe(BTC);
    awaitHeard(btc, "state 1");

    indexer.connection(0).close(code, "{\"message\":\"test\"}");
    indexer.initialState(Channel.TRADES, "BTC-USD", "{\"n\":2}");
    awaitHeard(btc, "state 1", "interrupted", "state 2");
    assertThat(indexer.push(Channel.TRADES, "BTC-USD", "{\"n\":3}")).isEqualTo(1);
    awaitHeard(btc, "state 1", "interrupted", "state 2", "data 3");

    assertThat(losses).containsExactly(DisconnectReason.ofCloseCode(code));
    assertThat(pool.connections().get(0).reconnectCount()).isEqualTo(1);
    assertThat(pool.connections().get(0).lastDisconnectReason()).contains("" + code);
    assertThat(events)
        .containsExactly(
            "1 CONNECTING->ACTIVE", "1 ACTIVE->RECONNECTING", "1 RECONNECTING->ACTIVE");
    soon().until(() -> indexer.openConnections().size() == 1);
  }

  @Test
  void reconnectsAfterTcpEndsWithoutAWord() {
    start();
    RecordingListener btc = subscribe(BTC);
    awaitHeard(btc, "state 0");
    indexer.connection(0).abort();
    awaitHeard(btc, "state 0", "interrupted", "state 0");
    assertThat(losses).containsExactly(DisconnectReason.RESET);
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 403, 429})
  void keepsTryingWhenTheUpgradeIsRefused(int status) {
    indexer.onUpgrade(attempt -> attempt < 3 ? Upgrade.refuse(status) : Upgrade.ACCEPT);
    start();
    RecordingListener btc = subscribe(BTC);
    awaitHeard(btc, "state 0");
    assertThat(losses).hasSize(3).containsOnly(DisconnectReason.UPGRADE_REFUSED);
    assertThat(pool.connections().get(0).lastDisconnectReason()).contains("HTTP " + status);
  }

  @Test
  void keepsTryingWhenNobodyListens() {
    start();
    indexer.close();
    subscribe(BTC);
    soon().until(() -> losses.size() >= 3);
    assertThat(losses).containsOnly(DisconnectReason.CONNECT_FAILED);
    indexer = ScriptedIndexer.automatic();
  }

  @Test
  void givesUpAnAttemptWithoutConnectedOrWithoutAnswer() {
    indexer.onUpgrade(
        attempt ->
            switch (attempt) {
              case 0 -> Upgrade.ACCEPT_SILENTLY;
              case 1 -> Upgrade.HANG;
              default -> Upgrade.ACCEPT;
            });
    start(2, Duration.ofSeconds(20), Duration.ofMillis(300));
    RecordingListener btc = subscribe(BTC);
    awaitHeard(btc, "state 0");
    assertThat(losses).containsExactly(DisconnectReason.TIMEOUT, DisconnectReason.TIMEOUT);
    soon().until(() -> indexer.openConnections().size() == 1);
  }

  @Test
  void aVenueThatAcceptsBeforeItServesIsLeftAfterTheFirstFrameTimeout() {
    indexer.onUpgrade(
        attempt ->
            switch (attempt) {
              case 0 -> Upgrade.ACCEPT_SILENTLY;
              case 1 -> Upgrade.HANG;
              default -> Upgrade.ACCEPT;
            });
    start(2, Duration.ofSeconds(20), Duration.ofSeconds(20));
    RecordingListener btc = subscribe(BTC);
    awaitHeard(btc, "state 0");
    assertThat(losses).containsExactly(DisconnectReason.TIMEOUT, DisconnectReason.TIMEOUT);
    assertThat(pool.connections().get(0).lastDisconnectReason())
        .isEqualTo("no answer to the WebSocket upgrade within PT1S");
    List<Long> times = indexer.attemptTimesNs();
    for (int i = 1; i < times.size(); i++) { // the first frame timeout of these tests is 1 s
      assertThat(Duration.ofNanos(times.get(i) - times.get(i - 1)))
          .isBetween(Duration.ofMillis(990), Duration.ofSeconds(4));
    }
  }

  @Test
  void aHundredAndTwentyTopicsComeBackWithinSeconds() {
    pool =
        new ConnectionPool(
            vertx,
            UpstreamSettings.defaults(indexer.uri()),
            JsonFrameDecoder::new,
            observer,
            InstantSource.system(),
            listed::contains);
    List<RecordingListener> listeners = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      listeners.add(subscribe(new ChannelId(Channel.TRADES, "T" + i)));
      listeners.add(subscribe(new ChannelId(Channel.ORDER_BOOK, "T" + i)));
      listeners.add(subscribe(new ChannelId(Channel.CANDLES, "T" + i + "/1MIN")));
      listeners.add(subscribe(new ChannelId(Channel.SUBACCOUNTS, "dydx1x/" + i)));
    }
    listeners.forEach(listener -> awaitHeard(listener, "state 0"));
    indexer.connection(0).close(1001, null);
    ScriptedConnection next = indexer.awaitConnection(1);
    listeners.forEach(listener -> awaitHeard(listener, "state 0", "interrupted", "state 0"));
    long tookNs = next.requests().get(119).timeNs() - next.requests().get(0).timeNs();
    assertThat(Duration.ofNanos(tookNs)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6));
  }

  @Test
  void aQuietConnectionBehindARelayThatKeepsThePingsOfTheVenueStays() {
    start(2, Duration.ofMillis(400), Duration.ofSeconds(5));
    RecordingListener btc = subscribe(BTC);
    awaitHeard(btc, "state 0");
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(4))
        .until(() -> losses.isEmpty());
    indexer.push(Channel.TRADES, "BTC-USD", "{\"n\":1}");
    awaitHeard(btc, "state 0", "data 1");
  }

  @Test
  void pongsAloneAreNoSignOfLifeWhileTheVenueOwesAnAnswer() {
    manual();
    start(2, Duration.ofMillis(400), Duration.ofSeconds(5));
    subscribe(BTC);
    indexer.awaitConnection(0).sendConnected();
    soon().until(() -> losses.equals(List.of(DisconnectReason.HEARTBEAT)));
  }

  @Test
  void pongsAloneAreNoSignOfLifeAfterASessionThatWasNeverQuiet() {
    start(2, Duration.ofMillis(400), Duration.ofSeconds(5));
    RecordingListener btc = subscribe(BTC);
    awaitHeard(btc, "state 0");
    for (int i = 1; i <= 200; i++) {
      indexer.push(Channel.TRADES, "BTC-USD", "{\"n\":" + i + "}");
    }
    soon().until(() -> losses.contains(DisconnectReason.HEARTBEAT));
    soon().until(() -> btc.heard().stream().filter("state 0"::equals).count() == 2);
  }

  @Test
  void reconnectsWhenNothingIsHeardForTheHeartbeatTimeout() {
    indexer.deafAfterSubscribes(true);
    start(2, Duration.ofMillis(400), Duration.ofSeconds(5));
    RecordingListener btc = subscribe(BTC);
    soon()
        .untilAsserted( // it goes on so, for the server stays silent
            () -> assertThat(btc.heard()).startsWith("state 0", "interrupted", "state 0"));
    assertThat(losses.get(0)).isEqualTo(DisconnectReason.HEARTBEAT);
  }

  @Test
  void pingsAloneKeepAConnectionAlive() {
    start(2, Duration.ofSeconds(1), Duration.ofSeconds(5));
    RecordingListener btc = subscribe(BTC);
    awaitHeard(btc, "state 0");
    long timer = vertx.setPeriodic(50, ignored -> indexer.connection(0).ping());
    soon().until(() -> indexer.connection(0).pongs() >= 40); // 2 s
    vertx.cancelTimer(timer);
    assertThat(losses).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aServerThatClosesAtOnceIsNotHammered(boolean saysConnected) {
    if (saysConnected) {
      indexer.close();
      indexer = ScriptedIndexer.manual();
    } else {
      indexer.onUpgrade(attempt -> Upgrade.closeAtOnce(1001));
    }
    start();
    subscribe(BTC);
    if (saysConnected) {
      for (int i = 0; i < 5; i++) {
        ScriptedConnection connection = indexer.awaitConnection(i);
        connection.sendConnected();
        connection.close(1012, null);
      }
    }
    soon().until(() -> indexer.attemptTimesNs().size() >= 6);
    List<Long> times = indexer.attemptTimesNs();
    // waits of 20, 40, 80, 160, 320 ms at least
    assertThat(TimeUnit.NANOSECONDS.toMillis(times.get(5) - times.get(0)))
        .isGreaterThanOrEqualTo(600);
  }

  @Test
  void subscribesAgainInOrderWithMarketsFirst() {
    start();
    subscribe(ETH);
    subscribe(BTC);
    ChannelSubscription closed =
        subscribe(new ChannelId(Channel.TRADES, "SOL-USD"), new RecordingListener());
    subscribe(MARKETS);
    indexer.awaitSubscribed(Channel.MARKETS, "");
    indexer.awaitSubscribed(Channel.TRADES, "SOL-USD");
    closed.close();
    soon().until(() -> indexer.connection(0).requests().size() == 5);

    indexer.connection(0).close(1012, null);
    ScriptedConnection second = indexer.awaitConnection(1);
    second.awaitRequest(3);
    assertThat(second.requestSummaries())
        .containsExactly(
            "subscribe v4_markets", "subscribe v4_trades ETH-USD", "subscribe v4_trades BTC-USD");
  }

  // ---- placement

  @Test
  void thirtyThreeBooksNeedTwoConnectionsAndTheSecondClosesWithItsOnlyBook() {
    start();
    List<RecordingListener> listeners = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      listeners.add(subscribe(new ChannelId(Channel.ORDER_BOOK, "T" + i)));
    }
    RecordingListener last = new RecordingListener();
    ChannelSubscription book = subscribe(new ChannelId(Channel.ORDER_BOOK, "T32"), last);
    RecordingListener trades = subscribe(BTC);
    for (RecordingListener listener : listeners) {
      awaitHeard(listener, "state 0");
    }
    awaitHeard(last, "state 0");
    awaitHeard(trades, "state 0");
    assertThat(pool.connections())
        .extracting(ConnectionSnapshot::number, ConnectionSnapshot::subscriptionCount)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1, 33), org.assertj.core.groups.Tuple.tuple(2, 1));
    ScriptedConnection second = indexer.awaitSubscribed(Channel.ORDER_BOOK, "T32");
    assertThat(indexer.connections()).hasSize(2);

    book.close();
    book.close();
    soon().until(() -> !second.isOpen());
    assertThat(second.closeCode()).isEqualTo(1000);
    assertThat(pool.connections()).hasSize(1);
    assertThat(events).contains("2 ACTIVE->CLOSED");
    assertThat(indexer.openConnections()).hasSize(1);
  }

  @Test
  void aConnectionOutlivesTheOneOnWhoseLoopItWasMade() {
    start();
    List<ChannelSubscription> books = new CopyOnWriteArrayList<>();
    pool.loopFor(Channel.ORDER_BOOK)
        .execute(
            () -> {
              for (int i = 0; i <= 32; i++) {
                books.add(
                    subscribe(new ChannelId(Channel.ORDER_BOOK, "T" + i), new RecordingListener()));
              }
            });
    ScriptedConnection second = indexer.awaitSubscribed(Channel.ORDER_BOOK, "T32");
    soon().until(() -> books.size() == 33);

    books.subList(0, 32).forEach(ChannelSubscription::close);
    soon().until(() -> events.contains("1 ACTIVE->CLOSED"));
    assertThat(events).doesNotContain("2 ACTIVE->CLOSED");
    assertThat(second.isOpen()).isTrue();
    assertThat(pool.connections())
        .extracting(ConnectionSnapshot::state)
        .containsExactly(ConnectionState.ACTIVE);
  }

  @Test
  void refusesWhatNoConnectionHasRoomFor() {
    start(1, Duration.ofSeconds(20), Duration.ofSeconds(5));
    for (int i = 0; i < 32; i++) {
      subscribe(new ChannelId(Channel.ORDER_BOOK, "T" + i));
    }
    RecordingListener tooMany = subscribe(new ChannelId(Channel.ORDER_BOOK, "T32"));
    soon()
        .untilAsserted(
            () ->
                assertThat(tooMany.heard())
                    .singleElement()
                    .asString()
                    .startsWith("refused NO_CONNECTION_LEFT: all 1 connections"));
    RecordingListener trades = subscribe(BTC);
    awaitHeard(trades, "state 0");
  }

  @Test
  void aLowerLimitOfTheVenueMovesTheSubscriptionToAnotherConnection() {
    indexer.limit(Channel.TRADES, 2);
    start();
    List<RecordingListener> listeners = new ArrayList<>();
    for (String ticker : List.of("A", "B", "C", "D")) {
      listeners.add(subscribe(new ChannelId(Channel.TRADES, ticker)));
    }
    for (RecordingListener listener : listeners) {
      awaitHeard(listener, "state 0");
    }
    assertThat(indexer.openConnections())
        .extracting(connection -> connection.subscribedCount(Channel.TRADES))
        .containsExactly(2L, 2L);
    RecordingListener tooMany = subscribe(new ChannelId(Channel.TRADES, "E"));
    soon()
        .untilAsserted(
            () ->
                assertThat(tooMany.heard())
                    .singleElement()
                    .asString()
                    .startsWith("refused NO_CONNECTION_LEFT"));
  }

  @Test
  void fortyBooksTwiceAreNeverTwiceOnOneConnection() {
    start(16, Duration.ofSeconds(20), Duration.ofSeconds(5));
    List<RecordingListener> listeners = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ChannelId book = new ChannelId(Channel.ORDER_BOOK, "T" + i);
      listeners.add(subscribe(book));
      listeners.add(subscribeCopy(book));
    }
    for (RecordingListener listener : listeners) {
      awaitHeard(listener, "state 0");
    }
    assertThat(indexer.openConnections())
        .extracting(connection -> connection.subscribedCount(Channel.ORDER_BOOK))
        .containsExactlyInAnyOrder(32L, 32L, 8L, 8L);
    for (int i = 0; i < 40; i++) {
      String ticker = "T" + i;
      assertThat(indexer.openConnections())
          .filteredOn(connection -> connection.isSubscribed(Channel.ORDER_BOOK, ticker))
          .hasSize(2);
    }
  }

  @Test
  void copiesOfBlockHeightsNeedAConnectionEach() {
    start();
    ChannelId blocks = ChannelId.of(Channel.BLOCK_HEIGHT);
    RecordingListener first = subscribe(blocks);
    RecordingListener second = subscribeCopy(blocks);
    awaitHeard(first, "state 0");
    awaitHeard(second, "state 0");
    assertThat(pool.connections()).hasSize(2);
    assertRefused(subscribeCopy(blocks));
    awaitHeard(subscribe(BTC), "state 0");
  }

  @Test
  void aCopyGivesWayToWhatWouldNotBeServedElse() {
    start();
    List<RecordingListener> copies = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      ChannelId book = new ChannelId(Channel.ORDER_BOOK, "T" + i);
      awaitHeard(subscribe(book), "state 0");
      copies.add(subscribeCopy(book));
      awaitHeard(copies.get(i), "state 0");
    }
    ChannelId late = new ChannelId(Channel.ORDER_BOOK, "T32");
    awaitHeard(subscribe(late), "state 0");
    soon()
        .untilAsserted(
            () ->
                assertThat(copies.get(0).heard())
                    .last()
                    .asString()
                    .startsWith("refused NO_CONNECTION_LEFT"));
    assertRefused(subscribeCopy(late));
    assertThat(copies.get(1).heard()).containsExactly("state 0");
  }

  @Test
  void aLowerLimitOfTheVenueMovesACopyToAConnectionWithoutTheOther() {
    indexer.limit(Channel.TRADES, 1);
    start(4, Duration.ofSeconds(20), Duration.ofSeconds(5));
    List<RecordingListener> listeners =
        List.of(subscribe(BTC), subscribeCopy(BTC), subscribe(ETH), subscribeCopy(ETH));
    for (RecordingListener listener : listeners) {
      awaitHeard(listener, "state 0");
    }
    assertThat(indexer.openConnections())
        .extracting(connection -> connection.subscribedCount(Channel.TRADES))
        .containsExactly(1L, 1L, 1L, 1L);
  }

  @Test
  void closingACopyClosesItsConnectionAndKeepsTheOther() {
    start();
    RecordingListener first = subscribe(BTC);
    ChannelSubscription copy = pool.subscribeCopy(BTC, pool.loopFor(Channel.TRADES), first);
    soon().until(() -> first.heard().size() == 2);
    copy.close();
    copy.close();
    soon().until(() -> indexer.openConnections().size() == 1);
    assertThat(pool.connections()).hasSize(1);
    assertThatThrownBy(() -> subscribe(BTC)).isInstanceOf(IllegalStateException.class);
  }

  private RecordingListener subscribeCopy(ChannelId channelId) {
    RecordingListener listener = new RecordingListener();
    pool.subscribeCopy(channelId, pool.loopFor(channelId.channel()), listener);
    return listener;
  }

  private static void assertRefused(RecordingListener listener) {
    soon()
        .untilAsserted(
            () ->
                assertThat(listener.heard())
                    .singleElement()
                    .asString()
                    .startsWith("refused NO_CONNECTION_LEFT"));
  }

  @Test
  void aSecondSubscriptionToTheSameNeedsTheFirstClosed() {
    start();
    RecordingListener first = new RecordingListener();
    ChannelSubscription subscription = subscribe(BTC, first);
    subscribe(ETH); // keeps the connection
    awaitHeard(first, "state 0");
    assertThatThrownBy(() -> subscribe(BTC)).isInstanceOf(IllegalStateException.class);

    subscription.close();
    RecordingListener second = subscribe(BTC);
    awaitHeard(second, "state 0");
    indexer.push(Channel.TRADES, "BTC-USD", "{\"n\":5}");
    awaitHeard(second, "state 0", "data 5");
    assertThat(first.heard()).containsExactly("state 0");
    assertThat(indexer.connection(0).requestSummaries())
        .containsSubsequence(
            "subscribe v4_trades BTC-USD",
            "unsubscribe v4_trades BTC-USD",
            "subscribe v4_trades BTC-USD");
  }

  @Test
  void listenersAreCalledOnTheirLoopInOrder() {
    start();
    List<Runnable> elsewhere = new CopyOnWriteArrayList<>();
    Executor foreign = elsewhere::add;
    RecordingListener near = subscribe(BTC);
    RecordingListener far = new RecordingListener();
    pool.subscribe(ETH, foreign, far);
    awaitHeard(near, "state 0");
    indexer.awaitSubscribed(Channel.TRADES, "ETH-USD");
    indexer.push(Channel.TRADES, "ETH-USD", "{\"n\":1}");
    indexer.push(Channel.TRADES, "ETH-USD", "{\"n\":2}");
    soon().until(() -> elsewhere.size() == 3);
    assertThat(far.heard()).isEmpty();
    elsewhere.forEach(Runnable::run);
    assertThat(far.heard()).containsExactly("state 0", "data 1", "data 2");

    List<Thread> loopThread = new CopyOnWriteArrayList<>();
    pool.loopFor(Channel.TRADES).execute(() -> loopThread.add(Thread.currentThread()));
    soon().until(() -> !loopThread.isEmpty());
    assertThat(near.threads()).containsOnly(loopThread.get(0));
  }

  @Test
  void theLoopOfAConnectionNotYetOpenRunsTasks() {
    start();
    List<String> ran = new CopyOnWriteArrayList<>();
    Executor loop = pool.loopFor(Channel.TRADES);
    loop.execute(() -> ran.add("first"));
    loop.execute(() -> ran.add("second"));
    soon().until(() -> ran.size() == 2);
    assertThat(ran).containsExactly("first", "second");
    assertThat(pool.loopFor(Channel.TRADES)).isSameAs(loop);
    assertThat(pool.connections()).isEmpty();
    assertThat(indexer.attemptTimesNs()).isEmpty();
  }

  // ---- frames

  @Test
  void aLongFrameAndAFragmentedOneArriveWhole() {
    start();
    RecordingListener markets = subscribe(MARKETS);
    awaitHeard(markets, "state 0");
    String padding = "ü".repeat(200 << 10); // 400 KiB
    ScriptedConnection connection = indexer.connection(0);
    connection.pushData(Channel.MARKETS, "", "{\"n\":1,\"padding\":\"" + padding + "\"}");
    connection.sendFragmented(
        connection.frame(
            "channel_data",
            ",\"channel\":\"v4_markets\",\"contents\":{\"n\":2,\"padding\":\"" + padding + "\"}"),
        30_001);
    connection.pushData(Channel.MARKETS, "", "{\"n\":3}");
    awaitHeard(markets, "state 0", "data 1", "data 2", "data 3");
    soon().until(() -> connection.pongs() >= 13);
    assertThat(losses).isEmpty();
  }

  @Test
  void anotherSessionOnTheSameConnectionIsALostConnection() {
    start();
    RecordingListener btc = subscribe(BTC);
    awaitHeard(btc, "state 0");
    ScriptedConnection first = indexer.connection(0);
    first.send(first.frame("connected", "")); // the same once more
    indexer.push(Channel.TRADES, "BTC-USD", "{\"n\":1}");
    awaitHeard(btc, "state 0", "data 1");
    first.send("{\"type\":\"connected\",\"connection_id\":\"another\",\"message_id\":0}");
    awaitHeard(btc, "state 0", "data 1", "interrupted", "state 0");
    soon().until(() -> indexer.openConnections().size() == 1);
    indexer.push(Channel.TRADES, "BTC-USD", "{\"n\":2}");
    awaitHeard(btc, "state 0", "data 1", "interrupted", "state 0", "data 2");
    assertThat(losses).containsExactly(DisconnectReason.RESET);
  }

  @Test
  void badFramesHurtNobody() {
    start();
    RecordingListener btc = subscribe(BTC);
    awaitHeard(btc, "state 0");
    ScriptedConnection connection = indexer.connection(0);
    connection.send("garbage");
    connection.send(new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    connection.send(connection.frame("novelty", ""));
    connection.send("{\"type\":\"channel_data\",\"contents_says\":\"crash\"}");
    connection.send("");
    connection.sendFragmented("x".repeat((1 << 20) + 1), 500_000);
    connection.pushData(Channel.TRADES, "BTC-USD", "\"no object\"");
    connection.pushData(Channel.TRADES, "ETH-USD", "{\"n\":1}");
    connection.pushData(Channel.TRADES, "BTC-USD", "{\"n\":1}");
    soon().until(() -> btc.heard().contains("data 1"));
    assertThat(btc.heard()).hasSize(3).element(1).asString().startsWith("malformed ");
    assertThat(events)
        .filteredOn(event -> !event.contains("->"))
        .containsExactly(
            "malformed",
            "malformed",
            "dropped UNKNOWN",
            "malformed",
            "malformed",
            "malformed",
            "malformed",
            "dropped UNWANTED");
    assertThat(losses).isEmpty();
  }

  @Test
  void aListenerThatThrowsHurtsNobody() {
    start();
    RecordingListener btc =
        new RecordingListener() {
          @Override
          public void onData(IndexerFrame.ChannelData frame, long receiveTimeNs) {
            super.onData(frame, receiveTimeNs);
            throw new IllegalStateException("test");
          }
        };
    subscribe(BTC, btc);
    awaitHeard(btc, "state 0");
    indexer.push(Channel.TRADES, "BTC-USD", "{\"n\":1}");
    indexer.push(Channel.TRADES, "BTC-USD", "{\"n\":2}");
    awaitHeard(btc, "state 0", "data 1", "data 2");
    soon().until(() -> events.stream().filter("listener failed"::equals).count() == 2);
    assertThat(losses).isEmpty();
  }

  @Test
  void dataBeforeSubscribedFollowsIt() {
    manual();
    start();
    RecordingListener btc = subscribe(BTC);
    ScriptedConnection connection = indexer.awaitConnection(0);
    connection.sendConnected();
    connection.awaitRequest(1);
    String about = ",\"channel\":\"v4_trades\",\"id\":\"BTC-USD\",\"contents\":";
    connection.send(connection.frame("channel_data", 4, about + "{\"n\":4}"));
    connection.send(connection.frame("channel_data", 6, about + "{\"n\":6}"));
    connection.send(connection.frame("subscribed", 5, about + "{\"n\":5}"));
    connection.send(connection.frame("channel_data", 7, about + "{\"n\":7}"));
    awaitHeard(btc, "state 5", "data 6", "data 7");
  }

  // ---- errors

  @Test
  void anUnknownIdIsRefusedAndItsConnectionClosed() {
    indexer.error(
        Channel.TRADES,
        "BTC-USD",
        "\"message\":\"Invalid subscription id for channel: (v4_trades-BTC-USD)\"");
    start();
    RecordingListener btc = subscribe(BTC);
    awaitHeard(btc, "refused UNKNOWN_ID: Invalid subscription id for channel: (v4_trades-BTC-USD)");
    soon().until(() -> indexer.openConnections().isEmpty());
    assertThat(pool.connections()).isEmpty();
  }

  @Test
  void anInstrumentThatIsListedIsServedOnceTheInstanceKnowsIt() {
    listed.add(BTC);
    indexer.error(
        Channel.TRADES,
        "BTC-USD",
        "\"message\":\"Invalid subscription id for channel: (v4_trades-BTC-USD)\"");
    start();
    RecordingListener btc = subscribe(BTC);
    awaitHeard(btc, "interrupted");
    assertThat(pool.connections().get(0).subscriptionCount()).isEqualTo(1);
    indexer.noError(Channel.TRADES, "BTC-USD");
    awaitHeard(btc, "interrupted", "state 0");
    assertThat(losses).isEmpty();
  }

  @Test
  void aRefusalGivesTheVenuesWords() {
    indexer.error(
        Channel.TRADES,
        "BTC-USD",
        "\"message\":\"Not where you are\",\"channel\":\"v4_trades\",\"id\":\"BTC-USD\"");
    start();
    RecordingListener eth = subscribe(ETH);
    RecordingListener btc = subscribe(BTC);
    awaitHeard(btc, "refused REFUSED_BY_VENUE: Not where you are");
    awaitHeard(eth, "state 0");
    assertThat(pool.connections().get(0).subscriptionCount()).isEqualTo(1);
  }

  @Test
  void anInternalErrorIsTriedAgainUntilItWorks() {
    indexer.error(
        Channel.TRADES,
        "BTC-USD",
        "\"message\":\"Internal error, could not fetch data for subscription: v4_trades.\","
            + "\"channel\":\"v4_trades\",\"id\":\"BTC-USD\"");
    start();
    RecordingListener btc = subscribe(BTC);
    indexer.awaitConnection(0).awaitRequest(2);
    indexer.noError(Channel.TRADES, "BTC-USD");
    soon().until(() -> btc.heard().contains("state 0"));
    assertThat(btc.heard()).startsWith("interrupted");
    assertThat(losses).isEmpty();
  }

  @Test
  void alreadySubscribedLeadsToANewStateWithoutBreakingTheRateLimit() {
    manual();
    start();
    RecordingListener btc = subscribe(BTC);
    ScriptedConnection connection = indexer.awaitConnection(0);
    connection.sendConnected();
    connection.awaitRequest(1);
    connection.sendError(
        "\"message\":\"Invalid subscribe message: already subscribed (v4_trades-BTC-USD)\","
            + "\"channel\":\"v4_trades\",\"id\":\"BTC-USD\"");
    connection.awaitRequest(3);
    assertThat(connection.requestSummaries())
        .containsExactly(
            "subscribe v4_trades BTC-USD",
            "unsubscribe v4_trades BTC-USD",
            "subscribe v4_trades BTC-USD");
    long betweenNs = connection.requests().get(2).timeNs() - connection.requests().get(0).timeNs();
    assertThat(TimeUnit.NANOSECONDS.toMillis(betweenNs)).isGreaterThanOrEqualTo(590);
    connection.send(
        connection.frame("unsubscribed", ",\"channel\":\"v4_trades\",\"id\":\"BTC-USD\""));
    connection.sendSubscribed(Channel.TRADES, "BTC-USD", "{\"n\":1}");
    awaitHeard(btc, "state 1");
  }

  @Test
  void aRateLimitedConnectionComesBack() {
    manual();
    start();
    RecordingListener btc = subscribe(BTC);
    ScriptedConnection connection = indexer.awaitConnection(0);
    connection.sendConnected();
    connection.awaitRequest(1);
    connection.sendError(
        "\"message\":\"Too many subscribe attempts for channel v4_trades-BTC-USD. Please"
            + " reconnect and try again.\"");
    connection.close(1008, "{\"message\":\"Rate limited\"}");
    ScriptedConnection next = indexer.awaitConnection(1);
    next.sendConnected();
    next.awaitRequest(1);
    next.sendSubscribed(Channel.TRADES, "BTC-USD", "{\"n\":1}");
    awaitHeard(btc, "state 1");
    assertThat(losses).containsExactly(DisconnectReason.CLOSE_1008);
  }

  @Test
  void resyncWithManyCallsStaysWithinTheVenuesRateLimit() {
    start();
    RecordingListener btc = new RecordingListener();
    ChannelSubscription subscription = subscribe(BTC, btc);
    for (int round = 1; round <= 3; round++) {
      int states = round;
      soon().until(() -> btc.heard().stream().filter("state 0"::equals).count() == states);
      subscription.resync("test");
      subscription.resync("test");
    }
    awaitHeard(
        btc,
        "state 0",
        "interrupted",
        "state 0",
        "interrupted",
        "state 0",
        "interrupted",
        "state 0");
    assertThat(losses).isEmpty();
  }

  // ---- the end

  @Test
  void closingSaysGoodbyeAndMayBeDoneTwice() throws Exception {
    start();
    RecordingListener btc = new RecordingListener();
    ChannelSubscription subscription = subscribe(BTC, btc);
    awaitHeard(btc, "state 0");
    ScriptedConnection connection = indexer.connection(0);
    pool.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    pool.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    soon().until(() -> !connection.isOpen());
    assertThat(connection.closeCode()).isEqualTo(1000);
    assertThat(vertx.deploymentIDs()).isEmpty();
    assertThat(events).endsWith("1 ACTIVE->CLOSED");

    subscription.resync("too late");
    subscription.close();
    RecordingListener late = subscribe(ETH);
    awaitHeard(late, "refused NO_CONNECTION_LEFT: the gateway is stopping");
    assertThat(btc.heard()).containsExactly("state 0");
    assertThat(indexer.attemptTimesNs()).hasSize(1);
  }

  @Test
  void startingAndStoppingAConnectionTwiceIsHarmless() throws Exception {
    start();
    UpstreamConnection connection =
        new UpstreamConnection(
            1,
            UpstreamSettings.defaults(indexer.uri()),
            new JsonFrameDecoder(),
            InstantSource.system(),
            observer,
            new NameResolver(vertx, InetAddress::getAllByName),
            null,
            listed::contains,
            () -> {});
    connection.deploy(vertx);
    connection.deploy(vertx);
    connection.open();
    connection.open();
    soon().until(() -> connection.snapshot().state() == ConnectionState.ACTIVE);
    assertThat(indexer.attemptTimesNs()).hasSize(1);
    var closing = connection.close();
    assertThat(connection.close()).isSameAs(closing);
    closing.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    connection.deploy(vertx);
    connection.open();
    assertThat(vertx.deploymentIDs()).isEmpty();
    assertThat(connection.snapshot().state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(events).containsExactly("1 CONNECTING->ACTIVE", "1 ACTIVE->CLOSED");
  }

  @Test
  void closingWhileConnectingLeavesNothingBehind() throws Exception {
    indexer.onUpgrade(attempt -> Upgrade.HANG);
    start();
    subscribe(BTC);
    soon().until(() -> indexer.attemptTimesNs().size() == 1);
    pool.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    assertThat(vertx.deploymentIDs()).isEmpty();
    assertThat(losses).isEmpty();
  }

  @Test
  void aServerThatIgnoresGoodbyesIsLeftNevertheless() throws Exception {
    List<Boolean> tcpClosed = new CopyOnWriteArrayList<>();
    NetServer deaf =
        vertx
            .createNetServer()
            .connectHandler(
                tcp -> {
                  tcp.closeHandler(ignored -> tcpClosed.add(true));
                  tcp.handler(
                      bytes -> {
                        String request = bytes.toString();
                        if (request.startsWith("GET ")) {
                          tcp.write(handshake(request));
                          tcp.write(textFrame("{\"type\":\"connected\",\"message_id\":0}"));
                        }
                      });
                });
    deaf.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    pool =
        new ConnectionPool(
            vertx,
            UpstreamSettings.defaults(URI.create("ws://127.0.0.1:" + deaf.actualPort())),
            JsonFrameDecoder::new,
            observer,
            InstantSource.system(),
            listed::contains);
    subscribe(BTC);
    soon().until(() -> stateOfFirst() == ConnectionState.ACTIVE);
    pool.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    soon().until(() -> tcpClosed.size() == 1);
  }

  /** The answer to the request for a WebSocket. */
  static String handshake(String request) {
    Matcher key = WEB_SOCKET_KEY.matcher(request);
    assertThat(key.find()).isTrue();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(US_ASCII));
      return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: "
          + Base64.getEncoder().encodeToString(digest)
          + "\r\n\r\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Buffer textFrame(String text) {
    return Buffer.buffer()
        .appendByte((byte) 0x81)
        .appendByte((byte) text.length()) // at most 125
        .appendString(text);
  }

  @Test
  void anObserverThatThrowsHurtsNobody() {
    pool =
        new ConnectionPool(
            vertx,
            UpstreamSettings.defaults(indexer.uri()),
            JsonFrameDecoder::new,
            new UpstreamObserver() {
              @Override
              public void frameReceived(Channel channel, int bytes) {
                throw new IllegalStateException("test");
              }

              @Override
              public void connectionStateChanged(
                  int number, ConnectionState from, ConnectionState to, String reason) {
                throw new IllegalStateException("test");
              }
            },
            InstantSource.system(),
            listed::contains);
    RecordingListener btc = subscribe(BTC);
    awaitHeard(btc, "state 0");
    indexer.connection(0).abort();
    awaitHeard(btc, "state 0", "interrupted", "state 0");
  }
}
