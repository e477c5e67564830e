package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The simulator's own log of the truth, for tests to compare with. Thread-safe; every answer is a
 * copy. It keeps the last {@value #MOST_TRADES} trades of each ticker, {@value #MOST_FILLS} fills
 * of each account and {@value #MOST_BLOCKS} block heights.
 *
 * <p>Books are kept by applying the published changes, not by looking into the market model.
 */
public final class SimulatorRecord {

  static final int MOST_TRADES = 100_000;
  static final int MOST_FILLS = 100_000;
  static final int MOST_BLOCKS = 100_000;

  private final Map<String, Deque<Trade>> trades = new LinkedHashMap<>();
  private final Map<String, NavigableMap<BigDecimal, BigDecimal>> bids = new LinkedHashMap<>();
  private final Map<String, NavigableMap<BigDecimal, BigDecimal>> asks = new LinkedHashMap<>();
  private final Map<String, Candle> lastCandles = new LinkedHashMap<>();
  private final Map<String, Deque<Fill>> fills = new LinkedHashMap<>();
  private final Deque<Long> blockHeights = new ArrayDeque<>();

  SimulatorRecord() {}

  /**
   * A trade, as published: decimals are the very text.
   *
   * @param side {@code BUY} or {@code SELL}: the taker's
   * @param createdAt ISO-8601
   */
  public record Trade(
      String id,
      String side,
      String price,
      String size,
      String type,
      String createdAt,
      long createdAtHeight) {}

  /** A candle, as last published: decimals are the very text, {@code startedAt} is ISO-8601. */
  public record Candle(
      String startedAt,
      String open,
      String high,
      String low,
      String close,
      String baseTokenVolume,
      String usdVolume,
      int trades) {}

  /** A fill of a private account, as published. */
  public record Fill(
      String id,
      int subaccountNumber,
      String ticker,
      String side,
      String price,
      String size,
      long createdAtHeight) {}

  /** Tickers of all markets in the order of their listing, renamed and removed ones included. */
  public synchronized List<String> tickers() {
    return List.copyOf(bids.keySet());
  }

  /** All trades of a ticker, oldest first, those from before the start included. */
  public synchronized List<Trade> trades(String ticker) {
    return List.copyOf(trades.getOrDefault(ticker, new ArrayDeque<>()));
  }

  /** The raw bids as published, crossing ones included: price to size, highest first. */
  public synchronized NavigableMap<BigDecimal, BigDecimal> bids(String ticker) {
    return new TreeMap<>(bids.getOrDefault(ticker, highestFirst()));
  }

  /** The raw asks as published, crossing ones included: price to size, lowest first. */
  public synchronized NavigableMap<BigDecimal, BigDecimal> asks(String ticker) {
    return new TreeMap<>(asks.getOrDefault(ticker, new TreeMap<>()));
  }

  /** The candle last published for a ticker and a resolution such as {@code 1MIN}. */
  public synchronized Optional<Candle> lastCandle(String ticker, String resolution) {
    return Optional.ofNullable(lastCandles.get(ticker + "/" + resolution));
  }

  /** Height of the newest block published; 0 before the first. */
  public synchronized long blockHeight() {
    return blockHeights.isEmpty() ? 0 : blockHeights.getLast();
  }

  /** Heights of all blocks published, oldest first. */
  public synchronized List<Long> blockHeights() {
    return List.copyOf(blockHeights);
  }

  /** All fills of an address, those of its child subaccounts included, oldest first. */
  public synchronized List<Fill> fills(String address) {
    return new ArrayList<>(fills.getOrDefault(address, new ArrayDeque<>()));
  }

  synchronized void market(String ticker) {
    bids.put(ticker, highestFirst());
    asks.put(ticker, new TreeMap<>());
  }

  synchronized void trade(String ticker, Trade trade) {
    append(trades.computeIfAbsent(ticker, key -> new ArrayDeque<>()), trade, MOST_TRADES);
  }

  synchronized void level(
      String ticker, SimulatedBookSide side, BigDecimal price, BigDecimal size) {
    Map<BigDecimal, BigDecimal> levels = (side == SimulatedBookSide.BID ? bids : asks).get(ticker);
    if (size.signum() == 0) {
      levels.remove(price);
    } else {
      levels.put(price, size);
    }
  }

  synchronized void candle(String ticker, String resolution, Candle candle) {
    lastCandles.put(ticker + "/" + resolution, candle);
  }

  synchronized void block(long height) {
    append(blockHeights, height, MOST_BLOCKS);
  }

  synchronized void fill(String address, Fill fill) {
    append(fills.computeIfAbsent(address, key -> new ArrayDeque<>()), fill, MOST_FILLS);
  }

  private static <T> void append(Deque<T> log, T entry, int most) {
    log.addLast(entry);
    if (log.size() > most) {
      log.removeFirst();
    }
  }

  private static NavigableMap<BigDecimal, BigDecimal> highestFirst() {
    return new TreeMap<>(Comparator.reverseOrder());
  }
}
