package io.github.dydxgateway.stream.state;

import java.math.BigDecimal;

/** Exact arithmetic of fixed point numbers in 64 bits. */
public final class FixedPoint {
  /** Stands for a number that does not fit. */
  public static final long OVERFLOW = Long.MIN_VALUE;

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
  public static long rescale(long unscaled, int fromScale, int toScale) {
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

  /** The number as a key: equal to any other of the same value, whatever its scale. */
  public static BigDecimal key(long unscaled, int scale) {
    return BigDecimal.valueOf(unscaled, scale).stripTrailingZeros();
  }

  /** Whether all of the first {@code count} numbers can have another scale. */
  public static boolean canRescale(long[] unscaled, int count, int fromScale, int toScale) {
    for (int i = 0; i < count; i++) {
      if (rescale(unscaled[i], fromScale, toScale) == OVERFLOW) {
        return false;
      }
    }
    return true;
  }

  /** Gives the first {@code count} numbers another scale, which they must be able to have. */
  public static void rescale(long[] unscaled, int count, int fromScale, int toScale) {
    for (int i = 0; i < count; i++) {
      unscaled[i] = rescale(unscaled[i], fromScale, toScale);
    }
  }

  /** The smallest scale, at least {@code least}, at which none of the numbers loses a digit. */
  public static int smallestScale(long[] unscaled, int count, int scale, int least) {
    int smallest = least;
    for (int i = 0; i < count && smallest < scale; i++) {
      smallest = smallestScale(unscaled[i], scale, smallest);
    }
    return smallest;
  }

  /** The smallest scale, at least {@code least}, at which the number loses no digit. */
  public static int smallestScale(long unscaled, int scale, int least) {
    int smallest = scale;
    long rest = unscaled;
    while (smallest > least && rest % 10 == 0) {
      rest /= 10;
      smallest--;
    }
    return smallest;
  }
}
