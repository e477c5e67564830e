package io.github.dydxgateway.feed;

import io.github.dydxgateway.stream.state.FixedPoint;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The levels of a book that have changed since a moment, by price, and when they changed last. Kept
 * only while a state is awaited that the book is compared with. Not thread safe.
 */
final class BookChanges {
  private final Map<BigDecimal, Long> bids = new HashMap<>();
  private final Map<BigDecimal, Long> asks = new HashMap<>();

  /**
   * Notes levels.
   *
   * @param nowNanos nanoseconds of any origin
   */
  void note(boolean bid, TouchedLevels touched, int priceScale, long nowNanos) {
    for (int i = 0; i < touched.count(); i++) {
      of(bid).put(FixedPoint.key(touched.price(i), priceScale), nowNanos);
    }
  }

  boolean contain(boolean bid, BigDecimal price) {
    return of(bid).containsKey(price);
  }

  /** Gives the prices of the levels that have not changed since that moment. */
  void forEachBefore(boolean bid, long nanos, Consumer<BigDecimal> action) {
    of(bid)
        .forEach(
            (price, changedAtNanos) -> {
              if (changedAtNanos - nanos <= 0) {
                action.accept(price);
              }
            });
  }

  private Map<BigDecimal, Long> of(boolean bid) {
    return bid ? bids : asks;
  }
}
