package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.parentSubaccount;
import static io.github.dydxgateway.testing.GatewayClient.subaccount;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.simulator.Faults;
import io.github.dydxgateway.simulator.IndexerSimulator;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator reads holds no address and no token, whatever happens. */
@QuarkusTest
@TestProfile(TokensOn.class)
@Timeout(60)
class QuietLogsTest {
  private static final String STRANGER = "dydx1zsw8fczav25uvc8rg3zcv6zy9j7yhnktpq374m";

  @TestHTTPResource("/")
  URI root;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int grpcPort;

  @Inject Optional<IndexerSimulator> simulator;

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  private final ExtHandler reader =
      new ExtHandler() {
        private final PatternFormatter format = new PatternFormatter("%c %s%e");

        @Override
        protected void doPublish(ExtLogRecord line) {
          if (line.getLevel().intValue() >= Level.INFO.intValue()) {
            lines.add(format.format(line));
          }
        }
      };

  @Test
  void neitherAddressesNorTokensAreLogged() throws Exception {
    String jwt = TokensOn.jwt(Instant.now().plusSeconds(300), TokensOn.ACCOUNT);
    String expired = TokensOn.jwt(Instant.now().minusSeconds(120), TokensOn.ACCOUNT);
    String bad = "bad-8f7e6d5c4b3a29180f7e6d5c4b3a2918";
    List<String> tokens = List.of(TokensOn.BOT, TokensOn.CHART, TokensOn.LEDGER, jwt, expired, bad);
    Logger root = Logger.getLogger("");
    root.addHandler(reader);
    try {
      for (String token : tokens) {
        use(token);
      }
      breakConnections(TokensOn.LEDGER);
    } finally {
      root.removeHandler(reader);
    }
    String all = String.join("\n", lines);
    assertThat(all).contains("opened: Subscribe", "dydx199t…nju4");
    assertThat(all).doesNotContain(TokensOn.ACCOUNT, STRANGER).doesNotContain(tokens);
  }

  private void use(String token) throws Exception {
    try (GatewayClient client = new GatewayClient(grpcPort, token)) {
      client.subscribe(subaccount(STRANGER, 0)).awaitEnd();
      client.subscribe(subaccount("dydx1" + TokensOn.ACCOUNT, 0)).awaitEnd();
      RecordedStream<?, ?> stream =
          client.subscribe(subaccount(TokensOn.ACCOUNT, 0), parentSubaccount(TokensOn.ACCOUNT, 0));
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  !stream.isOpen()
                      || !stream.events(PayloadCase.SUBSCRIPTION_ERROR).isEmpty()
                      || !stream.events(PayloadCase.SUBACCOUNT_SNAPSHOT).isEmpty());
    }
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(root.resolve("status"))
                .header("Authorization", "Bearer " + token)
                .build(),
            BodyHandlers.discarding());
  }

  private void breakConnections(String token) throws Exception {
    try (GatewayClient client = new GatewayClient(grpcPort, token)) {
      RecordedStream<?, ?> stream = client.subscribe(subaccount(TokensOn.ACCOUNT, 0));
      stream.await(PayloadCase.SUBACCOUNT_SNAPSHOT, 1);
      Faults faults = simulator.orElseThrow().faults();
      faults.failSubscribes("v4_subaccounts", "Internal error for " + TokensOn.ACCOUNT, 2);
      faults.abortAll();
      stream.await(PayloadCase.SUBACCOUNT_SNAPSHOT, 2);
    }
  }
}
