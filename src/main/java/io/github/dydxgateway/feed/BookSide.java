package io.github.dydxgateway.feed;

import java.util.Arrays;

/**
 * One side of a book, kept sorted with the best level last: most changes are near the best price
 * and move few levels. Not thread safe.
 */
final class BookSide {
  /** Levels kept at most; the venue has some hundreds. */
  static final int MAX_LEVELS = 50_000;

  private final boolean bids;
  private long[] prices = new long[128];
  private long[] sizes = new long[128];
  private long[] times = new long[128];
  private int count;

  BookSide(boolean bids) {
    this.bids = bids;
  }

  int count() {
    return count;
  }

  boolean isEmpty() {
    return count == 0;
  }

  boolean isFull() {
    return count >= MAX_LEVELS;
  }

  /** Price at a depth; 0 is the best. */
  long price(int depth) {
    return prices[count - 1 - depth];
  }

  /** Size at a depth; 0 is the best. */
  long size(int depth) {
    return sizes[count - 1 - depth];
  }

  long bestTime() {
    return times[count - 1];
  }

  /** Size at a price; 0 if there is no such level. */
  long sizeAt(long price) {
    int index = find(price);
    return index >= 0 ? sizes[index] : 0;
  }

  /** Sets the size at a price; 0 removes the level. */
  void set(long price, long size, long time) {
    int index = find(price);
    if (index >= 0) {
      if (size == 0) {
        remove(index);
      } else {
        sizes[index] = size;
        times[index] = time;
      }
    } else if (size != 0) {
      insert(-index - 1, price, size, time);
    }
  }

  void setBestSize(long size) {
    sizes[count - 1] = size;
  }

  void removeBest() {
    count--;
  }

  void clear() {
    count = 0;
  }

  /** Whether all levels can have other scales. */
  boolean canRescale(int fromPriceScale, int toPriceScale, int fromSizeScale, int toSizeScale) {
    return FixedPoint.canRescale(prices, count, fromPriceScale, toPriceScale)
        && FixedPoint.canRescale(sizes, count, fromSizeScale, toSizeScale);
  }

  /** Gives all levels other scales, which they must be able to have. */
  void rescale(int fromPriceScale, int toPriceScale, int fromSizeScale, int toSizeScale) {
    FixedPoint.rescale(prices, count, fromPriceScale, toPriceScale);
    FixedPoint.rescale(sizes, count, fromSizeScale, toSizeScale);
  }

  /** The smallest scale, at least {@code least}, that prices now of {@code scale} need. */
  int smallestPriceScale(int scale, int least) {
    return FixedPoint.smallestScale(prices, count, scale, least);
  }

  /** The smallest scale, at least {@code least}, that sizes now of {@code scale} need. */
  int smallestSizeScale(int scale, int least) {
    return FixedPoint.smallestScale(sizes, count, scale, least);
  }

  /** Index of the price, or -(index to insert at) - 1. */
  private int find(long price) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Long.compare(prices[middle], price);
      if (!bids) {
        order = -order;
      }
      if (order < 0) {
        low = middle + 1;
      } else if (order > 0) {
        high = middle - 1;
      } else {
        return middle;
      }
    }
    return -low - 1;
  }

  private void insert(int index, long price, long size, long time) {
    if (count == prices.length) {
      prices = Arrays.copyOf(prices, count * 2);
      sizes = Arrays.copyOf(sizes, count * 2);
      times = Arrays.copyOf(times, count * 2);
    }
    int moved = count - index;
    System.arraycopy(prices, index, prices, index + 1, moved);
    System.arraycopy(sizes, index, sizes, index + 1, moved);
    System.arraycopy(times, index, times, index + 1, moved);
    prices[index] = price;
    sizes[index] = size;
    times[index] = time;
    count++;
  }

  private void remove(int index) {
    int moved = count - index - 1;
    System.arraycopy(prices, index + 1, prices, index, moved);
    System.arraycopy(sizes, index + 1, sizes, index, moved);
    System.arraycopy(times, index + 1, times, index, moved);
    count--;
  }
}
