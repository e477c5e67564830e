package io.github.dydxgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlTest extends SimulatorFixture {

  private final HttpClient http = HttpClient.newHttpClient();

  private HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + simulator.uri().getPort() + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private void post(String path) throws IOException, InterruptedException {
    assertThat(send("POST", path).statusCode()).as(path).isEqualTo(200);
  }

  @Test
  void ticksAndTellsTheTruth() throws Exception {
    post("/control/tick?count=3");
    post("/control/trade?ticker=BTC-USD&price=91000&size=0.5");
    JsonObject trades = new JsonObject(send("GET", "/control/trades?ticker=BTC-USD").body());
    int count = trades.getJsonArray("trades").size();
    assertThat(count).isEqualTo(simulator.record().trades("BTC-USD").size());
    assertThat(trades.getJsonArray("trades").getJsonObject(count - 1).getString("price"))
        .isEqualTo("91000");
    JsonObject book = new JsonObject(send("GET", "/control/book?ticker=BTC-USD").body());
    assertThat(book.getJsonArray("bids"))
        .hasSameSizeAs(simulator.record().bids("BTC-USD").keySet());
    assertThat(new JsonObject(send("GET", "/control/height").body()).getLong("height"))
        .isEqualTo(simulator.record().blockHeight());
    assertThat(send("GET", "/control/fills?address=" + SimulatorSettings.DEFAULT_ACCOUNT).body())
        .contains("fills");
  }

  @Test
  void redeliversAndSaysHowMuch() throws Exception {
    VenueClient client = client();
    client.subscribed("v4_block_height", null);
    post("/control/tick?count=3");
    assertThat(send("POST", "/control/redeliver?channel=v4_block_height&count=2").body())
        .isEqualTo("{\"redelivered\":2}");
    client.settle();
    assertThat(client.data("v4_block_height")).hasSize(5);
  }

  @Test
  void closesConnections() throws Exception {
    VenueClient client = client();
    post("/control/close?code=1012");
    client.awaitClosed();
    assertThat(client.socket().closeStatusCode()).isEqualTo((short) 1012);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abort",
        "abort?one=true",
        "silent?ms=1",
        "silent",
        "strand",
        "garbage",
        "refuse?status=502&count=3",
        "withhold",
        "delay?ms=5",
        "delay-subscribed?ms=5",
        "split?bytes=20",
        "fail?channel=v4_trades&message=Internal%20error&count=2",
        "ignore?count=2",
        "lose?channel=v4_trades&count=2",
        "limit?count=2",
        "corrupt",
        "duplicate?count=2",
        "level?ticker=BTC-USD&side=ask&price=90000&size=1",
        "market?ticker=FRESH-USD&price=2",
        "tick-size?ticker=SOL-USD&size=0.1",
        "status?ticker=SOL-USD&status=PAUSED",
        "mute?count=2",
        "ignore-upgrades",
        "fail-fetches?count=2",
        "unreadable",
        "unreadable?contents=null&count=2",
        "fetch?ms=50",
        "redeliver?channel=v4_trades&count=3",
        "redeliver?channel=v4_trades&count=3&later=2",
        "redeliver-sometimes?one-in=5",
        "hide-new?ms=300000",
        "hide?ticker=BTC-USD&ticker=ETH-USD&ms=300000&count=2",
        "rename?ticker=AVAX-USD&to=AVAX2-USD",
        "delist?ticker=AVAX-USD",
        "clear"
      })
  void takesEveryFault(String request) throws Exception {
    client();
    post("/control/" + request);
    post("/control/clear");
    client().settle();
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    HttpResponse<String> missing = send("POST", "/control/close");
    assertThat(missing.statusCode()).isEqualTo(400);
    assertThat(missing.body()).isEqualTo("parameter is missing: code");
    assertThat(send("POST", "/control/close?code=abc").statusCode()).isEqualTo(400);
    assertThat(send("POST", "/control/trade?ticker=FOO-USD").statusCode()).isEqualTo(400);
    assertThat(send("POST", "/control/delist?ticker=BTC-USD").body())
        .isEqualTo("accounts trade BTC-USD");
    assertThat(send("POST", "/control/dance").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/control/dance").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/").statusCode()).isEqualTo(404);
  }
}
