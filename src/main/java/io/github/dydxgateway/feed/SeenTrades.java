package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.IndexerTrade;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Remembers which trades were delivered. A trade is known by its id; one without (very old servers)
 * by its fields and how many like it came before in the same frame. Not thread safe.
 */
final class SeenTrades {
  /** More than any initial state holds (1000), with room for what came since. */
  private static final int REMEMBERED = 8192;

  private final Set<String> keys = new LinkedHashSet<>();

  boolean isEmpty() {
    return keys.isEmpty();
  }

  /** Those not seen before, in their order; they count as seen from now on. */
  List<IndexerTrade> unseenOf(List<IndexerTrade> trades) {
    if (trades.size() == 1 && trades.get(0).id() != null) {
      return add(trades.get(0).id()) ? trades : List.of(); // nearly all of the traffic
    }
    return addUnseen(trades, keysOf(trades), 0);
  }

  /**
   * Those after the last one seen before: what came before it is older than what was delivered.
   * Only within its block the venue may list trades in another order than it published them, so
   * those of that block that stand among seen ones belong to the result as well. They all count as
   * seen from now on.
   *
   * @param trades oldest first
   */
  List<IndexerTrade> unseenAfterLastSeen(List<IndexerTrade> trades) {
    List<String> frameKeys = keysOf(trades);
    int from = frameKeys.size();
    while (from > 0 && !keys.contains(frameKeys.get(from - 1))) {
      from--;
    }
    return addUnseen(trades, frameKeys, from == 0 ? 0 : firstOfBlock(trades, frameKeys, from - 1));
  }

  /**
   * Where the block of the last seen trade begins; if it is not there as a whole, the first of it
   * that was seen, since what is before may be older than what was ever delivered.
   */
  private int firstOfBlock(List<IndexerTrade> trades, List<String> frameKeys, int lastSeen) {
    long block = trades.get(lastSeen).createdAtHeight();
    int first = lastSeen;
    for (int i = lastSeen - 1; i >= 0 && block != 0; i--) {
      if (trades.get(i).createdAtHeight() != block) {
        return i + 1;
      }
      if (keys.contains(frameKeys.get(i))) {
        first = i;
      }
    }
    return first;
  }

  /** Whether any of them was seen before. */
  boolean hasSeenAnyOf(List<IndexerTrade> trades) {
    return keysOf(trades).stream().anyMatch(keys::contains);
  }

  private List<IndexerTrade> addUnseen(
      List<IndexerTrade> trades, List<String> frameKeys, int from) {
    List<IndexerTrade> unseen = new ArrayList<>(trades.size() - from);
    for (int i = from; i < frameKeys.size(); i++) {
      if (add(frameKeys.get(i))) {
        unseen.add(trades.get(i));
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

  private boolean add(String key) {
    if (!keys.add(key)) {
      return false;
    }
    if (keys.size() > REMEMBERED) {
      Iterator<String> oldest = keys.iterator();
      oldest.next();
      oldest.remove();
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
}
