package io.github.dydxgateway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Health while all workers wait for something, such as a host that has the keys of tokens. */
@QuarkusTest
class BusyWorkersTest {
  /** More than there are. */
  private static final int TASKS = 1000;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  @Inject Vertx vertx;

  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    release.countDown();
  }

  @Test
  void healthIsToldThoughAllWorkersWait() throws Exception {
    Awaitility.await().atMost(PATIENCE).until(() -> status("ready") == 200);

    Future<Object> last = null;
    for (int i = 0; i < TASKS; i++) {
      last =
          vertx.executeBlocking(
              () -> {
                release.await();
                return null;
              },
              false);
    }

    assertThat(status("live")).isEqualTo(200);
    assertThat(status("ready")).isEqualTo(200);
    assertThat(status("started")).isEqualTo(200);
    assertThat(last.isComplete()).isFalse();

    release.countDown();
    last.toCompletionStage().toCompletableFuture().join();
  }

  private int status(String kind) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/" + kind))
                .timeout(PATIENCE)
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
