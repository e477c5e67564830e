package io.github.dydxgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Orders, fills, positions and balances as the venue sends and lists them. */
class VenueAccountsTest {
  private static final SimulatorSettings MANUAL =
      SimulatorSettings.defaults().withTickInterval(Duration.ZERO);
  private static final String ACCOUNT = SimulatorSettings.DEFAULT_ACCOUNT;

  private final PublishedUpdates published = new PublishedUpdates();
  private final Venue venue = new Venue(MANUAL, new SimulatorRecord(), published);

  private void ticks(int count) {
    for (int i = 0; i < count; i++) {
      venue.tick();
    }
  }

  private JsonObject state(SimulatedChannel channel, String id) {
    return new JsonObject(venue.initialState(new SimulatedTopic(channel, id)));
  }

  private List<JsonObject> listed() {
    return state(SimulatedChannel.PARENT_SUBACCOUNTS, ACCOUNT + "/0")
        .getJsonArray("orders")
        .stream()
        .map(order -> (JsonObject) order)
        .toList();
  }

  private long height() {
    return Long.parseLong(
        state(SimulatedChannel.PARENT_SUBACCOUNTS, ACCOUNT + "/0").getString("blockHeight"));
  }

  private List<JsonObject> orders() {
    return published.elements(SimulatedChannel.SUBACCOUNTS, "orders");
  }

  @Test
  void fillsSayWhoBuiltAndRoutedTheOrderAndWhichPositionTheyMet() {
    ticks(600);
    List<JsonObject> fills = published.elements(SimulatedChannel.SUBACCOUNTS, "fills");
    assertThat(fills)
        .allSatisfy(
            fill ->
                assertThat(fill.fieldNames())
                    .contains(
                        "builderAddress",
                        "builderFee",
                        "orderRouterAddress",
                        "orderRouterFee",
                        "affiliateRevShare",
                        "positionSizeBefore",
                        "positionSideBefore",
                        "entryPriceBefore"));
    for (String mayBeNull :
        List.of(
            "builderAddress",
            "builderFee",
            "orderRouterAddress",
            "orderRouterFee",
            "positionSideBefore",
            "entryPriceBefore")) {
      assertThat(fills)
          .as(mayBeNull)
          .anyMatch(fill -> fill.getValue(mayBeNull) == null)
          .anyMatch(fill -> fill.getValue(mayBeNull) instanceof String);
    }
    assertThat(fills)
        .anyMatch(fill -> !fill.getString("affiliateRevShare").equals("0"))
        .extracting(fill -> fill.getString("positionSideBefore"))
        .contains("LONG", "SHORT");
  }

  @Test
  void thePositionBeforeAFillIsTheSumOfTheFillsBefore() {
    ticks(400);
    Map<String, BigDecimal> sums = new HashMap<>();
    for (JsonObject fill : published.elements(SimulatedChannel.SUBACCOUNTS, "fills")) {
      String key = fill.getString("subaccountId") + fill.getString("ticker");
      BigDecimal before = sums.getOrDefault(key, BigDecimal.ZERO);
      assertThat(new BigDecimal(fill.getString("positionSizeBefore")))
          .isEqualByComparingTo(before.abs());
      if (before.signum() != 0) {
        assertThat(fill.getString("positionSideBefore"))
            .isEqualTo(before.signum() > 0 ? "LONG" : "SHORT");
      }
      BigDecimal size = new BigDecimal(fill.getString("size"));
      sums.put(
          key, fill.getString("side").equals("BUY") ? before.add(size) : before.subtract(size));
    }
    assertThat(sums).isNotEmpty();
  }

  @Test
  void thereAreOrdersOfEveryKind() {
    ticks(600);
    assertThat(orders())
        .extracting(order -> order.getString("orderFlags"))
        .contains("0", "32", "64", "128", "256");
    assertThat(orders())
        .filteredOn(order -> order.containsKey("side"))
        .allSatisfy(
            order -> {
              boolean shortTerm = order.getString("orderFlags").equals("0");
              assertThat(order.getString("goodTilBlock") != null).isEqualTo(shortTerm);
              assertThat(order.getString("goodTilBlockTime") != null).isEqualTo(!shortTerm);
            });
    assertThat(orders())
        .filteredOn(order -> order.getString("orderFlags").equals("32"))
        .allSatisfy(order -> assertThat(order.getString("triggerPrice")).isNotNull())
        .extracting(order -> order.getString("status"))
        .contains("UNTRIGGERED", "OPEN");
  }

  @Test
  void aTwapOrderIsAnnouncedAsALimitOrderAndListedAsWhatItIs() {
    Map<String, JsonObject> announced = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 600; i++) {
      published.clear();
      ticks(1);
      for (JsonObject order : orders()) {
        if (order.getString("orderFlags").equals("128") && seen.add(order.getString("id"))) {
          announced.put(order.getString("id"), order);
        }
      }
      for (JsonObject order : listed()) {
        JsonObject first = announced.remove(order.getString("id"));
        if (first != null) {
          assertThat(first.getString("type")).isEqualTo("LIMIT");
          assertThat(first.fieldNames()).doesNotContain("duration", "interval", "priceTolerance");
          assertThat(order.getString("type")).isEqualTo("TWAP");
          assertThat(order.getString("orderFlags")).isEqualTo("128");
          assertThat(order.getString("duration")).isEqualTo("300");
          assertThat(order.getString("interval")).isEqualTo("30");
          assertThat(order.getString("priceTolerance")).isEqualTo("10000");
        }
      }
    }
    assertThat(seen).hasSizeGreaterThan(2);
  }

  @Test
  void aSuborderTradesInTheNameOfItsTwapOrder() {
    ticks(600);
    Map<String, String> flagsById = new HashMap<>();
    orders().forEach(order -> flagsById.put(order.getString("id"), order.getString("orderFlags")));
    List<JsonObject> fills =
        published.elements(SimulatedChannel.SUBACCOUNTS, "fills").stream()
            .filter(fill -> fill.getString("type").equals("TWAP_SUBORDER"))
            .toList();
    assertThat(fills)
        .isNotEmpty()
        .allSatisfy(fill -> assertThat(flagsById.get(fill.getString("orderId"))).isEqualTo("128"));
    assertThat(published.elements(SimulatedChannel.SUBACCOUNTS, "fills"))
        .extracting(fill -> fill.getString("type"))
        .containsOnly("LIMIT", "TWAP_SUBORDER");
  }

  @Test
  void storedOrdersSayWhoBuiltAndRoutedThemAndWhenTheyWerePlaced() {
    ticks(600);
    List<JsonObject> stored =
        orders().stream().filter(order -> order.containsKey("builderAddress")).toList();
    assertThat(stored)
        .allSatisfy(
            order ->
                assertThat(order.fieldNames())
                    .contains("feePpm", "orderRouterAddress", "duration", "priceTolerance"))
        .anyMatch(order -> order.getString("feePpm") != null)
        .anyMatch(order -> order.getString("orderRouterAddress") != null);
    assertThat(stored)
        .filteredOn(order -> !order.getString("orderFlags").equals("0"))
        .filteredOn(order -> !order.getString("orderFlags").equals("256"))
        .isNotEmpty()
        .allSatisfy(order -> assertThat(Instant.parse(order.getString("createdAt"))).isNotNull());
    assertThat(stored)
        .filteredOn(order -> order.getString("orderFlags").equals("0"))
        .isNotEmpty()
        .noneMatch(order -> order.containsKey("createdAt"));
  }

  @Test
  void onlyListedOrdersNameTheirSubaccount() {
    Set<Integer> numbers = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      ticks(1);
      listed().forEach(order -> numbers.add(order.getInteger("subaccountNumber")));
    }
    assertThat(numbers).containsExactlyInAnyOrder(0, 128);
    assertThat(orders()).noneMatch(order -> order.containsKey("subaccountNumber"));
    assertThat(published.elements(SimulatedChannel.PARENT_SUBACCOUNTS, "orders"))
        .isNotEmpty()
        .noneMatch(order -> order.containsKey("subaccountNumber"));
    assertThat(published.publications())
        .filteredOn(update -> update.topic().channel() == SimulatedChannel.PARENT_SUBACCOUNTS)
        .allMatch(update -> update.tail().contains(",\"subaccountNumber\":"));
  }

  @Test
  void positionsAndBalancesNameTheirAddressInUpdatesAlone() {
    ticks(100);
    for (String array : List.of("perpetualPositions", "assetPositions")) {
      assertThat(published.elements(SimulatedChannel.SUBACCOUNTS, array))
          .isNotEmpty()
          .allSatisfy(
              element -> {
                assertThat(element.getString("address")).isEqualTo(ACCOUNT);
                assertThat(element.getString("positionId")).isNotEmpty();
              });
    }
    JsonObject subaccount =
        state(SimulatedChannel.SUBACCOUNTS, ACCOUNT + "/0").getJsonObject("subaccount");
    assertThat(subaccount.getJsonObject("assetPositions").getJsonObject("USDC").fieldNames())
        .doesNotContain("address");
  }

  /**
   * Open ones, whoever has opened them, untriggered ones, and short-term ones that a node has
   * cancelled until twenty blocks after their last.
   */
  @Test
  void initialStatesListWhatTheVenueLists() {
    Map<String, JsonObject> last = new HashMap<>();
    Set<String> statuses = new HashSet<>();
    boolean droppedByANode = false;
    for (int i = 0; i < 800; i++) {
      published.clear();
      ticks(1);
      for (JsonObject order : orders()) {
        last.computeIfAbsent(order.getString("id"), id -> new JsonObject()).mergeIn(order);
      }
      long height = height();
      Set<String> listed = new HashSet<>();
      for (JsonObject order : listed()) {
        listed.add(order.getString("id"));
        statuses.add(order.getString("status"));
        last.get(order.getString("id")).mergeIn(order.copy().put("status", status(last, order)));
      }
      for (JsonObject order : last.values()) {
        boolean expected = isListed(order, height);
        if (order.getString("orderFlags").equals("256")) {
          continue; // Of a suborder that is filled nothing is reported.
        }
        assertThat(listed.contains(order.getString("id"))).as("%s", order).isEqualTo(expected);
        droppedByANode |=
            expected
                && order.getString("orderFlags").equals("64")
                && order.getString("status").equals("BEST_EFFORT_CANCELED");
      }
    }
    assertThat(statuses)
        .containsExactlyInAnyOrder(
            "OPEN", "UNTRIGGERED", "BEST_EFFORT_OPENED", "BEST_EFFORT_CANCELED");
    assertThat(droppedByANode).isTrue();
  }

  private static String status(Map<String, JsonObject> last, JsonObject order) {
    return last.get(order.getString("id")).getString("status");
  }

  private static boolean isListed(JsonObject order, long height) {
    return switch (order.getString("status")) {
      case "OPEN", "UNTRIGGERED", "BEST_EFFORT_OPENED" -> true;
      case "BEST_EFFORT_CANCELED" ->
          !order.getString("orderFlags").equals("0")
              || Long.parseLong(order.getString("goodTilBlock")) > height - 20;
      default -> false;
    };
  }

  @Test
  void ordersEndByThemselves() {
    ticks(800);
    assertThat(orders())
        .filteredOn(order -> order.getString("status").equals("CANCELED"))
        .extracting(order -> order.getString("removalReason"))
        .contains(
            "ORDER_REMOVAL_REASON_INDEXER_EXPIRED",
            "ORDER_REMOVAL_REASON_EXPIRED",
            "ORDER_REMOVAL_REASON_USER_CANCELED");
  }

  @Test
  void marketsNameTheirLiquidityTier() {
    venue.addMarket("FRESH-USD", new BigDecimal("1.25"));
    ticks(1);
    assertThat(published.contents(SimulatedChannel.MARKETS))
        .anySatisfy(
            update ->
                assertThat(
                        update
                            .getJsonObject("trading", new JsonObject())
                            .getJsonObject("FRESH-USD", new JsonObject())
                            .getInteger("liquidityTierId"))
                    .isNotNull());
    JsonObject markets = state(SimulatedChannel.MARKETS, "v4_markets").getJsonObject("markets");
    assertThat(markets.fieldNames())
        .allSatisfy(
            ticker ->
                assertThat(markets.getJsonObject(ticker).getInteger("liquidityTierId"))
                    .isNotNull());
  }
}
