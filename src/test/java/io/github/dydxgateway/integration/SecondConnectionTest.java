package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.book;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.EventText;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.testing.ScriptedConnection;
import io.github.dydxgateway.testing.ScriptedIndexer;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** With two connections the second subscribes when the first is live, and finds what that lacks. */
@QuarkusTest
@QuarkusTestResource(value = ScriptedVenue.class, restrictToAnnotatedClass = true)
@TestProfile(SecondConnectionTest.Redundant.class)
class SecondConnectionTest {
  /** Two connections for each topic. */
  public static final class Redundant implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("gateway.upstream.redundancy", "2");
    }
  }

  private static final String ID = "BTC-USD";
  private static final String SUBSCRIBE = "subscribe v4_orderbook BTC-USD";

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  ScriptedIndexer venue;

  @Test
  void theSecondConnectionSubscribesAfterTheFirstIsLiveAndCorrectsIt() throws Exception {
    ScriptedConnection first = venue.awaitConnection(0);
    ScriptedConnection second = venue.awaitConnection(1);
    await(() -> second.isSubscribed(Channel.MARKETS, ""));
    first.goSilent();
    second.goSilent();
    try (GatewayClient client = new GatewayClient(port)) {
      RecordedStream<?, ?> stream = client.subscribe(book(ID));
      await(() -> first.requestSummaries().contains(SUBSCRIBE));
      assertThat(second.requestSummaries()).doesNotContain(SUBSCRIBE);
      long answeredNs = System.nanoTime();
      first.sendSubscribed(Channel.ORDER_BOOK, ID, state("10", "1"));
      stream.await(PayloadCase.ORDER_BOOK_SNAPSHOT, 1);
      await(() -> second.requestSummaries().contains(SUBSCRIBE));
      assertThat(second.requests().get(second.requestSummaries().indexOf(SUBSCRIBE)).timeNs())
          .isGreaterThan(answeredNs);
      second.sendSubscribed(Channel.ORDER_BOOK, ID, state("10", "3"));
      assertThat(EventText.of(stream.await(PayloadCase.ORDER_BOOK_DELTA, 1).get(0)))
          .endsWith("delta bids 10=3.0000 asks");
      assertThat(stream.events(PayloadCase.ORDER_BOOK_SNAPSHOT)).hasSize(1);
      assertThat(stream.events(PayloadCase.GAP)).isEmpty();
    }
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(condition);
  }

  private static String state(String price, String size) {
    return "{\"bids\":[{\"price\":\"" + price + "\",\"size\":\"" + size + "\"}],\"asks\":[]}";
  }
}
