package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.IndexerCandle;

/**
 * How far one copy of a subscription has come in the story of its candles since a state that meets
 * what clients have. Who tells a later candle has told the last version of the one before, unless
 * something was lost or could not be used. Not thread safe.
 */
final class CandleProgress {
  /** No candle. */
  static final long NONE = Long.MAX_VALUE;

  /** The last version that could be used of the newest candle with any; null if none came yet. */
  private IndexerCandle last;

  /** Start of the newest candle if what came last of it could not be used. */
  private long unusable = NONE;

  private boolean lacksVersions;

  /** A version was lost: the last one of no candle is known until a state comes. */
  void lose() {
    lacksVersions = true;
  }

  /** A state has come, so what follows it is whole. */
  void resume() {
    lacksVersions = false;
  }

  /** The last version of the newest candle; null if none came yet. */
  IndexerCandle lastVersion() {
    return last;
  }

  /** Whether the copy has brought a later candle already, and lacks no version that it knows of. */
  boolean hasLeft(IndexerCandle candle) {
    return last != null && candle.startedAtNs() < last.startedAtNs() && !lacksVersions;
  }

  /**
   * The last version of the candle that the copy leaves with the next one; null if it leaves none,
   * or if that version is unknown.
   */
  IndexerCandle lastVersionBefore(IndexerCandle next) {
    boolean isKnown =
        last != null
            && last.startedAtNs() < next.startedAtNs()
            && last.startedAtNs() != unusable
            && !lacksVersions;
    return isKnown ? last : null;
  }

  /**
   * Goes on to what the copy tells next. A candle without a start is taken for the last one.
   *
   * @return start of the candle that it leaves after a version that could not be used, else {@link
   *     #NONE}
   */
  long goOnTo(IndexerCandle next, boolean isUsable) {
    long newest = last == null ? 0 : last.startedAtNs();
    long start = next.startedAtNs() == 0 ? newest : next.startedAtNs();
    if (start == 0 || start < newest) {
      return NONE;
    }
    long left = unusable < start ? unusable : NONE;
    unusable = isUsable ? NONE : start;
    last = isUsable ? next : last;
    return left;
  }
}
