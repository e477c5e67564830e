package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.BookLevels;
import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.instrument.Instrument;
import io.github.dydxgateway.stream.EventPayload;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The order book as one connection tells it, as published and uncrossed. Logical times are those of
 * the connection and mean nothing on another. Not thread safe.
 */
final class BookCopy {
  /** More are not kept of a copy that nobody follows. */
  private static final int MOST_PROBLEMS = 100;

  private final OrderBook published = new OrderBook(false);
  private final OrderBook uncrossed = new OrderBook(true);
  private final LevelExtras levelExtras = new LevelExtras();
  private final BookMessages publishedMessages = new BookMessages(published, levelExtras);
  private final BookMessages uncrossedMessages = new BookMessages(uncrossed, levelExtras);
  private final ContentsExtras extras = new ContentsExtras();
  private Map<String, String> changedExtras = Map.of();
  private final List<String> problems = new ArrayList<>();
  private long lastReceiveTimeNs;

  /** Takes up an initial state in place of all levels. */
  void takeState(IndexerFrame.Subscribed frame, long receiveTimeNs, Instrument instrument) {
    lastReceiveTimeNs = receiveTimeNs;
    published.beginState(instrument.priceScale(), instrument.sizeScale());
    uncrossed.beginState(instrument.priceScale(), instrument.sizeScale());
    levelExtras.clear();
    changedExtras = Map.of();
    if (frame.contents() instanceof ChannelContents.OrderBook state) {
      apply(state, frame.messageId(), instrument);
    }
    published.finishFrame();
    uncrossed.finishFrame();
  }

  /** Applies updates. */
  void take(IndexerFrame.ChannelData frame, long receiveTimeNs, Instrument instrument) {
    lastReceiveTimeNs = receiveTimeNs;
    published.beginFrame();
    uncrossed.beginFrame();
    levelExtras.beginFrame();
    changedExtras = Map.of();
    for (ChannelContents contents : frame.updates()) {
      if (contents instanceof ChannelContents.OrderBook update) {
        apply(update, frame.messageId(), instrument);
      }
    }
    published.finishFrame();
    uncrossed.finishFrame();
  }

  private void apply(ChannelContents.OrderBook contents, long time, Instrument instrument) {
    changedExtras = extras.changed(contents.unknownFields(), changedExtras);
    apply(true, contents.bids(), time, instrument);
    apply(false, contents.asks(), time, instrument);
  }

  private void apply(boolean bid, BookLevels levels, long time, Instrument instrument) {
    for (int i = 0; i < levels.count(); i++) {
      String problem = levels.problem(i);
      if (problem == null) {
        problem = apply(bid, levels, i, time, instrument);
      }
      if (problem != null) {
        removeUnknown(bid, levels, i, time);
        problems.add((bid ? "bid: " : "ask: ") + problem);
      }
    }
  }

  /** Applies one level; returns what is wrong with it, or null. */
  private String apply(
      boolean bid, BookLevels levels, int index, long time, Instrument instrument) {
    if (levels.price(index) <= 0) {
      return "price must be positive, got " + levels.price(index);
    }
    if (levels.size(index) < 0) {
      return "size must not be negative, got " + levels.size(index);
    }
    int priceScale = levels.priceScale(index);
    int sizeScale = levels.size(index) == 0 ? 0 : levels.sizeScale(index);
    if (!makeRoom(levels.price(index), priceScale, levels.size(index), sizeScale)) {
      lowerScales(instrument);
      if (!makeRoom(levels.price(index), priceScale, levels.size(index), sizeScale)) {
        return "a level with "
            + priceScale
            + " and "
            + sizeScale
            + " digits after the point does not fit 64 bits together with the others";
      }
    }
    long price = FixedPoint.rescale(levels.price(index), priceScale, published.priceScale());
    long size = FixedPoint.rescale(levels.size(index), sizeScale, published.sizeScale());
    if (!published.set(bid, price, size, time) || !uncrossed.set(bid, price, size, time)) {
      return "the book has " + BookSide.MAX_LEVELS + " levels, which is all that are kept";
    }
    levelExtras.set(
        bid,
        levels.price(index),
        levels.priceScale(index),
        levels.unknownFields(index),
        levels.size(index) == 0);
    return null;
  }

  /** Raises the books' scales for a level, if need be; false if it can't be expressed. */
  private boolean makeRoom(long price, int priceScale, long size, int sizeScale) {
    int toPrice = Math.max(published.priceScale(), priceScale);
    int toSize = Math.max(published.sizeScale(), sizeScale);
    if (FixedPoint.rescale(price, priceScale, toPrice) == FixedPoint.OVERFLOW
        || FixedPoint.rescale(size, sizeScale, toSize) == FixedPoint.OVERFLOW) {
      return false;
    }
    if (toPrice == published.priceScale() && toSize == published.sizeScale()) {
      return true;
    }
    if (!published.canRescale(toPrice, toSize) || !uncrossed.canRescale(toPrice, toSize)) {
      return false;
    }
    rescale(toPrice, toSize);
    return true;
  }

  /** Takes back what a value that is long gone has made of the books' scales. */
  private void lowerScales(Instrument instrument) {
    int price = Math.min(instrument.priceScale(), published.priceScale());
    int size = Math.min(instrument.sizeScale(), published.sizeScale());
    rescale(
        uncrossed.smallestPriceScale(published.smallestPriceScale(price)),
        uncrossed.smallestSizeScale(published.smallestSizeScale(size)));
  }

  /** Both books always have the same scales. */
  private void rescale(int priceScale, int sizeScale) {
    published.rescale(priceScale, sizeScale);
    uncrossed.rescale(priceScale, sizeScale);
  }

  /** A level whose new size can't be expressed is left out: its old size is wrong for certain. */
  private void removeUnknown(boolean bid, BookLevels levels, int index, long time) {
    if (levels.price(index) <= 0 || levels.priceScale(index) > published.priceScale()) {
      return;
    }
    long price =
        FixedPoint.rescale(levels.price(index), levels.priceScale(index), published.priceScale());
    if (price != FixedPoint.OVERFLOW) {
      published.set(bid, price, 0, time);
      uncrossed.set(bid, price, 0, time);
    }
  }

  /** Bounds what is kept to be told once this copy is followed. */
  void forgetOldProblems() {
    if (problems.size() > MOST_PROBLEMS) {
      problems.subList(0, problems.size() - MOST_PROBLEMS).clear();
    }
  }

  /** Levels that could not be expressed since the last call. */
  List<String> takeProblems() {
    if (problems.isEmpty()) {
      return List.of();
    }
    List<String> taken = List.copyOf(problems);
    problems.clear();
    return taken;
  }

  /** Another copy has told the same, and clients know. */
  void forgetProblem(String problem) {
    problems.remove(problem);
  }

  /** When the last frame arrived, nanoseconds since the Unix epoch. */
  long lastReceiveTimeNs() {
    return lastReceiveTimeNs;
  }

  /**
   * The levels of a book that the last frame touched; null if there is nothing.
   *
   * @param raw whether that of the book as published, which has those too whose size is as before
   */
  EventPayload delta(boolean raw, Instrument instrument) {
    return raw
        ? publishedMessages.delta(instrument, false, changedExtras)
        : uncrossedMessages.delta(instrument, true, changedExtras);
  }

  /** A whole book, as published or uncrossed. */
  OrderBookSnapshot snapshot(boolean raw, Instrument instrument) {
    return (raw ? publishedMessages : uncrossedMessages).snapshot(instrument, extras.all());
  }

  /** Best bid and ask. */
  QuotePayload quote(Instrument instrument) {
    return uncrossedMessages.quote(instrument);
  }
}
