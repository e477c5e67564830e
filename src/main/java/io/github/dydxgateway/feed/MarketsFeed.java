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
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Instruments;
import io.github.dydxgateway.v1.MarketUpdate;
import io.github.dydxgateway.v1.RemovedInstrument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * All markets. The gateway always holds this feed: from it the instruments are known, which every
 * other market feed needs. Its topics are that of all markets and one for each market somebody asks
 * for. What the venue lists is what there is: a market that it renames, or that its next whole
 * state lacks, is removed, and the topics of its instrument end.
 *
 * <p>Clients follow one copy: its changes hold new values only, and nothing shows which of two
 * copies' values is the newer, so that merged they would go back and forth. Of the others all is
 * kept that they sent, so that another can be followed at once: clients get what differs.
 *
 * <p>Which markets there are is taken from any copy that has itself moved on: one that had a market
 * by the name that clients know, and has not any more. A copy that never had that name may be
 * behind; what it lists is believed once clients have had theirs for longer than copies are apart.
 */
final class MarketsFeed extends Feed {
  private final InstrumentCache instruments;

  /** What clients have. */
  private final MarketTable markets = new MarketTable(this::nanoTime);

  private final Set<Market> changedDefinitions = new LinkedHashSet<>();
  private final List<MarketUpdate> changedStatistics = new ArrayList<>();
  private final List<Removed> removed = new ArrayList<>();
  private final ContentsExtras extras = new ContentsExtras();
  private Map<String, String> changedExtras = Map.of();
  private final FollowedCopy follow = new FollowedCopy();

  /** What the copies list that are not followed, as far as they are in step. */
  private final Map<Integer, MarketTable> others = new HashMap<>();

  /** The last that copies listed before they broke off. */
  private final Map<Integer, MarketTable> lastOfLost = new HashMap<>();

  /** Names that the followed copy may still use, by which clients know nothing any more. */
  private final Map<String, OldName> oldNames = new HashMap<>();

  /** When the followed copy is to be asked for another state; 0: need not be. */
  private volatile long askAgainAtNanos;

  /** When what other copies list is to be looked at again; 0: need not be. */
  private volatile long compareAgainAtNanos;

  private long lastReceiveTimeNs;

  /**
   * A removed instrument.
   *
   * @param announced whether clients knew it
   * @param reason for a person
   */
  private record Removed(MarketTable.Removal removal, boolean announced, String reason) {}

  /**
   * What a name stands for that a copy which is behind may still use.
   *
   * @param ticker the market's present one; null if the market is removed
   * @param untilNanos by then the copy is not behind any more
   */
  private record OldName(String ticker, long untilNanos) {}

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
    lastOfLost.remove(copy);
    oldNames.clear();
    askAgainAtNanos = 0;
    if (isEmpty(frame)) {
      refuseEmpty(copy, frame);
      return;
    }
    take(frame.contents(), true, frame.messageId());
    instruments.markLoaded();
    for (Topic topic : List.copyOf(topics())) {
      TopicFailure failure = failureOf(topic);
      if (failure != null && removed.stream().noneMatch(one -> isAbout(topic, one))) {
        topic.fail(failure);
      }
    }
  }

  @Override
  void onFirstState(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    forgetChanges();
    publishSnapshots();
  }

  /** Whether a state lists no market though there are some: the venue could not fetch it. */
  private boolean isEmpty(IndexerFrame.Subscribed frame) {
    return frame.contents() instanceof ChannelContents.Markets state
        && state.markets().isEmpty()
        && !markets.all().isEmpty();
  }

  private void refuseEmpty(int copy, IndexerFrame.Subscribed frame) {
    report(frame.messageId(), "expected a state with markets, got none");
    resync(copy, "its state has no markets");
  }

  @Override
  void onStateAgain(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    publishChanges(receiveTimeNs);
  }

  @Override
  boolean onUpdates(int copy, IndexerFrame.ChannelData frame, long receiveTimeNs) {
    if (!follow.isFollowed(copy, receiveTimeNs)) {
      MarketTable table = others.get(copy);
      if (table != null) {
        frame.updates().forEach(contents -> table.take(contents, false));
      }
      if (!follow.isSilent(receiveTimeNs)) {
        return false;
      }
      noteFailover();
      switchTo(copy, receiveTimeNs);
      return true;
    }
    frame.updates().forEach(contents -> take(contents, false, frame.messageId()));
    frame.updates().forEach(contents -> noteOracleTime(contents, receiveTimeNs));
    doDue();
    publishChanges(receiveTimeNs);
    return true;
  }

  private void doDue() {
    if (compareAgainAtNanos != 0 && nanoTime() - compareAgainAtNanos >= 0) {
      compareAgainAtNanos = 0;
      others.values().forEach(this::compareWith);
    }
    if (askAgainAtNanos != 0 && nanoTime() - askAgainAtNanos >= 0) {
      askAgainAtNanos = 0;
      resync(follow.number(), "a market may have another name than its updates say");
    }
  }

  @Override
  boolean hasPutOff() {
    return compareAgainAtNanos != 0 || askAgainAtNanos != 0;
  }

  /** Needed where the venue sends no update of markets meanwhile. */
  @Override
  void doPutOff() {
    doDue();
    publishChanges(lastReceiveTimeNs);
  }

  /** A whole state is all it takes. */
  @Override
  boolean isInStep(Copy copy) {
    return true;
  }

  @Override
  void onJoined(int copy, IndexerFrame.Subscribed state, long receiveTimeNs, List<Copy.Held> held) {
    if (isEmpty(state)) {
      refuseEmpty(copy, state);
      return;
    }
    MarketTable before = others.getOrDefault(copy, lastOfLost.remove(copy));
    MarketTable now = before == null ? new MarketTable(this::nanoTime) : new MarketTable(before);
    now.take(state.contents(), true);
    held.forEach(one -> one.frame().updates().forEach(contents -> now.take(contents, false)));
    others.put(copy, now);
    compareWith(now);
    publishChanges(receiveTimeNs);
  }

  @Override
  void onCopyLost(int copy, int another) {
    if (copy == follow.number()) {
      switchTo(another, lastReceiveTimeNs);
    }
    MarketTable last = others.remove(copy);
    if (last != null) {
      lastOfLost.put(copy, last);
    }
  }

  private void switchTo(int copy, long receiveTimeNs) {
    int before = follow.number();
    follow.follow(copy);
    MarketTable theirs = others.remove(copy);
    if (theirs == null) {
      return;
    }
    others.put(before, markets.copy());
    oldNames.clear();
    nameAs(theirs, true);
    for (Market other : theirs.sorted()) {
      String ticker = other.id().ticker();
      OldName oldName = oldNames.get(ticker);
      Market market = markets.find(oldName == null ? ticker : oldName.ticker());
      if (market == null) {
        if (markets.hasJustLost(ticker)) {
          oldNames.put(ticker, new OldName(null, nanoTime() + Redundancy.APART_NANOS));
          continue;
        }
        market = add(other);
      }
      boolean wasKnown = market.instrument() != null;
      MarketUpdate change = market.replaceWith(other);
      finish(market, wasKnown, change, -1);
    }
    publishChanges(receiveTimeNs);
  }

  /** Adds a market, of which nothing is applied yet, by the name that another copy gives it. */
  private Market add(Market other) {
    String ticker = other.id().ticker();
    apply(
        markets.name(List.of(new MarketTable.Naming(ticker, other.clobPairId())), false),
        false,
        -1);
    return markets.find(ticker);
  }

  /**
   * Applies what a copy that is not followed lists, as far as clients' names are older. A market
   * that only this copy lists is added: the other's announcement may have been lost while the venue
   * fetched its state.
   */
  private void compareWith(MarketTable theirs) {
    nameAs(theirs, false);
    for (Market other : theirs.sorted()) {
      String ticker = other.id().ticker();
      if (markets.nameOf(other) == null
          && markets.find(ticker) == null
          && !oldNames.containsKey(ticker)
          && !markets.hasJustLost(ticker)) {
        Market market = add(other);
        finish(market, false, market.replaceWith(other), -1);
      }
    }
  }

  /**
   * Gives markets the names that a copy gives them, and removes those it does not list, unless the
   * copy may be behind.
   *
   * @param followed whether the names are those of the copy that is followed from now on
   */
  private void nameAs(MarketTable theirs, boolean followed) {
    long now = nanoTime();
    List<MarketTable.Naming> renames = new ArrayList<>();
    List<Market> gone = new ArrayList<>();
    for (Market market : markets.sorted()) {
      String ticker = market.id().ticker();
      String theirName = theirs.nameOf(market);
      if (ticker.equals(theirName)) {
        continue;
      }
      if (!theirs.hasEverNamed(ticker) && now - market.namedAtNanos() < Redundancy.APART_NANOS) {
        compareAgainAtNanos = now + Redundancy.APART_NANOS;
        if (followed && theirName != null) {
          oldNames.put(theirName, new OldName(ticker, now + Redundancy.APART_NANOS));
        }
      } else if (theirName == null) {
        gone.add(market);
      } else {
        renames.add(new MarketTable.Naming(theirName, market.clobPairId()));
      }
    }
    List<MarketTable.Removal> removals = new ArrayList<>();
    if (!renames.isEmpty()) {
      MarketTable.Changes changes = markets.name(renames, false);
      apply(changes, false, -1);
      removals.addAll(changes.removed());
    }
    for (Market market : gone) {
      if (markets.find(market.id().ticker()) == market) {
        MarketTable.Changes changes = markets.drop(market);
        apply(changes, false, -1);
        removals.addAll(changes.removed());
      }
    }
    if (!followed) {
      for (MarketTable.Removal removal : removals) {
        if (markets.find(removal.id().ticker()) == null) {
          String ticker = removal.newName() == null ? null : removal.newName().ticker();
          oldNames.put(removal.id().ticker(), new OldName(ticker, now + Redundancy.APART_NANOS));
        }
      }
    }
  }

  /** A lost update may have been a new tick size or status: only a fresh state helps. */
  @Override
  void onUpdateLost(Copy copy) {
    copy.resync("an update of the markets could not be read");
  }

  private void take(ChannelContents contents, boolean whole, long messageId) {
    if (!(contents instanceof ChannelContents.Markets update)) {
      return;
    }
    nameAll(update.markets(), whole, messageId);
    for (IndexerMarket part : update.markets()) {
      report(messageId, part.ticker(), part.problems());
      Market market =
          markets.isOutdated(part)
              ? ownerOfOutdated(part.ticker())
              : market(part.ticker(), messageId);
      if (market != null) {
        boolean wasKnown = market.instrument() != null;
        finish(market, wasKnown, whole ? market.takeState(part) : market.take(part), messageId);
      }
    }
    for (IndexerOraclePrice price : update.oraclePrices()) {
      report(messageId, price.ticker(), price.problems());
      Market market =
          markets.isOutdated(price.ticker(), null)
              ? ownerOfOutdated(price.ticker())
              : market(price.ticker(), messageId);
      if (market != null) {
        boolean wasKnown = market.instrument() != null;
        finish(market, wasKnown, market.take(price), messageId);
      }
    }
    changedExtras = extras.changed(update.unknownFields(), changedExtras);
  }

  private void report(long messageId, String ticker, List<ChannelContents.FieldProblem> problems) {
    for (ChannelContents.FieldProblem problem : problems) {
      report(messageId, ticker + ": " + problem.field() + " " + problem.problem());
    }
  }

  private void noteOracleTime(ChannelContents contents, long receiveTimeNs) {
    if (contents instanceof ChannelContents.Markets update && !update.oraclePrices().isEmpty()) {
      noteEventTime(update.oraclePrices().get(0).effectiveAtNs(), receiveTimeNs);
    }
  }

  /** Names the markets as the followed copy does; usually they are named so already. */
  private void nameAll(List<IndexerMarket> parts, boolean whole, long messageId) {
    boolean named = !whole;
    for (IndexerMarket part : parts) {
      named = named && markets.isNamed(part.ticker(), part.clobPairId());
    }
    if (!named) {
      List<MarketTable.Naming> namings = new ArrayList<>(parts.size());
      for (IndexerMarket part : parts) {
        if (part.tickSize() != null && part.stepSize() != null && isOfRemoved(part.ticker())) {
          // More than a change of a market that was removed: it is listed again.
          oldNames.remove(part.ticker());
        }
        if (oldNameOf(part.ticker()) == null && !isOutdated(part, whole)) {
          namings.add(new MarketTable.Naming(part.ticker(), part.clobPairId()));
        }
      }
      if (whole) {
        keepJustAnnounced(namings);
      }
      apply(markets.name(namings, whole), whole, messageId);
    }
  }

  /**
   * Adds the names that updates announced so recently that a state may be older. Those which the
   * venue does not list are removed by the state that is asked for later.
   */
  private void keepJustAnnounced(List<MarketTable.Naming> listed) {
    Set<String> tickers = new HashSet<>();
    Set<Long> pairs = new HashSet<>();
    for (MarketTable.Naming naming : listed) {
      tickers.add(naming.ticker());
      pairs.add(naming.clobPairId());
    }
    long now = nanoTime();
    for (Market market : markets.sorted()) {
      if (market.isNamedByUpdate()
          && now - market.namedAtNanos() < Redundancy.APART_NANOS
          && !tickers.contains(market.id().ticker())
          && (market.clobPairId() == null || !pairs.contains(market.clobPairId()))) {
        listed.add(new MarketTable.Naming(market.id().ticker(), market.clobPairId()));
        askAgainAtNanos = now + Redundancy.APART_NANOS;
      }
    }
  }

  /** The market that is meant by a name it has just lost; null if it is no longer listed. */
  private Market ownerOfOutdated(String ticker) {
    Market owner = markets.ownerOfOutdated(ticker);
    if (owner == null) {
      noteRepeated(1);
    }
    return owner;
  }

  /** Of names in a whole state, only those of markets are outdated that an update has renamed. */
  private boolean isOutdated(IndexerMarket part, boolean whole) {
    if (!markets.isOutdated(part)) {
      return false;
    }
    Market owner = markets.ownerOfOutdated(part.ticker());
    if (whole) {
      return owner != null && owner.isNamedByUpdate();
    }
    if (owner != null && part.clobPairId() != null) {
      // Most likely a repeated update; if it is a rename back, a later state shows it.
      askAgainAtNanos = nanoTime() + Redundancy.APART_NANOS;
    }
    return true;
  }

  private boolean isOfRemoved(String ticker) {
    OldName oldName = oldNames.get(ticker);
    return oldName != null && oldName.ticker() == null;
  }

  /** What an old name stands for that the followed copy may still use; null if it is none. */
  private OldName oldNameOf(String ticker) {
    OldName oldName = oldNames.isEmpty() ? null : oldNames.get(ticker);
    if (oldName != null && nanoTime() - oldName.untilNanos() >= 0) {
      oldNames.remove(ticker);
      resync(follow.number(), "it lists a market that another connection did not list");
      return null;
    }
    return oldName;
  }

  /** The market that the followed copy calls so; null if it is none any more, or can't be one. */
  private Market market(String ticker, long messageId) {
    OldName oldName = oldNameOf(ticker);
    if (oldName != null) {
      return oldName.ticker() == null ? null : markets.find(oldName.ticker());
    }
    if (!oldNames.isEmpty()) {
      // It uses the new name, so it is behind no more.
      oldNames.values().removeIf(one -> ticker.equals(one.ticker()));
    }
    Market known = markets.find(ticker);
    if (known != null) {
      return known;
    }
    try {
      InstrumentId.ofTicker(ticker);
    } catch (IllegalArgumentException e) {
      report(messageId, "market '" + ticker + "': " + e.getMessage());
      return null;
    }
    apply(markets.name(List.of(new MarketTable.Naming(ticker, null)), false), false, messageId);
    return markets.find(ticker);
  }

  /**
   * Removes and adds instruments as the table did.
   *
   * @param whole whether that is due to a whole state
   */
  private void apply(MarketTable.Changes changes, boolean whole, long messageId) {
    for (MarketTable.Removal removal : changes.removed()) {
      InstrumentId id = removal.id();
      boolean announced = instruments.find(id) != null;
      String reason = instruments.remove(id, removal.newName());
      changedDefinitions.removeIf(market -> market.id().equals(id));
      changedStatistics.removeIf(change -> change.getInstrumentId().equals(id.canonical()));
      removed.add(new Removed(removal, announced, reason));
    }
    for (Market market : changes.added()) {
      market.setNamed(nanoTime(), !whole);
      instruments.putIncomplete(market.id());
      finish(market, false, null, messageId);
    }
  }

  /** Publishes an instrument to other feeds once it is complete, and notes what changed. */
  private void finish(Market market, boolean wasKnown, MarketUpdate change, long messageId) {
    markets.index(market);
    for (String problem : market.takeProblems()) {
      report(messageId, market.id().ticker() + ": " + problem);
    }
    if (market.refreshInstrument()) {
      instruments.put(market.instrument());
      changedDefinitions.add(market);
    }
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
    for (Topic topic : removed.isEmpty() ? topics() : List.copyOf(topics())) {
      String wanted = wantedBy(topic);
      Instruments.Builder definitions = Instruments.newBuilder();
      for (Removed one : removed) {
        if (one.announced() && (wanted.isEmpty() || isAbout(topic, one))) {
          definitions.addRemoved(message(one.removal()));
        }
      }
      for (Market market : changedDefinitions) {
        if (wanted.isEmpty() || wanted.equals(market.id().canonical())) {
          definitions.addInstruments(market.instrument().definition());
        }
      }
      if (wanted.isEmpty()) {
        definitions.putAllExtraFields(changedExtras);
      }
      if (definitions.getInstrumentsCount()
              + definitions.getRemovedCount()
              + definitions.getExtraFieldsCount()
          > 0) {
        topic.publish(at(receiveTimeNs).setInstruments(definitions));
      }
      for (MarketUpdate change : changedStatistics) {
        if (wanted.isEmpty() || wanted.equals(change.getInstrumentId())) {
          topic.publish(new MarketUpdatePayload(change), receiveTimeNs);
        }
      }
      for (Removed one : removed) {
        if (isAbout(topic, one)) {
          topic.fail(InstrumentFeed.noInstrument(one.reason()));
        }
      }
    }
    forgetChanges();
  }

  private void forgetChanges() {
    changedDefinitions.clear();
    changedStatistics.clear();
    removed.clear();
    changedExtras = Map.of();
  }

  private static RemovedInstrument message(MarketTable.Removal removal) {
    RemovedInstrument.Builder message =
        RemovedInstrument.newBuilder().setInstrumentId(removal.id().canonical());
    if (removal.newName() != null) {
      message.setRenamedTo(removal.newName().canonical());
    }
    return message.build();
  }

  private static String wantedBy(Topic topic) {
    return topic.key().message().getMarkets().getInstrumentId();
  }

  private static boolean isAbout(Topic topic, Removed removed) {
    return wantedBy(topic).equals(removed.removal().id().canonical());
  }

  /** Fails a topic of a market that was removed while the topic was being opened. */
  @Override
  TopicFailure failureOf(Topic topic) {
    String wanted = wantedBy(topic);
    if (wanted.isEmpty() || !instruments.isLoaded()) {
      return null;
    }
    InstrumentId id = InstrumentId.parse(wanted);
    return markets.find(id.ticker()) == null
        ? InstrumentFeed.noInstrument(instruments.absence(id))
        : null;
  }

  @Override
  List<Event.Builder> snapshot(Topic topic) {
    String wanted = wantedBy(topic);
    Instruments.Builder definitions = Instruments.newBuilder().setSnapshot(true);
    List<Event.Builder> events = new ArrayList<>();
    events.add(at(lastReceiveTimeNs));
    for (Market market : markets.sorted()) {
      if (market.instrument() != null
          && (wanted.isEmpty() || wanted.equals(market.id().canonical()))) {
        definitions.addInstruments(market.instrument().definition());
        events.add(at(lastReceiveTimeNs).setMarketUpdate(market.statistics(true)));
      }
    }
    if (wanted.isEmpty()) {
      definitions.putAllExtraFields(extras.all());
    }
    events.get(0).setInstruments(definitions);
    return events;
  }
}
