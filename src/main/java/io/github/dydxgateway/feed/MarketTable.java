package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.IndexerMarket;
import io.github.dydxgateway.indexer.IndexerOraclePrice;
import io.github.dydxgateway.instrument.InstrumentId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The markets that the venue lists, by the names it gives them. A market is known by its {@code
 * clobPairId} where the venue sent one, so that the same one under another ticker is a renamed
 * market; otherwise by its ticker. Not thread safe.
 */
final class MarketTable {
  /**
   * A name that the venue gives a market.
   *
   * @param clobPairId null where the venue did not send it
   */
  record Naming(String ticker, Long clobPairId) {}

  /**
   * An instrument that exists no longer.
   *
   * @param newName the same market's new name; null if it is not listed any more
   */
  record Removal(InstrumentId id, InstrumentId newName) {}

  /**
   * What new names made of the table.
   *
   * @param removed in the order in which it happened
   * @param added new markets, and those renamed
   */
  record Changes(List<Removal> removed, List<Market> added) {
    Changes() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  /**
   * A name that a market has lost.
   *
   * @param clobPairId the market's; null if it was not known
   * @param isRenamed whether the market is listed under another name since
   * @param atNanos when, by the table's clock
   */
  private record LostName(Long clobPairId, boolean isRenamed, long atNanos) {}

  private final LongSupplier nanoTime;
  private final Map<String, Market> byTicker = new HashMap<>();

  /** May hold more than is true; see {@link #find(Long)}. */
  private final Map<Long, Market> byPair = new HashMap<>();

  /** Every ticker that was ever in the table. */
  private final Set<String> everNamed = new HashSet<>();

  /** Names lost within {@link Redundancy#APART_NANOS}, and some lost before, by ticker. */
  private final Map<String, LostName> lostNames = new HashMap<>();

  /**
   * A table without markets.
   *
   * @param nanoTime the feed's clock, nanoseconds
   */
  MarketTable(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * A table without markets.
   *
   * @param before whose names this one has had, too
   */
  MarketTable(MarketTable before) {
    this(before.nanoTime);
    everNamed.addAll(before.everNamed);
    lostNames.putAll(before.lostNames);
  }

  /** The same, to go on by itself. */
  MarketTable copy() {
    MarketTable copy = new MarketTable(this);
    byTicker.values().forEach(market -> copy.attach(market.copy()));
    return copy;
  }

  /** All markets, in no order. */
  Collection<Market> all() {
    return byTicker.values();
  }

  /** All markets, by ticker. */
  List<Market> sorted() {
    List<Market> sorted = new ArrayList<>(byTicker.values());
    sorted.sort(Comparator.comparing(Market::id));
    return sorted;
  }

  /** The market of that ticker; null if there is none. */
  Market find(String ticker) {
    return byTicker.get(ticker);
  }

  /** The market of that id; null if there is none. */
  private Market find(Long clobPairId) {
    Market market = clobPairId == null ? null : byPair.get(clobPairId);
    return market != null
            && byTicker.get(market.id().ticker()) == market
            && clobPairId.equals(market.clobPairId())
        ? market
        : null;
  }

  /** Whether a market of that ticker was ever in the table. */
  boolean hasEverNamed(String ticker) {
    return everNamed.contains(ticker);
  }

  /** What this table calls a market of another; null if it has no such market. */
  String nameOf(Market other) {
    Market namesake = byTicker.get(other.id().ticker());
    if (namesake != null
        && (namesake.clobPairId() == null
            || other.clobPairId() == null
            || namesake.clobPairId().equals(other.clobPairId()))) {
      return other.id().ticker();
    }
    Market same = find(other.clobPairId());
    return same == null ? null : same.id().ticker();
  }

  /** Whether the table has that market by that name, so that {@link #name} would do nothing. */
  boolean isNamed(String ticker, Long clobPairId) {
    Market market = byTicker.get(ticker);
    return market != null && (clobPairId == null || clobPairId.equals(market.clobPairId()));
  }

  /** Whether a market has lost this name within {@link Redundancy#APART_NANOS}. */
  boolean hasJustLost(String ticker) {
    return lostName(ticker) != null;
  }

  /** Null if the name was not lost within {@link Redundancy#APART_NANOS}. */
  private LostName lostName(String ticker) {
    LostName lost = lostNames.isEmpty() ? null : lostNames.get(ticker);
    return lost != null && nanoTime.getAsLong() - lost.atNanos() < Redundancy.APART_NANOS
        ? lost
        : null;
  }

  /**
   * Whether a name is one that its market has just lost: the venue repeats an update of before. A
   * market that is no longer listed is listed again if it comes with what makes it complete.
   */
  boolean isOutdated(IndexerMarket part) {
    return isOutdated(part.ticker(), part.clobPairId())
        && (byTicker.containsKey(part.ticker())
            || lostNames.get(part.ticker()).isRenamed()
            || part.tickSize() == null
            || part.stepSize() == null);
  }

  /**
   * As {@link #isOutdated(IndexerMarket)}, of what does not list a market.
   *
   * @param clobPairId null where the venue did not send it
   */
  boolean isOutdated(String ticker, Long clobPairId) {
    LostName lost = lostName(ticker);
    if (lost == null || isNamed(ticker, clobPairId)) {
      return false;
    }
    Market holder = byTicker.get(ticker);
    return (holder == null || holder.clobPairId() != null)
        && (clobPairId == null
            || lost.clobPairId() == null
            || clobPairId.equals(lost.clobPairId()));
  }

  /** The market that had an outdated name; null if it is no longer listed. */
  Market ownerOfOutdated(String ticker) {
    LostName lost = lostNames.get(ticker);
    return lost != null && lost.isRenamed() ? find(lost.clobPairId()) : null;
  }

  /**
   * Gives markets their names: renames those it knows by another one, adds those it does not know.
   * Names that can't be those of an instrument are left out.
   *
   * @param whole whether these are all there are
   */
  Changes name(Collection<Naming> namings, boolean whole) {
    Map<String, Naming> listed = new LinkedHashMap<>();
    Map<String, InstrumentId> ids = new HashMap<>();
    for (Naming naming : namings) {
      InstrumentId id = idOf(naming.ticker());
      if (id != null) {
        listed.put(naming.ticker(), naming);
        ids.put(naming.ticker(), id);
      }
    }
    Changes changes = new Changes();
    rename(movingOf(listed.values(), whole ? listed : Map.of()), ids, changes);
    for (Naming naming : listed.values()) {
      Market holder = byTicker.get(naming.ticker());
      if (holder != null
          && naming.clobPairId() != null
          && holder.clobPairId() != null
          && !naming.clobPairId().equals(holder.clobPairId())) {
        drop(holder, changes);
      }
      if (!byTicker.containsKey(naming.ticker())) {
        changes.added().add(attach(new Market(ids.get(naming.ticker()))));
      }
    }
    if (whole) {
      for (Market market : List.copyOf(byTicker.values())) {
        if (!listed.containsKey(market.id().ticker())) {
          drop(market, changes);
        }
      }
    }
    return changes;
  }

  private static InstrumentId idOf(String ticker) {
    try {
      return InstrumentId.ofTicker(ticker);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * The markets that are listed under another name than theirs, with their new one.
   *
   * @param staying a market whose name is among these has two names, and none is the new one
   */
  private Map<Market, String> movingOf(Collection<Naming> listed, Map<String, Naming> staying) {
    Map<Market, String> moving = new LinkedHashMap<>();
    for (Naming naming : listed) {
      Market market = find(naming.clobPairId());
      if (market != null && !market.id().ticker().equals(naming.ticker())) {
        Naming present = staying.get(market.id().ticker());
        if (present == null
            || (present.clobPairId() != null
                && !present.clobPairId().equals(naming.clobPairId()))) {
          moving.put(market, naming.ticker());
        }
      }
    }
    return moving;
  }

  private void rename(Map<Market, String> moving, Map<String, InstrumentId> ids, Changes changes) {
    moving.keySet().forEach(market -> byTicker.remove(market.id().ticker()));
    moving.forEach(
        (market, ticker) -> {
          InstrumentId id = ids.get(ticker);
          Market holder = byTicker.get(ticker);
          Market renamed;
          if (holder != null && holder.clobPairId() == null) {
            // It came under its new name before its id was known.
            renamed = holder.copy();
            renamed.addMissingFrom(market);
          } else {
            if (holder != null) {
              drop(holder, changes);
            }
            renamed = market.renamed(id);
          }
          noteLost(market, true);
          changes.removed().add(new Removal(market.id(), id));
          changes.added().add(attach(renamed));
        });
  }

  /** Removes a market. */
  Changes drop(Market market) {
    Changes changes = new Changes();
    drop(market, changes);
    return changes;
  }

  private void drop(Market market, Changes changes) {
    byTicker.remove(market.id().ticker());
    noteLost(market, false);
    changes.removed().add(new Removal(market.id(), null));
  }

  private void noteLost(Market market, boolean isRenamed) {
    long now = nanoTime.getAsLong();
    lostNames.values().removeIf(lost -> now - lost.atNanos() >= Redundancy.APART_NANOS);
    lostNames.put(market.id().ticker(), new LostName(market.clobPairId(), isRenamed, now));
  }

  private Market attach(Market market) {
    byTicker.put(market.id().ticker(), market);
    everNamed.add(market.id().ticker());
    index(market);
    return market;
  }

  /** To be called after a market's {@code clobPairId} may have changed. */
  void index(Market market) {
    if (market.clobPairId() != null) {
      byPair.put(market.clobPairId(), market);
    }
  }

  /** Applies what came on a connection that clients do not follow: its problems are not theirs. */
  void take(ChannelContents contents, boolean whole) {
    if (!(contents instanceof ChannelContents.Markets update)) {
      return;
    }
    List<Naming> namings = new ArrayList<>(update.markets().size());
    for (IndexerMarket part : update.markets()) {
      if (whole || !isOutdated(part)) {
        namings.add(new Naming(part.ticker(), part.clobPairId()));
      }
    }
    name(namings, whole);
    for (IndexerMarket part : update.markets()) {
      Market market = isOutdated(part) ? ownerOfOutdated(part.ticker()) : find(part.ticker());
      if (market != null) {
        market.take(part);
        market.takeProblems();
        index(market);
      }
    }
    for (IndexerOraclePrice price : update.oraclePrices()) {
      boolean isOutdated = isOutdated(price.ticker(), null);
      if (!isOutdated) {
        name(List.of(new Naming(price.ticker(), null)), false);
      }
      Market market = isOutdated ? ownerOfOutdated(price.ticker()) : find(price.ticker());
      if (market != null) {
        market.take(price);
      }
    }
  }
}
