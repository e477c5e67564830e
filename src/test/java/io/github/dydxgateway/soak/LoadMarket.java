package io.github.dydxgateway.soak;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One market of a {@link LoadVenue}: a small book and numbered trades, both made from counters, so
 * that nothing has to be kept and a client can check what it got. Belongs to the venue's loop.
 */
final class LoadMarket {
  /** Digits after the point of the sizes; prices have none. */
  static final int SIZE_SCALE = 4;

  /** Digits of a trade's id, which is its number in hexadecimal. */
  private static final int ID_DIGITS = 24;

  private static final int TRADES_KEPT = 1000;
  private static final int TRADES_A_FRAME = 2;
  private static final int LEVELS = 10;
  private static final int BEST_BID = 1000;
  private static final int SIZES = 9973;

  private final String ticker;
  private final NavigableMap<Integer, Integer> bids = new TreeMap<>(Collections.reverseOrder());
  private final NavigableMap<Integer, Integer> asks = new TreeMap<>();
  private long bookChanges;
  private long lastTrade = TRADES_KEPT;

  LoadMarket(String ticker) {
    this.ticker = ticker;
    for (int level = 0; level < LEVELS; level++) {
      bids.put(BEST_BID - level, 1 + level);
      asks.put(BEST_BID + 1 + level, 1 + level);
    }
  }

  String ticker() {
    return ticker;
  }

  /** What a client's book should be: sizes in units of {@link #SIZE_SCALE} digits. */
  record Book(Map<Long, Long> bids, Map<Long, Long> asks) {}

  /** The book as it is. */
  Book book() {
    return new Book(longs(bids), longs(asks));
  }

  private static Map<Long, Long> longs(Map<Integer, Integer> side) {
    Map<Long, Long> copy = new TreeMap<>();
    side.forEach((price, size) -> copy.put((long) price, (long) size));
    return copy;
  }

  /** Number of the trade published last. */
  long lastTrade() {
    return lastTrade;
  }

  /** Changes one level; every other time the best, which changes the quote as well. */
  String changeBook() {
    long change = bookChanges++;
    boolean bid = (change & 2) == 0;
    int level = (change & 1) == 0 ? 0 : (int) (change / 4 % LEVELS);
    int price = bid ? BEST_BID - level : BEST_BID + 1 + level;
    NavigableMap<Integer, Integer> side = bid ? bids : asks;
    boolean removed = level > LEVELS / 2 && side.containsKey(price);
    int size = removed ? 0 : 1 + (int) (change % SIZES);
    if (removed) {
      side.remove(price);
    } else {
      side.put(price, size);
    }
    return "{\"%s\":[[\"%d\",\"%s\"]]}".formatted(bid ? "bids" : "asks", price, decimal(size));
  }

  /** Contents of the initial state of {@code v4_orderbook}. */
  String bookState() {
    return "{\"bids\":" + levels(bids) + ",\"asks\":" + levels(asks) + "}";
  }

  private static String levels(Map<Integer, Integer> side) {
    List<String> levels = new ArrayList<>();
    side.forEach(
        (price, size) ->
            levels.add("{\"price\":\"%d\",\"size\":\"%s\"}".formatted(price, decimal(size))));
    return levels.toString();
  }

  private static String decimal(int size) {
    return "%d.%04d".formatted(size / 10_000, size % 10_000);
  }

  /** Makes new trades. */
  String trade() {
    long first = lastTrade + 1;
    lastTrade += TRADES_A_FRAME;
    StringBuilder json = new StringBuilder("{\"trades\":[");
    for (long number = first; number <= lastTrade; number++) {
      appendTrade(json, number);
    }
    return end(json);
  }

  /** Contents of the initial state of {@code v4_trades}: newest first. */
  String tradesState() {
    StringBuilder json = new StringBuilder(200 * TRADES_KEPT).append("{\"trades\":[");
    for (long number = lastTrade; number > lastTrade - TRADES_KEPT; number--) {
      appendTrade(json, number);
    }
    return end(json);
  }

  private static void appendTrade(StringBuilder json, long number) {
    String digits = Long.toHexString(number);
    json.append("{\"id\":\"")
        .append("0".repeat(ID_DIGITS - digits.length()))
        .append(digits)
        .append("\",\"side\":\"")
        .append(number % 3 == 0 ? "SELL" : "BUY")
        .append("\",\"size\":\"0.0001\",\"price\":\"")
        .append(BEST_BID + number % 2)
        .append("\",\"type\":\"LIMIT\",\"createdAt\":\"2025-12-08T16:11:30.590Z\"")
        .append(",\"createdAtHeight\":\"")
        .append(number / TRADES_A_FRAME)
        .append("\"},");
  }

  private static String end(StringBuilder json) {
    json.setCharAt(json.length() - 1, ']');
    return json.append('}').toString();
  }

  /** Its entry in the initial state of {@code v4_markets}. */
  String definition() {
    return """
    "%s":{"clobPairId":"0","ticker":"%s","status":"ACTIVE","oraclePrice":"1000","tickSize":"1",\
    "stepSize":"0.0001","marketType":"CROSS"}\
    """
        .formatted(ticker, ticker);
  }
}
