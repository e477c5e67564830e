package io.github.dydxgateway.indexer;

import java.util.Objects;

/**
 * An exact decimal of market data: {@code unscaled / 10^scale}. Trailing zeros after the point are
 * dropped, so the scale is the smallest that fits. A text that is no number, or does not fit, is
 * kept as it came.
 */
public final class Decimal {
  /** Largest scale that is represented. */
  public static final int MAX_SCALE = 36;

  private final long unscaled;
  private final int scale;
  private final String unrepresentable;

  private Decimal(long unscaled, int scale, String unrepresentable) {
    this.unscaled = unscaled;
    this.scale = scale;
    this.unrepresentable = unrepresentable;
  }

  /** A number; the scale must be 0 to {@link #MAX_SCALE}. */
  public static Decimal of(long unscaled, int scale) {
    if (scale < 0 || scale > MAX_SCALE) {
      throw new IllegalArgumentException("scale must be 0 to " + MAX_SCALE + ", got " + scale);
    }
    return new Decimal(unscaled, scale, null);
  }

  /** A text that is no number, or one that does not fit 64 bits; cut to 80 characters. */
  public static Decimal unrepresentable(String text) {
    return new Decimal(0, 0, text.length() > 80 ? text.substring(0, 80) + "…" : text);
  }

  /** Whether this is a number. */
  public boolean isRepresentable() {
    return unrepresentable == null;
  }

  /** The number without its point; 0 if unrepresentable. */
  public long unscaled() {
    return unscaled;
  }

  /** Digits after the point, 0 to {@link #MAX_SCALE}. */
  public int scale() {
    return scale;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Decimal decimal
        && unscaled == decimal.unscaled
        && scale == decimal.scale
        && Objects.equals(unrepresentable, decimal.unrepresentable);
  }

  @Override
  public int hashCode() {
    return Objects.hash(unscaled, scale, unrepresentable);
  }

  @Override
  public String toString() {
    return unrepresentable != null
        ? unrepresentable
        : java.math.BigDecimal.valueOf(unscaled, scale).toPlainString();
  }
}
