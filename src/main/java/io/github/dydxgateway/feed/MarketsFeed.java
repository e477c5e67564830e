package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.IndexerMarket;
import io.github.dydxgateway.indexer.IndexerOraclePrice;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.EventPayload;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Instruments;
import io.github.dydxgateway.v1.MarketUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * All markets. The gateway always holds this feed: from it the instruments are known, which every
 * other market feed needs. Its topics are that of all markets and one for each market somebody asks
 * for.
 *
 * <p>Clients follow one copy: its changes hold new values only, and nothing tells which of two
 * copies' values is the newer, so that merged they would go back and forth. Of the others all is
 * kept that they told, so that another can be followed at once: clients get what differs.
 */
final class MarketsFeed extends Feed {
  private final InstrumentCache instruments;
  private final Map<String, Market> markets = new TreeMap<>();

  /** The same by the name that the venue gives them. */
  private final Map<String, Market> byTicker = new HashMap<>();

  private final Set<Market> changedDefinitions = new LinkedHashSet<>();
  private final List<MarketUpdate> changedStatistics = new ArrayList<>();
  private final FollowedCopy follow = new FollowedCopy();

  /** What the copies tell that are not followed. */
  private final Map<Integer, Map<String, Market>> others = new HashMap<>();

  private long lastReceiveTimeNs;

  MarketsFeed(
      Executor loop,
      ChannelSource source,
      InstrumentCache instruments,
      FeedCounters counters,
      Redundancy redundancy) {
    super(ChannelId.of(Channel.MARKETS), loop, source, counters, redundancy);
    this.instruments = instruments;
  }

  @Override
  void takeState(int copy, IndexerFrame.Subscribed frame, long receiveTimeNs) {
    follow.follow(copy);
    others.remove(copy);
    take(frame.contents(), frame.messageId());
    instruments.markLoaded();
    for (Topic topic : List.copyOf(topics())) {
      String id = topic.key().message().getMarkets().getInstrumentId();
      if (!id.isEmpty() && !markets.containsKey(id)) {
        topic.fail(InstrumentFeed.unknownInstrument(InstrumentId.parse(id)));
      }
    }
  }

  @Override
  void onFirstState(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    changedDefinitions.clear();
    changedStatistics.clear();
    publishSnapshots();
  }

  @Override
  void onStateAgain(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    publishChanges(receiveTimeNs);
  }

  @Override
  boolean onUpdates(int copy, IndexerFrame.ChannelData frame, long receiveTimeNs) {
    if (!follow.isFollowed(copy, receiveTimeNs)) {
      frame.updates().forEach(contents -> keep(copy, contents));
      if (!follow.isSilent(receiveTimeNs)) {
        return false;
      }
      noteFailover();
      switchTo(copy, receiveTimeNs);
      return true;
    }
    frame.updates().forEach(contents -> take(contents, frame.messageId()));
    frame.updates().forEach(contents -> noteOracleTime(contents, receiveTimeNs));
    publishChanges(receiveTimeNs);
    return true;
  }

  /** A whole state is all it takes. */
  @Override
  boolean isInStep(Copy copy) {
    return true;
  }

  @Override
  void onJoined(int copy, IndexerFrame.Subscribed state, long receiveTimeNs, List<Copy.Held> held) {
    others.put(copy, new TreeMap<>());
    keep(copy, state.contents());
  }

  @Override
  void onCopyLost(int copy, int another) {
    others.remove(copy);
    if (copy == follow.number()) {
      switchTo(another, lastReceiveTimeNs);
    }
  }

  /** What is wrong with it is reported when it is told by the copy that is followed. */
  private void keep(int copy, ChannelContents contents) {
    Map<String, Market> kept = others.get(copy);
    if (!(contents instanceof ChannelContents.Markets update) || kept == null) {
      return;
    }
    for (IndexerMarket part : update.markets()) {
      Market market = kept(kept, part.ticker());
      if (market != null) {
        market.take(part);
        market.takeProblems();
      }
    }
    for (IndexerOraclePrice price : update.oraclePrices()) {
      Market market = kept(kept, price.ticker());
      if (market != null) {
        market.take(price);
      }
    }
  }

  private static Market kept(Map<String, Market> kept, String ticker) {
    try {
      return kept.computeIfAbsent(
          InstrumentId.parse(ticker).canonical(), id -> new Market(InstrumentId.parse(ticker)));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private void switchTo(int copy, long receiveTimeNs) {
    int before = follow.number();
    follow.follow(copy);
    Map<String, Market> kept = others.remove(copy);
    if (kept == null) {
      return;
    }
    Map<String, Market> left = new TreeMap<>();
    markets.forEach((id, market) -> left.put(id, market.copy()));
    others.put(before, left);
    for (Market other : kept.values()) {
      Market market = market(other.id().ticker(), -1);
      if (market != null) {
        boolean wasKnown = market.instrument() != null;
        MarketUpdate change = market.take(other);
        refresh(market, -1);
        note(market, wasKnown, change);
      }
    }
    publishChanges(receiveTimeNs);
  }

  /** A lost update may have been a new tick size or status: only a fresh state tells. */
  @Override
  void onUpdateLost(Copy copy) {
    copy.resync("an update of the markets could not be read");
  }

  private void take(ChannelContents contents, long messageId) {
    if (!(contents instanceof ChannelContents.Markets update)) {
      return;
    }
    for (IndexerMarket part : update.markets()) {
      part.problems()
          .forEach(
              problem ->
                  report(
                      messageId, part.ticker() + ": " + problem.field() + " " + problem.problem()));
      Market market = market(part.ticker(), messageId);
      if (market != null) {
        boolean wasKnown = market.instrument() != null;
        MarketUpdate change = market.take(part);
        refresh(market, messageId);
        note(market, wasKnown, change);
      }
    }
    for (IndexerOraclePrice price : update.oraclePrices()) {
      price
          .problems()
          .forEach(
              problem ->
                  report(
                      messageId,
                      price.ticker() + ": " + problem.field() + " " + problem.problem()));
      Market market = market(price.ticker(), messageId);
      if (market != null) {
        boolean wasKnown = market.instrument() != null;
        MarketUpdate change = market.take(price);
        refresh(market, messageId);
        note(market, wasKnown, change);
      }
    }
  }

  private void noteOracleTime(ChannelContents contents, long receiveTimeNs) {
    if (contents instanceof ChannelContents.Markets update && !update.oraclePrices().isEmpty()) {
      noteEventTime(update.oraclePrices().get(0).effectiveAtNs(), receiveTimeNs);
    }
  }

  private Market market(String ticker, long messageId) {
    Market known = byTicker.get(ticker);
    if (known != null) {
      return known;
    }
    InstrumentId id;
    try {
      id = InstrumentId.parse(ticker);
    } catch (IllegalArgumentException e) {
      report(messageId, "market '" + ticker + "': " + e.getMessage());
      return null;
    }
    Market market = markets.get(id.canonical());
    if (market == null) {
      market = new Market(id);
      markets.put(id.canonical(), market);
      instruments.putIncomplete(id);
    }
    byTicker.put(ticker, market);
    return market;
  }

  private void refresh(Market market, long messageId) {
    for (String problem : market.takeProblems()) {
      report(messageId, market.id().ticker() + ": " + problem);
    }
    if (market.refreshInstrument()) {
      instruments.put(market.instrument());
      changedDefinitions.add(market);
    }
  }

  /** Notes changed statistics; of a market that has just become known, all of them. */
  private void note(Market market, boolean wasKnown, MarketUpdate change) {
    if (market.instrument() == null) {
      return;
    }
    if (!wasKnown) {
      changedStatistics.add(market.statistics(false));
    } else if (change != null) {
      changedStatistics.add(change);
    }
  }

  private void publishChanges(long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    for (Topic topic : topics()) {
      String wanted = topic.key().message().getMarkets().getInstrumentId();
      Instruments.Builder definitions = Instruments.newBuilder();
      for (Market market : changedDefinitions) {
        if (wanted.isEmpty() || wanted.equals(market.id().canonical())) {
          definitions.addInstruments(market.instrument().definition());
        }
      }
      if (definitions.getInstrumentsCount() > 0) {
        topic.publish(at(receiveTimeNs).setInstruments(definitions));
      }
      for (MarketUpdate change : changedStatistics) {
        if (wanted.isEmpty() || wanted.equals(change.getInstrumentId())) {
          topic.publish(EventPayload.of(Event.MARKET_UPDATE_FIELD_NUMBER, change), receiveTimeNs);
        }
      }
    }
    changedDefinitions.clear();
    changedStatistics.clear();
  }

  @Override
  List<Event.Builder> snapshot(Topic topic) {
    String wanted = topic.key().message().getMarkets().getInstrumentId();
    Instruments.Builder definitions = Instruments.newBuilder().setSnapshot(true);
    List<Event.Builder> events = new ArrayList<>();
    events.add(at(lastReceiveTimeNs));
    for (Market market : markets.values()) {
      if (market.instrument() != null
          && (wanted.isEmpty() || wanted.equals(market.id().canonical()))) {
        definitions.addInstruments(market.instrument().definition());
        events.add(at(lastReceiveTimeNs).setMarketUpdate(market.statistics(true)));
      }
    }
    events.get(0).setInstruments(definitions);
    return events;
  }
}
