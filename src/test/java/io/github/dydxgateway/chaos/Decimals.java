package io.github.dydxgateway.chaos;

import java.math.BigDecimal;

/** Decimals that are equal where their values are. */
final class Decimals {
  private Decimals() {}

  static BigDecimal of(long unscaled, int scale) {
    return plain(BigDecimal.valueOf(unscaled, scale));
  }

  static BigDecimal of(String text) {
    return plain(new BigDecimal(text));
  }

  static BigDecimal plain(BigDecimal value) {
    return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
  }
}
