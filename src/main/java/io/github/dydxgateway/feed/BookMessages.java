package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.UnknownFields;
import io.github.dydxgateway.instrument.Instrument;
import io.github.dydxgateway.stream.EventPayload;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.PriceLevel;
import java.util.Map;

/** The contract's messages about a book. */
final class BookMessages {
  private final OrderBook book;
  private final BookScales scales;
  private final LevelExtras extras;
  private final DeltaPayload delta = new DeltaPayload();

  /**
   * @param scales of all messages
   * @param extras of the book's levels
   */
  BookMessages(OrderBook book, BookScales scales, LevelExtras extras) {
    this.book = book;
    this.scales = scales;
    this.extras = extras;
  }

  /**
   * The whole book.
   *
   * @param contentsExtras what came beside the levels
   */
  OrderBookSnapshot snapshot(Instrument instrument, Map<String, String> contentsExtras) {
    OrderBookSnapshot.Builder message =
        OrderBookSnapshot.newBuilder()
            .setInstrumentId(instrument.id().canonical())
            .setPriceScale(scales.price())
            .setSizeScale(scales.size())
            .putAllExtraFields(contentsExtras);
    for (int depth = 0; depth < book.bids().count(); depth++) {
      message.addBids(level(true, book.bids().price(depth), book.bids().size(depth)));
    }
    for (int depth = 0; depth < book.asks().count(); depth++) {
      message.addAsks(level(false, book.asks().price(depth), book.asks().size(depth)));
    }
    return message.build();
  }

  /**
   * The levels touched by the last frame.
   *
   * @param onlyChanged whether to leave out those that are as they were before
   * @param contentsExtras what came beside the levels and is new
   * @return null if there is nothing; good until the next call
   */
  EventPayload delta(
      Instrument instrument, boolean onlyChanged, Map<String, String> contentsExtras) {
    TouchedLevels bids = book.touchedBids();
    TouchedLevels asks = book.touchedAsks();
    delta.begin(instrument.id(), scales.price(), scales.size(), contentsExtras);
    for (int i = bids.count() - 1; i >= 0; i--) {
      if (!onlyChanged || bids.size(i) != bids.sizeBefore(i) || isTouched(true, bids.price(i))) {
        delta.bids().add(price(bids.price(i)), size(bids.size(i)));
        addExtras(delta.bids(), true, bids.price(i));
      }
    }
    for (int i = 0; i < asks.count(); i++) {
      if (!onlyChanged || asks.size(i) != asks.sizeBefore(i) || isTouched(false, asks.price(i))) {
        delta.asks().add(price(asks.price(i)), size(asks.size(i)));
        addExtras(delta.asks(), false, asks.price(i));
      }
    }
    return delta.isEmpty() ? null : delta;
  }

  private boolean isTouched(boolean bid, long price) {
    return !extras.isEmpty() && extras.isTouched(bid, price, book.priceScale());
  }

  private void addExtras(DeltaLevels levels, boolean bid, long price) {
    if (!extras.isEmpty()) {
      UnknownFields fields = extras.of(bid, price, book.priceScale());
      if (!fields.isEmpty()) {
        levels.addExtras(fields);
      }
    }
  }

  /** Best bid and ask. */
  QuotePayload quote(Instrument instrument) {
    BookSide bids = book.bids();
    BookSide asks = book.asks();
    long bidPrice = bids.isEmpty() ? 0 : bids.price(0);
    long bidSize = bids.isEmpty() ? 0 : bids.size(0);
    long askPrice = asks.isEmpty() ? 0 : asks.price(0);
    long askSize = asks.isEmpty() ? 0 : asks.size(0);
    return new QuotePayload(
        instrument.id(),
        scales.price(),
        scales.size(),
        price(bidPrice),
        size(bidSize),
        price(askPrice),
        size(askSize));
  }

  private long price(long value) {
    return scales.price(book, value);
  }

  private long size(long value) {
    return scales.size(book, value);
  }

  private PriceLevel level(boolean bid, long levelPrice, long levelSize) {
    PriceLevel.Builder level =
        PriceLevel.newBuilder().setPrice(price(levelPrice)).setSize(size(levelSize));
    if (!extras.isEmpty()) {
      level.putAllExtraFields(extras.of(bid, levelPrice, book.priceScale()).jsonByName());
    }
    return level.build();
  }
}
