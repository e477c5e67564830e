package io.github.dydxgateway.chaos;

import io.github.dydxgateway.testing.Places;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.PriceLevel;
import java.math.BigDecimal;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** An order book, rebuilt from snapshots and deltas. Not thread safe. */
final class BookContents implements TopicContents {
  private final boolean raw;
  private final LongConsumer changed;
  private final Consumer<String> problems;
  private Levels levels = new Levels();

  /**
   * @param raw whether the book may be crossed
   * @param changed gets each sequence once its event is applied
   */
  BookContents(boolean raw, LongConsumer changed, Consumer<String> problems) {
    this.raw = raw;
    this.changed = changed;
    this.problems = problems;
  }

  /** Two sides, price to size, lowest price first. */
  static final class Levels {
    private final NavigableMap<BigDecimal, BigDecimal> bids = new TreeMap<>();
    private final NavigableMap<BigDecimal, BigDecimal> asks = new TreeMap<>();
    private long hash;

    NavigableMap<BigDecimal, BigDecimal> bids() {
      return bids;
    }

    NavigableMap<BigDecimal, BigDecimal> asks() {
      return asks;
    }

    /** Changes with every level, and is the same for the same levels. */
    long hash() {
      return hash;
    }

    boolean isCrossed() {
      return !bids.isEmpty() && !asks.isEmpty() && bids.lastKey().compareTo(asks.firstKey()) >= 0;
    }

    private void set(boolean bid, List<PriceLevel> changes, int priceScale, int sizeScale) {
      NavigableMap<BigDecimal, BigDecimal> side = bid ? bids : asks;
      for (PriceLevel level : changes) {
        BigDecimal price = Decimals.of(level.getPrice(), priceScale);
        BigDecimal size = Decimals.of(level.getSize(), sizeScale);
        BigDecimal before = size.signum() == 0 ? side.remove(price) : side.put(price, size);
        hash -= before == null ? 0 : hash(bid, price, before);
        hash += size.signum() == 0 ? 0 : hash(bid, price, size);
      }
    }

    private static long hash(boolean bid, BigDecimal price, BigDecimal size) {
      long mixed = (price.hashCode() * 31L + size.hashCode()) * 2 + (bid ? 1 : 0);
      mixed *= 0x9E3779B97F4A7C15L;
      return mixed ^ (mixed >>> 32);
    }

    @Override
    public String toString() {
      return "bids " + bids + " asks " + asks;
    }
  }

  static Levels levels(OrderBookSnapshot book) {
    Levels levels = new Levels();
    levels.set(true, book.getBidsList(), book.getPriceScale(), book.getSizeScale());
    levels.set(false, book.getAsksList(), book.getPriceScale(), book.getSizeScale());
    return levels;
  }

  @Override
  public void joined() {
    levels = new Levels();
  }

  @Override
  public void gap() {}

  @Override
  public void snapshot(Event event) {
    levels = levels(event.getOrderBookSnapshot());
    check(event);
  }

  @Override
  public void update(Event event) {
    OrderBookDelta delta = event.getOrderBookDelta();
    levels.set(true, delta.getBidsList(), delta.getPriceScale(), delta.getSizeScale());
    levels.set(false, delta.getAsksList(), delta.getPriceScale(), delta.getSizeScale());
    check(event);
  }

  private void check(Event event) {
    if (!raw && levels.isCrossed()) {
      problems.accept("the book is crossed at " + Places.of(event));
    }
    changed.accept(Places.of(event));
  }

  @Override
  public Object holds() {
    return levels.toString();
  }

  Levels levels() {
    return levels;
  }
}
