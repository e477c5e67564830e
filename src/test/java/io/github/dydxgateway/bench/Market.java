package io.github.dydxgateway.bench;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * A market of the load, with digits as mainnet's.
 *
 * @param ticker the venue's name
 * @param tick price step
 * @param step size step
 * @param mid price in the middle of the book, in ticks
 */
record Market(String ticker, BigDecimal tick, BigDecimal step, long mid) {
  /** Of those that all parts together take. */
  static final int ALL = 420;

  /** Markets whose books have ever more levels; the last are ones that no other part takes. */
  static final List<Integer> BY_LEVELS = List.of(0, ALL - 2, ALL - 1);

  private static final Map<Integer, Integer> DEEP = Map.of(ALL - 2, 1_000, ALL - 1, 10_000);

  private static final List<Market> KINDS =
      List.of(
          market("BTC-USD", "1", "0.0001", 89_947),
          market("ETH-USD", "0.1", "0.001", 31_214),
          market("SOL-USD", "0.01", "0.1", 13_456),
          market("XRP-USD", "0.0001", "1", 20_456),
          market("DOGE-USD", "0.00001", "10", 13_987));

  private static Market market(String ticker, String tick, String step, long mid) {
    return new Market(ticker, new BigDecimal(tick), new BigDecimal(step), mid);
  }

  /** The market of this number, from 0. */
  static Market of(int index) {
    Market kind = KINDS.get(index % KINDS.size());
    return index < KINDS.size()
        ? kind
        : new Market("M" + index + "-USD", kind.tick, kind.step, kind.mid + index);
  }

  /** Price so many ticks below (bid) or above the middle, 0 nearest to it. */
  String price(boolean bid, int level) {
    return tick.multiply(BigDecimal.valueOf(bid ? mid - level : mid + 1 + level)).toPlainString();
  }

  /** Size of so many steps. */
  String size(long steps) {
    return step.multiply(BigDecimal.valueOf(steps)).toPlainString();
  }

  /** Levels a side of the book of the market of this number. */
  static int levels(int index) {
    return DEEP.getOrDefault(index, 100);
  }
}
