package io.github.dydxgateway.stream.state;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * One side of an order book: sorted arrays with the best level last, since most changes are near
 * the best price and move few levels. While a snapshot is added, which comes best first, the best
 * level is the first. Not thread safe.
 */
final class LevelSide {
  /** Bids have 1, asks -1: times this, the better price is the greater. */
  private final int better;

  /** As {@link #better}; its opposite while the best level is the first. */
  private int direction;

  /** Prices times the direction, ascending. */
  private long[] keys = new long[64];

  private long[] sizes = new long[64];
  private int count;

  /** Unknown fields of levels, by price; nearly always empty. */
  private Map<Long, Map<String, String>> extras = new HashMap<>();

  LevelSide(boolean bids) {
    this.better = bids ? 1 : -1;
    this.direction = better;
  }

  /** Forgets all levels. Those that follow are added fastest with the best first. */
  void beginSnapshot() {
    count = 0;
    direction = -better;
    extras.clear();
  }

  /** Levels that follow are changed fastest near the best. */
  void endSnapshot() {
    if (direction == better) {
      return;
    }
    direction = better;
    for (int low = 0, high = count - 1; low <= high; low++, high--) {
      long key = keys[low];
      keys[low] = -keys[high];
      keys[high] = -key;
      long size = sizes[low];
      sizes[low] = sizes[high];
      sizes[high] = size;
    }
  }

  int count() {
    return count;
  }

  /** Price at a depth; 0 is the best. */
  long price(int depth) {
    return keys[index(depth)] * direction;
  }

  /** Size at a depth; 0 is the best. */
  long size(int depth) {
    return sizes[index(depth)];
  }

  /** Unknown fields of the level at a price. */
  Map<String, String> extras(long price) {
    return extras.isEmpty() ? Map.of() : extras.getOrDefault(price, Map.of());
  }

  private int index(int depth) {
    return direction == better ? count - 1 - depth : depth;
  }

  /** Sets the size at a price in place of size and unknown fields; 0 removes the level. */
  void set(long price, long size) {
    if (!extras.isEmpty()) {
      extras.remove(price);
    }
    long key = price * direction;
    int index = find(key);
    if (index >= 0) {
      if (size == 0) {
        remove(index);
      } else {
        sizes[index] = size;
      }
    } else if (size != 0) {
      insert(-index - 1, key, size);
    }
  }

  /** Sets the unknown fields of the level at a price. */
  void setExtras(long price, Map<String, String> fields) {
    extras.put(price, fields);
  }

  /** Whether all levels can have other scales. */
  boolean canRescale(int fromPriceScale, int toPriceScale, int fromSizeScale, int toSizeScale) {
    for (int i = 0; i < count; i++) {
      if (FixedPoint.rescale(keys[i], fromPriceScale, toPriceScale) == FixedPoint.OVERFLOW
          || FixedPoint.rescale(sizes[i], fromSizeScale, toSizeScale) == FixedPoint.OVERFLOW) {
        return false;
      }
    }
    return true;
  }

  /** Changes the scales of all levels, which must be able to have them. */
  void rescale(int fromPriceScale, int toPriceScale, int fromSizeScale, int toSizeScale) {
    for (int i = 0; i < count; i++) {
      keys[i] = FixedPoint.rescale(keys[i], fromPriceScale, toPriceScale);
      sizes[i] = FixedPoint.rescale(sizes[i], fromSizeScale, toSizeScale);
    }
    if (!extras.isEmpty()) {
      Map<Long, Map<String, String>> rescaled = new HashMap<>();
      extras.forEach(
          (price, fields) ->
              rescaled.put(FixedPoint.rescale(price, fromPriceScale, toPriceScale), fields));
      extras = rescaled;
    }
  }

  /** The smallest scale, at least {@code least}, at which no price loses a digit. */
  int smallestPriceScale(int scale, int least) {
    return smallestScale(keys, scale, least);
  }

  /** The smallest scale, at least {@code least}, at which no size loses a digit. */
  int smallestSizeScale(int scale, int least) {
    return smallestScale(sizes, scale, least);
  }

  private int smallestScale(long[] numbers, int scale, int least) {
    int smallest = least;
    for (int i = 0; i < count && smallest < scale; i++) {
      smallest = FixedPoint.smallestScale(numbers[i], scale, smallest);
    }
    return smallest;
  }

  /** Index of the key, or -(index to insert at) - 1: from the end, in steps that double. */
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

  private void insert(int index, long key, long size) {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, count * 2);
      sizes = Arrays.copyOf(sizes, count * 2);
    }
    System.arraycopy(keys, index, keys, index + 1, count - index);
    System.arraycopy(sizes, index, sizes, index + 1, count - index);
    keys[index] = key;
    sizes[index] = size;
    count++;
  }

  private void remove(int index) {
    count--;
    System.arraycopy(keys, index + 1, keys, index, count - index);
    System.arraycopy(sizes, index + 1, sizes, index, count - index);
  }
}
