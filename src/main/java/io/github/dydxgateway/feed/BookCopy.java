package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.BookLevels;
import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.UnknownFields;
import io.github.dydxgateway.instrument.Instrument;
import io.github.dydxgateway.stream.EventPayload;
import io.github.dydxgateway.stream.state.FixedPoint;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order book as one connection tells it, as published and uncrossed. Logical times are those of
 * the connection and mean nothing on another. Not thread safe.
 */
final class BookCopy {
  /** More are not kept of a copy that nobody follows. */
  private static final int MOST_PROBLEMS = 100;

  /** The venue's initial states hold so many levels of a side at most. */
  private static final int STATE_LEVELS = 100;

  private final OrderBook published = new OrderBook(false);
  private final OrderBook uncrossed = new OrderBook(true);
  private final LevelExtras levelExtras = new LevelExtras();
  private final BookScales scales = new BookScales();
  private final BookMessages publishedMessages = new BookMessages(published, scales, levelExtras);
  private final BookMessages uncrossedMessages = new BookMessages(uncrossed, scales, levelExtras);
  private final ContentsExtras extras = new ContentsExtras();
  private Map<String, String> changedExtras = Map.of();
  private final List<String> problems = new ArrayList<>();
  private long lastReceiveTimeNs;

  /** Logical time of the levels of the state. */
  private long stateTime;

  /** Takes up an initial state in place of all levels. */
  void takeState(IndexerFrame.Subscribed frame, long receiveTimeNs, Instrument instrument) {
    lastReceiveTimeNs = receiveTimeNs;
    published.beginState(instrument.priceScale(), instrument.sizeScale());
    uncrossed.beginState(instrument.priceScale(), instrument.sizeScale());
    levelExtras.clear();
    changedExtras = Map.of();
    stateTime = frame.messageId();
    if (frame.contents() instanceof ChannelContents.OrderBook state) {
      apply(state, stateTime, instrument);
    }
    published.finishFrame();
    uncrossed.finishFrame();
  }

  private void beginFrame() {
    published.beginFrame();
    uncrossed.beginFrame();
    levelExtras.beginFrame();
    changedExtras = Map.of();
  }

  /** Applies updates. */
  void take(IndexerFrame.ChannelData frame, long receiveTimeNs, Instrument instrument) {
    lastReceiveTimeNs = receiveTimeNs;
    beginFrame();
    for (ChannelContents contents : frame.updates()) {
      if (contents instanceof ChannelContents.OrderBook update) {
        apply(update, frame.messageId(), instrument);
      }
    }
    published.finishFrame();
    uncrossed.finishFrame();
  }

  /**
   * Sets the levels in which a further state of the venue differs, as if this copy's own state had
   * held them, in a frame of their own.
   *
   * @param changes levels that have changed since that state was asked for, and stay as they are
   * @return how many levels differ
   */
  int correct(ChannelContents.OrderBook state, BookChanges changes, Instrument instrument) {
    beginFrame();
    int corrected =
        correct(true, state.bids(), changes, instrument)
            + correct(false, state.asks(), changes, instrument);
    published.finishFrame();
    uncrossed.finishFrame();
    return corrected;
  }

  private int correct(boolean bid, BookLevels levels, BookChanges changes, Instrument instrument) {
    int corrected = 0;
    Set<BigDecimal> listed = new HashSet<>();
    BigDecimal worst = null;
    for (int i = 0; i < levels.count(); i++) {
      if (levels.price(i) <= 0 || levels.size(i) <= 0 || levels.problem(i) != null) {
        return 0; // a state that can't be read as a whole proves nothing
      }
      BigDecimal price = FixedPoint.key(levels.price(i), levels.priceScale(i));
      listed.add(price);
      worst = worst == null || isBetter(bid, worst, price) ? price : worst;
      if (!changes.contain(bid, price)
          && differs(bid, price, FixedPoint.key(levels.size(i), levels.sizeScale(i)))
          && apply(bid, levels, i, stateTime, instrument) == null) {
        corrected++;
      }
    }
    boolean isWhole = levels.count() < STATE_LEVELS;
    for (long price : pricesOf(bid)) {
      BigDecimal number = FixedPoint.key(price, published.priceScale());
      if (!listed.contains(number)
          && (isWhole || isBetter(bid, number, worst))
          && !changes.contain(bid, number)
          && differs(bid, number, BigDecimal.ZERO)) {
        remove(bid, price, stateTime);
        corrected++;
      }
    }
    return corrected;
  }

  private static boolean isBetter(boolean bid, BigDecimal price, BigDecimal other) {
    return bid ? price.compareTo(other) > 0 : price.compareTo(other) < 0;
  }

  private long[] pricesOf(boolean bid) {
    BookSide side = bid ? published.bids() : published.asks();
    long[] prices = new long[side.count()];
    for (int depth = 0; depth < prices.length; depth++) {
      prices[depth] = side.price(depth);
    }
    return prices;
  }

  /** Not where uncrossing has changed the level: the venue's states are uncrossed by its own. */
  private boolean differs(boolean bid, BigDecimal price, BigDecimal size) {
    BigDecimal present = sizeAt(published, bid, price);
    return present.compareTo(size) != 0 && present.compareTo(sizeAt(uncrossed, bid, price)) == 0;
  }

  private static BigDecimal sizeAt(OrderBook book, boolean bid, BigDecimal price) {
    long key =
        FixedPoint.rescale(
            price.unscaledValue().longValueExact(), price.scale(), book.priceScale());
    long size = key == FixedPoint.OVERFLOW ? 0 : (bid ? book.bids() : book.asks()).sizeAt(key);
    return BigDecimal.valueOf(size, book.sizeScale());
  }

  /**
   * Takes levels over from the copy that is followed: those that it has from updates which the
   * venue may have left out of this copy's state.
   *
   * @param changes levels that have changed on either copy since this one's state was asked for
   * @param settledNanos what has changed later may be on its way to one of the copies
   */
  void adopt(BookCopy followed, BookChanges changes, long settledNanos) {
    beginFrame();
    changes.forEachBefore(true, settledNanos, price -> adopt(true, price, followed));
    changes.forEachBefore(false, settledNanos, price -> adopt(false, price, followed));
    published.finishFrame();
    uncrossed.finishFrame();
  }

  private void adopt(boolean bid, BigDecimal price, BookCopy followed) {
    BigDecimal size = sizeAt(followed.published, bid, price).stripTrailingZeros();
    if (!differs(bid, price, size)) {
      return;
    }
    int priceScale = Math.max(0, price.scale());
    int sizeScale = Math.max(0, size.scale());
    long unscaledPrice = price.setScale(priceScale).unscaledValue().longValueExact();
    long unscaledSize = size.setScale(sizeScale).unscaledValue().longValueExact();
    if (makeRoom(unscaledPrice, priceScale, unscaledSize, sizeScale)) {
      set(
          bid,
          FixedPoint.rescale(unscaledPrice, priceScale, published.priceScale()),
          FixedPoint.rescale(unscaledSize, sizeScale, published.sizeScale()),
          stateTime);
      levelExtras.set(
          bid,
          unscaledPrice,
          priceScale,
          followed.levelExtras.of(bid, unscaledPrice, priceScale),
          unscaledSize == 0);
    }
  }

  /** Removes a level from both books, with its unknown fields. */
  private void remove(boolean bid, long price, long time) {
    set(bid, price, 0, time);
    levelExtras.set(bid, price, published.priceScale(), UnknownFields.NONE, true);
  }

  /** Sets a level in both books; false if there is no room for it. */
  private boolean set(boolean bid, long price, long size, long time) {
    return published.set(bid, price, size, time) && uncrossed.set(bid, price, size, time);
  }

  /** Notes the levels that the last frame changed. */
  void noteChanges(BookChanges changes, long nowNanos) {
    changes.note(true, published.touchedBids(), published.priceScale(), nowNanos);
    changes.note(false, published.touchedAsks(), published.priceScale(), nowNanos);
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
    if (!set(bid, price, size, time)) {
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

  /** Fixes the scales of messages for a snapshot. */
  void fixScales(Instrument instrument) {
    scales.fix(published, uncrossed, instrument);
  }

  /** Whether what the last frame touched can be expressed with the scales of the last snapshot. */
  boolean hasScales() {
    return scales.fit(published) && scales.fit(uncrossed);
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
      remove(bid, price, time);
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
