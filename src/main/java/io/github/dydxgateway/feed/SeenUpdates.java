package io.github.dydxgateway.feed;

import io.github.dydxgateway.v1.SubaccountUpdate;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The account updates that came lately, and from which copies. An update is known by its whole
 * content: it has no id, and orders have the same one in all of theirs. One of the same content may
 * come twice (an order that was changed and changed back), so it is counted how often each copy
 * sent it; clients have it as often as the copy that sent it most. Bounded. Not thread safe.
 */
final class SeenUpdates {
  private static final int MOST = 4096;

  /** Longer than two connections are apart; after it the same update is another one. */
  private static final long REMEMBERED_NANOS = 30_000_000_000L;

  private final Map<SubaccountUpdate, Seen> updates = new LinkedHashMap<>();

  private static final class Seen {
    private final long firstAtNanos;
    private final Map<Integer, Integer> byCopy = new HashMap<>();
    private int most;

    Seen(long firstAtNanos) {
      this.firstAtNanos = firstAtNanos;
    }

    boolean isNewFrom(int copy) {
      int count = byCopy.merge(copy, 1, Integer::sum);
      if (count <= most) {
        return false;
      }
      most = count;
      return true;
    }
  }

  /**
   * Takes up an update of a copy.
   *
   * @param nowNanos nanoseconds of any origin
   * @return whether no copy has sent it as often before
   */
  boolean isNew(int copy, SubaccountUpdate update, long nowNanos) {
    forgetOld(nowNanos);
    return updates.computeIfAbsent(update, ignored -> new Seen(nowNanos)).isNewFrom(copy);
  }

  private void forgetOld(long nowNanos) {
    Iterator<Seen> surplus = updates.values().iterator();
    for (int count = updates.size() - MOST; count > 0; count--) {
      surplus.next();
      surplus.remove();
    }
    Iterator<Seen> oldest = updates.values().iterator();
    while (oldest.hasNext() && nowNanos - oldest.next().firstAtNanos > REMEMBERED_NANOS) {
      oldest.remove();
    }
  }

  /** Whether clients have an update of the same content. */
  boolean has(SubaccountUpdate update) {
    return updates.containsKey(update);
  }

  /** A copy begins anew: of what others sent it may send anything once more. */
  void restart(int copy) {
    updates.values().forEach(seen -> seen.byCopy.remove(copy));
  }

  /** Forgets what the copies sent. */
  void clear() {
    updates.clear();
  }
}
