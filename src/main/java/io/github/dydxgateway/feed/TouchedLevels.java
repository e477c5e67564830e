package io.github.dydxgateway.feed;

import io.github.dydxgateway.stream.state.FixedPoint;
import java.util.Arrays;

/**
 * The levels of one side that a frame touched, each once, sorted by price, with the size they had
 * before and the one they have now. Reused from frame to frame. Not thread safe.
 */
final class TouchedLevels {
  private long[] prices = new long[32];
  private long[] sizesBefore = new long[32];
  private long[] sizes = new long[32];
  private int count;

  void clear() {
    count = 0;
  }

  /** Notes a level; of one that is noted already, its new size. */
  void note(long price, long sizeBefore, long size) {
    int index = Arrays.binarySearch(prices, 0, count, price);
    if (index >= 0) {
      sizes[index] = size;
      return;
    }
    int at = -index - 1;
    if (count == prices.length) {
      prices = Arrays.copyOf(prices, count * 2);
      sizesBefore = Arrays.copyOf(sizesBefore, count * 2);
      sizes = Arrays.copyOf(sizes, count * 2);
    }
    System.arraycopy(prices, at, prices, at + 1, count - at);
    System.arraycopy(sizesBefore, at, sizesBefore, at + 1, count - at);
    System.arraycopy(sizes, at, sizes, at + 1, count - at);
    prices[at] = price;
    sizesBefore[at] = sizeBefore;
    sizes[at] = size;
    count++;
  }

  /** Whether all levels can have other scales. */
  boolean canRescale(int fromPriceScale, int toPriceScale, int fromSizeScale, int toSizeScale) {
    return FixedPoint.canRescale(prices, count, fromPriceScale, toPriceScale)
        && FixedPoint.canRescale(sizesBefore, count, fromSizeScale, toSizeScale)
        && FixedPoint.canRescale(sizes, count, fromSizeScale, toSizeScale);
  }

  /** Gives all levels other scales, which they must be able to have. */
  void rescale(int fromPriceScale, int toPriceScale, int fromSizeScale, int toSizeScale) {
    FixedPoint.rescale(prices, count, fromPriceScale, toPriceScale);
    FixedPoint.rescale(sizesBefore, count, fromSizeScale, toSizeScale);
    FixedPoint.rescale(sizes, count, fromSizeScale, toSizeScale);
  }

  /** The smallest scale, at least {@code least}, that prices now of {@code scale} need. */
  int smallestPriceScale(int scale, int least) {
    return FixedPoint.smallestScale(prices, count, scale, least);
  }

  /** The smallest scale, at least {@code least}, that sizes now of {@code scale} need. */
  int smallestSizeScale(int scale, int least) {
    int smallest = FixedPoint.smallestScale(sizesBefore, count, scale, least);
    return FixedPoint.smallestScale(sizes, count, scale, smallest);
  }

  int count() {
    return count;
  }

  /** Prices rise with the index. */
  long price(int index) {
    return prices[index];
  }

  long sizeBefore(int index) {
    return sizesBefore[index];
  }

  /** The present size; 0 if the level is gone. */
  long size(int index) {
    return sizes[index];
  }
}
