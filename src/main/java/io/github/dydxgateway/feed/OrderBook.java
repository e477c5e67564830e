package io.github.dydxgateway.feed;

/**
 * An order book of absolute sizes, as published or uncrossed by the venue's rule. Prices and sizes
 * are fixed point with the book's present scales. Not thread safe.
 */
final class OrderBook {
  private final boolean uncrosses;
  private final BookSide bids = new BookSide(true);
  private final BookSide asks = new BookSide(false);
  private final TouchedLevels touchedBids = new TouchedLevels();
  private final TouchedLevels touchedAsks = new TouchedLevels();
  private boolean takesState;
  private int priceScale;
  private int sizeScale;

  /**
   * @param uncrosses whether crossing levels are removed by {@link #finishFrame}
   */
  OrderBook(boolean uncrosses) {
    this.uncrosses = uncrosses;
  }

  /** Forgets all levels and begins a frame with the initial state, all of whose levels are new. */
  void beginState(int newPriceScale, int newSizeScale) {
    beginFrame();
    takesState = true;
    bids.beginState();
    asks.beginState();
    priceScale = newPriceScale;
    sizeScale = newSizeScale;
  }

  /** Whether all levels, and those touched, can have these scales. */
  boolean canRescale(int toPriceScale, int toSizeScale) {
    return bids.canRescale(priceScale, toPriceScale, sizeScale, toSizeScale)
        && asks.canRescale(priceScale, toPriceScale, sizeScale, toSizeScale)
        && touchedBids.canRescale(priceScale, toPriceScale, sizeScale, toSizeScale)
        && touchedAsks.canRescale(priceScale, toPriceScale, sizeScale, toSizeScale);
  }

  /** Gives all levels, and those touched, these scales, which they must be able to have. */
  void rescale(int toPriceScale, int toSizeScale) {
    bids.rescale(priceScale, toPriceScale, sizeScale, toSizeScale);
    asks.rescale(priceScale, toPriceScale, sizeScale, toSizeScale);
    touchedBids.rescale(priceScale, toPriceScale, sizeScale, toSizeScale);
    touchedAsks.rescale(priceScale, toPriceScale, sizeScale, toSizeScale);
    priceScale = toPriceScale;
    sizeScale = toSizeScale;
  }

  /** The smallest scale, at least {@code least}, at which no price loses a digit. */
  int smallestPriceScale(int least) {
    int smallest = bids.smallestPriceScale(priceScale, least);
    smallest = asks.smallestPriceScale(priceScale, smallest);
    smallest = touchedBids.smallestPriceScale(priceScale, smallest);
    return touchedAsks.smallestPriceScale(priceScale, smallest);
  }

  /** The smallest scale, at least {@code least}, at which no size loses a digit. */
  int smallestSizeScale(int least) {
    int smallest = bids.smallestSizeScale(sizeScale, least);
    smallest = asks.smallestSizeScale(sizeScale, smallest);
    smallest = touchedBids.smallestSizeScale(sizeScale, smallest);
    return touchedAsks.smallestSizeScale(sizeScale, smallest);
  }

  /** Begins a frame with updates: forgets which levels were touched. */
  void beginFrame() {
    touchedBids.clear();
    touchedAsks.clear();
  }

  /**
   * Sets a level; size 0 removes it.
   *
   * @param time logical time: the message_id of the frame
   * @return false if the side is full and the level new
   */
  boolean set(boolean bid, long price, long size, long time) {
    BookSide side = bid ? bids : asks;
    long before = side.set(price, size, time);
    if (before == BookSide.FULL) {
      return false;
    }
    if (!takesState) {
      (bid ? touchedBids : touchedAsks).note(price, before, size);
    }
    return true;
  }

  /**
   * Ends a frame and uncrosses the book, if it does so: of two levels that cross the one changed
   * earlier goes; of two changed at the same time the smaller goes and the larger loses as much.
   */
  void finishFrame() {
    if (takesState) {
      takesState = false;
      bids.endState();
      asks.endState();
    }
    if (!uncrosses) {
      return;
    }
    while (!bids.isEmpty() && !asks.isEmpty() && bids.price(0) >= asks.price(0)) {
      int older = Long.compare(bids.bestTime(), asks.bestTime());
      if (older < 0) {
        drop(bids, touchedBids);
      } else if (older > 0) {
        drop(asks, touchedAsks);
      } else {
        long bidSize = bids.size(0);
        long askSize = asks.size(0);
        reduce(bids, touchedBids, askSize);
        reduce(asks, touchedAsks, bidSize);
      }
    }
  }

  private static void drop(BookSide side, TouchedLevels touched) {
    touched.note(side.price(0), side.size(0), 0);
    side.removeBest();
  }

  private static void reduce(BookSide side, TouchedLevels touched, long by) {
    long size = side.size(0);
    long left = Math.max(0, size - by);
    touched.note(side.price(0), size, left);
    if (left > 0) {
      side.setBestSize(left);
    } else {
      side.removeBest();
    }
  }

  BookSide bids() {
    return bids;
  }

  BookSide asks() {
    return asks;
  }

  TouchedLevels touchedBids() {
    return touchedBids;
  }

  TouchedLevels touchedAsks() {
    return touchedAsks;
  }

  int priceScale() {
    return priceScale;
  }

  int sizeScale() {
    return sizeScale;
  }
}
