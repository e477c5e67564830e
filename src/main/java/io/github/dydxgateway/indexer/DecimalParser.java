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

  /** So many digits fit 64 bits, whatever they are. */
  private static final int SHORT_LENGTH = 18;

  private final DecimalSyntax syntax = new DecimalSyntax();
  private long unscaled;
  private int scale;

  Outcome parse(byte[] text, int offset, int length) {
    if (parseShort(text, offset, length)) {
      return Outcome.NUMBER;
    }
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

  /** The usual: digits that fit in any case, and maybe a point among them. */
  private boolean parseShort(byte[] text, int offset, int length) {
    if (length > SHORT_LENGTH) {
      return false;
    }
    int end = offset + length;
    long value = 0;
    int point = -1;
    for (int at = offset; at < end; at++) {
      int digit = text[at] - '0';
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
      } else if (text[at] == '.' && point < 0) {
        point = at;
      } else {
        return false;
      }
    }
    if (length == 0 || (point >= 0 && length == 1)) {
      return false;
    }
    int places = point < 0 ? 0 : end - point - 1;
    while (places > 0 && value % 10 == 0) {
      value /= 10;
      places--;
    }
    unscaled = value;
    scale = places;
    return true;
  }

  /** Joins the digits from the first to the last that is not zero, and finds their scale. */
  private Outcome fit(byte[] text, int first, int end) {
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

  private static boolean isZeroOrPoint(byte c) {
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
