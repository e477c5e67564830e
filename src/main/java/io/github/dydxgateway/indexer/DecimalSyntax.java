package io.github.dydxgateway.indexer;

/**
 * Finds the parts of a decimal text: sign, digits, point and exponent. Accepts what {@link
 * java.math.BigDecimal} does in ASCII, such as {@code 27773}, {@code -0.50}, {@code 4e-9}, {@code
 * 1E+21}. Holds the parts of the last text; not thread safe.
 */
final class DecimalSyntax {
  /** Exponents beyond this are cut to it: nothing of such a size is represented anyway. */
  private static final long EXPONENT_LIMIT = 1_000_000_000_000L;

  private boolean negative;
  private int digitsStart;
  private int point;
  private int digitsEnd;
  private boolean hasExponent;
  private long exponent;

  /** Whether the text is a number; only then the other methods tell its parts. */
  boolean scan(byte[] text, int offset, int length) {
    int end = offset + length;
    int at = offset;
    negative = at < end && text[at] == '-';
    if (negative || (at < end && text[at] == '+')) {
      at++;
    }
    digitsStart = at;
    at = skipDigits(text, at, end);
    point = at;
    int digits = at - digitsStart;
    if (at < end && text[at] == '.') {
      int fractionEnd = skipDigits(text, at + 1, end);
      digits += fractionEnd - at - 1;
      at = fractionEnd;
    }
    digitsEnd = at;
    hasExponent = false;
    exponent = 0;
    if (digits == 0) {
      return false;
    }
    return at == end || scanExponent(text, at, end);
  }

  private boolean scanExponent(byte[] text, int from, int end) {
    if (text[from] != 'e' && text[from] != 'E') {
      return false;
    }
    hasExponent = true;
    int at = from + 1;
    boolean negativeExponent = at < end && text[at] == '-';
    if (negativeExponent || (at < end && text[at] == '+')) {
      at++;
    }
    if (at == end || skipDigits(text, at, end) != end) {
      return false;
    }
    for (; at < end; at++) {
      exponent = Math.min(EXPONENT_LIMIT, exponent * 10 + (text[at] - '0'));
    }
    if (negativeExponent) {
      exponent = -exponent;
    }
    return true;
  }

  private static int skipDigits(byte[] text, int from, int end) {
    int at = from;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    return at;
  }

  boolean isNegative() {
    return negative;
  }

  /** Index of the first digit, or of the point where no digit stands before it. */
  int digitsStart() {
    return digitsStart;
  }

  /** Index of the point; {@link #digitsEnd} where there is none. */
  int point() {
    return point;
  }

  /** Index after the last digit or point before the exponent. */
  int digitsEnd() {
    return digitsEnd;
  }

  /** Digits between the point and the exponent. */
  int fractionDigits() {
    return Math.max(0, digitsEnd - point - 1);
  }

  boolean hasExponent() {
    return hasExponent;
  }

  long exponent() {
    return exponent;
  }
}
