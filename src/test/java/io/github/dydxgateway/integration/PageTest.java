package io.github.dydxgateway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.github.dydxgateway.simulator.IndexerSimulator;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page over real sockets, as a browser reads it. */
@QuarkusTest
@TestProfile(SimulatedVenueTest.ManualTicks.class)
@Timeout(60)
class PageTest {
  private static final String ACCOUNT = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";
  private static final int MOST_STREAMS = 20;

  @TestHTTPResource("/")
  URI root;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int grpcPort;

  @Inject Optional<IndexerSimulator> simulator;

  private final HttpClient browser =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private HttpResponse<String> get(String path) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(root.resolve(path)).timeout(Duration.ofSeconds(20)).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<InputStream> stream(String query) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(root.resolve("/stream?" + query)).build(),
        BodyHandlers.ofInputStream());
  }

  private void tick(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      simulator
          .orElseThrow()
          .tick()
          .toCompletionStage()
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
    }
  }

  private void awaitNoPageStreams() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(get("/status").body()).contains("\"page_stream_count\":0,"));
  }

  @Test
  void thePageIsWholeAndTakesNothingFromElsewhere() throws Exception {
    HttpResponse<String> index = get("/");
    assertThat(index.statusCode()).isEqualTo(200);
    assertThat(index.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(index.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(index.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    assertThat(index.headers().firstValue("referrer-policy")).hasValue("no-referrer");
    assertThat(index.body()).doesNotContain("style=", "onclick=", "https://", "http://");

    List<String> files = new ArrayList<>(namesIn(index.body(), "(?:href|src)=\"(page/[^\"]+)\""));
    assertThat(files).hasSize(3);
    for (int i = 0; i < files.size(); i++) {
      HttpResponse<String> file = get("/" + files.get(i));
      assertThat(file.statusCode()).as(files.get(i)).isEqualTo(200);
      assertThat(file.body()).as(files.get(i)).doesNotContain("innerHTML", "https://");
      for (String module : namesIn(file.body(), "from \"\\./([a-z]+\\.js)\"")) {
        if (!files.contains("page/" + module)) {
          files.add("page/" + module);
        }
      }
    }
    assertThat(files).contains("page/fixed.js", "page/chart.js");
  }

  private static List<String> namesIn(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.results().map(result -> result.group(1)).distinct().toList();
  }

  @Test
  void aFileThatTheBrowserHasIsNotSentAgain() throws Exception {
    String tag = get("/page/page.css").headers().firstValue("etag").orElseThrow();
    HttpResponse<String> again =
        browser.send(
            HttpRequest.newBuilder(root.resolve("/page/page.css"))
                .header("If-None-Match", tag)
                .build(),
            BodyHandlers.ofString());
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void statusTellsConnectionsTopicsAndNoAddress() throws Exception {
    try (GatewayClient client = new GatewayClient(grpcPort)) {
      RecordedStream<?, ?> stream =
          client.subscribe(GatewayClient.subaccount(ACCOUNT, 0), GatewayClient.book("BTC-USD"));
      stream.await(PayloadCase.SUBACCOUNT_SNAPSHOT, 1);
      stream.await(PayloadCase.ORDER_BOOK_SNAPSHOT, 1);

      String status = get("/status").body();
      assertReadable(status);
      assertThat(status)
          .contains("\"state\":\"ACTIVE\"")
          .contains("\"kind\":\"order_book\",\"name\":\"order book BTC-USD-PERP.DYDX\"")
          .contains("\"name\":\"subaccount dydx199t…nju4/0\"")
          .doesNotContain(ACCOUNT);
    }
  }

  @Test
  void instrumentsAreListed() throws Exception {
    try (GatewayClient client = new GatewayClient(grpcPort)) {
      client.subscribe(GatewayClient.book("BTC-USD")).await(PayloadCase.ORDER_BOOK_SNAPSHOT, 1);
    }
    String instruments = get("/instruments").body();
    assertReadable(instruments);
    assertThat(instruments)
        .contains(
            "{\"instrument_id\":\"BTC-USD-PERP.DYDX\",\"ticker\":\"BTC-USD\",\"status\":\"ACTIVE\"}");
  }

  private static void assertReadable(String text) throws IOException {
    try (JsonParser json = new JsonFactory().createParser(text)) {
      while (json.nextToken() != null) {
        json.getText();
      }
    }
  }

  @Test
  void theStreamShowsOneMarketLiveUntilTheBrowserLeaves() throws Exception {
    HttpResponse<InputStream> response = stream("instrument=BTC-USD&resolution=5MINS");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type"))
        .hasValue("text/event-stream; charset=utf-8");
    try (BufferedReader lines = lines(response)) {
      List<String> first = new ArrayList<>();
      while (!holdsAll(
          first, "order_book_snapshot", "\"trades\":{", "\"quote\":{", "candles\":{")) {
        first.add(event(lines));
      }
      assertThat(first.get(0)).contains("stream_opened");
      assertThat(get("/status").body()).contains("\"page_stream_count\":1,").contains("5MINS");

      tick(20);
      String next = event(lines);
      while (!next.contains("order_book_delta")) {
        next = event(lines);
      }
      assertReadable(next);
    }
    awaitNoPageStreams();
  }

  private static boolean holdsAll(List<String> events, String... parts) {
    String all = String.join("", events);
    return List.of(parts).stream().allMatch(all::contains);
  }

  private static BufferedReader lines(HttpResponse<InputStream> response) {
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  private static String event(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    assertThat(line).startsWith("data: {");
    assertThat(lines.readLine()).isEmpty();
    return line.substring("data: ".length());
  }

  @Test
  void theInstrumentMayBeNamedInAnyCase() throws Exception {
    HttpResponse<InputStream> response = stream("instrument=btc-usd-perp.dydx");
    assertThat(response.statusCode()).isEqualTo(200);
    try (BufferedReader lines = lines(response)) {
      List<String> first = new ArrayList<>();
      while (!holdsAll(first, "order_book_snapshot")) {
        first.add(event(lines));
      }
      assertThat(first).noneMatch(event -> event.contains("failure"));
    }
    awaitNoPageStreams();
  }

  @Test
  void anUnknownInstrumentIsNamedAndTheStreamEnds() throws Exception {
    assertThat(get("/stream?instrument=NOPE-USD").body())
        .contains("\"failure\":{\"code\":5,\"message\":\"no instrument NOPE-USD-PERP.DYDX\"");
    awaitNoPageStreams();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "instrument=",
        "instrument=BTC%0AUSD",
        "instrument=%07%3Cscript%3E",
        "instrument=BTC-USD&resolution=2MINS",
        "instrument=BTC-USD&resolution=UNSPECIFIED"
      })
  void aWrongQuestionIsRefused(String query) throws Exception {
    HttpResponse<String> answer = get("/stream?" + query);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .containsPattern("^(instrument|resolution) must ")
        .doesNotContain("<script>");
    assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
  }

  @Test
  void noMorePagesStreamThanMay() throws Exception {
    List<HttpResponse<InputStream>> open = new ArrayList<>();
    try {
      for (int i = 0; i < MOST_STREAMS; i++) {
        open.add(stream("instrument=BTC-USD"));
        assertThat(open.get(i).statusCode()).isEqualTo(200);
      }
      HttpResponse<String> refused = get("/stream?instrument=BTC-USD");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("gateway.page.max-streams");
    } finally {
      for (HttpResponse<InputStream> one : open) {
        one.body().close();
      }
    }
    awaitNoPageStreams();
  }

  @Test
  void giantHeadersAndBodiesAreRefused() throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(root.resolve("/status")).timeout(Duration.ofSeconds(20));
    HttpResponse<String> headers =
        browser.send(
            request.copy().header("X-Giant", "x".repeat(10_000)).build(), BodyHandlers.ofString());
    assertThat(headers.statusCode()).isEqualTo(431);
    HttpResponse<String> body =
        browser.send(
            request.copy().POST(HttpRequest.BodyPublishers.ofByteArray(new byte[100_000])).build(),
            BodyHandlers.ofString());
    assertThat(body.statusCode()).isEqualTo(413);
    assertThat(get("/status").statusCode()).isEqualTo(200);
  }
}
