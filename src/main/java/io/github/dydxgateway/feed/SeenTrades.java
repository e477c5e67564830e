package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.IndexerTrade;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Remembers which trades were delivered. A trade is known by its id; one without (very old servers)
 * by its fields and how many like it came before in the same frame. What is too old to be
 * remembered is known by its block: a trade of a block that is remembered no longer, or that is
 * older than the first state, counts as seen. Not thread safe.
 */
final class SeenTrades {
  /**
   * Trades of a generation, of which the newest two are remembered: more than any initial state
   * holds (1000), with room for what came since.
   */
  private static final int GENERATION = 4096;

  /** No state of the same chain is as many blocks behind. */
  private static final long MOST_APART = 1_000;

  private Set<String> keys = new HashSet<>();
  private Set<String> olderKeys = Set.of();
  private final Place newest = new Place();

  /**
   * Where the older generation ended. Not its highest place: a single trade of an impossible one
   * would make all that follow count as forgotten.
   */
  private final Place endOfOlder = new Place();

  /** Up to here, this place included, trades may be remembered no longer. */
  private final Place forgotten = new Place();

  /** Whether the place of a trade says if it is older than the first state. */
  private boolean isBeginKnown;

  private int late;

  boolean isEmpty() {
    return keys.isEmpty() && olderKeys.isEmpty();
  }

  /**
   * Takes up the first state: whatever is older than its oldest trade counts as seen. Its oldest
   * block may be cut off by the venue's limit, so what it lacks of that block is older as well.
   *
   * @param trades oldest first
   * @return those of them that are different
   */
  List<IndexerTrade> begin(List<IndexerTrade> trades) {
    List<IndexerTrade> unseen = unseenOf(trades);
    isBeginKnown = trades.isEmpty() || Place.isGivenOf(trades.get(0));
    if (!trades.isEmpty() && newest.isAfter(trades.get(0))) {
      forgotten.advanceTo(trades.get(0));
    } else if (!trades.isEmpty()) {
      forgotten.advanceToBefore(trades.get(0));
    }
    return unseen;
  }

  /** Those not seen before, in their order; they count as seen from now on. */
  List<IndexerTrade> unseenOf(List<IndexerTrade> trades) {
    if (trades.size() == 1 && trades.get(0).id() != null) { // nearly all of the traffic
      IndexerTrade trade = trades.get(0);
      return !isForgotten(trade) && add(trade.id(), trade) ? trades : List.of();
    }
    return addUnseen(trades, keysOf(trades), 0);
  }

  /**
   * Those of a later state that were not seen before; they count as seen from now on. What is older
   * than the first state is left out. Where the venue does not say how old trades are, that is what
   * stands before all that was seen.
   *
   * @param trades oldest first
   */
  List<IndexerTrade> unseenOfState(List<IndexerTrade> trades) {
    List<String> frameKeys = keysOf(trades);
    int from = 0;
    if (!isBeginKnown) {
      while (from < frameKeys.size() && !hasSeen(frameKeys.get(from))) {
        from++;
      }
    }
    int lastSeen = frameKeys.size() - 1;
    while (lastSeen >= 0 && !hasSeen(frameKeys.get(lastSeen))) {
      lastSeen--;
    }
    List<IndexerTrade> unseen = addUnseen(trades, frameKeys, from == frameKeys.size() ? 0 : from);
    late = unseen.size() - (frameKeys.size() - 1 - lastSeen);
    return unseen;
  }

  /** How many of the last result of {@link #unseenOfState} stand before some that were seen. */
  int late() {
    return late;
  }

  /**
   * Whether none of them was seen and all are of blocks far below the newest one: the chain has
   * started again, and what was seen says nothing about its trades.
   */
  boolean isOfAnotherChain(List<IndexerTrade> trades) {
    if (trades.isEmpty() || hasSeenAnyOf(trades)) {
      return false;
    }
    for (IndexerTrade trade : trades) {
      if (trade.createdAtHeight() == 0 || newest.height - trade.createdAtHeight() <= MOST_APART) {
        return false;
      }
    }
    return true;
  }

  /** Whether any of them was seen before. */
  boolean hasSeenAnyOf(List<IndexerTrade> trades) {
    return keysOf(trades).stream().anyMatch(this::hasSeen);
  }

  private List<IndexerTrade> addUnseen(
      List<IndexerTrade> trades, List<String> frameKeys, int from) {
    List<IndexerTrade> unseen = new ArrayList<>(trades.size() - from);
    for (int i = from; i < frameKeys.size(); i++) {
      IndexerTrade trade = trades.get(i);
      if (!isForgotten(trade) && add(frameKeys.get(i), trade)) {
        unseen.add(trade);
      }
    }
    return unseen;
  }

  private static List<String> keysOf(List<IndexerTrade> trades) {
    Map<String, Integer> alike = new HashMap<>();
    List<String> frameKeys = new ArrayList<>(trades.size());
    trades.forEach(trade -> frameKeys.add(keyOf(trade, alike)));
    return frameKeys;
  }

  private boolean hasSeen(String key) {
    return keys.contains(key) || olderKeys.contains(key);
  }

  /** Of the newest block there may always be more. */
  private boolean isForgotten(IndexerTrade trade) {
    return !forgotten.isBefore(trade) && newest.isAfter(trade);
  }

  private boolean add(String key, IndexerTrade trade) {
    if (olderKeys.contains(key) || !keys.add(key)) {
      return false;
    }
    newest.advanceTo(trade);
    if (keys.size() >= GENERATION) {
      forgotten.advanceTo(endOfOlder);
      endOfOlder.advanceTo(trade);
      olderKeys = keys;
      keys = new HashSet<>();
    }
    return true;
  }

  private static String keyOf(IndexerTrade trade, Map<String, Integer> alike) {
    if (trade.id() != null) {
      return trade.id();
    }
    String fields =
        trade.createdAtNs()
            + "/"
            + trade.createdAtHeight()
            + "/"
            + trade.side()
            + "/"
            + trade.price()
            + "/"
            + trade.size();
    return fields + "#" + alike.merge(fields, 1, Integer::sum);
  }

  /**
   * The newest of some trades, by height of the block and by time: which of the two a trade has
   * depends on the venue. Rises only.
   */
  private static final class Place {
    private long height;
    private long timeNs;

    void advanceTo(IndexerTrade trade) {
      height = Math.max(height, trade.createdAtHeight());
      timeNs = Math.max(timeNs, trade.createdAtNs());
    }

    void advanceTo(Place other) {
      height = Math.max(height, other.height);
      timeNs = Math.max(timeNs, other.timeNs);
    }

    void advanceToBefore(IndexerTrade trade) {
      height = Math.max(height, trade.createdAtHeight() - 1);
      timeNs = Math.max(timeNs, trade.createdAtNs() - 1);
    }

    /** True also if nothing is known of the trade's place. */
    boolean isBefore(IndexerTrade trade) {
      return trade.createdAtHeight() != 0
          ? height < trade.createdAtHeight()
          : trade.createdAtNs() == 0 || timeNs < trade.createdAtNs();
    }

    boolean isAfter(IndexerTrade trade) {
      return trade.createdAtHeight() != 0
          ? height > trade.createdAtHeight()
          : trade.createdAtNs() != 0 && timeNs > trade.createdAtNs();
    }

    static boolean isGivenOf(IndexerTrade trade) {
      return trade.createdAtHeight() != 0 || trade.createdAtNs() != 0;
    }
  }
}
