package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.UnknownFields;
import io.github.dydxgateway.stream.state.FixedPoint;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a book's levels that this version does not know, by price: the venue sends none
 * today, so that a book without any pays one comparison a level. Not thread safe.
 */
final class LevelExtras {
  private final Map<BigDecimal, UnknownFields> bids = new HashMap<>();
  private final Map<BigDecimal, UnknownFields> asks = new HashMap<>();

  /** Prices whose fields a frame set or cleared. */
  private final Set<BigDecimal> touchedBids = new HashSet<>();

  private final Set<BigDecimal> touchedAsks = new HashSet<>();

  /** Prices whose levels a frame removed, with the fields that it had on them. */
  private final Set<BigDecimal> goneBids = new HashSet<>();

  private final Set<BigDecimal> goneAsks = new HashSet<>();

  /** Begins a state: no level has any. */
  void clear() {
    bids.clear();
    asks.clear();
    beginFrame();
  }

  /** Begins a frame: forgets what the last one touched, and the fields of levels it removed. */
  void beginFrame() {
    if (!touchedBids.isEmpty() || !touchedAsks.isEmpty()) {
      bids.keySet().removeAll(goneBids);
      asks.keySet().removeAll(goneAsks);
      touchedBids.clear();
      touchedAsks.clear();
      goneBids.clear();
      goneAsks.clear();
    }
  }

  /** Whether no level has any and none was touched, so that nothing else need be asked. */
  boolean isEmpty() {
    return bids.isEmpty() && asks.isEmpty() && touchedBids.isEmpty() && touchedAsks.isEmpty();
  }

  /**
   * Sets the fields of a level in place of those it had.
   *
   * @param price as it came, with its own scale
   * @param removed whether the level is removed
   */
  void set(boolean bid, long price, int scale, UnknownFields fields, boolean removed) {
    if (fields.isEmpty() && isEmpty()) {
      return;
    }
    BigDecimal key = FixedPoint.key(price, scale);
    Map<BigDecimal, UnknownFields> side = bid ? bids : asks;
    UnknownFields before = fields.isEmpty() ? side.remove(key) : side.put(key, fields);
    if (!fields.equals(before == null ? UnknownFields.NONE : before)) {
      (bid ? touchedBids : touchedAsks).add(key);
    }
    if (removed) {
      (bid ? touchedBids : touchedAsks).add(key);
      (bid ? goneBids : goneAsks).add(key);
    } else {
      (bid ? goneBids : goneAsks).remove(key);
    }
  }

  /** Whether the last frame changed the fields of a level. */
  boolean isTouched(boolean bid, long price, int scale) {
    Set<BigDecimal> touched = bid ? touchedBids : touchedAsks;
    return !touched.isEmpty() && touched.contains(FixedPoint.key(price, scale));
  }

  /** The fields of a level. */
  UnknownFields of(boolean bid, long price, int scale) {
    Map<BigDecimal, UnknownFields> side = bid ? bids : asks;
    return side.isEmpty()
        ? UnknownFields.NONE
        : side.getOrDefault(FixedPoint.key(price, scale), UnknownFields.NONE);
  }
}
