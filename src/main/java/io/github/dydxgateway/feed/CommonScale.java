package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.Decimal;
import io.github.dydxgateway.stream.state.FixedPoint;

/**
 * The scale that the values of one message share: the instrument's, or a larger one that some value
 * needs.
 */
final class CommonScale {
  private int scale;
  private long largest;
  private int largestScale;

  CommonScale(int least) {
    this.scale = least;
    this.largestScale = least;
  }

  /** A scale of at least {@code least}, or a smaller one where the value does not fit at that. */
  static CommonScale forValue(int least, Decimal value) {
    CommonScale scale = new CommonScale(least);
    return scale.canTake(value) ? scale : new CommonScale(value.scale());
  }

  /** Whether the value and all before it fit at one scale. */
  boolean canTake(Decimal value) {
    int common = Math.max(scale, value.scale());
    return FixedPoint.rescale(value.unscaled(), value.scale(), common) != FixedPoint.OVERFLOW
        && FixedPoint.rescale(largest, largestScale, common) != FixedPoint.OVERFLOW;
  }

  void take(Decimal value) {
    int common = Math.max(scale, value.scale());
    long before = FixedPoint.rescale(largest, largestScale, common);
    long added = Math.abs(FixedPoint.rescale(value.unscaled(), value.scale(), common));
    scale = common;
    largest = Math.max(before, added);
    largestScale = common;
  }

  int scale() {
    return scale;
  }

  long scaled(Decimal value) {
    return FixedPoint.rescale(value.unscaled(), value.scale(), scale);
  }
}
