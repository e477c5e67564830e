package io.github.dydxgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VenueTest {

  private static final SimulatorSettings MANUAL =
      SimulatorSettings.defaults().withTickInterval(Duration.ZERO);

  private final PublishedUpdates published = new PublishedUpdates();
  private final SimulatorRecord record = new SimulatorRecord();

  private Venue venue(SimulatorSettings settings, int ticks) {
    Venue venue = new Venue(settings, record, published);
    for (int i = 0; i < ticks; i++) {
      venue.tick();
    }
    return venue;
  }

  @Test
  void sameSeedAndSameTicksGiveTheSameStory() {
    venue(MANUAL, 200);
    PublishedUpdates again = new PublishedUpdates();
    Venue twin = new Venue(MANUAL, new SimulatorRecord(), again);
    for (int i = 0; i < 200; i++) {
      twin.tick();
    }
    assertThat(again.all()).isEqualTo(published.all()).hasSizeGreaterThan(1000);
  }

  @Test
  void listenersDoNotChangeTheStory() {
    SimulatorRecord unheard = new SimulatorRecord();
    Venue quiet = new Venue(MANUAL, unheard, new Subscriptions());
    venue(MANUAL, 300);
    for (int i = 0; i < 300; i++) {
      quiet.tick();
    }
    assertThat(unheard.trades("BTC-USD")).isEqualTo(record.trades("BTC-USD"));
    assertThat(unheard.bids("ETH-USD")).isEqualTo(record.bids("ETH-USD"));
    assertThat(unheard.fills(SimulatorSettings.DEFAULT_ACCOUNT))
        .isEqualTo(record.fills(SimulatorSettings.DEFAULT_ACCOUNT))
        .isNotEmpty();
    assertThat(unheard.lastCandle("SOL-USD", "5MINS"))
        .isEqualTo(record.lastCandle("SOL-USD", "5MINS"))
        .isPresent();
  }

  @Test
  void anotherSeedGivesAnotherStory() {
    venue(MANUAL, 20);
    SimulatorRecord other = new SimulatorRecord();
    Venue venue = new Venue(MANUAL.withSeed(43), other, published);
    for (int i = 0; i < 20; i++) {
      venue.tick();
    }
    assertThat(other.trades("BTC-USD")).isNotEqualTo(record.trades("BTC-USD"));
  }

  @Test
  void booksCrossNowAndThenAndAreResolved() {
    Venue venue = venue(MANUAL.withMarkets(3), 0);
    int crossed = 0;
    int longest = 0;
    int run = 0;
    for (int i = 0; i < 2000; i++) {
      venue.tick();
      BigDecimal bid = record.bids("BTC-USD").firstKey();
      BigDecimal ask = record.asks("BTC-USD").firstKey();
      run = bid.compareTo(ask) >= 0 ? run + 1 : 0;
      longest = Math.max(longest, run);
      crossed += run == 1 ? 1 : 0;
    }
    assertThat(crossed).isBetween(10, 100);
    assertThat(longest).isBetween(2, 12);
  }

  @Test
  void changesAppliedToAnInitialBookGiveTheBookWhenever() {
    Venue venue = venue(MANUAL.withMarkets(4), 137);
    SimulatedTopic topic = new SimulatedTopic(SimulatedChannel.ORDERBOOK, "ETH-USD");
    NavigableMap<BigDecimal, BigDecimal> bids = new TreeMap<>();
    NavigableMap<BigDecimal, BigDecimal> asks = new TreeMap<>();
    JsonObject initial = new JsonObject(venue.initialState(topic));
    load(initial.getJsonArray("bids"), bids);
    load(initial.getJsonArray("asks"), asks);
    assertThat(bids).hasSizeBetween(10, 100);
    published.clear();
    for (int i = 0; i < 500; i++) {
      venue.tick();
    }
    for (Publication update : published.publications()) {
      if (update.topic().equals(topic)) {
        JsonObject contents = new JsonObject(update.contents());
        apply(contents.getJsonArray("bids", new JsonArray()), bids);
        apply(contents.getJsonArray("asks", new JsonArray()), asks);
      }
    }
    sameLevels(bids, record.bids("ETH-USD"));
    sameLevels(asks, record.asks("ETH-USD"));
  }

  private static void load(JsonArray levels, Map<BigDecimal, BigDecimal> side) {
    for (Object level : levels) {
      JsonObject object = (JsonObject) level;
      side.put(new BigDecimal(object.getString("price")), new BigDecimal(object.getString("size")));
    }
  }

  private static void apply(JsonArray levels, Map<BigDecimal, BigDecimal> side) {
    for (Object level : levels) {
      BigDecimal price = new BigDecimal(((JsonArray) level).getString(0));
      BigDecimal size = new BigDecimal(((JsonArray) level).getString(1));
      if (size.signum() == 0) {
        side.remove(price);
      } else {
        side.put(price, size);
      }
    }
  }

  private static void sameLevels(
      NavigableMap<BigDecimal, BigDecimal> applied, NavigableMap<BigDecimal, BigDecimal> truth) {
    assertThat(applied).hasSameSizeAs(truth);
    truth.forEach((price, size) -> assertThat(applied.get(price)).isEqualByComparingTo(size));
  }

  @Test
  void tradesHaveUniqueIdsAndCandlesFollowThem() {
    venue(MANUAL.withMarkets(3), 50);
    List<SimulatorRecord.Trade> trades = record.trades("BTC-USD");
    assertThat(trades).extracting(SimulatorRecord.Trade::id).doesNotHaveDuplicates();
    assertThat(trades).allSatisfy(trade -> assertThat(trade.id()).matches("[0-9a-f]{24}"));
    List<SimulatorRecord.Trade> live = trades.subList(1000, trades.size());
    SimulatorRecord.Candle candle = record.lastCandle("BTC-USD", "1DAY").orElseThrow();
    BigDecimal volume =
        live.stream()
            .map(trade -> new BigDecimal(trade.size()))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(candle.trades()).isEqualTo(live.size());
    assertThat(new BigDecimal(candle.baseTokenVolume())).isEqualByComparingTo(volume);
    assertThat(new BigDecimal(candle.close()))
        .isEqualByComparingTo(live.get(live.size() - 1).price());
  }

  @Test
  void candlesRollOver() {
    venue(MANUAL.withMarkets(3), 200);
    Set<String> starts = new HashSet<>();
    for (JsonObject candle : published.contents(SimulatedChannel.CANDLES)) {
      if (candle.getString("ticker").equals("BTC-USD")
          && candle.getString("resolution").equals("1MIN")) {
        starts.add(candle.getString("startedAt"));
      }
    }
    assertThat(starts)
        .containsExactlyInAnyOrder(
            "2025-12-08T16:00:00.000Z",
            "2025-12-08T16:01:00.000Z",
            "2025-12-08T16:02:00.000Z",
            "2025-12-08T16:03:00.000Z");
  }

  @Test
  void candleHistoryIsNewestFirstWithoutHoles() {
    Venue venue = venue(MANUAL.withMarkets(3), 70);
    JsonArray candles =
        new JsonObject(
                venue.initialState(new SimulatedTopic(SimulatedChannel.CANDLES, "ETH-USD/1MIN")))
            .getJsonArray("candles");
    assertThat(candles).hasSize(1000);
    assertThat(candles.getJsonObject(0).getString("startedAt"))
        .isEqualTo("2025-12-08T16:01:00.000Z");
    for (int i = 1; i < candles.size(); i++) {
      java.time.Instant newer =
          java.time.Instant.parse(candles.getJsonObject(i - 1).getString("startedAt"));
      assertThat(candles.getJsonObject(i).getString("startedAt"))
          .isEqualTo(SimulatedClock.iso(newer.minusSeconds(60)));
    }
  }

  @Test
  void positionsEqualTheSumOfFills() {
    Venue venue = venue(MANUAL, 0);
    JsonObject before = parent(venue);
    assertThat(before.getJsonObject("subaccount").getJsonArray("childSubaccounts")).hasSize(2);
    for (int i = 0; i < 600; i++) {
      venue.tick();
    }
    Map<String, BigDecimal> sums = new HashMap<>();
    for (SimulatorRecord.Fill fill : record.fills(SimulatorSettings.DEFAULT_ACCOUNT)) {
      BigDecimal size = new BigDecimal(fill.size());
      sums.merge(
          fill.subaccountNumber() + fill.ticker(),
          fill.side().equals("BUY") ? size : size.negate(),
          BigDecimal::add);
    }
    assertThat(sums).hasSize(4);
    for (Object child :
        parent(venue).getJsonObject("subaccount").getJsonArray("childSubaccounts")) {
      int number = ((JsonObject) child).getInteger("subaccountNumber");
      JsonObject positions = ((JsonObject) child).getJsonObject("openPerpetualPositions");
      for (String ticker : positions.fieldNames()) {
        JsonObject position = positions.getJsonObject(ticker);
        BigDecimal size = new BigDecimal(position.getString("size"));
        assertThat(sums.remove(number + ticker)).isEqualByComparingTo(size);
        assertThat(position.getString("side")).isEqualTo(size.signum() < 0 ? "SHORT" : "LONG");
      }
    }
    assertThat(sums.values()).allSatisfy(left -> assertThat(left).isEqualByComparingTo("0"));
  }

  private static JsonObject parent(Venue venue) {
    String id = SimulatorSettings.DEFAULT_ACCOUNT + "/0";
    return new JsonObject(
        venue.initialState(new SimulatedTopic(SimulatedChannel.PARENT_SUBACCOUNTS, id)));
  }

  @Test
  void accountsTellOfPublishedUpdatesTheProtocolHas() {
    venue(MANUAL, 600);
    Set<String> fields = new HashSet<>();
    Set<String> statuses = new HashSet<>();
    Set<Class<?>> eventIds = new HashSet<>();
    for (JsonObject update : published.contents(SimulatedChannel.SUBACCOUNTS)) {
      fields.addAll(update.fieldNames());
      for (Object order : update.getJsonArray("orders", new JsonArray())) {
        JsonObject object = (JsonObject) order;
        statuses.add(object.getString("status"));
        if (object.getString("status").equals("BEST_EFFORT_OPENED")) {
          assertThat(object.fieldNames())
              .containsExactlyInAnyOrder("id", "clientId", "status", "orderFlags");
        }
      }
      for (Object fill : update.getJsonArray("fills", new JsonArray())) {
        eventIds.add(((JsonObject) fill).getValue("eventId").getClass());
      }
    }
    assertThat(fields)
        .containsExactlyInAnyOrder(
            "orders",
            "fills",
            "perpetualPositions",
            "assetPositions",
            "transfers",
            "tradingReward",
            "blockHeight");
    assertThat(statuses)
        .containsExactlyInAnyOrder(
            "BEST_EFFORT_OPENED",
            "UNTRIGGERED",
            "OPEN",
            "FILLED",
            "BEST_EFFORT_CANCELED",
            "CANCELED");
    assertThat(eventIds).containsExactlyInAnyOrder(String.class, JsonObject.class);
  }

  @Test
  void everyFillIsAPublicTradeToo() {
    venue(MANUAL, 200);
    for (SimulatorRecord.Fill fill : record.fills(SimulatorSettings.DEFAULT_ACCOUNT)) {
      assertThat(record.trades(fill.ticker()))
          .anySatisfy(
              trade -> {
                assertThat(trade.id()).isEqualTo(fill.id());
                assertThat(trade.price()).isEqualTo(fill.price());
                assertThat(trade.size()).isEqualTo(fill.size());
              });
    }
  }

  @Test
  void aNewMarketComesInParts() {
    Venue venue = venue(MANUAL, 3);
    published.clear();
    venue.addMarket("FRESH-USD", new BigDecimal("1.25"));
    venue.tick();
    List<JsonObject> updates =
        published.contents(SimulatedChannel.MARKETS).stream()
            .map(update -> update.getJsonObject("trading", new JsonObject()))
            .map(trading -> trading.getJsonObject("FRESH-USD"))
            .filter(java.util.Objects::nonNull)
            .toList();
    assertThat(updates.get(0).getString("status")).isEqualTo("INITIALIZING");
    assertThat(updates.get(0).containsKey("tickSize")).isFalse();
    assertThat(updates.get(1).getString("status")).isEqualTo("ACTIVE");
    assertThat(updates.get(1).getString("tickSize")).isEqualTo("0.0001");
    assertThat(record.bids("FRESH-USD")).isNotEmpty();
    assertThat(record.tickers()).contains("FRESH-USD");
  }

  @Test
  void allThatIsKnownOfANewMarketIsTold() {
    Venue venue = venue(MANUAL, 3);
    published.clear();
    venue.addMarket("FRESH-USD", new BigDecimal("1.25"));
    venue.tick();
    JsonObject told = new JsonObject();
    for (JsonObject update : published.contents(SimulatedChannel.MARKETS)) {
      for (String part : List.of("trading", "oraclePrices")) {
        told.mergeIn(
            update
                .getJsonObject(part, new JsonObject())
                .getJsonObject("FRESH-USD", new JsonObject()));
      }
    }
    JsonObject state =
        new JsonObject(venue.initialState(SimulatedTopic.MARKETS))
            .getJsonObject("markets")
            .getJsonObject("FRESH-USD");
    assertThat(told.fieldNames()).containsAll(state.fieldNames());
    assertThat(told.getString("nextFundingRate")).isEqualTo(state.getString("nextFundingRate"));
  }

  @Test
  void aChangedTickSizeMovesOrdersOntoTheNewGrid() {
    Venue venue = venue(MANUAL.withMarkets(3), 10);
    venue.changeTickSize("SOL-USD", new BigDecimal("0.001"));
    for (int i = 0; i < 50; i++) {
      venue.tick();
    }
    assertThat(record.bids("SOL-USD").keySet()).anyMatch(price -> price.scale() == 3);
    BigDecimal mid = record.bids("SOL-USD").firstKey();
    assertThat(mid).isBetween(new BigDecimal("130"), new BigDecimal("135"));
  }

  @Test
  void aHaltedMarketDoesNotTrade() {
    Venue venue = venue(MANUAL.withMarkets(3), 10);
    venue.setStatus("BTC-USD", MarketStatus.PAUSED);
    int trades = record.trades("BTC-USD").size();
    for (int i = 0; i < 50; i++) {
      venue.tick();
    }
    assertThat(record.trades("BTC-USD")).hasSize(trades);
  }

  @Test
  void numbersComeInAllShapes() {
    assertThat(VenueNumber.text(new BigDecimal("0.000000004"))).isEqualTo("4e-9");
    assertThat(VenueNumber.text(new BigDecimal("-0.00000012300"))).isEqualTo("-1.23e-7");
    assertThat(VenueNumber.text(new BigDecimal("43240.00"))).isEqualTo("43240");
    assertThat(VenueNumber.text(new BigDecimal("1E+22"))).isEqualTo("1e+22");
    assertThat(VenueNumber.ragged(BigDecimal.valueOf(3))).isEqualTo("3.0");
    venue(MANUAL, 300);
    assertThat(published.all()).anyMatch(frame -> frame.contains("e-7\""));
    assertThat(published.all()).anyMatch(frame -> frame.contains(".0\""));
  }

  @Test
  void theWholeCatalogueLists() {
    Venue venue = venue(MANUAL.withMarkets(300), 20);
    JsonObject markets =
        new JsonObject(venue.initialState(SimulatedTopic.MARKETS)).getJsonObject("markets");
    assertThat(markets.fieldNames()).hasSize(300);
    assertThat(markets.stream())
        .anyMatch(market -> ((JsonObject) market.getValue()).getValue("oraclePrice") == null);
    assertThat(markets.getJsonObject("BTC-USD").fieldNames())
        .contains(
            "clobPairId",
            "ticker",
            "status",
            "oraclePrice",
            "priceChange24H",
            "volume24H",
            "trades24H",
            "nextFundingRate",
            "initialMarginFraction",
            "maintenanceMarginFraction",
            "openInterest",
            "atomicResolution",
            "quantumConversionExponent",
            "tickSize",
            "stepSize",
            "stepBaseQuantums",
            "subticksPerTick",
            "marketType",
            "baseOpenInterest");
    assertThat(markets.getJsonObject("BTC-USD").getString("tickSize")).isEqualTo("1");
    assertThat(markets.getJsonObject("BTC-USD").getInteger("subticksPerTick")).isEqualTo(100_000);
  }
}
