package io.github.dydxgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IndexerSimulatorTest extends SimulatorFixture {

  private static final String ACCOUNT = SimulatorSettings.DEFAULT_ACCOUNT;

  @Test
  void greetsWithConnectedAndNumberZero() {
    JsonObject connected = client().awaitFrame("connected");
    assertThat(connected.getInteger("message_id")).isZero();
    assertThat(connected.getString("connection_id")).matches("[0-9a-f-]{36}");
  }

  @Test
  void tradesStartWithTheNewestAndGoOnByBlock() {
    VenueClient client = client();
    JsonArray initial =
        client.subscribed("v4_trades", "BTC-USD").getJsonObject("contents").getJsonArray("trades");
    assertThat(initial).hasSize(1000);
    List<SimulatorRecord.Trade> truth = simulator.record().trades("BTC-USD");
    assertThat(initial.getJsonObject(0).getString("id")).isEqualTo(truth.get(999).id());
    ticks(5);
    client.settle();
    List<String> ids = new ArrayList<>();
    for (JsonObject frame : client.data("v4_trades")) {
      assertThat(frame.getString("id")).isEqualTo("BTC-USD");
      assertThat(frame.getString("version")).isNotEmpty();
      for (Object trade : frame.getJsonObject("contents").getJsonArray("trades")) {
        assertThat(((JsonObject) trade).fieldNames())
            .containsExactlyInAnyOrder(
                "id", "side", "size", "price", "type", "createdAt", "createdAtHeight");
        ids.add(((JsonObject) trade).getString("id"));
      }
    }
    assertThat(ids)
        .isNotEmpty()
        .isEqualTo(
            simulator.record().trades("BTC-USD").stream()
                .skip(1000)
                .map(SimulatorRecord.Trade::id)
                .toList());
  }

  @Test
  void booksStartWithObjectsAndGoOnWithPairs() {
    VenueClient client = client();
    JsonObject contents = client.subscribed("v4_orderbook", "BTC-USD").getJsonObject("contents");
    assertThat(contents.getJsonArray("bids").getJsonObject(0).fieldNames())
        .containsExactlyInAnyOrder("price", "size");
    assertThat(contents.getJsonArray("asks")).hasSizeBetween(10, 100);
    ticks(3);
    client.settle();
    assertThat(client.data("v4_orderbook"))
        .isNotEmpty()
        .allSatisfy(
            frame ->
                assertThat(frame.getJsonObject("contents").fieldNames())
                    .isSubsetOf("bids", "asks"));
  }

  @Test
  void candlesComeAtEveryResolution() {
    VenueClient client = client();
    for (CandleResolution resolution : CandleResolution.values()) {
      String id = "BTC-USD/" + resolution.wireName();
      JsonArray candles =
          client.subscribed("v4_candles", id).getJsonObject("contents").getJsonArray("candles");
      assertThat(candles).hasSize(1000);
    }
    ticks(3);
    client.settle();
    Set<String> resolutions = new HashSet<>();
    for (JsonObject frame : client.data("v4_candles")) {
      JsonObject candle = frame.getJsonObject("contents");
      assertThat(frame.getString("id")).isEqualTo("BTC-USD/" + candle.getString("resolution"));
      assertThat(candle.getValue("trades")).isInstanceOf(Integer.class);
      resolutions.add(candle.getString("resolution"));
    }
    assertThat(resolutions).hasSize(7);
  }

  @Test
  void marketsNameTheirIdOnlyInSubscribed() {
    VenueClient client = client();
    JsonObject subscribed = client.subscribed("v4_markets", null);
    assertThat(subscribed.getString("id")).isEqualTo("v4_markets");
    assertThat(subscribed.getJsonObject("contents").getJsonObject("markets").fieldNames())
        .hasSize(40);
    ticks(12);
    client.unsubscribe("v4_markets", null);
    JsonObject unsubscribed = client.awaitFrame("unsubscribed");
    assertThat(unsubscribed.fieldNames())
        .containsExactlyInAnyOrder("type", "connection_id", "message_id", "channel");
    assertThat(client.data("v4_markets"))
        .isNotEmpty()
        .noneMatch(frame -> frame.containsKey("id"))
        .anyMatch(frame -> frame.getJsonObject("contents").containsKey("oraclePrices"))
        .anyMatch(frame -> frame.getJsonObject("contents").containsKey("trading"));
  }

  @Test
  void blockHeightsRise() {
    VenueClient client = client();
    JsonObject subscribed = client.subscribed("v4_block_height", null);
    assertThat(subscribed.getString("id")).isEqualTo("v4_block_height");
    assertThat(subscribed.getJsonObject("contents").fieldNames())
        .containsExactlyInAnyOrder("height", "time");
    ticks(3);
    client.settle();
    assertThat(client.data("v4_block_height"))
        .extracting(frame -> Long.valueOf(frame.getJsonObject("contents").getString("blockHeight")))
        .isEqualTo(simulator.record().blockHeights());
  }

  @Test
  void parentsTellWhichChildAnUpdateIsAbout() {
    VenueClient client = client();
    JsonObject subscribed = client.subscribed("v4_parent_subaccounts", ACCOUNT + "/0");
    assertThat(subscribed.getJsonObject("contents").fieldNames())
        .containsExactlyInAnyOrder("subaccount", "orders", "blockHeight");
    JsonObject own =
        client.subscribed("v4_subaccounts", ACCOUNT + "/128").getJsonObject("contents");
    assertThat(own.getJsonObject("subaccount").getInteger("subaccountNumber")).isEqualTo(128);
    ticks(60);
    client.settle();
    Set<Integer> children = new HashSet<>();
    client
        .data("v4_parent_subaccounts")
        .forEach(frame -> children.add(frame.getInteger("subaccountNumber")));
    assertThat(children).containsExactlyInAnyOrder(0, 128);
    assertThat(client.data("v4_subaccounts"))
        .isNotEmpty()
        .noneMatch(frame -> frame.containsKey("subaccountNumber"));
  }

  @Test
  void accountsNeverFundedAreEmpty() {
    VenueClient client = client();
    String stranger = "dydx1zsw8fczav25uvc8rg3zcv6zy9j7yhnktpq374m/0";
    assertThat(client.subscribed("v4_subaccounts", stranger).getJsonObject("contents")).isEmpty();
    assertThat(client.subscribed("v4_parent_subaccounts", ACCOUNT + "/7").getJsonObject("contents"))
        .isEmpty();
  }

  @Test
  void subscribedComesAfterDataWithHigherNumbers() {
    VenueClient client = client();
    client.subscribed("v4_block_height", null);
    simulator.faults().delaySubscribed(Duration.ofMillis(200));
    client.subscribe("v4_trades", "ETH-USD");
    client.settle();
    ticks(2);
    client.awaitFrame(
        frame ->
            frame.getString("type").equals("subscribed")
                && frame.getString("channel").equals("v4_trades"));
    List<Integer> numbers =
        client.frames().stream().map(frame -> frame.getInteger("message_id")).toList();
    assertThat(numbers.subList(2, 6)).containsExactly(3, 4, 5, 2);
  }

  @Test
  void batchedUpdatesComeAsOneFrame() {
    VenueClient client = client();
    client.subscribeBatched("v4_orderbook", "BTC-USD");
    client.subscribeBatched("v4_trades", "BTC-USD");
    await().atMost(VenueClient.PATIENCE).until(() -> client.count("subscribed") == 2);
    ticks(8);
    JsonObject batch =
        client.awaitFrame(
            frame ->
                frame.getString("type").equals("channel_batch_data")
                    && frame.getString("channel").equals("v4_orderbook"));
    assertThat(batch.getJsonArray("contents")).hasSizeGreaterThan(1);
    assertThat(batch.getString("id")).isEqualTo("BTC-USD");
    assertThat(client.count("channel_data")).isZero();
  }

  @Test
  void numbersOfOneTopicRiseAndNoneIsMissing() {
    VenueClient client = client();
    client.subscribed("v4_trades", "BTC-USD");
    client.subscribed("v4_orderbook", "BTC-USD");
    client.subscribed("v4_markets", null);
    ticks(20);
    client.settle();
    List<Integer> numbers =
        client.frames().stream().map(frame -> frame.getInteger("message_id")).sorted().toList();
    for (int i = 0; i < numbers.size(); i++) {
      assertThat(numbers.get(i)).isEqualTo(i);
    }
  }

  @Test
  void fieldOrderVaries() {
    VenueClient client = client();
    client.subscribed("v4_orderbook", "BTC-USD");
    ticks(40);
    client.settle();
    List<String> data =
        client.texts().stream().filter(text -> text.contains("\"channel_data\"")).toList();
    assertThat(data)
        .anyMatch(text -> text.indexOf("\"contents\"") < text.indexOf("\"channel\":"))
        .anyMatch(text -> text.indexOf("\"contents\"") > text.indexOf("\"channel\":"));
  }

  @Test
  void unsubscribedTopicsAreQuiet() {
    VenueClient client = client();
    client.subscribed("v4_orderbook", "BTC-USD");
    client.unsubscribe("v4_orderbook", "BTC-USD");
    assertThat(client.awaitFrame("unsubscribed").getString("id")).isEqualTo("BTC-USD");
    ticks(5);
    client.settle();
    assertThat(client.data("v4_orderbook")).isEmpty();
  }

  @Test
  void aNewMarketCanBeSubscribedTo() {
    VenueClient client = client();
    client.subscribed("v4_markets", null);
    VenueClient.get(simulator.addMarket("FRESH-USD", new BigDecimal("2.5")));
    ticks(1);
    assertThat(client.subscribed("v4_orderbook", "FRESH-USD").getJsonObject("contents"))
        .isNotEmpty();
    assertThat(client.data("v4_markets"))
        .anyMatch(frame -> frame.encode().contains("\"INITIALIZING\""));
  }

  @Test
  void marketsMoveByThemselvesWhenTicksAreOn() {
    SimulatorSettings settings =
        SimulatorSettings.defaults().withTickInterval(Duration.ofMillis(10));
    IndexerSimulator moving = new IndexerSimulator(vertx, settings);
    VenueClient.get(moving.start());
    VenueClient client = VenueClient.greeted(vertx, moving);
    client.subscribed("v4_block_height", null);
    await().atMost(VenueClient.PATIENCE).until(() -> client.data("v4_block_height").size() >= 2);
    VenueClient.get(moving.stop());
  }

  @Test
  void startAndStopMayBeRepeatedAndKeepThePort() {
    VenueClient client = client();
    URI uri = simulator.uri();
    VenueClient.get(simulator.start());
    VenueClient.get(simulator.stop());
    VenueClient.get(simulator.stop());
    client.awaitClosed();
    assertThat(client.socket().closeStatusCode()).isEqualTo((short) 1012);
    assertThat(simulator.tick().failed()).isTrue();
    VenueClient.get(simulator.start());
    assertThat(simulator.uri()).isEqualTo(uri);
    assertThat(client().subscribed("v4_trades", "BTC-USD")).isNotNull();
  }
}
