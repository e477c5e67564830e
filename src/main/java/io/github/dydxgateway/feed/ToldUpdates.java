package io.github.dydxgateway.feed;

import io.github.dydxgateway.v1.Fill;
import io.github.dydxgateway.v1.SubaccountUpdate;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The account updates told lately, and by which copies. An update is known by all that it says: it
 * has no id, and orders have the same one in all of theirs. One that says the same may come twice
 * (an order that was changed and changed back), so it is counted how often each copy told it;
 * clients have it as often as the copy that told it most. Bounded. Not thread safe.
 */
final class ToldUpdates {
  private static final int MOST = 4096;

  /** Longer than two connections are apart; after it the same update is another one. */
  private static final long REMEMBERED_NANOS = 30_000_000_000L;

  private final Map<SubaccountUpdate, Told> updates = new LinkedHashMap<>();

  /** Ids of fills are never used twice. */
  private final Set<String> fills = new LinkedHashSet<>();

  private static final class Told {
    private final long firstAtNanos;
    private final Map<Integer, Integer> byCopy = new HashMap<>();
    private int most;

    Told(long firstAtNanos) {
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
   * @return what of it clients do not have yet; null if they have all
   */
  SubaccountUpdate newOf(int copy, SubaccountUpdate update, long nowNanos) {
    forgetOld(nowNanos);
    if (!updates.computeIfAbsent(update, ignored -> new Told(nowNanos)).isNewFrom(copy)) {
      return null;
    }
    SubaccountUpdate unseen = withoutSeenFills(update);
    for (Fill fill : unseen.getFillsList()) {
      if (!fill.getFillId().isEmpty()) {
        fills.add(fill.getFillId());
      }
    }
    forgetFirst(fills.iterator(), fills.size() - MOST);
    return unseen != update && saysNothing(unseen) ? null : unseen;
  }

  private SubaccountUpdate withoutSeenFills(SubaccountUpdate update) {
    if (update.getFillsList().stream().noneMatch(fill -> fills.contains(fill.getFillId()))) {
      return update;
    }
    SubaccountUpdate.Builder unseen = update.toBuilder().clearFills();
    update.getFillsList().stream()
        .filter(fill -> !fills.contains(fill.getFillId()))
        .forEach(unseen::addFills);
    return unseen.build();
  }

  private static boolean saysNothing(SubaccountUpdate update) {
    return update.getOrdersCount()
            + update.getFillsCount()
            + update.getPositionsCount()
            + update.getBalancesCount()
            + update.getTransfersCount()
            + update.getTradingRewardsCount()
        == 0;
  }

  private void forgetOld(long nowNanos) {
    forgetFirst(updates.values().iterator(), updates.size() - MOST);
    Iterator<Told> oldest = updates.values().iterator();
    while (oldest.hasNext() && nowNanos - oldest.next().firstAtNanos > REMEMBERED_NANOS) {
      oldest.remove();
    }
  }

  private static void forgetFirst(Iterator<?> all, int count) {
    for (int i = 0; i < count; i++) {
      all.next();
      all.remove();
    }
  }

  /** Whether clients have an update that says the same. */
  boolean has(SubaccountUpdate update) {
    return updates.containsKey(update);
  }

  /** A copy begins anew: of what others told it may tell anything once more. */
  void restart(int copy) {
    updates.values().forEach(told -> told.byCopy.remove(copy));
  }

  /** Forgets what the copies told, but not which fills clients have. */
  void clear() {
    updates.clear();
  }
}
