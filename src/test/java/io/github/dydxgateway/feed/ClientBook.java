package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.Quote;
import java.math.BigDecimal;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A book as a client keeps it; strict about what it is told. */
final class ClientBook {
  private final NavigableMap<BigDecimal, BigDecimal> bids = new TreeMap<>();
  private final NavigableMap<BigDecimal, BigDecimal> asks = new TreeMap<>();

  void replace(OrderBookSnapshot snapshot) {
    bids.clear();
    asks.clear();
    checkOrder(snapshot.getBidsList(), -1);
    checkOrder(snapshot.getAsksList(), 1);
    snapshot
        .getBidsList()
        .forEach(level -> add(bids, level, snapshot.getPriceScale(), snapshot.getSizeScale()));
    snapshot
        .getAsksList()
        .forEach(level -> add(asks, level, snapshot.getPriceScale(), snapshot.getSizeScale()));
  }

  private static void add(
      NavigableMap<BigDecimal, BigDecimal> side, PriceLevel level, int priceScale, int sizeScale) {
    assertThat(level.getSize()).isPositive();
    set(side, number(level.getPrice(), priceScale), number(level.getSize(), sizeScale));
  }

  /**
   * @param onlyChanges whether levels that are as they were must not be told
   */
  void apply(OrderBookDelta delta, boolean onlyChanges) {
    assertThat(delta.getBidsCount() + delta.getAsksCount()).as("levels of a delta").isPositive();
    checkOrder(delta.getBidsList(), -1);
    checkOrder(delta.getAsksList(), 1);
    apply(bids, delta.getBidsList(), delta, onlyChanges);
    apply(asks, delta.getAsksList(), delta, onlyChanges);
  }

  private static void apply(
      NavigableMap<BigDecimal, BigDecimal> side,
      List<PriceLevel> levels,
      OrderBookDelta delta,
      boolean onlyChanges) {
    for (PriceLevel level : levels) {
      BigDecimal price = number(level.getPrice(), delta.getPriceScale());
      BigDecimal size = number(level.getSize(), delta.getSizeScale());
      if (onlyChanges) {
        assertThat(size)
            .as("change of level %s", price)
            .isNotEqualTo(side.getOrDefault(price, BigDecimal.ZERO));
      }
      set(side, price, size);
    }
  }

  /** A quote has to differ from the one before; after a new state it may be the same again. */
  void replace(Quote quote) {
    bids.clear();
    asks.clear();
    set(
        bids,
        number(quote.getBidPrice(), quote.getPriceScale()),
        number(quote.getBidSize(), quote.getSizeScale()));
    set(
        asks,
        number(quote.getAskPrice(), quote.getPriceScale()),
        number(quote.getAskSize(), quote.getSizeScale()));
  }

  void set(boolean bid, BigDecimal price, BigDecimal size) {
    set(bid ? bids : asks, price, size);
  }

  private static void set(
      NavigableMap<BigDecimal, BigDecimal> side, BigDecimal price, BigDecimal size) {
    if (size.signum() == 0) {
      side.remove(price);
    } else {
      side.put(price, size);
    }
  }

  /** Only the best level of each side. */
  ClientBook best() {
    ClientBook best = new ClientBook();
    if (!bids.isEmpty()) {
      best.bids.put(bids.lastKey(), bids.lastEntry().getValue());
    }
    if (!asks.isEmpty()) {
      best.asks.put(asks.firstKey(), asks.firstEntry().getValue());
    }
    return best;
  }

  boolean isCrossed() {
    return !bids.isEmpty() && !asks.isEmpty() && bids.lastKey().compareTo(asks.firstKey()) >= 0;
  }

  private static void checkOrder(List<PriceLevel> levels, int direction) {
    for (int i = 1; i < levels.size(); i++) {
      assertThat(Long.compare(levels.get(i).getPrice(), levels.get(i - 1).getPrice()))
          .as("order of %s", levels)
          .isEqualTo(direction);
    }
  }

  private static BigDecimal number(long unscaled, int scale) {
    return BigDecimal.valueOf(unscaled, scale).stripTrailingZeros();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClientBook book && bids.equals(book.bids) && asks.equals(book.asks);
  }

  @Override
  public int hashCode() {
    return bids.hashCode() * 31 + asks.hashCode();
  }

  @Override
  public String toString() {
    return "bids " + bids.descendingMap() + " asks " + asks;
  }
}
