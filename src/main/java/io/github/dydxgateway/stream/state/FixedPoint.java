package io.github.dydxgateway.stream.state;

/** Exact arithmetic of fixed point numbers in 64 bits. */
final class FixedPoint {
  /** Stands for a number that does not fit. */
  static final long OVERFLOW = Long.MIN_VALUE;

  private static final long[] POWERS = new long[19];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private FixedPoint() {}

  /**
   * The same number with another scale; {@link #OVERFLOW} if it does not fit or would lose digits.
   */
  static long rescale(long unscaled, int fromScale, int toScale) {
    if (fromScale == toScale || unscaled == 0) {
      return unscaled;
    }
    int shift = Math.abs(toScale - fromScale);
    if (shift >= POWERS.length) {
      return OVERFLOW;
    }
    long power = POWERS[shift];
    if (toScale < fromScale) {
      return unscaled % power == 0 ? unscaled / power : OVERFLOW;
    }
    long high = Math.multiplyHigh(unscaled, power);
    long low = unscaled * power;
    return (high == 0 && low >= 0) || (high == -1 && low < 0 && low != OVERFLOW) ? low : OVERFLOW;
  }

  /** The smallest scale, at least {@code least}, at which the number loses no digit. */
  static int smallestScale(long unscaled, int scale, int least) {
    int smallest = scale;
    long rest = unscaled;
    while (smallest > least && rest % 10 == 0) {
      rest /= 10;
      smallest--;
    }
    return smallest;
  }
}
