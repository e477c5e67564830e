package io.github.dydxgateway.chaos;

import io.github.dydxgateway.simulator.SimulatorRecord;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.SubaccountTopic;
import io.github.dydxgateway.v1.Topic;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Compares the clients' records with the venue's own, once the venue has fallen silent and
 * everything has come through. Not thread safe.
 */
final class Oracle {
  /**
   * What a gap was announced for may come nevertheless: from a connection that is behind, or from a
   * later state of the venue.
   */
  private static final boolean MAY_BE_LATE = true;

  private final SimulatorRecord record;
  private final StateOf stateOf;
  private final Problems problems;
  private final Set<String> removed;

  /** What the venue itself says now: contents of a channel's initial state. */
  interface StateOf {
    JsonObject channel(String channel, String id);
  }

  /**
   * @param removed tickers that the venue has removed without an announcement: clients may have
   *     them until the venue's next full state
   */
  Oracle(SimulatorRecord record, StateOf stateOf, Problems problems, Set<String> removed) {
    this.removed = removed;
    this.record = record;
    this.stateOf = stateOf;
    this.problems = problems;
  }

  /**
   * Compares everything.
   *
   * @param all every record of the round
   * @param present those of clients that have the topic now and are up to date
   */
  void judge(List<TopicLog> all, List<TopicLog> present) {
    lists(all, present);
    Agreement agreement = new Agreement(problems);
    Map<Topic, TopicLog> one = new HashMap<>();
    for (TopicLog log : present) {
      agreement.state(log.who(), log.topic(), log.last(), log.contents().holds());
      one.put(log.topic(), log);
    }
    one.forEach((topic, log) -> state(topic, log, one));
  }

  // ---- what comes once and in order

  private void lists(List<TopicLog> all, List<TopicLog> present) {
    Map<Listed, Map<String, Long>> earliest = new HashMap<>();
    for (TopicLog log : all) {
      listsOf(log)
          .forEach(
              (listed, list) ->
                  list.noteEarliest(earliest.computeIfAbsent(listed, key -> new HashMap<>())));
    }
    Map<Listed, VenueLog.Sequence<?>> published = new HashMap<>();
    for (TopicLog log : all) {
      listsOf(log)
          .forEach(
              (listed, list) ->
                  list.problems(
                          published.computeIfAbsent(listed, this::published),
                          earliest.get(listed),
                          present.contains(log),
                          MAY_BE_LATE)
                      .forEach(problem -> report(log, problem)));
      if (log.contents() instanceof TradesContents trades) {
        values(log, trades);
      }
    }
  }

  /**
   * Something that has an order.
   *
   * @param subaccountNumber 0 where there are none
   */
  private record Listed(Topic topic, int subaccountNumber) {}

  private static Map<Listed, OnceInOrder> listsOf(TopicLog log) {
    Listed whole = new Listed(log.topic(), 0);
    if (log.contents() instanceof TradesContents trades) {
      return Map.of(whole, trades.order());
    } else if (log.contents() instanceof BlocksContents blocks) {
      return Map.of(whole, blocks.order());
    }
    Map<Listed, OnceInOrder> lists = new HashMap<>();
    if (log.contents() instanceof AccountContents account) {
      account.fills().forEach((number, list) -> lists.put(new Listed(log.topic(), number), list));
    }
    return lists;
  }

  private VenueLog.Sequence<?> published(Listed listed) {
    Topic topic = listed.topic;
    return switch (topic.getKindCase()) {
      case TRADES ->
          new VenueLog.Sequence<>(
              record.trades(VenueLog.ticker(topic.getTrades().getInstrumentId())),
              SimulatorRecord.Trade::id);
      case BLOCK_HEIGHT -> new VenueLog.Sequence<>(record.blockHeights(), String::valueOf);
      case SUBACCOUNT -> fills(topic.getSubaccount().getAddress(), listed.subaccountNumber);
      case PARENT_SUBACCOUNT ->
          fills(topic.getParentSubaccount().getAddress(), listed.subaccountNumber);
      default -> throw new IllegalArgumentException("no list: " + topic);
    };
  }

  private VenueLog.Sequence<?> fills(String address, int number) {
    return new VenueLog.Sequence<>(
        record.fills(address).stream().filter(fill -> fill.subaccountNumber() == number).toList(),
        SimulatorRecord.Fill::id);
  }

  private final Map<String, Map<String, SimulatorRecord.Trade>> tradesById = new HashMap<>();

  private void values(TopicLog log, TradesContents trades) {
    String ticker = VenueLog.ticker(log.topic().getTrades().getInstrumentId());
    if (tradesById.containsKey(ticker)) {
      return; // all clients of a round share what is known of the trades
    }
    Map<String, SimulatorRecord.Trade> byId = new HashMap<>();
    record.trades(ticker).forEach(trade -> byId.put(trade.id(), trade));
    tradesById.put(ticker, byId);
    trades
        .known()
        .byId()
        .forEach(
            (id, seen) -> {
              SimulatorRecord.Trade trade = byId.get(id);
              if (trade != null
                  && !seen.equals(
                      new TradesContents.Seen(
                          id,
                          "SIDE_" + trade.side(),
                          Decimals.of(trade.price()),
                          Decimals.of(trade.size()),
                          trade.createdAtHeight()))) {
                report(log, "got " + seen + " of " + trade);
              }
            });
  }

  // ---- what has a state

  private void state(Topic topic, TopicLog log, Map<Topic, TopicLog> one) {
    switch (topic.getKindCase()) {
      case ORDER_BOOK -> book(log, (BookContents) log.contents(), topic.getOrderBook().getRaw());
      case QUOTES -> quote(log, one);
      case CANDLES -> candle(log);
      case MARKETS -> markets(log, (MarketsContents) log.contents());
      case BLOCK_HEIGHT -> same(log, "height", log.contents().holds(), record.blockHeight());
      case SUBACCOUNT -> {
        SubaccountTopic account = topic.getSubaccount();
        JsonObject contents =
            stateOf.channel(
                "v4_subaccounts", account.getAddress() + "/" + account.getSubaccountNumber());
        account(log, List.of(contents.getJsonObject("subaccount", new JsonObject())));
      }
      case PARENT_SUBACCOUNT -> {
        JsonObject contents =
            stateOf.channel(
                "v4_parent_subaccounts",
                topic.getParentSubaccount().getAddress()
                    + "/"
                    + topic.getParentSubaccount().getSubaccountNumber());
        account(
            log,
            contents.getJsonObject("subaccount").getJsonArray("childSubaccounts").stream()
                .map(child -> (JsonObject) child)
                .toList());
      }
      default -> {}
    }
  }

  private void book(TopicLog log, BookContents book, boolean raw) {
    String ticker = VenueLog.ticker(log.topic().getOrderBook().getInstrumentId());
    Map<BigDecimal, BigDecimal> bids = plain(record.bids(ticker));
    Map<BigDecimal, BigDecimal> asks = plain(record.asks(ticker));
    if (raw) {
      same(log, "bids", book.levels().bids(), bids);
      same(log, "asks", book.levels().asks(), asks);
    } else {
      // What uncrossing has taken away depends on when levels changed; what is left is the venue's.
      within(log, "bid", book.levels().bids(), bids);
      within(log, "ask", book.levels().asks(), asks);
    }
  }

  private void within(
      TopicLog log,
      String side,
      Map<BigDecimal, BigDecimal> levels,
      Map<BigDecimal, BigDecimal> published) {
    levels.forEach(
        (price, size) -> {
          BigDecimal all = published.get(price);
          if (all == null || size.compareTo(all) > 0) {
            report(log, "has %s %s of %s, the venue %s".formatted(side, size, price, all));
          }
        });
  }

  private static NavigableMap<BigDecimal, BigDecimal> plain(Map<BigDecimal, BigDecimal> levels) {
    NavigableMap<BigDecimal, BigDecimal> plain = new TreeMap<>();
    levels.forEach((price, size) -> plain.put(Decimals.plain(price), Decimals.plain(size)));
    return plain;
  }

  private void quote(TopicLog log, Map<Topic, TopicLog> one) {
    Topic.Builder book = Topic.newBuilder();
    book.getOrderBookBuilder().setInstrumentId(log.topic().getQuotes().getInstrumentId());
    TopicLog uncrossed = one.get(book.build());
    if (uncrossed != null) {
      BookContents.Levels levels = ((BookContents) uncrossed.contents()).levels();
      Map.Entry<BigDecimal, BigDecimal> bid = levels.bids().lastEntry();
      Map.Entry<BigDecimal, BigDecimal> ask = levels.asks().firstEntry();
      same(
          log,
          "quote",
          log.contents().holds(),
          List.of(price(bid), size(bid), price(ask), size(ask)));
    }
  }

  private static BigDecimal price(Map.Entry<BigDecimal, BigDecimal> level) {
    return level == null ? BigDecimal.ZERO : level.getKey();
  }

  private static BigDecimal size(Map.Entry<BigDecimal, BigDecimal> level) {
    return level == null ? BigDecimal.ZERO : level.getValue();
  }

  private void candle(TopicLog log) {
    CandleResolution resolution = log.topic().getCandles().getResolution();
    String ticker = VenueLog.ticker(log.topic().getCandles().getInstrumentId());
    String name = resolution.name().substring("CANDLE_RESOLUTION_".length());
    SimulatorRecord.Candle last = record.lastCandle(ticker, name).orElse(null);
    if (last == null) {
      return;
    }
    TreeMap<Long, CandlesContents.Held> held =
        new TreeMap<>(((CandlesContents) log.contents()).holds());
    List<BigDecimal> expected =
        List.of(
            Decimals.of(last.open()),
            Decimals.of(last.high()),
            Decimals.of(last.low()),
            Decimals.of(last.close()),
            Decimals.of(last.baseTokenVolume()),
            Decimals.of(last.usdVolume()));
    same(
        log,
        "last candle",
        held.lastEntry(),
        Map.entry(
            Instant.parse(last.startedAt()).getEpochSecond() * 1_000_000_000L,
            new CandlesContents.Held(expected, last.trades(), false)));
    venueCandles(log, held, ticker + "/" + name);
  }

  private void venueCandles(TopicLog log, TreeMap<Long, CandlesContents.Held> held, String id) {
    for (Object one : stateOf.channel("v4_candles", id).getJsonArray("candles")) {
      JsonObject candle = (JsonObject) one;
      long start = Instant.parse(candle.getString("startedAt")).getEpochSecond() * 1_000_000_000L;
      if (start < held.firstKey()) {
        continue;
      }
      List<BigDecimal> values =
          List.of(
              Decimals.of(candle.getString("open")),
              Decimals.of(candle.getString("high")),
              Decimals.of(candle.getString("low")),
              Decimals.of(candle.getString("close")),
              Decimals.of(candle.getString("baseTokenVolume")),
              Decimals.of(candle.getString("usdVolume")));
      same(
          log,
          "candle of " + candle.getString("startedAt"),
          held.get(start),
          new CandlesContents.Held(values, candle.getLong("trades"), start < held.lastKey()));
    }
  }

  /** The other figures move between the venue's updates, which tell of a few markets each. */
  private void markets(TopicLog log, MarketsContents contents) {
    JsonObject markets = stateOf.channel("v4_markets", null).getJsonObject("markets");
    contents
        .statistics()
        .forEach(
            (instrument, fields) -> {
              String ticker = VenueLog.ticker(instrument);
              JsonObject market = markets.getJsonObject(ticker);
              if (market == null) {
                if (!removed.contains(ticker)) {
                  report(log, "has " + instrument + ", which the venue does not list");
                }
                return;
              }
              String of = instrument + " ";
              sameDecimal(log, of + "oracle_price", fields, market.getString("oraclePrice"));
              sameDecimal(
                  log, of + "next_funding_rate", fields, market.getString("nextFundingRate"));
              same(
                  log,
                  of + "status",
                  fields.get("status"),
                  "INSTRUMENT_STATUS_" + market.getString("status"));
            });
  }

  private void sameDecimal(TopicLog log, String what, Map<String, String> fields, String expected) {
    String got = fields.get(what.substring(what.indexOf(' ') + 1));
    Supplier<Object> held = () -> got == null ? null : Decimals.of(got);
    same(log, what, held.get(), expected == null ? null : Decimals.of(expected));
  }

  private void account(TopicLog log, List<JsonObject> subaccounts) {
    Map<String, BigDecimal> positions = new TreeMap<>();
    Map<String, BigDecimal> balances = new TreeMap<>();
    for (JsonObject subaccount : subaccounts) {
      String number = "/" + subaccount.getInteger("subaccountNumber");
      JsonObject open = subaccount.getJsonObject("openPerpetualPositions", new JsonObject());
      for (String ticker : open.fieldNames()) {
        positions.put(
            ticker + "-PERP.DYDX" + number,
            Decimals.of(open.getJsonObject(ticker).getString("size")));
      }
      JsonObject assets = subaccount.getJsonObject("assetPositions", new JsonObject());
      for (String symbol : assets.fieldNames()) {
        balances.put(symbol + number, Decimals.of(assets.getJsonObject(symbol).getString("size")));
      }
    }
    AccountContents account = (AccountContents) log.contents();
    same(log, "positions", account.positions(), positions);
    same(log, "balances", account.balances(), balances);
  }

  private void same(TopicLog log, String what, Object got, Object expected) {
    if (got == null ? expected != null : !got.equals(expected)) {
      report(log, "%s is %s, at the venue %s".formatted(what, got, expected));
    }
  }

  private void report(TopicLog log, String problem) {
    problems.add(
        "%s, %s: %s (gaps %s)"
            .formatted(log.who(), Agreement.name(log.topic()), problem, log.gaps()));
  }
}
