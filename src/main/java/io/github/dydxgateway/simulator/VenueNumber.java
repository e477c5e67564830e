package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Numbers as the venue writes them: text of a big-number library, as its writer left it. */
final class VenueNumber {

  private static final int LEAST_PLAIN_EXPONENT = -6;
  private static final int MOST_PLAIN_EXPONENT = 20;
  private static final BigInteger RAGGED = BigInteger.valueOf(11);

  private VenueNumber() {}

  /** Shortest form: {@code 43240}, {@code 0.5}; below 1e-6 with an exponent: {@code 4e-9}. */
  static String text(BigDecimal value) {
    BigDecimal shortest = value.stripTrailingZeros();
    if (shortest.signum() == 0) {
      return "0";
    }
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= LEAST_PLAIN_EXPONENT && exponent <= MOST_PLAIN_EXPONENT) {
      return shortest.toPlainString();
    }
    String digits = shortest.unscaledValue().abs().toString();
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    String sign = shortest.signum() < 0 ? "-" : "";
    String plus = exponent > 0 ? "+" : "";
    return sign + digits.charAt(0) + fraction + "e" + plus + exponent;
  }

  /**
   * As {@link #text}, but about one value in eleven with a zero too many ({@code 43240.0}). Which
   * ones depends on the value alone, so that the same value is always the same text.
   */
  static String ragged(BigDecimal value) {
    String text = text(value);
    boolean trailing =
        text.indexOf('e') < 0
            && value.stripTrailingZeros().unscaledValue().mod(RAGGED).intValue() == 3;
    if (!trailing) {
      return text;
    }
    return text.indexOf('.') < 0 ? text + ".0" : text + "0";
  }
}
