package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.Decimal;
import io.github.dydxgateway.indexer.IndexerCandle;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.instrument.Instrument;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.v1.Candle;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Candles;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * Candles of one instrument and resolution. A candle is final once one with a later start is known.
 */
final class CandlesFeed extends InstrumentFeed {
  /** Candles kept for clients that join; as many as the venue's initial state holds. */
  private static final int RECENT = 1000;

  private final CandleResolution resolution;
  private final NavigableMap<Long, IndexerCandle> recent = new TreeMap<>();
  private long lastReceiveTimeNs;

  CandlesFeed(
      InstrumentId instrumentId,
      CandleResolution resolution,
      ChannelId channelId,
      Executor loop,
      ChannelSource source,
      InstrumentCache instruments,
      FeedCounters counters) {
    super(instrumentId, channelId, loop, source, instruments, counters);
    this.resolution = resolution;
  }

  @Override
  void onFirstState(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    List<String> problems = new ArrayList<>();
    changesOf(candlesOf(frame.contents()), problems);
    publishSnapshots();
    problems.forEach(problem -> reportLost(frame.messageId(), problem, receiveTimeNs));
  }

  @Override
  void onStateAgain(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    List<IndexerCandle> candles = candlesOf(frame.contents());
    if (!recent.isEmpty()
        && !candles.isEmpty()
        && candles.stream().noneMatch(candle -> candle.startedAtNs() <= recent.lastKey())) {
      // The state does not reach back to the last candle that clients have: what lies between is
      // lost.
      publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, receiveTimeNs);
    }
    take(candles, frame.messageId(), receiveTimeNs);
  }

  @Override
  void onUpdates(IndexerFrame.ChannelData frame, long receiveTimeNs) {
    for (ChannelContents contents : frame.updates()) {
      take(candlesOf(contents), frame.messageId(), receiveTimeNs);
    }
  }

  private static List<IndexerCandle> candlesOf(ChannelContents contents) {
    return contents instanceof ChannelContents.Candles candles ? candles.candles() : List.of();
  }

  private void take(List<IndexerCandle> candles, long messageId, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    List<String> problems = new ArrayList<>();
    Collection<IndexerCandle> changes = changesOf(candles, problems);
    if (!changes.isEmpty()) {
      List<Candles> messages = messages(changes, false);
      for (Topic topic : topics()) {
        messages.forEach(message -> topic.publish(at(receiveTimeNs).setCandles(message)));
      }
    }
    problems.forEach(problem -> reportLost(messageId, problem, receiveTimeNs));
  }

  /**
   * Takes up candles; returns those that are new, have changed or have become final, oldest first.
   */
  private Collection<IndexerCandle> changesOf(List<IndexerCandle> candles, List<String> problems) {
    NavigableMap<Long, IndexerCandle> changes = new TreeMap<>();
    Long openBefore = recent.isEmpty() ? null : recent.lastKey();
    for (IndexerCandle candle : candles) {
      String problem = problemOf(candle);
      if (problem != null) {
        problems.add("candle: " + problem);
      } else if (!candle.equals(recent.put(candle.startedAtNs(), candle))) {
        changes.put(candle.startedAtNs(), candle);
      }
    }
    if (openBefore != null && recent.lastKey() > openBefore) {
      changes.putIfAbsent(openBefore, recent.get(openBefore));
    }
    while (recent.size() > RECENT) {
      recent.pollFirstEntry();
    }
    return changes.values();
  }

  private String problemOf(IndexerCandle candle) {
    if (candle.startedAtNs() == 0) {
      return "startedAt is missing or no time";
    }
    Instrument instrument = instrument();
    String[] names = {"open", "high", "low", "close", "baseTokenVolume"};
    Decimal[] values = {
      candle.open(), candle.high(), candle.low(), candle.close(), candle.baseTokenVolume()
    };
    CommonScale price = new CommonScale(instrument.priceScale());
    CommonScale size = new CommonScale(instrument.sizeScale());
    for (int i = 0; i < values.length; i++) {
      CommonScale scale = i < 4 ? price : size;
      if (values[i] == null) {
        return names[i] + " is missing";
      }
      if (!values[i].isRepresentable() || !scale.canTake(values[i])) {
        return names[i] + " must be a decimal that fits 64 bits, got '" + values[i] + "'";
      }
      scale.take(values[i]);
    }
    return null;
  }

  @Override
  List<Event.Builder> snapshot(Topic topic) {
    return messages(recent.values(), true).stream()
        .map(message -> at(lastReceiveTimeNs).setCandles(message))
        .toList();
  }

  /**
   * Usually one message; several where one value has so many digits that others no longer fit at
   * its scale.
   */
  private List<Candles> messages(Collection<IndexerCandle> candles, boolean snapshot) {
    Instrument instrument = instrument();
    List<Candles> messages = new ArrayList<>(1);
    List<IndexerCandle> together = new ArrayList<>(candles.size());
    CommonScale price = new CommonScale(instrument.priceScale());
    CommonScale size = new CommonScale(instrument.sizeScale());
    for (IndexerCandle candle : candles) {
      if (!canTake(candle, price, size)) {
        if (!together.isEmpty()) {
          messages.add(message(together, price, size, snapshot));
          together.clear();
        }
        price = new CommonScale(instrument.priceScale());
        size = new CommonScale(instrument.sizeScale());
        if (!canTake(candle, price, size)) {
          // Fitted when it came; the instrument's scales have grown since.
          price = new CommonScale(Math.min(instrument.priceScale(), candle.open().scale()));
          size = CommonScale.forValue(instrument.sizeScale(), candle.baseTokenVolume());
        }
      }
      take(candle, price, size);
      together.add(candle);
    }
    if (!together.isEmpty() || messages.isEmpty()) {
      messages.add(message(together, price, size, snapshot));
    }
    return messages;
  }

  private static boolean canTake(IndexerCandle candle, CommonScale price, CommonScale size) {
    return price.canTake(candle.open())
        && price.canTake(candle.high())
        && price.canTake(candle.low())
        && price.canTake(candle.close())
        && size.canTake(candle.baseTokenVolume());
  }

  private static void take(IndexerCandle candle, CommonScale price, CommonScale size) {
    price.take(candle.open());
    price.take(candle.high());
    price.take(candle.low());
    price.take(candle.close());
    size.take(candle.baseTokenVolume());
  }

  private Candles message(
      List<IndexerCandle> candles, CommonScale price, CommonScale size, boolean snapshot) {
    Candles.Builder message =
        Candles.newBuilder()
            .setInstrumentId(instrument().id().canonical())
            .setResolution(resolution)
            .setPriceScale(price.scale())
            .setSizeScale(size.scale())
            .setSnapshot(snapshot);
    for (IndexerCandle candle : candles) {
      Candle.Builder one =
          message
              .addCandlesBuilder()
              .setStartTimeNs(candle.startedAtNs())
              .setOpen(price.scaled(candle.open()))
              .setHigh(price.scaled(candle.high()))
              .setLow(price.scaled(candle.low()))
              .setClose(price.scaled(candle.close()))
              .setBaseVolume(size.scaled(candle.baseTokenVolume()))
              .setTradeCount(candle.trades())
              .setIsFinal(candle.startedAtNs() < recent.lastKey())
              .putAllExtraFields(candle.unknownFields().jsonByName());
      if (candle.usdVolume() != null) {
        one.setUsdVolume(candle.usdVolume());
      }
      if (candle.startingOpenInterest() != null) {
        one.setStartingOpenInterest(candle.startingOpenInterest());
      }
      if (candle.orderbookMidPriceOpen() != null) {
        one.setOrderbookMidPriceOpen(candle.orderbookMidPriceOpen());
      }
      if (candle.orderbookMidPriceClose() != null) {
        one.setOrderbookMidPriceClose(candle.orderbookMidPriceClose());
      }
    }
    return message.build();
  }
}
