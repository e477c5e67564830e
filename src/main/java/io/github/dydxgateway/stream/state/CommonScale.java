package io.github.dydxgateway.stream.state;

/** The scale that the numbers of one message share: the largest of those they came with. */
final class CommonScale {
  private int scale;
  private long largest;

  /** A scale for numbers of this scale and larger ones. */
  CommonScale(int least) {
    this.scale = least;
  }

  /** Whether these numbers fit 64 bits at one scale with all before. */
  boolean fits(int fromScale, long... numbers) {
    int common = Math.max(scale, fromScale);
    if (FixedPoint.rescale(largest, scale, common) == FixedPoint.OVERFLOW) {
      return false;
    }
    for (long number : numbers) {
      if (FixedPoint.rescale(number, fromScale, common) == FixedPoint.OVERFLOW) {
        return false;
      }
    }
    return true;
  }

  /** Adds numbers that fit. */
  void add(int fromScale, long... numbers) {
    int common = Math.max(scale, fromScale);
    largest = FixedPoint.rescale(largest, scale, common);
    scale = common;
    for (long number : numbers) {
      largest = Math.max(largest, Math.abs(FixedPoint.rescale(number, fromScale, common)));
    }
  }

  int scale() {
    return scale;
  }
}
