package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.blockHeight;
import static io.github.dydxgateway.testing.GatewayClient.candles;
import static io.github.dydxgateway.testing.GatewayClient.rawBook;
import static io.github.dydxgateway.testing.GatewayClient.trades;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.feed.FeedCounters;
import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.simulator.IndexerSimulator;
import io.github.dydxgateway.simulator.SimulatorRecord;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.RebuiltBook;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.upstream.ConnectionPool;
import io.github.dydxgateway.upstream.ConnectionSnapshot;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Everything on two connections, of which one dies in every way while clients stream. */
@QuarkusTest
@TestProfile(RedundantConnectionsTest.Redundant.class)
class RedundantConnectionsTest {
  /** Two connections for each topic; the market moves only when told. */
  public static final class Redundant implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "gateway.upstream.redundancy", "2",
          "gateway.simulator.tick-interval", "0",
          "gateway.upstream.subscribe-rate", "50",
          "gateway.upstream.reconnect.initial-delay", "20ms",
          "gateway.upstream.reconnect.jitter", "10ms");
    }
  }

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @Inject Optional<IndexerSimulator> simulator;
  @Inject FeedCounters counters;
  @Inject ConnectionPool connections;

  private IndexerSimulator venue() {
    return simulator.orElseThrow();
  }

  private void tick(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      venue().tick().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void oneConnectionThatDiesCostsClientsNothing() throws Exception {
    try (GatewayClient client = new GatewayClient(port)) {
      RecordedStream<?, ?> trades = client.subscribe(trades("ETH-USD"));
      RecordedStream<?, ?> book = client.subscribe(rawBook("ETH-USD"));
      RecordedStream<?, ?> blocks = client.subscribe(blockHeight());
      RecordedStream<?, ?> candles =
          client.subscribe(candles("ETH-USD", CandleResolution.CANDLE_RESOLUTION_1MIN));
      List<RecordedStream<?, ?>> streams = List.of(trades, book, blocks, candles);
      trades.await(PayloadCase.TRADES, 1);
      book.await(PayloadCase.ORDER_BOOK_SNAPSHOT, 1);
      blocks.await(PayloadCase.BLOCK_HEIGHT, 1);
      candles.await(PayloadCase.CANDLES, 1);
      int[] codes = {1001, 1008, 1011, 1012, 4000, 0};
      long closed = 0;
      for (int code : codes) {
        awaitAllInStep();
        tick(5);
        if (code == 0) {
          venue().faults().abortOne();
        } else {
          venue().faults().closeOne(code, "{\"message\":\"Service restarting\"}");
        }
        tick(5);
        long lost = ++closed;
        await(() -> reconnects() == lost);
      }
      awaitAllInStep();
      tick(1);
      SimulatorRecord record = venue().record();
      List<String> published =
          record.trades("ETH-USD").stream().map(SimulatorRecord.Trade::id).toList();
      await(() -> idsOf(trades).contains(published.get(published.size() - 1)));
      assertThat(idsOf(trades))
          .isEqualTo(published.subList(published.indexOf(idsOf(trades).get(0)), published.size()));
      await(() -> heightsOf(blocks).contains(record.blockHeight()));
      List<Long> heights = heightsOf(blocks);
      assertThat(heights.subList(1, heights.size())) // the first is that of the initial state
          .isEqualTo(record.blockHeights().stream().filter(h -> h > heights.get(0)).toList());
      await(
          () -> {
            RebuiltBook rebuilt = RebuiltBook.of(book.events(), Long.MAX_VALUE);
            return rebuilt.bids().equals(plain(record.bids("ETH-USD")))
                && rebuilt.asks().equals(plain(record.asks("ETH-USD")));
          });
      assertThat(counters.failovers(Channel.TRADES)).isGreaterThanOrEqualTo(codes.length / 2);
      for (RecordedStream<?, ?> stream : streams) {
        assertThat(stream.events(PayloadCase.GAP)).isEmpty();
        assertThat(stream.events(PayloadCase.SUBSCRIPTION_STATE))
            .noneMatch(event -> event.getSubscriptionState().getState() == State.STATE_RECOVERING);
      }
    }
  }

  private long reconnects() {
    return connections.connections().stream().mapToLong(ConnectionSnapshot::reconnectCount).sum();
  }

  private void awaitAllInStep() {
    for (Channel channel : Channel.values()) {
      await(() -> counters.missingCopies(channel) == 0);
    }
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(10))
        .until(condition);
  }

  private static Map<BigDecimal, BigDecimal> plain(NavigableMap<BigDecimal, BigDecimal> levels) {
    Map<BigDecimal, BigDecimal> plain = new HashMap<>();
    levels.forEach(
        (price, size) -> plain.put(price.stripTrailingZeros(), size.stripTrailingZeros()));
    return plain;
  }

  private static List<Long> heightsOf(RecordedStream<?, ?> stream) {
    return stream.events(PayloadCase.BLOCK_HEIGHT).stream()
        .map(event -> event.getBlockHeight().getHeight())
        .toList();
  }

  private static List<String> idsOf(RecordedStream<?, ?> stream) {
    return stream.events(PayloadCase.TRADES).stream()
        .map(Event::getTrades)
        .flatMap(trades -> trades.getTradesList().stream())
        .map(trade -> trade.getTradeId())
        .toList();
  }
}
