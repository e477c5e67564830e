package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.instrument.Instrument;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.EventPayload;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.stream.TopicKind;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.SnapshotReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The order book of one instrument: uncrossed, as published, and its best bid and ask. Both books
 * are kept whoever streams them, so that a client can join any of the three at any time.
 *
 * <p>Clients follow one copy. The others are kept as well, whole, so that another can be followed
 * at once: clients get a snapshot of it. Updates have no ids, so that the books of two connections
 * can't be merged; and the snapshot may be a moment older than what clients had, by as much as the
 * connections are apart.
 *
 * <p>An update that the venue sends again can't be distinguished from a new one: it holds absolute
 * sizes and nothing that orders it. A level that it sets back is wrong until the level changes
 * again.
 */
final class OrderBookFeed extends InstrumentFeed {
  private final List<BookCopy> copies = new ArrayList<>();
  private final FollowedCopy follow = new FollowedCopy();
  private QuotePayload lastQuote;

  /** What has changed since a state was asked for that will be compared; null if none was. */
  private BookChanges changes;

  OrderBookFeed(
      InstrumentId instrumentId,
      ChannelId channelId,
      Executor loop,
      ChannelSource source,
      InstrumentCache instruments,
      FeedCounters counters,
      Redundancy redundancy) {
    super(instrumentId, channelId, loop, source, instruments, counters, redundancy);
    for (int number = 0; number < redundancy.copies(); number++) {
      copies.add(new BookCopy());
    }
  }

  private BookCopy copy(int number) {
    return copies.get(number);
  }

  private BookCopy followed() {
    return copy(follow.number());
  }

  /** Whoever waits for a live book gets it at once, so it has to be there before. */
  @Override
  void takeState(int copy, IndexerFrame.Subscribed frame, long receiveTimeNs) {
    copy(copy).takeState(frame, receiveTimeNs, instrument());
    follow.follow(copy);
  }

  @Override
  void onFirstState(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    publishStates();
    reportProblems(frame.messageId(), receiveTimeNs);
  }

  @Override
  void onStateAgain(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    onFirstState(frame, receiveTimeNs);
  }

  @Override
  boolean onUpdates(int copy, IndexerFrame.ChannelData frame, long receiveTimeNs) {
    Instrument instrument = instrument();
    copy(copy).take(frame, receiveTimeNs, instrument);
    if (changes != null) {
      copy(copy).noteChanges(changes, nanoTime());
    }
    if (follow.isFollowed(copy, receiveTimeNs)) {
      publishChanges(instrument, receiveTimeNs);
      reportProblems(frame.messageId(), receiveTimeNs);
      return true;
    }
    copy(copy).forgetOldProblems();
    if (follow.isSilent(receiveTimeNs)) {
      noteFailover();
      switchTo(copy);
      return true;
    }
    return false;
  }

  /** A whole state is all it takes. */
  @Override
  boolean isInStep(Copy copy) {
    return true;
  }

  @Override
  void onJoined(int copy, IndexerFrame.Subscribed state, long receiveTimeNs, List<Copy.Held> held) {
    copy(copy).takeState(state, receiveTimeNs, instrument());
  }

  @Override
  void onCopyLost(int copy, int another) {
    if (copy == follow.number()) {
      switchTo(another);
    }
  }

  @Override
  boolean checksStates() {
    return true;
  }

  @Override
  void onCheckBegins() {
    changes = new BookChanges();
  }

  @Override
  void onCheckEnds() {
    changes = null;
  }

  @Override
  int onCheck(int copy, IndexerFrame.Subscribed state, long receiveTimeNs) {
    if (!(state.contents() instanceof ChannelContents.OrderBook contents)) {
      return 0;
    }
    Instrument instrument = instrument();
    int differences = followed().correct(contents, changes, instrument);
    if (differences > 0) {
      publishChanges(instrument, receiveTimeNs);
    }
    if (copy < copies.size() && copy != follow.number()) {
      copy(copy).adopt(followed(), changes, nanoTime() - StateCheck.SETTLE_NANOS);
    }
    return differences;
  }

  private void switchTo(int copy) {
    follow.follow(copy);
    publishStates();
    reportProblems(-1, followed().lastReceiveTimeNs());
  }

  /**
   * A lost update leaves the book wrong until the level changes again: only a fresh state helps.
   */
  @Override
  void onUpdateLost(Copy copy) {
    copy.resync("an update of the book could not be read");
  }

  private void publishChanges(Instrument instrument, long receiveTimeNs) {
    boolean rescales = !followed().hasScales();
    if (rescales) {
      followed().fixScales(instrument);
    }
    for (Topic topic : topics()) {
      View view = viewOf(topic.key());
      if (view == View.QUOTES) {
        publishQuote(topic, instrument, receiveTimeNs);
      } else if (rescales) {
        topic.publishSnapshot(SnapshotReason.SNAPSHOT_REASON_RESCALED, snapshot(topic));
      } else {
        EventPayload delta = followed().delta(view == View.PUBLISHED, instrument);
        if (delta != null) {
          topic.publish(delta, receiveTimeNs);
        }
      }
    }
  }

  /** One that differs in nothing but its scales is not published. */
  private void publishQuote(Topic topic, Instrument instrument, long receiveTimeNs) {
    QuotePayload quote = followed().quote(instrument);
    if (lastQuote != null && quote.saysTheSameAs(lastQuote)) {
      return;
    }
    boolean rescales = lastQuote != null && !quote.hasScalesOf(lastQuote);
    lastQuote = quote;
    if (rescales) {
      topic.publishSnapshot(SnapshotReason.SNAPSHOT_REASON_RESCALED, snapshot(topic));
    } else {
      topic.publish(quote, receiveTimeNs);
    }
  }

  private void publishStates() {
    followed().fixScales(instrument());
    lastQuote = null;
    publishSnapshots();
  }

  private void reportProblems(long messageId, long receiveTimeNs) {
    for (String problem : followed().takeProblems()) {
      report(messageId, problem);
      copies.forEach(other -> other.forgetProblem(problem));
      for (Topic topic : topics()) {
        if (topic.key().kind() == TopicKind.ORDER_BOOK) {
          topic.publishLoss(GapReason.GAP_REASON_NOT_REPRESENTABLE, receiveTimeNs);
        }
      }
    }
  }

  @Override
  List<Event.Builder> snapshot(Topic topic) {
    Instrument instrument = instrument();
    Event.Builder event = at(followed().lastReceiveTimeNs());
    return List.of(
        switch (viewOf(topic.key())) {
          case PUBLISHED -> event.setOrderBookSnapshot(followed().snapshot(true, instrument));
          case UNCROSSED -> event.setOrderBookSnapshot(followed().snapshot(false, instrument));
          case QUOTES -> event.setQuote(presentQuote(instrument).message());
        });
  }

  /** With the scales that clients have, where it says the same. */
  private QuotePayload presentQuote(Instrument instrument) {
    QuotePayload quote = followed().quote(instrument);
    if (lastQuote == null || !quote.saysTheSameAs(lastQuote)) {
      lastQuote = quote;
    }
    return lastQuote;
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
