package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.BookLevels;
import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.instrument.Instrument;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.stream.TopicKind;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The order book of one instrument: uncrossed, as published, and its best bid and ask. Both books
 * are kept whoever streams them, so that a client can join any of the three at any time.
 */
final class OrderBookFeed extends InstrumentFeed {
  private final OrderBook published = new OrderBook(false);
  private final OrderBook uncrossed = new OrderBook(true);
  private final BookMessages publishedMessages = new BookMessages(published);
  private final BookMessages uncrossedMessages = new BookMessages(uncrossed);
  private final List<String> problems = new ArrayList<>();
  private Quote lastQuote;
  private long lastReceiveTimeNs;

  OrderBookFeed(
      InstrumentId instrumentId,
      ChannelId channelId,
      Executor loop,
      ChannelSource source,
      InstrumentCache instruments,
      FeedCounters counters) {
    super(instrumentId, channelId, loop, source, instruments, counters);
  }

  /** Whoever waits for a live book gets it at once, so it has to be there before. */
  @Override
  void takeState(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    Instrument instrument = instrument();
    published.reset(instrument.priceScale(), instrument.sizeScale());
    uncrossed.reset(instrument.priceScale(), instrument.sizeScale());
    if (frame.contents() instanceof ChannelContents.OrderBook state) {
      apply(state, frame.messageId());
    }
    uncrossed.finishFrame();
  }

  @Override
  void onFirstState(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    publishSnapshots();
    reportProblems(frame.messageId(), receiveTimeNs);
  }

  @Override
  void onStateAgain(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    onFirstState(frame, receiveTimeNs);
  }

  @Override
  void onUpdates(IndexerFrame.ChannelData frame, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    published.beginFrame();
    uncrossed.beginFrame();
    for (ChannelContents contents : frame.updates()) {
      if (contents instanceof ChannelContents.OrderBook update) {
        apply(update, frame.messageId());
      }
    }
    uncrossed.finishFrame();
    publishChanges(receiveTimeNs);
    reportProblems(frame.messageId(), receiveTimeNs);
  }

  /**
   * A lost update leaves the book wrong until the level changes again: only a fresh state helps.
   */
  @Override
  void onUpdateLost() {
    resync("an update of the book could not be read");
  }

  private void apply(ChannelContents.OrderBook contents, long time) {
    apply(true, contents.bids(), time);
    apply(false, contents.asks(), time);
  }

  private void apply(boolean bid, BookLevels levels, long time) {
    for (int i = 0; i < levels.count(); i++) {
      String problem = levels.problem(i);
      if (problem == null) {
        problem = apply(bid, levels, i, time);
      }
      if (problem != null) {
        removeUnknown(bid, levels, i, time);
        problems.add((bid ? "bid: " : "ask: ") + problem);
      }
    }
  }

  /** Applies one level; returns what is wrong with it, or null. */
  private String apply(boolean bid, BookLevels levels, int index, long time) {
    if (levels.price(index) <= 0) {
      return "price must be positive, got " + levels.price(index);
    }
    if (levels.size(index) < 0) {
      return "size must not be negative, got " + levels.size(index);
    }
    int priceScale = levels.priceScale(index);
    int sizeScale = levels.size(index) == 0 ? 0 : levels.sizeScale(index);
    if (!makeRoom(levels.price(index), priceScale, levels.size(index), sizeScale)) {
      lowerScales();
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
  private void lowerScales() {
    int price = Math.min(instrument().priceScale(), published.priceScale());
    int size = Math.min(instrument().sizeScale(), published.sizeScale());
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

  private void publishChanges(long receiveTimeNs) {
    Instrument instrument = instrument();
    for (Topic topic : topics()) {
      switch (viewOf(topic.key())) {
        case PUBLISHED -> {
          OrderBookDelta delta = publishedMessages.delta(instrument, false);
          if (delta != null) {
            topic.publish(at(receiveTimeNs).setOrderBookDelta(delta));
          }
        }
        case UNCROSSED -> {
          OrderBookDelta delta = uncrossedMessages.delta(instrument, true);
          if (delta != null) {
            topic.publish(at(receiveTimeNs).setOrderBookDelta(delta));
          }
        }
        case QUOTES -> {
          Quote quote = uncrossedMessages.quote(instrument);
          if (!BookMessages.areSame(quote, lastQuote)) {
            lastQuote = quote;
            topic.publish(at(receiveTimeNs).setQuote(quote));
          }
        }
      }
    }
  }

  private void reportProblems(long messageId, long receiveTimeNs) {
    for (String problem : problems) {
      report(messageId, problem);
      for (Topic topic : topics()) {
        if (topic.key().kind() == TopicKind.ORDER_BOOK) {
          topic.publishLoss(GapReason.GAP_REASON_NOT_REPRESENTABLE, receiveTimeNs);
        }
      }
    }
    problems.clear();
  }

  @Override
  List<Event.Builder> snapshot(Topic topic) {
    Instrument instrument = instrument();
    Event.Builder event = at(lastReceiveTimeNs);
    return List.of(
        switch (viewOf(topic.key())) {
          case PUBLISHED -> event.setOrderBookSnapshot(publishedMessages.snapshot(instrument));
          case UNCROSSED -> event.setOrderBookSnapshot(uncrossedMessages.snapshot(instrument));
          case QUOTES -> {
            lastQuote = uncrossedMessages.quote(instrument);
            yield event.setQuote(lastQuote);
          }
        });
  }

  private static View viewOf(TopicKey key) {
    if (key.kind() == TopicKind.QUOTES) {
      return View.QUOTES;
    }
    return key.message().getOrderBook().getRaw() ? View.PUBLISHED : View.UNCROSSED;
  }

  /** What a topic shows of the book. */
  private enum View {
    PUBLISHED,
    UNCROSSED,
    QUOTES
  }
}
