package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.Decimal;
import io.github.dydxgateway.indexer.IndexerCandle;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.UnknownFields;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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
 * Candles of one instrument and resolution. A candle is final with its last version, which is known
 * once a copy goes on from it to a later one, in a state or since. If it was lost or can't be used,
 * a state is asked for, and the candle is not final until a state or another copy brings it.
 *
 * <p>The venue may send versions again after later ones. A version in which less was traded is
 * older, and so is one that the same copy has replaced by another in which as much was traded: both
 * are dropped, whichever copy brings them. Of versions in which as much was traded a new one is
 * later if its copy has brought the version that clients have; else the order is unknown and it is
 * dropped too. A later version of a final candle is a correction and is published as final.
 */
final class CandlesFeed extends InstrumentFeed {
  /** Candles kept for clients that join; as many as the venue's initial state holds. */
  private static final int RECENT = 1000;

  /** Replaced versions kept of a candle; the venue repeats what it sent within seconds. */
  private static final int MOST_REPLACED = 64;

  private final CandleResolution resolution;
  private final NavigableMap<Long, IndexerCandle> recent = new TreeMap<>();
  private final ContentsExtras extras = new ContentsExtras();
  private long lastReceiveTimeNs;

  /**
   * By start, the versions that one with as many trades and as much volume has replaced. Rare: only
   * the middle of the book or the open interest differ in such versions.
   */
  private final Map<Long, Set<IndexerCandle>> replaced = new HashMap<>();

  /** Starts of the candles not final: the newest, and those whose last version is unknown. */
  private final NavigableSet<Long> unfinal = new TreeSet<>();

  private final Map<Integer, CandleProgress> progresses = new HashMap<>();

  /** The copies that told the version that clients have of the newest candle. */
  private final Set<Integer> caughtUp = new HashSet<>();

  /** The copy of which a state has come while no other was in step. */
  private int only;

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
    only = copy;
    caughtUp.retainAll(Set.of(copy));
  }

  @Override
  void onFirstState(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    List<String> problems = new ArrayList<>();
    changesOf(only, candlesOf(frame.contents()), true, problems);
    extras.changed(extrasOf(frame.contents()), Map.of());
    publishSnapshots();
    problems.forEach(problem -> reportLost(frame.messageId(), problem, receiveTimeNs));
  }

  @Override
  void onStateAgain(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    List<IndexerCandle> candles = candlesOf(frame.contents());
    if (!candles.isEmpty() && !reachesBack(candles)) {
      // The state does not reach back to the last candle that clients have: what lies between is
      // lost.
      publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, receiveTimeNs);
    }
    take(only, candles, true, frame.messageId(), receiveTimeNs);
    publish(extrasOf(frame.contents()), receiveTimeNs);
  }

  @Override
  boolean onUpdates(int copy, IndexerFrame.ChannelData frame, long receiveTimeNs) {
    boolean anyNew = false;
    for (ChannelContents contents : frame.updates()) {
      boolean isNew = take(copy, candlesOf(contents), false, frame.messageId(), receiveTimeNs);
      if (isNew || candlesOf(contents).isEmpty()) {
        publish(extrasOf(contents), receiveTimeNs);
      }
      anyNew |= isNew;
    }
    return anyNew;
  }

  /** Publishes what came beside the candles. */
  private void publish(UnknownFields fields, long receiveTimeNs) {
    Map<String, String> changed = extras.changed(fields, Map.of());
    if (!changed.isEmpty()) {
      Candles message =
          messages(List.of(), false).get(0).toBuilder().putAllExtraFields(changed).build();
      topics().forEach(topic -> topic.publish(at(receiveTimeNs).setCandles(message)));
    }
  }

  private static UnknownFields extrasOf(ChannelContents contents) {
    return contents instanceof ChannelContents.Candles candles
        ? candles.unknownFields()
        : UnknownFields.NONE;
  }

  /** Not if candles between are yet to come from another copy. */
  @Override
  boolean isInStep(Copy copy) {
    return reachesBack(candlesOf(copy.initialState().contents()))
        || copy.held().stream()
            .flatMap(held -> held.frame().updates().stream())
            .anyMatch(contents -> reachesBack(candlesOf(contents)));
  }

  @Override
  void onJoined(int copy, IndexerFrame.Subscribed state, long receiveTimeNs, List<Copy.Held> held) {
    take(copy, candlesOf(state.contents()), true, state.messageId(), receiveTimeNs);
    held.forEach(one -> onUpdates(copy, one.frame(), one.receiveTimeNs()));
  }

  @Override
  boolean isComparable() {
    return true;
  }

  /** What was lost may be the last version of the open candle, which none will be sent after. */
  @Override
  void onUpdateLost(Copy copy) {
    awaitState(copy.number(), "an update of the candles could not be read");
  }

  /** Until then nothing that the copy tells makes a candle final. */
  private void awaitState(int copy, String reason) {
    progressOf(copy).lose();
    resync(copy, reason);
  }

  private boolean reachesBack(List<IndexerCandle> candles) {
    return recent.isEmpty()
        || candles.stream().anyMatch(candle -> candle.startedAtNs() <= recent.lastKey());
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
   * oldest first; with a state also those that were in doubt.
   */
  private Collection<IndexerCandle> changesOf(
      int copy, List<IndexerCandle> candles, boolean isState, List<String> problems) {
    NavigableMap<Long, IndexerCandle> changes = new TreeMap<>();
    Long openBefore = recent.isEmpty() ? null : recent.lastKey();
    List<Long> awaited = isState && unfinal.size() > 1 ? List.copyOf(unfinal) : List.of();
    if (isState && reachesBack(candles)) {
      progresses.remove(copy);
    }
    CandleProgress progress = progressOf(copy);
    for (IndexerCandle candle : isState ? oldestFirst(candles) : candles) {
      String problem = problemOf(candle);
      if (problem == null) {
        IndexerCandle last = progress.lastVersionBefore(candle);
        if (last != null && unfinal.remove(last.startedAtNs())) {
          makeFinal(last, changes);
        }
        if (!takeUp(copy, candle, progress.hasLeft(candle), changes) && !isState) {
          noteRepeated(1);
        }
      } else if (isFirstTold(candle)) {
        problems.add("candle: " + problem);
      }
      if (problem == null && isRepeated(candle, progress.lastVersion())) {
        continue; // says nothing of versions in between that could not be used
      }
      long unknown = progress.goOnTo(candle, problem == null);
      if (unknown != CandleProgress.NONE && !isState && !isFinal(unknown)) {
        awaitState(copy, "the last version of a candle could not be used");
      }
    }
    if (isState) {
      progress.resume();
    }
    awaited.forEach(start -> changes.putIfAbsent(start, recent.get(start)));
    if (openBefore != null && recent.lastKey() > openBefore) {
      changes.putIfAbsent(openBefore, recent.get(openBefore));
    }
    while (recent.size() > RECENT) {
      long oldest = recent.pollFirstEntry().getKey();
      unfinal.remove(oldest);
      replaced.remove(oldest);
    }
    return changes.values();
  }

  /** Makes a candle final with the last version of a copy, unless clients have a later one. */
  private void makeFinal(IndexerCandle last, NavigableMap<Long, IndexerCandle> changes) {
    IndexerCandle present = recent.get(last.startedAtNs());
    if (!last.equals(present) && !isOutdated(last, present)) {
      replace(present, last, false);
    }
    changes.put(last.startedAtNs(), recent.get(last.startedAtNs()));
  }

  /**
   * Replaces a version of a candle; null if there is none.
   *
   * @param isOrderKnown whether the copy that brings it has brought the present one before
   */
  private void replace(IndexerCandle present, IndexerCandle later, boolean isOrderKnown) {
    long start = later.startedAtNs();
    recent.put(start, later);
    if (present == null) {
      return;
    }
    if (compare(present, later) != 0) {
      replaced.remove(start);
    } else if (isOrderKnown) {
      Set<IndexerCandle> older = replaced.computeIfAbsent(start, ignored -> new LinkedHashSet<>());
      older.add(present);
      keepNewest(older, MOST_REPLACED);
    }
  }

  /**
   * Takes up a version of a candle; false if clients have it or a later one.
   *
   * @param isOver whether the copy has brought a later candle already
   */
  private boolean takeUp(
      int copy, IndexerCandle candle, boolean isOver, NavigableMap<Long, IndexerCandle> changes) {
    long start = candle.startedAtNs();
    IndexerCandle present = recent.get(start);
    boolean isChange = !candle.equals(present);
    if (isChange && !isBelieved(copy, candle, present)) {
      return false;
    }
    if (isChange) {
      replace(present, candle, caughtUp.contains(copy));
      changes.put(start, candle);
    }
    if (present == null && !isOver) {
      unfinal.add(start);
    }
    if (start == recent.lastKey()) {
      if (isChange) {
        caughtUp.clear();
      }
      caughtUp.add(copy);
    }
    return isChange;
  }

  /** Whether a version of a candle is later than the one that clients have; null if none. */
  private boolean isBelieved(int copy, IndexerCandle candle, IndexerCandle present) {
    if (present == null) {
      return recent.isEmpty()
          || candle.startedAtNs() > recent.firstKey()
          || (caughtUp.contains(copy) && recent.size() < RECENT);
    }
    if (isOutdated(candle, present)) {
      return false;
    }
    // After all were interrupted nobody need bring the present version again: one as late is taken.
    return compare(present, candle) < 0
        || caughtUp.contains(copy)
        || (caughtUp.isEmpty() && !isFinal(candle.startedAtNs()));
  }

  private boolean isRepeated(IndexerCandle candle, IndexerCandle last) {
    return candle.equals(last) || isOutdated(candle, last);
  }

  /**
   * Whether a version is certainly older than another of the same candle; null if there is none.
   */
  private boolean isOutdated(IndexerCandle candle, IndexerCandle another) {
    if (another == null || candle.startedAtNs() != another.startedAtNs()) {
      return false;
    }
    int order = compare(candle, another);
    return order < 0
        || (order == 0
            && !candle.equals(another)
            && replaced.getOrDefault(candle.startedAtNs(), Set.of()).contains(candle));
  }

  private boolean isFinal(long startedAtNs) {
    return recent.containsKey(startedAtNs) && !unfinal.contains(startedAtNs);
  }

  private CandleProgress progressOf(int copy) {
    return progresses.computeIfAbsent(copy, ignored -> new CandleProgress());
  }

  private static List<IndexerCandle> oldestFirst(List<IndexerCandle> candles) {
    return candles.stream().sorted(Comparator.comparingLong(IndexerCandle::startedAtNs)).toList();
  }

  /** Less than 0 if less was traded in one version of a candle than in another; 0 if as much. */
  private static int compare(IndexerCandle one, IndexerCandle another) {
    int order = Long.compare(one.trades(), another.trades());
    return order != 0 ? order : compare(one.baseTokenVolume(), another.baseTokenVolume());
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
    keepNewest(unusable, RECENT);
    return first;
  }

  private static void keepNewest(Set<IndexerCandle> candles, int most) {
    if (candles.size() > most) {
      Iterator<IndexerCandle> oldest = candles.iterator();
      oldest.next();
      oldest.remove();
    }
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
    List<Event.Builder> events = new ArrayList<>();
    messages(recent.values(), true)
        .forEach(message -> events.add(at(lastReceiveTimeNs).setCandles(message)));
    events.get(events.size() - 1).getCandlesBuilder().putAllExtraFields(extras.all());
    return events;
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
              .setIsFinal(isFinal(candle.startedAtNs()))
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
