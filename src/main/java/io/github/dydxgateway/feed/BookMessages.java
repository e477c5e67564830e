package io.github.dydxgateway.feed;

import io.github.dydxgateway.instrument.Instrument;
import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.Quote;

/**
 * The contract's messages about a book. A message has the instrument's scales, or larger ones where
 * one of its own values needs them: the book's scales may be larger because of a value that is long
 * gone.
 */
final class BookMessages {
  private final OrderBook book;

  BookMessages(OrderBook book) {
    this.book = book;
  }

  /** The whole book. */
  OrderBookSnapshot snapshot(Instrument instrument) {
    Scales scales = new Scales(instrument);
    scales.cover(book.bids());
    scales.cover(book.asks());
    OrderBookSnapshot.Builder message =
        OrderBookSnapshot.newBuilder()
            .setInstrumentId(instrument.id().canonical())
            .setPriceScale(scales.price)
            .setSizeScale(scales.size);
    for (int depth = 0; depth < book.bids().count(); depth++) {
      message.addBids(scales.level(book.bids().price(depth), book.bids().size(depth)));
    }
    for (int depth = 0; depth < book.asks().count(); depth++) {
      message.addAsks(scales.level(book.asks().price(depth), book.asks().size(depth)));
    }
    return message.build();
  }

  /**
   * The levels touched by the last frame.
   *
   * @param onlyChanged whether to leave out those that are as they were before
   * @return null if there are none
   */
  OrderBookDelta delta(Instrument instrument, boolean onlyChanged) {
    TouchedLevels bids = book.touchedBids();
    TouchedLevels asks = book.touchedAsks();
    Scales scales = new Scales(instrument);
    scales.cover(bids, book.bids());
    scales.cover(asks, book.asks());
    OrderBookDelta.Builder message = OrderBookDelta.newBuilder();
    for (int i = bids.count() - 1; i >= 0; i--) {
      long size = book.bids().sizeAt(bids.price(i));
      if (!onlyChanged || size != bids.sizeBefore(i)) {
        message.addBids(scales.level(bids.price(i), size));
      }
    }
    for (int i = 0; i < asks.count(); i++) {
      long size = book.asks().sizeAt(asks.price(i));
      if (!onlyChanged || size != asks.sizeBefore(i)) {
        message.addAsks(scales.level(asks.price(i), size));
      }
    }
    if (message.getBidsCount() == 0 && message.getAsksCount() == 0) {
      return null;
    }
    return message
        .setInstrumentId(instrument.id().canonical())
        .setPriceScale(scales.price)
        .setSizeScale(scales.size)
        .build();
  }

  /** Best bid and ask. */
  Quote quote(Instrument instrument) {
    Scales scales = new Scales(instrument);
    BookSide bids = book.bids();
    BookSide asks = book.asks();
    if (!bids.isEmpty()) {
      scales.cover(bids.price(0), bids.size(0));
    }
    if (!asks.isEmpty()) {
      scales.cover(asks.price(0), asks.size(0));
    }
    Quote.Builder message =
        Quote.newBuilder()
            .setInstrumentId(instrument.id().canonical())
            .setPriceScale(scales.price)
            .setSizeScale(scales.size);
    if (!bids.isEmpty()) {
      message.setBidPrice(scales.price(bids.price(0))).setBidSize(scales.size(bids.size(0)));
    }
    if (!asks.isEmpty()) {
      message.setAskPrice(scales.price(asks.price(0))).setAskSize(scales.size(asks.size(0)));
    }
    return message.build();
  }

  /** Whether both have the same prices and sizes, whatever their scales. */
  static boolean areSame(Quote one, Quote other) {
    int price = Math.max(one.getPriceScale(), other.getPriceScale());
    int size = Math.max(one.getSizeScale(), other.getSizeScale());
    return areSame(
            one.getBidPrice(),
            one.getPriceScale(),
            other.getBidPrice(),
            other.getPriceScale(),
            price)
        && areSame(
            one.getAskPrice(),
            one.getPriceScale(),
            other.getAskPrice(),
            other.getPriceScale(),
            price)
        && areSame(
            one.getBidSize(), one.getSizeScale(), other.getBidSize(), other.getSizeScale(), size)
        && areSame(
            one.getAskSize(), one.getSizeScale(), other.getAskSize(), other.getSizeScale(), size);
  }

  /** A value that does not fit at the larger scale differs from one that has it. */
  private static boolean areSame(long one, int oneScale, long other, int otherScale, int scale) {
    return FixedPoint.rescale(one, oneScale, scale) == FixedPoint.rescale(other, otherScale, scale);
  }

  /** The scales of one message. */
  private final class Scales {
    private int price;
    private int size;

    /**
     * A book whose scales are below the instrument's new ones keeps its own until its next state.
     */
    Scales(Instrument instrument) {
      price = Math.min(instrument.priceScale(), book.priceScale());
      size = Math.min(instrument.sizeScale(), book.sizeScale());
    }

    void cover(BookSide side) {
      for (int depth = 0; depth < side.count() && !areLargest(); depth++) {
        cover(side.price(depth), side.size(depth));
      }
    }

    void cover(TouchedLevels touched, BookSide side) {
      for (int i = 0; i < touched.count() && !areLargest(); i++) {
        cover(touched.price(i), side.sizeAt(touched.price(i)));
      }
    }

    void cover(long levelPrice, long levelSize) {
      price = FixedPoint.smallestScale(levelPrice, book.priceScale(), price);
      size = levelSize == 0 ? size : FixedPoint.smallestScale(levelSize, book.sizeScale(), size);
    }

    private boolean areLargest() {
      return price == book.priceScale() && size == book.sizeScale();
    }

    long price(long value) {
      return FixedPoint.rescale(value, book.priceScale(), price);
    }

    long size(long value) {
      return FixedPoint.rescale(value, book.sizeScale(), size);
    }

    PriceLevel level(long levelPrice, long levelSize) {
      return PriceLevel.newBuilder().setPrice(price(levelPrice)).setSize(size(levelSize)).build();
    }
  }
}
