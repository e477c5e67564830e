package io.github.dydxgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.vertx.core.http.impl.WebSocketInternal;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionLimitsTest extends SimulatorFixture {

  @ParameterizedTest
  @CsvSource({
    "v4_trades, FOO-USD",
    "v4_orderbook, FOO-USD",
    "v4_candles, BTC-USD/2MINS",
    "v4_candles, BTC-USD",
    "v4_subaccounts, dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4/128000",
    "v4_subaccounts, dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4",
    "v4_subaccounts, cosmos1x/0",
    "v4_parent_subaccounts, dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4/128"
  })
  void unknownIdsAreRefused(String channel, String id) {
    VenueClient client = client();
    client.subscribe(channel, id);
    JsonObject error = client.awaitFrame("error");
    assertThat(error.getString("message"))
        .isEqualTo("Invalid subscription id for channel: (" + channel + "-" + id + ")");
    assertThat(error.fieldNames())
        .containsExactlyInAnyOrder("type", "message", "connection_id", "message_id");
    assertThat(error.getInteger("message_id")).isEqualTo(1);
  }

  @Test
  void aSecondSubscribeIsRefusedByName() {
    VenueClient client = client();
    client.subscribed("v4_trades", "BTC-USD");
    client.subscribe("v4_trades", "BTC-USD");
    JsonObject error = client.awaitFrame("error");
    assertThat(error.getString("message"))
        .isEqualTo("Invalid subscribe message: already subscribed (v4_trades-BTC-USD)");
    assertThat(error.getString("channel")).isEqualTo("v4_trades");
    assertThat(error.getString("id")).isEqualTo("BTC-USD");
  }

  @Test
  void theThirdSubscribeInASecondClosesTheConnection() {
    VenueClient client = client();
    for (int i = 0; i < 3; i++) {
      client.subscribe("v4_trades", "BTC-USD");
    }
    client.awaitFrame(
        frame ->
            frame
                .getString("message", "")
                .startsWith("Too many subscribe attempts for channel v4_trades-BTC-USD."));
    client.awaitClosed();
    assertThat(client.socket().closeStatusCode()).isEqualTo((short) 1008);
    assertThat(client.socket().closeReason()).isEqualTo("{\"message\":\"Rate limited\"}");
  }

  @Test
  void theThirdInvalidMessageInASecondClosesTheConnection() {
    VenueClient client = client();
    client.send("{");
    client.send("{\"type\":\"dance\"}");
    client.send("[]");
    client.awaitClosed();
    assertThat(client.socket().closeStatusCode()).isEqualTo((short) 1008);
    assertThat(client.frames())
        .extracting(frame -> frame.getString("message"))
        .containsExactly(
            null,
            "Invalid message: could not parse",
            "Invalid message type: dance",
            "Too many invalid messages. Please reconnect and try again.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"type\":\"subscribe\",\"channel\":\"v9_tea\"};Invalid channel: v9_tea",
        "{\"type\":\"subscribe\",\"channel\":\"v4_trades\"};Invalid id: undefined",
        "{\"type\":\"subscribe\"};Invalid subscribe message: channel is required",
        "{};Invalid message: type is required"
      })
  void malformedRequestsAreNamed(String request, String message) {
    VenueClient client = client();
    client.send(request);
    assertThat(client.awaitFrame("error").getString("message")).isEqualTo(message);
  }

  @Test
  void aChannelHasALimitOnOneConnection() {
    VenueClient client = client();
    List<String> tickers = simulator.record().tickers();
    for (int i = 0; i < 33; i++) {
      client.subscribe("v4_trades", tickers.get(i));
    }
    JsonObject error = client.awaitFrame("error");
    assertThat(error.getString("message"))
        .isEqualTo("Per-connection subscription limit reached for v4_trades (limit=32).");
    assertThat(error.containsKey("channel")).isFalse();
    await().atMost(VenueClient.PATIENCE).until(() -> client.count("subscribed") == 32);
    client.unsubscribe("v4_trades", tickers.get(0));
    client.subscribed("v4_trades", tickers.get(33));
    assertThat(client().subscribed("v4_trades", tickers.get(0))).isNotNull();
  }

  @Test
  void aPingInJsonIsNotAnswered() {
    VenueClient client = client();
    client.send("{\"type\":\"ping\"}");
    client.settle();
    assertThat(client.frames()).hasSize(2);
  }

  @Test
  void theRefusedAccountGetsTheComplianceText() {
    VenueClient client = client();
    client.subscribe("v4_subaccounts", SimulatorSettings.REFUSED_ACCOUNT + "/0");
    JsonObject error = client.awaitFrame("error");
    assertThat(error.getString("message")).contains("jurisdiction");
    assertThat(error.getString("channel")).isEqualTo("v4_subaccounts");
  }

  @Test
  void aClientThatAnswersNoPingIsClosed() {
    IndexerSimulator strict =
        new IndexerSimulator(
            vertx, MANUAL.withHeartbeat(Duration.ofMillis(50), Duration.ofMillis(50)));
    VenueClient.get(strict.start());
    VenueClient answering = VenueClient.greeted(vertx, strict);
    VenueClient mute = VenueClient.greeted(vertx, strict);
    // A client that reads nothing answers nothing.
    Channel channel = ((WebSocketInternal) mute.socket()).channelHandlerContext().channel();
    channel.config().setAutoRead(false);
    Instant later = Instant.now().plusMillis(300);
    await().atMost(VenueClient.PATIENCE).until(() -> Instant.now().isAfter(later));
    channel.config().setAutoRead(true);
    mute.awaitClosed();
    assertThat(mute.socket().closeStatusCode()).isEqualTo((short) 1011);
    assertThat(answering.isClosed()).isFalse();
    VenueClient.get(strict.stop());
  }
}
