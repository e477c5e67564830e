package io.github.dydxgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultsTest extends SimulatorFixture {

  private Faults faults() {
    return simulator.faults();
  }

  @Test
  void closesAllWithAnyCode() {
    VenueClient first = client();
    VenueClient second = client();
    VenueClient.get(faults().closeAll(1012, "{\"message\":\"Service restarting\"}"));
    first.awaitClosed();
    second.awaitClosed();
    assertThat(second.socket().closeStatusCode()).isEqualTo((short) 1012);
    assertThat(second.socket().closeReason()).isEqualTo("{\"message\":\"Service restarting\"}");
    await().atMost(VenueClient.PATIENCE).until(() -> VenueClient.get(simulator.connections()) == 0);
  }

  @Test
  void closesTheOldestAlone() {
    VenueClient first = client();
    VenueClient second = client();
    VenueClient.get(faults().closeOne(4000, ""));
    first.awaitClosed();
    assertThat(first.socket().closeStatusCode()).isEqualTo((short) 4000);
    second.settle();
    assertThat(second.isClosed()).isFalse();
  }

  @Test
  void abortsWithoutACloseFrame() {
    VenueClient first = client();
    VenueClient second = client();
    boolean[] closeFrame = new boolean[1];
    first.socket().frameHandler(frame -> closeFrame[0] |= frame.isClose());
    VenueClient.get(faults().abortOne());
    first.awaitClosed();
    assertThat(closeFrame[0]).isFalse();
    assertThat(second.isClosed()).isFalse();
    VenueClient.get(faults().abortAll());
    second.awaitClosed();
  }

  @Test
  void silenceHoldsEverythingBackUntilItEnds() {
    VenueClient client = client();
    client.subscribed("v4_block_height", null);
    VenueClient.get(faults().silence());
    int[] pongs = new int[1];
    client.socket().pongHandler(pong -> pongs[0]++);
    VenueClient.get(client.socket().writePing(Buffer.buffer("?")));
    client.send("{\"type\":\"unsubscribe\",\"channel\":\"v4_trades\",\"id\":\"X-USD\"}");
    ticks(3);
    VenueClient late = VenueClient.connect(vertx, simulator);
    passes(Duration.ofMillis(150));
    assertThat(client.frames()).hasSize(2);
    assertThat(pongs[0]).isZero();
    assertThat(late.texts()).isEmpty();
    assertThat(client.isClosed()).isFalse();

    VenueClient.get(faults().endSilence());
    client.awaitFrame("unsubscribed");
    late.awaitFrame("connected");
    assertThat(client.data("v4_block_height")).hasSize(3);
    await().atMost(VenueClient.PATIENCE).until(() -> pongs[0] == 1);
  }

  @Test
  void silenceMayEndByItself() {
    VenueClient client = client();
    VenueClient.get(faults().silence(Duration.ofMillis(50)));
    client.settle();
  }

  @Test
  void strandedConnectionsStaySilentButLaterOnesLive() {
    VenueClient stranded = client();
    stranded.subscribed("v4_block_height", null);
    VenueClient.get(faults().strandConnections());
    VenueClient fresh = client();
    fresh.subscribed("v4_block_height", null);
    ticks(2);
    fresh.settle();
    VenueClient.get(faults().clear());
    fresh.settle();
    assertThat(fresh.data("v4_block_height")).hasSize(2);
    assertThat(stranded.data("v4_block_height")).isEmpty();
    assertThat(stranded.isClosed()).isFalse();
  }

  @Test
  void delaysFramesInOrder() {
    VenueClient client = client();
    client.subscribed("v4_block_height", null);
    faults().delayFrames(Duration.ofMillis(120));
    Instant sent = Instant.now();
    ticks(3);
    faults().delayFrames(Duration.ZERO);
    ticks(1);
    await().atMost(VenueClient.PATIENCE).until(() -> client.data("v4_block_height").size() == 4);
    assertThat(Duration.between(sent, Instant.now())).isGreaterThan(Duration.ofMillis(115));
    assertThat(client.data("v4_block_height"))
        .extracting(frame -> frame.getInteger("message_id"))
        .containsExactly(2, 3, 4, 5);
  }

  @Test
  void sendsGarbage() {
    VenueClient client = client();
    VenueClient.get(faults().sendGarbage("}{"));
    VenueClient.get(faults().sendGarbage(Buffer.buffer(new byte[] {0, -1, -2})));
    client.settle();
    assertThat(client.texts()).contains("}{");
    assertThat(client.binaries()).containsExactly(Buffer.buffer(new byte[] {0, -1, -2}));
  }

  @Test
  void splitsFramesIntoContinuations() {
    VenueClient client = client();
    faults().splitFrames(1000);
    JsonObject subscribed = client.subscribed("v4_trades", "BTC-USD");
    assertThat(subscribed.getJsonObject("contents").getJsonArray("trades")).hasSize(1000);
    assertThat(client.continuations()).isGreaterThan(100);
  }

  @Test
  void refusesUpgradesForAWhile() {
    faults().refuseUpgrades(502, 2);
    for (int i = 0; i < 2; i++) {
      Future<VenueClient> attempt = VenueClient.tryConnect(vertx, simulator.uri());
      await().atMost(VenueClient.PATIENCE).until(attempt::isComplete);
      assertThat(attempt.cause()).isInstanceOf(UpgradeRejectedException.class);
      assertThat(((UpgradeRejectedException) attempt.cause()).getStatus()).isEqualTo(502);
    }
    client().settle();
  }

  @Test
  void withholdsConnected() {
    faults().withholdConnected(true);
    VenueClient client = VenueClient.connect(vertx, simulator);
    client.settle();
    assertThat(client.count("connected")).isZero();
  }

  @Test
  void failsSubscribesOfAChannel() {
    String message = "Internal error, could not fetch data for subscription: v4_orderbook.";
    faults().failSubscribes("v4_orderbook", message, 1);
    VenueClient client = client();
    client.subscribed("v4_trades", "BTC-USD");
    client.subscribe("v4_orderbook", "BTC-USD");
    JsonObject error = client.awaitFrame("error");
    assertThat(error.getString("message")).isEqualTo(message);
    assertThat(error.getString("id")).isEqualTo("BTC-USD");
    client.subscribed("v4_orderbook", "BTC-USD");
  }

  @Test
  void neverAnswersSomeSubscribes() {
    faults().ignoreSubscribes(1);
    VenueClient client = client();
    client.subscribe("v4_trades", "BTC-USD");
    JsonObject answered = client.subscribed("v4_trades", "ETH-USD");
    assertThat(answered.getInteger("message_id")).isEqualTo(2);
    client.settle();
    assertThat(client.count("subscribed")).isEqualTo(1);
  }

  @Test
  void losesDataWithItsNumber() {
    VenueClient client = client();
    client.subscribed("v4_block_height", null);
    faults().loseData("v4_block_height", 2);
    ticks(3);
    client.settle();
    assertThat(client.data("v4_block_height"))
        .singleElement()
        .satisfies(frame -> assertThat(frame.getInteger("message_id")).isEqualTo(4));
  }

  @Test
  void corruptsAndDuplicates() {
    VenueClient client = client();
    client.subscribed("v4_block_height", null);
    faults().corruptFrames(1);
    ticks(1);
    faults().duplicateData(1);
    ticks(2);
    client.settle();
    assertThat(client.data("v4_block_height"))
        .extracting(frame -> frame.getInteger("message_id"))
        .containsExactly(3, 3, 4);
    assertThat(client.texts()).hasSize(client.frames().size() + 1);
  }

  @Test
  void takesFewerSubscriptionsOfEachChannelOnAConnection() {
    faults().limitSubscriptions(1);
    VenueClient client = client();
    client.subscribed("v4_trades", "BTC-USD");
    client.subscribed("v4_orderbook", "BTC-USD");
    client.subscribe("v4_trades", "ETH-USD");
    assertThat(client.awaitFrame("error").getString("message"))
        .isEqualTo("Per-connection subscription limit reached for v4_trades (limit=1).");
    client().subscribed("v4_trades", "ETH-USD");
    faults().limitSubscriptions(0);
    client.subscribed("v4_trades", "ETH-USD");
  }

  @Test
  void publishesTradesAndLevelsAsGiven() {
    VenueClient client = client();
    client.subscribed("v4_trades", "BTC-USD");
    client.subscribed("v4_orderbook", "BTC-USD");
    String size = "123456789012345678901234567890.5";
    VenueClient.get(faults().publishTrade("BTC-USD", "90000", size));
    VenueClient.get(faults().publishTrade("BTC-USD", null, "1"));
    VenueClient.get(faults().publishLevel("BTC-USD", true, "4e4", size));
    VenueClient.get(faults().publishLevel("BTC-USD", false, null, "x"));
    client.settle();
    List<JsonObject> trades = client.data("v4_trades");
    assertThat(first(trades.get(0)).getString("size")).isEqualTo(size);
    assertThat(first(trades.get(1)).getValue("price")).isNull();
    List<JsonObject> levels = client.data("v4_orderbook");
    assertThat(levels.get(0).getJsonObject("contents").getJsonArray("bids").getJsonArray(0))
        .isEqualTo(new JsonArray().add("4e4").add(size));
    assertThat(simulator.record().bids("BTC-USD").get(new BigDecimal("4e4")))
        .isEqualByComparingTo(size);
    assertThat(simulator.record().trades("BTC-USD")).hasSize(1001);
    assertThatThrownBy(() -> VenueClient.get(faults().publishTrade("FOO-USD", "1", "1")))
        .hasRootCauseMessage("the simulator has no market FOO-USD");
  }

  private static JsonObject first(JsonObject frame) {
    return frame.getJsonObject("contents").getJsonArray("trades").getJsonObject(0);
  }

  @Test
  void clearEndsAll() {
    faults().refuseUpgrades(503);
    faults().withholdConnected(true);
    faults().loseData("v4_block_height", 5);
    faults().corruptFrames(5);
    VenueClient.get(faults().silence());
    VenueClient.get(faults().clear());
    VenueClient client = client();
    client.subscribed("v4_block_height", null);
    ticks(1);
    client.settle();
    assertThat(client.data("v4_block_height")).hasSize(1);
  }

  private static void passes(Duration time) {
    Instant end = Instant.now().plus(time);
    await().atMost(VenueClient.PATIENCE).until(() -> Instant.now().isAfter(end));
  }
}
