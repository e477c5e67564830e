package io.github.dydxgateway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway whose page is switched off. */
@QuarkusTest
@TestProfile(PageOffTest.Off.class)
class PageOffTest {
  /** No page. */
  public static final class Off implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("gateway.page.enabled", "false");
    }
  }

  @TestHTTPResource("/")
  URI root;

  private int statusOf(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(root.resolve(path)).build(), BodyHandlers.discarding())
        .statusCode();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/page/app.js", "/status", "/instruments", "/stream?instrument=BTC-USD"})
  void nothingOfItIsThere(String path) throws Exception {
    assertThat(statusOf(path)).isEqualTo(404);
  }

  @Test
  void healthIsStillThere() throws Exception {
    assertThat(statusOf("/q/health/live")).isEqualTo(200);
  }
}
