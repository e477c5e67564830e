package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * What a market is when it is listed. Immutable.
 *
 * @param startTicks first mid price, in ticks
 * @param isolated whether positions in it need a subaccount of their own
 */
record MarketSpec(
    String ticker,
    int clobPairId,
    BigDecimal tickSize,
    BigDecimal stepSize,
    long startTicks,
    int atomicResolution,
    boolean isolated) {

  static final int QUANTUM_CONVERSION_EXPONENT = -9;
  static final int STEP_BASE_QUANTUMS = 1_000_000;
  private static final int PRICE_DIGITS = 5;
  private static final int QUOTE_RESOLUTION = -6;

  /** A market whose grid follows from its price as on mainnet: five digits of price. */
  static MarketSpec of(String ticker, int clobPairId, BigDecimal price, boolean isolated) {
    if (price.signum() <= 0) {
      throw new IllegalArgumentException("price of " + ticker + " must be positive: " + price);
    }
    int exponent = price.precision() - price.scale() - 1;
    BigDecimal tickSize = powerOfTen(exponent - PRICE_DIGITS + 1);
    return new MarketSpec(
        ticker,
        clobPairId,
        tickSize,
        powerOfTen(-exponent),
        price.divideToIntegralValue(tickSize).longValueExact(),
        QUOTE_RESOLUTION - exponent,
        isolated);
  }

  /** The same under another name, at the present price and on the present grid. */
  MarketSpec renamed(String newTicker, BookMaker maker) {
    return new MarketSpec(
        newTicker,
        clobPairId,
        maker.tickSize(),
        stepSize,
        maker.midTicks(),
        atomicResolution,
        isolated);
  }

  /** Subticks in a tick of the given size: what the chain counts prices in. */
  long subticksPerTick(BigDecimal tick) {
    int exponent = atomicResolution - QUANTUM_CONVERSION_EXPONENT - QUOTE_RESOLUTION;
    return tick.scaleByPowerOfTen(exponent).max(BigDecimal.ONE).longValue();
  }

  private static BigDecimal powerOfTen(int exponent) {
    return new BigDecimal(BigInteger.ONE, -exponent);
  }
}
