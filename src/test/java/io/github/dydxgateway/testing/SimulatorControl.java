package io.github.dydxgateway.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Commands the simulator inside a gateway that runs in another process, over HTTP. */
public final class SimulatorControl {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;

  /** For the simulator on this port of this machine. */
  public SimulatorControl(int port) {
    this.port = port;
  }

  /** Moves the market on. */
  public void tick(int count) {
    command("tick?count=" + count);
  }

  /** Has something done, such as {@code close?code=1012}. */
  public void command(String action) {
    var unused = send(request(action).POST(HttpRequest.BodyPublishers.noBody()));
  }

  /** Ids of all trades ever published, oldest first. */
  public List<String> tradeIds(String ticker) {
    return new JsonObject(send(request("trades?ticker=" + ticker).GET()))
        .getJsonArray("trades").stream()
            .map(trade -> ((JsonObject) trade).getString("id"))
            .toList();
  }

  private HttpRequest.Builder request(String action) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/control/" + action))
        .timeout(PATIENCE);
  }

  private String send(HttpRequest.Builder request) {
    HttpRequest made = request.build();
    try {
      HttpResponse<String> answer = http.send(made, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(
            made.uri() + ": " + answer.statusCode() + " " + answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new IllegalStateException(made.uri() + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(made.uri() + " was interrupted", e);
    }
  }
}
