package io.github.dydxgateway.indexer;

/**
 * Reads a decimal text of market data as {@code unscaled / 10^scale}, exactly: no double and no
 * allocation on the way. Holds the last number; not thread safe.
 */
final class DecimalParser {

  /** How a text was understood. */
  enum Outcome {
    /** A number; {@link #unscaled} and {@link #scale} tell it. */
    NUMBER,
    /** Not a number. */
    NOT_A_NUMBER,
    /** A number that needs more than 64 bits or more than {@link Decimal#MAX_SCALE} digits. */
    DOES_NOT_FIT
  }

  private final DecimalSyntax syntax = new DecimalSyntax();
  private long unscaled;
  private int scale;

  Outcome parse(char[] text, int offset, int length) {
    unscaled = 0;
    scale = 0;
    if (!syntax.scan(text, offset, length)) {
      return Outcome.NOT_A_NUMBER;
    }
    int first = syntax.digitsStart();
    int end = syntax.digitsEnd();
    while (first < end && isZeroOrPoint(text[first])) {
      first++;
    }
    if (first == end) {
      return Outcome.NUMBER;
    }
    while (isZeroOrPoint(text[end - 1])) {
      end--;
    }
    return fit(text, first, end);
  }

  /** Joins the digits from the first to the last that is not zero, and finds their scale. */
  private Outcome fit(char[] text, int first, int end) {
    int point = syntax.point();
    // Place of the last digit after the point (1: tenths), or before it (0: ones, -1: tens).
    long places = (end > point ? end - point - 1 : end - point) - syntax.exponent();
    if (places > Decimal.MAX_SCALE) {
      return Outcome.DOES_NOT_FIT;
    }
    // Negative all the way, as the most negative number has no positive counterpart.
    long value = 0;
    for (int i = first; i < end; i++) {
      if (i != point) {
        int digit = text[i] - '0';
        if (!canAppend(value, digit)) {
          return Outcome.DOES_NOT_FIT;
        }
        value = value * 10 - digit;
      }
    }
    for (; places < 0; places++) {
      if (!canAppend(value, 0)) {
        return Outcome.DOES_NOT_FIT;
      }
      value *= 10;
    }
    if (!syntax.isNegative() && value == Long.MIN_VALUE) {
      return Outcome.DOES_NOT_FIT;
    }
    unscaled = syntax.isNegative() ? value : -value;
    scale = (int) places;
    return Outcome.NUMBER;
  }

  private static boolean canAppend(long negativeValue, int digit) {
    return negativeValue >= Long.MIN_VALUE / 10 && negativeValue * 10 >= Long.MIN_VALUE + digit;
  }

  private static boolean isZeroOrPoint(char c) {
    return c == '0' || c == '.';
  }

  /** The last number without its point. */
  long unscaled() {
    return unscaled;
  }

  /** Digits after the point of the last number, the fewest possible. */
  int scale() {
    return scale;
  }
}
