package io.github.dydxgateway.feed;

import io.github.dydxgateway.stream.state.FixedPoint;
import java.util.Arrays;

/**
 * One side of a book, kept sorted with the best level last: most changes are near the best price
 * and move few levels. Not thread safe.
 */
final class BookSide {
  /** Levels kept at most; the venue has some hundreds. */
  static final int MAX_LEVELS = 50_000;

  /** Returned where a new level can't be kept. */
  static final long FULL = -1;

  /** Bids have 1, asks -1: times this, the better price is the greater. */
  private final long better;

  /** As {@link #better}; its opposite while a state is taken up, which has the best level first. */
  private long direction;

  /** Prices times the direction, rising. */
  private long[] keys = new long[128];

  private long[] sizes = new long[128];
  private long[] times = new long[128];
  private int count;

  BookSide(boolean bids) {
    this.better = bids ? 1 : -1;
    this.direction = better;
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
    return keys[count - 1 - depth] * direction;
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
    int index = find(price * direction);
    return index >= 0 ? sizes[index] : 0;
  }

  /**
   * Sets the size at a price; 0 removes the level.
   *
   * @return the size before, 0 if there was no such level; {@link #FULL} if there is no room for it
   */
  long set(long price, long size, long time) {
    long key = price * direction;
    int index = find(key);
    if (index < 0) {
      if (size != 0) {
        if (isFull()) {
          return FULL;
        }
        insert(-index - 1, key, size, time);
      }
      return 0;
    }
    long before = sizes[index];
    if (size == 0) {
      remove(index);
    } else {
      sizes[index] = size;
      times[index] = time;
    }
    return before;
  }

  void setBestSize(long size) {
    sizes[count - 1] = size;
  }

  void removeBest() {
    count--;
  }

  /**
   * Forgets all levels and begins a state. Until it ends levels are set in any order, fastest with
   * the best first, and nothing is asked by depth.
   */
  void beginState() {
    count = 0;
    direction = -better;
  }

  /** Ends a state, if one has begun. */
  void endState() {
    if (direction == better) {
      return;
    }
    direction = better;
    for (int low = 0, high = count - 1; low <= high; low++, high--) {
      long key = keys[low];
      keys[low] = -keys[high];
      keys[high] = -key;
      swap(sizes, low, high);
      swap(times, low, high);
    }
  }

  private static void swap(long[] values, int one, int other) {
    long value = values[one];
    values[one] = values[other];
    values[other] = value;
  }

  /** Whether all levels can have other scales. */
  boolean canRescale(int fromPriceScale, int toPriceScale, int fromSizeScale, int toSizeScale) {
    return FixedPoint.canRescale(keys, count, fromPriceScale, toPriceScale)
        && FixedPoint.canRescale(sizes, count, fromSizeScale, toSizeScale);
  }

  /** Gives all levels other scales, which they must be able to have. */
  void rescale(int fromPriceScale, int toPriceScale, int fromSizeScale, int toSizeScale) {
    FixedPoint.rescale(keys, count, fromPriceScale, toPriceScale);
    FixedPoint.rescale(sizes, count, fromSizeScale, toSizeScale);
  }

  /** The smallest scale, at least {@code least}, that prices now of {@code scale} need. */
  int smallestPriceScale(int scale, int least) {
    return FixedPoint.smallestScale(keys, count, scale, least);
  }

  /** The smallest scale, at least {@code least}, that sizes now of {@code scale} need. */
  int smallestSizeScale(int scale, int least) {
    return FixedPoint.smallestScale(sizes, count, scale, least);
  }

  /**
   * Index of the key, or -(index to insert at) - 1. Looked for from the best level on, in steps
   * that double.
   */
  private int find(long key) {
    int high = count - 1;
    int low = high;
    for (int step = 1; low >= 0 && keys[low] > key; step <<= 1) {
      high = low - 1;
      low -= step;
    }
    low = Math.max(low, 0);
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (keys[middle] < key) {
        low = middle + 1;
      } else if (keys[middle] > key) {
        high = middle - 1;
      } else {
        return middle;
      }
    }
    return -low - 1;
  }

  private void insert(int index, long key, long size, long time) {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, count * 2);
      sizes = Arrays.copyOf(sizes, count * 2);
      times = Arrays.copyOf(times, count * 2);
    }
    int moved = count - index;
    System.arraycopy(keys, index, keys, index + 1, moved);
    System.arraycopy(sizes, index, sizes, index + 1, moved);
    System.arraycopy(times, index, times, index + 1, moved);
    keys[index] = key;
    sizes[index] = size;
    times[index] = time;
    count++;
  }

  private void remove(int index) {
    int moved = count - index - 1;
    System.arraycopy(keys, index + 1, keys, index, moved);
    System.arraycopy(sizes, index + 1, sizes, index, moved);
    System.arraycopy(times, index + 1, times, index, moved);
    count--;
  }
}
