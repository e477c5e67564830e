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

/**
 * On one connection a first state of a book is compared with a second one on another connection.
 */
@QuarkusTest
@QuarkusTestResource(value = ScriptedVenue.class, restrictToAnnotatedClass = true)
@TestProfile(VerifiedStateTest.Verifying.class)
class VerifiedStateTest {
  /** Compares initial states. */
  public static final class Verifying implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("gateway.upstream.verify-initial-state", "true");
    }
  }

  private static final String ID = "BTC-USD";

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  ScriptedIndexer venue;

  @Test
  void aLevelThatTheFirstStateLacksIsPublishedAndTheSecondSubscriptionEnds() throws Exception {
    venue.initialState(Channel.ORDER_BOOK, ID, state("{\"price\":\"10\",\"size\":\"1\"}"));
    try (GatewayClient client = new GatewayClient(port)) {
      RecordedStream<?, ?> stream = client.subscribe(book(ID));
      stream.await(PayloadCase.ORDER_BOOK_SNAPSHOT, 1);
      venue.initialState(
          Channel.ORDER_BOOK,
          ID,
          state("{\"price\":\"11\",\"size\":\"2\"},{\"price\":\"10\",\"size\":\"1\"}"));
      ScriptedConnection second = venue.awaitConnection(1);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> second.requestSummaries().contains("unsubscribe v4_orderbook BTC-USD"));
      assertThat(EventText.of(stream.await(PayloadCase.ORDER_BOOK_DELTA, 1).get(0)))
          .endsWith("delta bids 11=2.0000 asks");
      assertThat(stream.events(PayloadCase.GAP)).isEmpty();
      assertThat(stream.events(PayloadCase.SUBSCRIPTION_STATE)).hasSizeLessThanOrEqualTo(2);
      assertThat(venue.connection(0).requestSummaries())
          .filteredOn("subscribe v4_orderbook BTC-USD"::equals)
          .hasSize(1);
    }
  }

  private static String state(String bids) {
    return "{\"bids\":[" + bids + "],\"asks\":[]}";
  }
}
