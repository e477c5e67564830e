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
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;

/**
 * Candles of one instrument and resolution. A candle is final once one with a later start is known,
 * unless its last version may be among what could not be read: then the next state decides.
 */
final class CandlesFeed extends InstrumentFeed {
  /** Candles kept for clients that join; as many as the venue's initial state holds. */
  private static final int RECENT = 1000;

  /** No copy. */
  private static final int NONE = -1;

  /** No candle. */
  private static final long NEVER = Long.MAX_VALUE;

  private final CandleResolution resolution;
  private final NavigableMap<Long, IndexerCandle> recent = new TreeMap<>();
  private long lastReceiveTimeNs;

  /** The copy that told what was published last; only its own order of versions is certain. */
  private int leader;

  /** Start of the candle of which a copy told something last that could not be used. */
  private final Map<Integer, Long> doubtful = new HashMap<>();

  /** Candles that start then or later are not called final until a state of a copy has come. */
  private long heldBackFrom = NEVER;

  private int heldBackUntilStateOf;

  /** Starts of candles whose version told last could not be used: never final as they are. */
  private final NavigableSet<Long> unusableStarts = new TreeSet<>();

  /** What a copy told last without being believed. */
  private final Map<Integer, IndexerCandle> notBelieved = new HashMap<>();

  /** Announced already, since every copy tells them. */
  private final Set<IndexerCandle> unusable = new LinkedHashSet<>();

  CandlesFeed(
      InstrumentId instrumentId,
      CandleResolution resolution,
      ChannelId channelId,
      Executor loop,
      ChannelSource source,
      InstrumentCache instruments,
      FeedCounters counters,
      Redundancy redundancy) {
    super(instrumentId, channelId, loop, source, instruments, counters, redundancy);
    this.resolution = resolution;
  }

  @Override
  void takeState(int copy, IndexerFrame.Subscribed frame, long receiveTimeNs) {
    leader = copy;
    notBelieved.clear();
    doubtful.clear();
    heldBackUntilStateOf = copy;
  }

  @Override
  void onFirstState(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    List<String> problems = new ArrayList<>();
    changesOf(leader, candlesOf(frame.contents()), true, problems);
    publishSnapshots();
    problems.forEach(problem -> reportLost(frame.messageId(), problem, receiveTimeNs));
  }

  @Override
  void onStateAgain(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    List<IndexerCandle> candles = candlesOf(frame.contents());
    if (!recent.isEmpty() && !candles.isEmpty() && !reachesBack(candles)) {
      // The state does not reach back to the last candle that clients have: what lies between is
      // lost.
      publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, receiveTimeNs);
    }
    take(leader, candles, true, frame.messageId(), receiveTimeNs);
  }

  @Override
  boolean onUpdates(int copy, IndexerFrame.ChannelData frame, long receiveTimeNs) {
    boolean anyNew = false;
    for (ChannelContents contents : frame.updates()) {
      anyNew |= take(copy, candlesOf(contents), false, frame.messageId(), receiveTimeNs);
    }
    return anyNew;
  }

  /** Not if candles between are yet to come from another copy. */
  @Override
  boolean isInStep(Copy copy) {
    return recent.isEmpty()
        || reachesBack(candlesOf(copy.initialState().contents()))
        || copy.held().stream()
            .flatMap(held -> held.frame().updates().stream())
            .anyMatch(contents -> reachesBack(candlesOf(contents)));
  }

  @Override
  void onJoined(int copy, IndexerFrame.Subscribed state, long receiveTimeNs, List<Copy.Held> held) {
    doubtful.remove(copy);
    take(copy, candlesOf(state.contents()), true, state.messageId(), receiveTimeNs);
    held.forEach(one -> onUpdates(copy, one.frame(), one.receiveTimeNs()));
  }

  @Override
  void onCopyLost(int copy, int another) {
    notBelieved.remove(copy);
    if (copy == leader) {
      leader = NONE; // the other may be behind
      IndexerCandle candle = notBelieved.remove(another);
      if (candle != null) {
        take(another, List.of(candle), false, -1, lastReceiveTimeNs);
      }
    }
  }

  /** What was lost may be the last version of the open candle, which none will be sent after. */
  @Override
  void onUpdateLost(Copy copy) {
    if (!recent.isEmpty()) {
      holdBack(copy.number(), recent.lastKey(), "an update of the candles could not be read");
    }
  }

  /** A version that can't be used leaves its candle in doubt until a later one of it comes. */
  private void noteDoubt(int copy, IndexerCandle candle, boolean isUnusable) {
    long startedAtNs = candle.startedAtNs();
    Long doubt = doubtful.get(copy);
    if (doubt != null && startedAtNs > doubt) {
      holdBack(copy, doubt, "the last version of a candle could not be used");
    }
    if (isUnusable && !recent.isEmpty()) {
      doubtful.put(copy, startedAtNs == 0 ? recent.lastKey() : startedAtNs);
    } else if (doubt != null && startedAtNs >= doubt) {
      doubtful.remove(copy);
    }
  }

  private void noteUsable(IndexerCandle candle, boolean isUsable) {
    if (isUsable) {
      unusableStarts.remove(candle.startedAtNs());
    } else if (candle.startedAtNs() != 0) {
      unusableStarts.add(candle.startedAtNs());
      if (unusableStarts.size() > RECENT) {
        unusableStarts.pollFirst();
      }
    }
  }

  private boolean isFinal(IndexerCandle candle) {
    long startedAtNs = candle.startedAtNs();
    return startedAtNs < Math.min(recent.lastKey(), heldBackFrom)
        && !unusableStarts.contains(startedAtNs);
  }

  private void holdBack(int copy, long startedAtNs, String reason) {
    heldBackFrom = Math.min(heldBackFrom, startedAtNs);
    heldBackUntilStateOf = copy;
    resync(copy, reason);
  }

  private boolean reachesBack(List<IndexerCandle> candles) {
    return candles.stream().anyMatch(candle -> candle.startedAtNs() <= recent.lastKey());
  }

  private static List<IndexerCandle> candlesOf(ChannelContents contents) {
    return contents instanceof ChannelContents.Candles candles ? candles.candles() : List.of();
  }

  /** Takes up what a copy told and publishes what is new; false if nothing is. */
  private boolean take(
      int copy, List<IndexerCandle> candles, boolean isState, long messageId, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    List<String> problems = new ArrayList<>();
    Collection<IndexerCandle> changes = changesOf(copy, candles, isState, problems);
    if (!changes.isEmpty()) {
      List<Candles> messages = messages(changes, false);
      for (Topic topic : topics()) {
        messages.forEach(message -> topic.publish(at(receiveTimeNs).setCandles(message)));
      }
    }
    problems.forEach(problem -> reportLost(messageId, problem, receiveTimeNs));
    return !changes.isEmpty() || !problems.isEmpty();
  }

  /**
   * Takes up candles of a copy; returns those that are new, have changed or have become final,
   * oldest first.
   */
  private Collection<IndexerCandle> changesOf(
      int copy, List<IndexerCandle> candles, boolean isState, List<String> problems) {
    NavigableMap<Long, IndexerCandle> changes = new TreeMap<>();
    Long openBefore = recent.isEmpty() ? null : recent.lastKey();
    for (IndexerCandle candle : candles) {
      String problem = problemOf(candle);
      if (!isState) {
        noteDoubt(copy, candle, problem != null);
      }
      noteUsable(candle, problem == null);
      if (problem != null) {
        if (isFirstTold(candle)) {
          problems.add("candle: " + problem);
        }
      } else if (isBelieved(copy, candle)
          && !candle.equals(recent.put(candle.startedAtNs(), candle))) {
        changes.put(candle.startedAtNs(), candle);
        leader = copy;
      }
    }
    if (openBefore != null && recent.lastKey() > openBefore) {
      changes.putIfAbsent(openBefore, recent.get(openBefore));
    }
    if (isState && heldBackFrom != NEVER && copy == heldBackUntilStateOf) {
      recent.tailMap(heldBackFrom, true).forEach(changes::putIfAbsent);
      heldBackFrom = NEVER;
    }
    while (recent.size() > RECENT) {
      recent.pollFirstEntry();
    }
    return changes.values();
  }

  /**
   * Whether a candle is a later version than the one that clients have. Versions of one copy come
   * in their order; one of another copy is certainly later only if more was traded.
   */
  private boolean isBelieved(int copy, IndexerCandle candle) {
    if (copy == leader || recent.isEmpty()) {
      return true;
    }
    IndexerCandle present = recent.get(candle.startedAtNs());
    boolean isLater;
    if (present == null) {
      isLater = candle.startedAtNs() > recent.firstKey();
    } else {
      isLater = leader == NONE ? !isOlder(candle, present) : isOlder(present, candle);
    }
    if (isLater) {
      notBelieved.remove(copy);
    } else if (candle.startedAtNs() == recent.lastKey()) {
      notBelieved.put(copy, candle);
    }
    return isLater;
  }

  /** Whether less was traded in one version of a candle than in another. */
  private static boolean isOlder(IndexerCandle one, IndexerCandle another) {
    return one.trades() != another.trades()
        ? one.trades() < another.trades()
        : compare(one.baseTokenVolume(), another.baseTokenVolume()) < 0;
  }

  private static int compare(Decimal one, Decimal another) {
    return BigDecimal.valueOf(one.unscaled(), one.scale())
        .compareTo(BigDecimal.valueOf(another.unscaled(), another.scale()));
  }

  private boolean isFirstTold(IndexerCandle candle) {
    if (!isRedundant()) {
      return true;
    }
    boolean first = unusable.add(candle);
    if (unusable.size() > RECENT) {
      Iterator<IndexerCandle> oldest = unusable.iterator();
      oldest.next();
      oldest.remove();
    }
    return first;
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
              .setIsFinal(isFinal(candle))
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
