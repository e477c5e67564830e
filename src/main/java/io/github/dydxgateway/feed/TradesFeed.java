package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.Decimal;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.IndexerTrade;
import io.github.dydxgateway.indexer.UnknownFields;
import io.github.dydxgateway.instrument.Instrument;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.stream.state.FixedPoint;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.Trades;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Trades of one instrument, each once, oldest first. A state that holds a trade which no update has
 * brought, since the venue lost it while it fetched an earlier state, brings it late.
 */
final class TradesFeed extends InstrumentFeed {
  /** Trades kept for clients that join; as many as the venue's initial state holds. */
  private static final int RECENT = 1000;

  private final Deque<IndexerTrade> recent = new ArrayDeque<>(RECENT);
  private SeenTrades seen = new SeenTrades();
  private final ContentsExtras extras = new ContentsExtras();
  private long lastReceiveTimeNs;

  TradesFeed(
      InstrumentId instrumentId,
      ChannelId channelId,
      Executor loop,
      ChannelSource source,
      InstrumentCache instruments,
      FeedCounters counters,
      Redundancy redundancy) {
    super(instrumentId, channelId, loop, source, instruments, counters, redundancy);
  }

  @Override
  void onFirstState(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    extras.changed(extrasOf(frame), Map.of());
    begin(oldestFirst(frame), frame.messageId(), receiveTimeNs);
  }

  /** Publishes a state that nothing known precedes. */
  private void begin(List<IndexerTrade> trades, long messageId, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    List<String> problems = new ArrayList<>();
    for (IndexerTrade trade : seen.begin(trades)) {
      String problem = problemOf(trade);
      if (problem == null) {
        remember(trade);
      } else {
        problems.add(problem);
      }
    }
    publishSnapshots();
    problems.forEach(problem -> reportLost(messageId, problem, receiveTimeNs));
  }

  @Override
  void onStateAgain(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    List<IndexerTrade> trades = oldestFirst(frame);
    if (!trades.isEmpty() && !seen.isEmpty() && !seen.hasSeenAnyOf(trades)) {
      // The state does not reach back to what clients have: what lies between is lost.
      publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, receiveTimeNs);
    }
    if (seen.isOfAnotherChain(trades)) {
      // A snapshot, since the trades that clients have are replaced.
      seen = new SeenTrades();
      recent.clear();
      extras.changed(extrasOf(frame), Map.of());
      begin(trades, frame.messageId(), receiveTimeNs);
    } else {
      publishNew(seen.unseenOfState(trades), frame.messageId(), receiveTimeNs);
      noteStateDiffered(seen.late());
      publish(extrasOf(frame), receiveTimeNs);
    }
  }

  private static UnknownFields extrasOf(IndexerFrame.Subscribed frame) {
    return frame.contents() instanceof ChannelContents.Trades state
        ? state.unknownFields()
        : UnknownFields.NONE;
  }

  /** Publishes what came beside the trades. */
  private void publish(UnknownFields fields, long receiveTimeNs) {
    Map<String, String> changed = extras.changed(fields, Map.of());
    if (!changed.isEmpty()) {
      Trades message =
          next(instrument(), List.of(), 0).message(false).toBuilder()
              .putAllExtraFields(changed)
              .build();
      topics().forEach(topic -> topic.publish(at(receiveTimeNs).setTrades(message)));
    }
  }

  /** A state reaches back only so far, so it may lack what was lost. */
  @Override
  boolean nextStateHoldsLost() {
    return false;
  }

  @Override
  boolean onUpdates(int copy, IndexerFrame.ChannelData frame, long receiveTimeNs) {
    boolean anyNew = false;
    for (ChannelContents contents : frame.updates()) {
      if (contents instanceof ChannelContents.Trades update) {
        List<IndexerTrade> unseen = seen.unseenOf(update.trades());
        noteRepeated(update.trades().size() - unseen.size());
        if (!unseen.isEmpty()) {
          anyNew = true;
          noteEventTime(unseen.get(0).createdAtNs(), receiveTimeNs);
        }
        publishNew(unseen, frame.messageId(), receiveTimeNs);
        if (!unseen.isEmpty() || update.trades().isEmpty()) {
          publish(update.unknownFields(), receiveTimeNs);
        }
      }
    }
    return anyNew;
  }

  /** Not if trades between are yet to come from another copy. */
  @Override
  boolean isInStep(Copy copy) {
    if (seen.isEmpty() || seen.hasSeenAnyOf(oldestFirst(copy.initialState()))) {
      return true;
    }
    for (Copy.Held held : copy.held()) {
      for (ChannelContents contents : held.frame().updates()) {
        if (contents instanceof ChannelContents.Trades update
            && seen.hasSeenAnyOf(update.trades())) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  void onJoined(int copy, IndexerFrame.Subscribed state, long receiveTimeNs, List<Copy.Held> held) {
    List<IndexerTrade> trades = oldestFirst(state);
    boolean met = seen.isEmpty() || seen.hasSeenAnyOf(trades);
    if (met) { // else all of them are older than what clients have
      publishNew(seen.unseenOfState(trades), state.messageId(), receiveTimeNs);
      noteStateDiffered(seen.late());
    }
    for (Copy.Held one : held) {
      for (ChannelContents contents : one.frame().updates()) {
        if (contents instanceof ChannelContents.Trades update) {
          List<IndexerTrade> unseen =
              met
                  ? seen.unseenOf(update.trades())
                  : seen.hasSeenAnyOf(update.trades())
                      ? seen.unseenOfState(update.trades())
                      : List.of();
          met = met || seen.hasSeenAnyOf(update.trades());
          publishNew(unseen, one.frame().messageId(), one.receiveTimeNs());
        }
      }
    }
  }

  @Override
  boolean isComparable() {
    return true;
  }

  private static List<IndexerTrade> oldestFirst(IndexerFrame.Subscribed frame) {
    List<IndexerTrade> trades = new ArrayList<>();
    if (frame.contents() instanceof ChannelContents.Trades state) {
      trades.addAll(state.trades());
    }
    Collections.reverse(trades);
    return trades;
  }

  private void publishNew(List<IndexerTrade> trades, long messageId, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    int from = 0;
    for (int i = 0; i < trades.size(); i++) {
      String problem = problemOf(trades.get(i));
      if (problem == null) {
        remember(trades.get(i));
      } else {
        publish(trades.subList(from, i), receiveTimeNs);
        reportLost(messageId, problem, receiveTimeNs);
        from = i + 1;
      }
    }
    publish(from == 0 ? trades : trades.subList(from, trades.size()), receiveTimeNs);
  }

  /** In the order of blocks: one that a copy lost before another could tell it comes late. */
  private void remember(IndexerTrade trade) {
    if (recent.size() == RECENT) {
      recent.removeFirst();
    }
    boolean isLate =
        trade.createdAtHeight() != 0
            && !recent.isEmpty()
            && recent.getLast().createdAtHeight() > trade.createdAtHeight();
    if (!isLate) {
      recent.addLast(trade);
      return;
    }
    Deque<IndexerTrade> newer = new ArrayDeque<>();
    while (!recent.isEmpty() && recent.getLast().createdAtHeight() > trade.createdAtHeight()) {
      newer.addFirst(recent.removeLast());
    }
    recent.addLast(trade);
    recent.addAll(newer);
  }

  /** What keeps the trade from being expressed exactly; null if nothing. */
  private String problemOf(IndexerTrade trade) {
    String problem = problemOf("price", trade.price());
    if (problem == null) {
      problem = problemOf("size", trade.size());
    }
    if (problem == null) {
      Instrument instrument = instrument();
      if (!fits(trade.price(), instrument.priceScale())) {
        problem = "price " + trade.price() + " does not fit 64 bits at the instrument's scale";
      } else if (!fits(trade.size(), instrument.sizeScale())) {
        problem = "size " + trade.size() + " does not fit 64 bits at the instrument's scale";
      }
    }
    return problem == null ? null : "trade " + trade.id() + ": " + problem;
  }

  private static String problemOf(String field, Decimal value) {
    if (value == null) {
      return field + " is missing";
    }
    if (!value.isRepresentable()) {
      return field + " must be a decimal that fits 64 bits, got '" + value + "'";
    }
    return value.unscaled() < 0 ? field + " must not be negative, got " + value : null;
  }

  private static boolean fits(Decimal value, int scale) {
    return value.scale() >= scale
        || FixedPoint.rescale(value.unscaled(), value.scale(), scale) != FixedPoint.OVERFLOW;
  }

  private void publish(List<IndexerTrade> trades, long receiveTimeNs) {
    Instrument instrument = instrument();
    for (int from = 0; from < trades.size(); ) {
      TradesPayload next = next(instrument, trades, from);
      for (Topic topic : topics()) {
        topic.publish(next, receiveTimeNs);
      }
      from += next.count();
    }
  }

  @Override
  List<Event.Builder> snapshot(Topic topic) {
    Instrument instrument = instrument();
    List<IndexerTrade> trades = List.copyOf(recent);
    List<Event.Builder> events = new ArrayList<>(1);
    int from = 0;
    do {
      TradesPayload next = next(instrument, trades, from);
      events.add(at(lastReceiveTimeNs).setTrades(next.message(true)));
      from += next.count();
    } while (from < trades.size());
    events.get(events.size() - 1).getTradesBuilder().putAllExtraFields(extras.all());
    return events;
  }

  /**
   * The message that begins with a trade: usually all that are left, fewer where one value has so
   * many digits that others no longer fit at its scale; at least one if there is one.
   */
  private static TradesPayload next(Instrument instrument, List<IndexerTrade> trades, int from) {
    CommonScale price = new CommonScale(instrument.priceScale());
    CommonScale size = new CommonScale(instrument.sizeScale());
    int to = from;
    while (to < trades.size()
        && price.canTake(trades.get(to).price())
        && size.canTake(trades.get(to).size())) {
      price.take(trades.get(to).price());
      size.take(trades.get(to).size());
      to++;
    }
    if (to == from && to < trades.size()) {
      // Fitted when it came; the instrument's scales have grown since.
      price = CommonScale.forValue(instrument.priceScale(), trades.get(to).price());
      size = CommonScale.forValue(instrument.sizeScale(), trades.get(to).size());
      price.take(trades.get(to).price());
      size.take(trades.get(to).size());
      to++;
    }
    boolean all = from == 0 && to == trades.size();
    return new TradesPayload(instrument.id(), all ? trades : trades.subList(from, to), price, size);
  }
}
