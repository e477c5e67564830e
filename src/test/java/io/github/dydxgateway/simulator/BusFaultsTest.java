package io.github.dydxgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches that the venue's bus delivers again. */
class BusFaultsTest extends SimulatorFixture {
  private static final String ACCOUNT = SimulatorSettings.DEFAULT_ACCOUNT;

  private int redeliver(String channel, int count, int later) {
    return VenueClient.get(simulator.faults().bus().redeliver(channel, count, later));
  }

  private static List<Object> contents(List<JsonObject> frames) {
    return frames.stream().map(frame -> frame.getValue("contents")).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "v4_trades, BTC-USD",
    "v4_orderbook, BTC-USD",
    "v4_candles, BTC-USD/1MIN",
    "v4_markets,",
    "v4_block_height,",
    "v4_subaccounts, dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4/0",
    "v4_parent_subaccounts, dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4/0"
  })
  void theNewestUpdatesComeOnceMoreUnderNewNumbers(String channel, String id) {
    VenueClient client = client();
    client.subscribed(channel, id);
    ticks(30);
    client.settle();
    int before = client.data(channel).size();
    assertThat(before).isGreaterThan(5);
    assertThat(VenueClient.get(simulator.faults().bus().redeliver(channel, 5))).isEqualTo(5);
    client.settle();
    List<JsonObject> frames = client.data(channel);
    assertThat(contents(frames.subList(before, before + 5)))
        .isEqualTo(contents(frames.subList(before - 5, before)));
    List<Integer> numbers = frames.stream().map(frame -> frame.getInteger("message_id")).toList();
    assertThat(numbers).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void candleVersionsWithFewerTradesComeAfterTheNextCandleHasBegun() {
    VenueClient client = client();
    client.subscribed("v4_candles", "BTC-USD/1MIN");
    ticks(65);
    redeliver("v4_candles", 10, 0);
    client.settle();
    String newest = "";
    int newestTrades = 0;
    boolean stepsBack = false;
    Map<String, Integer> trades = new TreeMap<>();
    for (JsonObject frame : client.data("v4_candles")) {
      JsonObject candle = frame.getJsonObject("contents");
      String start = candle.getString("startedAt");
      int count = candle.getInteger("trades");
      stepsBack |= start.compareTo(newest) < 0 && count < trades.get(start);
      if (start.compareTo(newest) >= 0) {
        newest = start;
        newestTrades = count;
      }
      trades.merge(start, count, Math::max);
    }
    assertThat(stepsBack).isTrue();
    assertThat(newestTrades).isEqualTo(trades.get(newest));
  }

  @Test
  void aBatchThatEndsWithTheNewestUpdateLeavesTheBookAsItIs() {
    VenueClient client = client();
    JsonObject state = client.subscribed("v4_orderbook", "BTC-USD").getJsonObject("contents");
    ticks(40);
    redeliver("v4_orderbook", 25, 0);
    client.settle();
    assertThat(book(state, client.data("v4_orderbook"), "bids"))
        .isEqualTo(plain(simulator.record().bids("BTC-USD")));
    assertThat(book(state, client.data("v4_orderbook"), "asks"))
        .isEqualTo(plain(simulator.record().asks("BTC-USD")));
  }

  @Test
  void aBatchThatLaterUpdatesFollowedBringsOldSizesBack() {
    VenueClient client = client();
    JsonObject state = client.subscribed("v4_orderbook", "BTC-USD").getJsonObject("contents");
    VenueClient.get(simulator.faults().publishLevel("BTC-USD", true, "10", "7"));
    VenueClient.get(simulator.faults().publishLevel("BTC-USD", true, "10", "3"));
    assertThat(redeliver("v4_orderbook", 1, 1)).isEqualTo(1);
    client.settle();
    assertThat(book(state, client.data("v4_orderbook"), "bids"))
        .containsEntry(BigDecimal.TEN.stripTrailingZeros(), new BigDecimal("7"));
    assertThat(simulator.record().bids("BTC-USD").get(BigDecimal.TEN)).isEqualByComparingTo("3");
  }

  @Test
  void whatALaterUpdateWithoutSubscribersHasReplacedDoesNotComeAgain() {
    VenueClient client = client();
    client.subscribed("v4_orderbook", "BTC-USD");
    VenueClient.get(simulator.faults().publishLevel("BTC-USD", true, "10", "7"));
    client.unsubscribe("v4_orderbook", "BTC-USD");
    client.settle();
    VenueClient.get(simulator.faults().publishLevel("BTC-USD", true, "10", "3"));
    VenueClient late = client();
    late.subscribed("v4_orderbook", "BTC-USD");
    VenueClient.get(simulator.faults().publishLevel("BTC-USD", true, "11", "1"));
    assertThat(redeliver("v4_orderbook", 10, 0)).isEqualTo(1);
    late.settle();
    assertThat(contents(late.data("v4_orderbook")))
        .hasSize(2)
        .noneMatch(contents -> contents.toString().contains("\"10\""));
  }

  private static NavigableMap<BigDecimal, BigDecimal> book(
      JsonObject state, List<JsonObject> updates, String side) {
    NavigableMap<BigDecimal, BigDecimal> levels = new TreeMap<>();
    for (Object level : state.getJsonArray(side)) {
      put(levels, ((JsonObject) level).getString("price"), ((JsonObject) level).getString("size"));
    }
    for (JsonObject update : updates) {
      for (Object level : update.getJsonObject("contents").getJsonArray(side, new JsonArray())) {
        put(levels, ((JsonArray) level).getString(0), ((JsonArray) level).getString(1));
      }
    }
    return levels;
  }

  private static void put(NavigableMap<BigDecimal, BigDecimal> levels, String price, String size) {
    BigDecimal at = new BigDecimal(price).stripTrailingZeros();
    if (new BigDecimal(size).signum() == 0) {
      levels.remove(at);
    } else {
      levels.put(at, new BigDecimal(size).stripTrailingZeros());
    }
  }

  private static NavigableMap<BigDecimal, BigDecimal> plain(Map<BigDecimal, BigDecimal> levels) {
    NavigableMap<BigDecimal, BigDecimal> plain = new TreeMap<>();
    levels.forEach(
        (price, size) -> plain.put(price.stripTrailingZeros(), size.stripTrailingZeros()));
    return plain;
  }

  @Test
  void fillsTransfersAndOrdersOfAParentComeOnceMoreWithTheirChild() {
    VenueClient client = client();
    client.subscribed("v4_parent_subaccounts", ACCOUNT + "/0");
    ticks(100);
    client.settle();
    List<JsonObject> all = List.copyOf(client.data("v4_parent_subaccounts"));
    int count = redeliver("v4_parent_subaccounts", MessageBus.REMEMBERED, 0);
    client.settle();
    List<JsonObject> first = all.subList(all.size() - count, all.size());
    List<JsonObject> again =
        client.data("v4_parent_subaccounts").subList(all.size(), all.size() + count);
    Set<String> arrays = new HashSet<>();
    for (int i = 0; i < first.size(); i++) {
      assertThat(again.get(i).getJsonObject("contents"))
          .isEqualTo(first.get(i).getJsonObject("contents"));
      assertThat(again.get(i).getInteger("subaccountNumber"))
          .isEqualTo(first.get(i).getInteger("subaccountNumber"));
      arrays.addAll(again.get(i).getJsonObject("contents").fieldNames());
    }
    assertThat(arrays).contains("fills", "orders", "transfers", "tradingReward");
  }

  @Test
  void batchedSubscriptionsReceiveThemInABatch() {
    VenueClient client = client();
    client.subscribeBatched("v4_block_height", null);
    await().atMost(VenueClient.PATIENCE).until(() -> client.count("subscribed") == 1);
    ticks(2);
    redeliver("v4_block_height", 2, 0);
    List<Object> heights = new ArrayList<>();
    await()
        .atMost(VenueClient.PATIENCE)
        .until(
            () -> {
              heights.clear();
              client
                  .data("v4_block_height")
                  .forEach(frame -> frame.getJsonArray("contents").forEach(heights::add));
              return heights.size() == 4;
            });
    assertThat(heights.subList(2, 4)).isEqualTo(heights.subList(0, 2));
  }

  @Test
  void whatNobodySubscribedToCannotComeAgain() {
    ticks(10);
    assertThat(redeliver("v4_trades", 10, 0)).isZero();
    client().subscribed("v4_trades", "BTC-USD");
    assertThat(redeliver("v4_trades", 10, 0)).isZero();
    assertThatThrownBy(() -> redeliver("v9_tea", 1, 0))
        .hasMessageContaining("no channel has the name v9_tea");
  }

  @Test
  void theVenueDoesItByItselfUntilTheFaultEnds() {
    VenueClient client = client();
    client.subscribed("v4_trades", "BTC-USD");
    simulator.faults().bus().redeliverSometimes(3);
    ticks(60);
    client.settle();
    List<Object> contents = contents(client.data("v4_trades"));
    assertThat(contents.size()).isGreaterThan(new HashSet<>(contents).size());
    VenueClient.get(simulator.faults().clear());
    int before = contents.size();
    ticks(30);
    client.settle();
    assertThat(contents(client.data("v4_trades")).subList(before, client.data("v4_trades").size()))
        .doesNotHaveDuplicates();
  }

  @Test
  void theSameSeedRepeatsTheSameBatchesAndTheStoryStaysTheSame() {
    List<List<String>> runs = new ArrayList<>();
    List<SimulatorRecord> records = new ArrayList<>();
    for (int oneIn : new int[] {4, 4, 0}) {
      PublishedUpdates service = new PublishedUpdates();
      SimulatorRecord record = new SimulatorRecord();
      MessageBus bus = new MessageBus(service, MANUAL.seed());
      bus.redeliverSometimes(oneIn);
      Venue venue = new Venue(MANUAL, record, bus);
      for (int i = 0; i < 50; i++) {
        venue.tick();
      }
      runs.add(service.all());
      records.add(record);
    }
    assertThat(runs.get(0)).isEqualTo(runs.get(1)).hasSizeGreaterThan(runs.get(2).size());
    assertThat(records.get(0).trades("BTC-USD")).isEqualTo(records.get(2).trades("BTC-USD"));
    assertThat(records.get(0).bids("ETH-USD")).isEqualTo(records.get(2).bids("ETH-USD"));
    assertThat(records.get(0).fills(ACCOUNT)).isEqualTo(records.get(2).fills(ACCOUNT));
  }
}
