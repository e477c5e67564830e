package io.github.dydxgateway.instrument;

import java.util.Arrays;

/**
 * Finds the listed ticker that a misspelled one most likely stands for: {@code BTC-USD} for {@code
 * BTC-UDS}, {@code BTCUSD} or {@code BTC}. Tickers are compared in upper case.
 */
final class NearestTicker {
  /** Nothing is looked for beyond this, so that a long name costs nothing. */
  private static final int LONGEST = 32;

  private NearestTicker() {}

  /**
   * The nearest of the listed tickers; of several equally near ones the first by name.
   *
   * @param ticker in upper case
   * @param listed in upper case
   * @return null if none is near
   */
  static String of(String ticker, Iterable<String> listed) {
    if (ticker.length() > LONGEST) {
      return null;
    }
    int bound = bound(ticker.length());
    String nearest = null;
    int least = bound + 1;
    for (String one : listed) {
      int distance = isBaseAssetOf(one, ticker) ? 0 : distance(ticker, one, Math.min(bound, least));
      if (distance < least
          || (distance == least && distance <= bound && one.compareTo(nearest) < 0)) {
        least = distance;
        nearest = one;
      }
    }
    return nearest;
  }

  /** Mistakes allowed; of a ticker such as {@code BTC-USD} one. */
  private static int bound(int length) {
    return length <= 8 ? 1 : length <= 16 ? 2 : 3;
  }

  /** {@code BTC} is that of {@code BTC-USD}. */
  private static boolean isBaseAssetOf(String ticker, String asset) {
    return !asset.isEmpty()
        && ticker.lastIndexOf('-') == asset.length()
        && ticker.startsWith(asset);
  }

  /**
   * How many insertions, deletions, replacements and swaps of neighbours lead from one text to the
   * other (optimal string alignment).
   *
   * @return above {@code bound} if there are more than that
   */
  static int distance(String a, String b, int bound) {
    if (Math.abs(a.length() - b.length()) > bound) {
      return bound + 1;
    }
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      // Farther from the diagonal the distance is above the bound.
      int from = Math.max(1, i - bound);
      int to = Math.min(b.length(), i + bound);
      Arrays.fill(row, bound + 1);
      row[0] = Math.min(i, bound + 1);
      int least = row[0];
      for (int j = from; j <= to; j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int value = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          value = Math.min(value, beforeLast[j - 2] + 1);
        }
        row[j] = value;
        least = Math.min(least, value);
      }
      if (least > bound) {
        return bound + 1;
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return Math.min(last[b.length()], bound + 1);
  }
}
