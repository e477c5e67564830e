package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.book;
import static io.github.dydxgateway.testing.GatewayClient.rawBook;
import static io.github.dydxgateway.testing.GatewayClient.trades;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.simulator.IndexerSimulator;
import io.github.dydxgateway.simulator.SimulatorRecord;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.Places;
import io.github.dydxgateway.testing.RebuiltBook;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.github.dydxgateway.v1.GetOrderBookRequest;
import io.github.dydxgateway.v1.GetOrderBookResponse;
import io.github.dydxgateway.v1.GetStatusRequest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/**
 * The gateway between the simulator, whose market moves when the test says so, and real clients.
 */
@QuarkusTest
@TestProfile(SimulatedVenueTest.ManualTicks.class)
class SimulatedVenueTest {
  /** The market moves only when told; reconnects are quick. */
  public static final class ManualTicks implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "gateway.simulator.tick-interval", "0",
          "gateway.upstream.subscribe-rate", "50",
          "gateway.upstream.reconnect.initial-delay", "20ms",
          "gateway.upstream.reconnect.jitter", "10ms",
          "gateway.upstream.reconnect.restart-spread", "0s");
    }
  }

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @Inject Optional<IndexerSimulator> simulator;

  private IndexerSimulator venue() {
    return simulator.orElseThrow();
  }

  private void tick(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      venue().tick().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void theStatusNamesTheNetwork() throws Exception {
    try (GatewayClient client = new GatewayClient(port)) {
      var status = client.calls().getStatus(GetStatusRequest.getDefaultInstance());
      assertThat(status.getNetwork()).isEqualTo("simulator");
      assertThat(status.getUpstreamHost()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void booksOfClientsThatJoinAtAnyTimeEqualTheGatewaysAndTheVenues() throws Exception {
    try (GatewayClient client = new GatewayClient(port)) {
      List<RecordedStream<?, ?>> uncrossed = new ArrayList<>();
      List<RecordedStream<?, ?>> raw = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        uncrossed.add(client.subscribe(book("BTC-USD")));
        raw.add(client.subscribe(rawBook("BTC-USD")));
        raw.get(i).await(PayloadCase.ORDER_BOOK_SNAPSHOT, 1);
        tick(15);
      }
      long rawSequence = settledSequence(client, true);
      GetOrderBookResponse answer =
          client
              .calls()
              .getOrderBook(GetOrderBookRequest.newBuilder().setInstrumentId("BTC-USD").build());
      RebuiltBook expected = RebuiltBook.of(answer.getOrderBook());
      assertThat(expected.isCrossed()).isFalse();
      for (RecordedStream<?, ?> stream : uncrossed) {
        awaitSequence(stream, answer.getSequence());
        assertThat(RebuiltBook.of(stream.events(), answer.getSequence()).toString())
            .isEqualTo(expected.toString());
      }
      SimulatorRecord record = venue().record();
      for (RecordedStream<?, ?> stream : raw) {
        awaitSequence(stream, rawSequence);
        RebuiltBook book = RebuiltBook.of(stream.events(), rawSequence);
        assertThat(book.bids().size()).isEqualTo(record.bids("BTC-USD").size());
        record
            .bids("BTC-USD")
            .forEach(
                (price, size) ->
                    assertThat(book.bids().get(price.stripTrailingZeros()))
                        .isEqualByComparingTo(size));
        record
            .asks("BTC-USD")
            .forEach(
                (price, size) ->
                    assertThat(book.asks().get(price.stripTrailingZeros()))
                        .isEqualByComparingTo(size));
      }
    }
  }

  /** The sequence of the book's topic once everything ticked so far has come through. */
  private long settledSequence(GatewayClient client, boolean raw) {
    long[] last = {-1};
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              long now =
                  client
                      .calls()
                      .getStatus(GetStatusRequest.getDefaultInstance())
                      .getTopicsList()
                      .stream()
                      .filter(
                          topic ->
                              topic.getTopic().hasOrderBook()
                                  && topic.getTopic().getOrderBook().getRaw() == raw)
                      .findFirst()
                      .orElseThrow()
                      .getSequence();
              boolean settled = now == last[0];
              last[0] = now;
              return settled;
            });
    return last[0];
  }

  private static void awaitSequence(RecordedStream<?, ?> stream, long sequence) {
    stream.await(event -> Places.of(event) >= sequence);
  }

  @Test
  void everyTradeArrivesOnceAndInOrderThoughConnectionsDieAllTheTime() throws Exception {
    try (GatewayClient client = new GatewayClient(port)) {
      RecordedStream<?, ?> stream = client.subscribe(trades("ETH-USD"));
      stream.await(PayloadCase.TRADES, 1);
      int[] codes = {1001, 1008, 1011, 1012, 4000};
      for (int round = 0; round < 10; round++) {
        tick(5);
        if (round % 2 == 0) {
          venue().faults().closeAll(codes[round / 2], "{\"message\":\"Service restarting\"}");
        } else {
          venue().faults().abortAll();
        }
        tick(5);
      }
      List<String> published =
          venue().record().trades("ETH-USD").stream().map(SimulatorRecord.Trade::id).toList();
      String last = published.get(published.size() - 1);
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> idsOf(stream).contains(last));
      List<String> got = idsOf(stream);
      assertThat(got).isEqualTo(published.subList(published.indexOf(got.get(0)), published.size()));
      assertThat(stream.events(PayloadCase.GAP)).isEmpty();
    }
  }

  private static List<String> idsOf(RecordedStream<?, ?> stream) {
    return stream.events(PayloadCase.TRADES).stream()
        .map(Event::getTrades)
        .flatMap(trades -> trades.getTradesList().stream())
        .map(trade -> trade.getTradeId())
        .toList();
  }
}
