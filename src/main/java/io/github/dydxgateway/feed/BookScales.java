package io.github.dydxgateway.feed;

import io.github.dydxgateway.instrument.Instrument;
import io.github.dydxgateway.stream.state.FixedPoint;

/**
 * Digits after the point in all messages about a book. They are fixed for a snapshot and stay until
 * the next, so that a client may key its book by integers: the instrument's, or more where one of
 * the book's values needs them.
 *
 * <p>They are fewer than those of the book itself where a value that is long gone has raised these.
 */
final class BookScales {
  private int price;
  private int size;

  int price() {
    return price;
  }

  int size() {
    return size;
  }

  /**
   * Fixes them for a snapshot of any of the books, which have the same scales; a size that is left
   * of a crossed level is in the uncrossed one alone. A book keeps fewer digits than the
   * instrument's until its next state.
   */
  void fix(OrderBook published, OrderBook uncrossed, Instrument instrument) {
    price = Math.min(instrument.priceScale(), published.priceScale());
    size = Math.min(instrument.sizeScale(), published.sizeScale());
    cover(published);
    cover(uncrossed);
  }

  private void cover(OrderBook book) {
    cover(book, book.bids());
    cover(book, book.asks());
  }

  private void cover(OrderBook book, BookSide side) {
    for (int depth = 0; depth < side.count() && !areThoseOf(book); depth++) {
      price = FixedPoint.smallestScale(side.price(depth), book.priceScale(), price);
      size = FixedPoint.smallestScale(side.size(depth), book.sizeScale(), size);
    }
  }

  private boolean areThoseOf(OrderBook book) {
    return price == book.priceScale() && size == book.sizeScale();
  }

  /** Whether the levels that the last frame touched can be expressed. */
  boolean fit(OrderBook book) {
    return areThoseOf(book) || (fit(book, book.touchedBids()) && fit(book, book.touchedAsks()));
  }

  private boolean fit(OrderBook book, TouchedLevels touched) {
    for (int i = 0; i < touched.count(); i++) {
      if (!fits(touched.price(i), book.priceScale(), price)
          || !fits(touched.size(i), book.sizeScale(), size)) {
        return false;
      }
    }
    return true;
  }

  private static boolean fits(long value, int scale, int target) {
    return value == 0
        || (FixedPoint.smallestScale(value, scale, Math.min(scale, target)) <= target
            && FixedPoint.rescale(value, scale, target) != FixedPoint.OVERFLOW);
  }

  long price(OrderBook book, long value) {
    return FixedPoint.rescale(value, book.priceScale(), price);
  }

  long size(OrderBook book, long value) {
    return FixedPoint.rescale(value, book.sizeScale(), size);
  }
}
