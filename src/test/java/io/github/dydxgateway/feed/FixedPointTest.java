package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Decimal;
import io.github.dydxgateway.stream.state.FixedPoint;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class FixedPointTest {
  private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

  @Property(tries = 5000)
  void rescalingIsExactOrOverflow(
      @ForAll @LongRange(min = -Long.MAX_VALUE, max = Long.MAX_VALUE) long unscaled,
      @ForAll @IntRange(max = 36) int from,
      @ForAll @IntRange(max = 36) int to) {
    checkRescale(unscaled, from, to);
  }

  @Property(tries = 5000)
  void rescalingSmallNumbersIsExactOrOverflow(
      @ForAll @IntRange(min = -1000, max = 1000) int factor,
      @ForAll @IntRange(max = 15) int zeros,
      @ForAll @IntRange(max = 36) int from,
      @ForAll @IntRange(max = 36) int to) {
    checkRescale(factor * BigInteger.TEN.pow(zeros).longValueExact(), from, to);
  }

  private static void checkRescale(long unscaled, int from, int to) {
    BigInteger[] exact =
        BigInteger.valueOf(unscaled)
            .multiply(BigInteger.TEN.pow(to))
            .divideAndRemainder(BigInteger.TEN.pow(from));
    boolean fits = exact[1].signum() == 0 && exact[0].abs().compareTo(LARGEST) <= 0;
    assertThat(FixedPoint.rescale(unscaled, from, to))
        .isEqualTo(fits ? exact[0].longValueExact() : FixedPoint.OVERFLOW);
  }

  @Property
  void theSmallestScaleLosesNoDigitAndNoneBelowItDoes(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long unscaled,
      @ForAll @IntRange(max = 20) int scale,
      @ForAll @IntRange(max = 20) int least) {
    int needed = Math.max(0, BigDecimal.valueOf(unscaled, scale).stripTrailingZeros().scale());
    assertThat(FixedPoint.smallestScale(unscaled, scale, Math.min(least, scale)))
        .isEqualTo(Math.max(Math.min(least, scale), needed));
  }

  @Test
  void zeroFitsAtEveryScale() {
    assertThat(FixedPoint.rescale(0, 0, 36)).isZero();
    assertThat(FixedPoint.smallestScale(0, 36, 2)).isEqualTo(2);
  }

  @Property
  void valuesThatACommonScaleTakesAreAllExactAtIt(
      @ForAll List<@LongRange(min = -1_000_000, max = 1_000_000_000_000_000L) Long> unscaled,
      @ForAll @IntRange(max = 18) int least) {
    CommonScale scale = new CommonScale(least);
    List<Decimal> taken = new java.util.ArrayList<>();
    for (int i = 0; i < unscaled.size(); i++) {
      Decimal value = Decimal.of(unscaled.get(i), i % 19);
      if (scale.canTake(value)) {
        scale.take(value);
        taken.add(value);
      }
    }
    assertThat(scale.scale()).isGreaterThanOrEqualTo(least);
    for (Decimal value : taken) {
      assertThat(BigDecimal.valueOf(scale.scaled(value), scale.scale()))
          .isEqualByComparingTo(value.toString());
    }
  }

  @Test
  void aValueTooLargeForTheInstrumentsScaleHasASmallerOne() {
    assertThat(CommonScale.forValue(3, Decimal.of(Long.MAX_VALUE, 1)).scale()).isEqualTo(1);
    assertThat(CommonScale.forValue(3, Decimal.of(5, 1)).scale()).isEqualTo(3);
  }
}
