package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelListener;
import io.github.dydxgateway.indexer.FrameReader;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.MalformedFrameException;
import io.github.dydxgateway.testing.ScriptedIndexer;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The connections together with the reader they have in the gateway. */
@Timeout(60)
class UpstreamWithReaderTest {
  private static final String ADDRESS = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";
  private static final Map<ChannelId, String> UPDATES =
      Map.of(
          new ChannelId(Channel.ORDER_BOOK, "BTC-USD"),
          "{\"bids\":[[\"27773\",\"1.98\"]]}",
          new ChannelId(Channel.TRADES, "BTC-USD"),
          "{\"trades\":[]}",
          new ChannelId(Channel.CANDLES, "BTC-USD/1MIN"),
          "{\"startedAt\":\"2024-01-01T00:00:00.000Z\",\"open\":\"1\",\"close\":\"1\"}",
          ChannelId.of(Channel.MARKETS),
          "{\"oraclePrices\":{}}",
          ChannelId.of(Channel.BLOCK_HEIGHT),
          "{\"blockHeight\":\"2\",\"time\":\"2024-01-01T00:00:01.000Z\"}",
          new ChannelId(Channel.SUBACCOUNTS, ADDRESS + "/0"),
          "{\"blockHeight\":\"2\"}",
          new ChannelId(Channel.PARENT_SUBACCOUNTS, ADDRESS + "/0"),
          "{\"blockHeight\":\"2\"}");

  private final Vertx vertx = Vertx.vertx();
  private final ScriptedIndexer indexer = ScriptedIndexer.automatic();
  private final ConnectionPool pool =
      new ConnectionPool(
          vertx,
          new UpstreamSettings(
              indexer.uri(),
              true,
              2,
              Duration.ofSeconds(40),
              Duration.ofSeconds(10),
              Duration.ofSeconds(3),
              UpstreamSettings.BackoffSettings.DEFAULT,
              500,
              Duration.ofSeconds(10),
              UpstreamSettings.DEFAULT_MAX_FRAME_BYTES,
              Duration.ZERO,
              null,
              Map.of()),
          () -> new FrameReader()::read,
          UpstreamObserver.NONE,
          InstantSource.system(),
          ignored -> false);

  @AfterEach
  void end() throws Exception {
    pool.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    indexer.close();
  }

  private List<String> subscribe(ChannelId channelId) {
    List<String> heard = new CopyOnWriteArrayList<>();
    pool.subscribe(
        channelId,
        pool.loopFor(channelId.channel()),
        new ChannelListener() {
          @Override
          public void onSubscribed(IndexerFrame.Subscribed frame, long receiveTimeNs) {
            heard.add("state");
          }

          @Override
          public void onData(IndexerFrame.ChannelData frame, long receiveTimeNs) {
            heard.add("data");
          }

          @Override
          public void onInterrupted(String reason) {
            heard.add("interrupted");
          }

          @Override
          public void onMalformed(MalformedFrameException problem, long receiveTimeNs) {
            heard.add("malformed " + problem.getMessage());
          }

          @Override
          public void onRefused(Refusal refusal) {
            heard.add("refused " + refusal.kind());
          }
        });
    return heard;
  }

  private static void awaitHeard(List<String> heard, String... expected) {
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(heard).containsExactly(expected));
  }

  @Test
  void everyChannelGoesLiveAndComesBackAfterARestart() {
    UPDATES.forEach(
        (channelId, update) -> {
          List<String> heard = subscribe(channelId);
          awaitHeard(heard, "state");
          indexer.push(channelId.channel(), channelId.id(), update);
          awaitHeard(heard, "state", "data");
        });
    indexer.connection(0).close(1012, "{\"message\":\"Service restarting\"}");
    UPDATES.keySet().forEach(id -> indexer.awaitSubscribed(id.channel(), id.id()));
    assertThat(indexer.connections()).hasSize(2);
  }

  /** If this fails after an upgrade of Vert.x, all goes on as before, but slower. */
  @Test
  void dataIsTakenBeforeVertxCopiesIt() {
    ChannelId btc = new ChannelId(Channel.TRADES, "BTC-USD");
    List<Boolean> shortCuts = new CopyOnWriteArrayList<>();
    pool.subscribe(
        btc,
        pool.loopFor(Channel.TRADES),
        new RecordingListener() {
          @Override
          public void onSubscribed(IndexerFrame.Subscribed frame, long receiveTimeNs) {}

          @Override
          public void onData(IndexerFrame.ChannelData frame, long receiveTimeNs) {
            shortCuts.add(
                StackWalker.getInstance()
                    .walk(
                        calls ->
                            calls.anyMatch(
                                call -> call.getClassName().equals(DataFrames.class.getName()))));
          }
        });
    indexer.awaitSubscribed(Channel.TRADES, "BTC-USD");
    indexer.push(Channel.TRADES, "BTC-USD", UPDATES.get(btc));
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(shortCuts).containsExactly(true));
  }

  @Test
  void theVenuesErrorsAreUnderstoodFromTheirText() {
    ChannelId unknown = new ChannelId(Channel.TRADES, "FOO-USD");
    ChannelId account = new ChannelId(Channel.SUBACCOUNTS, ADDRESS + "/0");
    ChannelId flaky = new ChannelId(Channel.ORDER_BOOK, "BTC-USD");
    ChannelId markets = ChannelId.of(Channel.MARKETS);
    indexer
        .error(
            Channel.TRADES,
            "FOO-USD",
            "\"message\":\"Invalid subscription id for channel: (v4_trades-FOO-USD)\"")
        .error(
            Channel.SUBACCOUNTS,
            ADDRESS + "/0",
            "\"message\":\"Not where you are\",\"channel\":\"v4_subaccounts\",\"id\":\""
                + ADDRESS
                + "/0\"")
        .error(
            Channel.ORDER_BOOK,
            "BTC-USD",
            "\"message\":\"Internal error, could not fetch data for subscription:"
                + " v4_orderbook.\",\"channel\":\"v4_orderbook\",\"id\":\"BTC-USD\"")
        .error(
            Channel.MARKETS,
            "",
            "\"message\":\"Internal error, could not fetch data for subscription:"
                + " v4_markets.\",\"channel\":\"v4_markets\",\"id\":\"v4_markets\"")
        .limit(Channel.CANDLES, 1);
    List<String> book = subscribe(flaky);
    List<String> allMarkets = subscribe(markets);
    awaitHeard(subscribe(unknown), "refused UNKNOWN_ID");
    awaitHeard(subscribe(account), "refused REFUSED_BY_VENUE");
    awaitHeard(subscribe(new ChannelId(Channel.CANDLES, "BTC-USD/1MIN")), "state");
    awaitHeard(subscribe(new ChannelId(Channel.CANDLES, "BTC-USD/5MINS")), "state");
    assertThat(indexer.openConnections()).hasSize(2);
    awaitHeard(
        subscribe(new ChannelId(Channel.CANDLES, "BTC-USD/1HOUR")), "refused NO_CONNECTION_LEFT");
    indexer.noError(Channel.ORDER_BOOK, "BTC-USD").noError(Channel.MARKETS, "");
    await().atMost(Duration.ofSeconds(10)).until(() -> book.contains("state"));
    await().atMost(Duration.ofSeconds(10)).until(() -> allMarkets.contains("state"));
  }

  @Test
  void subscribingTooOftenIsNotPossible() {
    ChannelId btc = new ChannelId(Channel.TRADES, "BTC-USD");
    subscribe(new ChannelId(Channel.TRADES, "ETH-USD"));
    for (int i = 0; i < 5; i++) {
      pool.subscribe(btc, pool.loopFor(Channel.TRADES), new RecordingListener()).close();
    }
    List<String> heard = subscribe(btc);
    awaitHeard(heard, "state");
    assertThat(indexer.connections()).hasSize(1);
    assertThat(indexer.connection(0).isOpen()).isTrue();
  }
}
