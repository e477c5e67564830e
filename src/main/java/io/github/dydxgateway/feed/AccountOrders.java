package io.github.dydxgateway.feed;

import io.github.dydxgateway.stream.state.AccountRecords;
import io.github.dydxgateway.v1.Order;
import io.github.dydxgateway.v1.OrderStatus;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The orders of an account that have not ended, and how those ended that did so lately: the venue
 * may send an older state of an order after its end. It outlives reconnects. Not thread safe.
 */
final class AccountOrders {
  /** Blocks ahead of the present one that a short-term order can be good for. */
  private static final long SHORT_BLOCK_WINDOW = 20;

  /**
   * Ends remembered, some 3 MB: an order whose end is older than so many others is not sent again.
   */
  private static final int MAX_ENDED = 16_384;

  private static final String SHORT_TERM = "0";
  private static final String EXPIRED = "ORDER_REMOVAL_REASON_EXPIRED";

  private final Map<String, Order> open = new LinkedHashMap<>();

  /** Last block of each open short-term order; 0 while no block is known at all. */
  private final Map<String, Long> lastBlocks = new HashMap<>();

  private final Map<String, End> ended = new RecentMap<>(MAX_ENDED);
  private long expiredUpTo;

  /**
   * How an order ended. A later order may have the same id; it is recognised by being later than
   * all of this.
   *
   * @param height block of the end; 0: not known
   * @param lastBlock last block that the order could be good for; 0: not known, or not short-term
   * @param goodTilBlockTimeNs 0: not known
   * @param expired whether the gateway concluded it from the height, and not the venue
   * @param totalFilled of an expired order; empty if not known
   */
  private record End(
      long height, long lastBlock, long goodTilBlockTimeNs, boolean expired, String totalFilled) {
    /**
     * As an update says it: its own height is that of a later block if it was delayed.
     *
     * @param order all that is known of it
     * @param latest last block that was assumed while the order was open; null or 0 if none was
     */
    static End of(Order update, Order order, long updateHeight, Long latest) {
      long height =
          update.hasUpdatedAtHeight()
              ? update.getUpdatedAtHeight()
              : Math.max(updateHeight, order.getUpdatedAtHeight());
      return new End(
          height, lastBlock(order, height, latest), order.getGoodTilBlockTimeNs(), false, "");
    }

    static End expired(Order order, long height, long lastBlock) {
      return new End(
          height, lastBlock, order.getGoodTilBlockTimeNs(), true, order.getTotalFilled());
    }

    End withTotalFilled(String filled) {
      return new End(height, lastBlock, goodTilBlockTimeNs, expired, filled);
    }

    private static long lastBlock(Order order, long height, Long latest) {
      if (order.hasGoodTilBlock() || !endsWithBlock(order)) {
        return order.getGoodTilBlock();
      }
      if (latest != null && latest != 0) {
        return latest;
      }
      return height == 0 ? 0 : height + SHORT_BLOCK_WINDOW;
    }

    /**
     * Whether a description of an order is that of a later order.
     *
     * @param updateHeight block that the update itself names; 0 if it names none
     */
    boolean isBefore(Order order, long updateHeight) {
      return lastBlock != 0 && order.getGoodTilBlock() > lastBlock
          || lastBlock != 0
              && !order.hasGoodTilBlock()
              && isBeginning(order.getStatus())
              && updateHeight > lastBlock
          || goodTilBlockTimeNs != 0 && order.getGoodTilBlockTimeNs() > goodTilBlockTimeNs
          || height != 0
              && (order.getUpdatedAtHeight() > height || order.getCreatedAtHeight() > height);
    }

    boolean isAfter(Order order) {
      return order.hasUpdatedAtHeight() && order.getUpdatedAtHeight() < height;
    }
  }

  /** Forgets the open orders, before those of a fresh state of the venue are added. */
  void restart() {
    open.clear();
    lastBlocks.clear();
    expiredUpTo = 0;
  }

  /**
   * Adds an order of the venue's state, unless the order is known to have ended after what the
   * state says: the venue may read it from a database that is behind.
   *
   * @param height block of the state; 0 if not known
   */
  void addOfState(Order order, long height) {
    End end = ended.get(order.getOrderId());
    if (end != null
        && !end.isBefore(order, 0)
        && (end.expired || end.isAfter(order) || (height > 0 && height < end.height))) {
      return; // known to have ended, perhaps after the block of this state
    }
    if (AccountRecords.isEnd(order.getStatus())) {
      ended.put(order.getOrderId(), End.of(order, order, height, null));
    } else {
      ended.remove(order.getOrderId());
      put(order, height);
    }
  }

  /** Whether an order is known to have ended, as far as a state of the venue describes it. */
  boolean hasEnded(Order order) {
    End end = ended.get(order.getOrderId());
    return end != null && !end.isBefore(order, 0);
  }

  /**
   * Replaces what is known of an order by what a later state of the venue says.
   *
   * @param order as the state has it; ended if the state no longer lists it
   * @param height block of the state; 0 if not known
   */
  void correct(Order order, long height) {
    if (AccountRecords.isEnd(order.getStatus())) {
      apply(order, 0, height);
    } else {
      ended.remove(order.getOrderId());
      put(order, height);
    }
  }

  /**
   * Applies a change of an order: what it does not say stays as it was.
   *
   * @param updateHeight block that the update itself names; 0 if it names none
   * @param height block of the change; 0 if not known
   * @return the change as it is published; null if it is older than what is known, and nothing
   *     changes
   */
  Order apply(Order change, long updateHeight, long height) {
    String id = change.getOrderId();
    boolean ends = AccountRecords.isEnd(change.getStatus());
    End end = ended.get(id);
    Order before = open.get(id);
    if (end != null && !end.isBefore(change, updateHeight) && !(ends && end.expired)) {
      return end.expired ? lateFill(change, end) : null;
    }
    if (before != null && (ends ? isOfEarlierOrder(change, before) : isLate(change, before))) {
      return null;
    }
    Order now = before == null ? change : AccountRecords.merged(before, change);
    if (ends) {
      open.remove(id);
      ended.put(id, End.of(change, now, height, lastBlocks.remove(id)));
    } else {
      ended.remove(id);
      put(now, height);
    }
    return change;
  }

  /**
   * A fill of the last block may come after the block that ends the order: the order stays ended,
   * and what is filled of it is published.
   */
  private Order lateFill(Order change, End end) {
    if (!isFilledMore(change.getTotalFilled(), end.totalFilled)) {
      return null;
    }
    ended.put(change.getOrderId(), end.withTotalFilled(change.getTotalFilled()));
    return expired(change);
  }

  private static Order expired(Order order) {
    return order.toBuilder()
        .setStatus(OrderStatus.ORDER_STATUS_CANCELED)
        .clearStatusRaw()
        .setRemovalReason(EXPIRED)
        .build();
  }

  private void put(Order order, long height) {
    String id = order.getOrderId();
    open.put(id, order);
    if (!endsWithBlock(order)) {
      lastBlocks.remove(id);
    } else if (order.hasGoodTilBlock()) {
      lastBlocks.put(id, order.getGoodTilBlock());
    } else {
      long present = Math.max(height, expiredUpTo); // a quiet account's own height is behind
      long latest = present == 0 ? 0 : present + SHORT_BLOCK_WINDOW;
      if (order.getStatus() == OrderStatus.ORDER_STATUS_BEST_EFFORT_CANCELED) {
        lastBlocks.putIfAbsent(id, latest);
      } else {
        lastBlocks.put(id, latest);
      }
    }
  }

  /**
   * Ends the short-term orders whose last block has passed.
   *
   * @param height block up to which the chain is known
   * @return the orders that ended with it, as they are published
   */
  List<Order> expire(long height) {
    if (height <= expiredUpTo) {
      return List.of();
    }
    expiredUpTo = height;
    List<Order> expired = new ArrayList<>(0);
    Iterator<Map.Entry<String, Long>> each = lastBlocks.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<String, Long> entry = each.next();
      if (entry.getValue() == 0) {
        entry.setValue(height + SHORT_BLOCK_WINDOW);
      } else if (height > entry.getValue()) {
        each.remove();
        Order order = expired(open.remove(entry.getKey()));
        ended.put(entry.getKey(), End.expired(order, height, entry.getValue()));
        expired.add(order);
      }
    }
    return expired;
  }

  /** Those that have not ended. */
  Collection<Order> open() {
    return open.values();
  }

  /** Only a short-term order has a last block; all others the venue ends by an update. */
  private static boolean endsWithBlock(Order order) {
    return order.getOrderFlags().equals(SHORT_TERM)
        || order.getOrderFlags().isEmpty()
            && order.hasGoodTilBlock()
            && !order.hasGoodTilBlockTimeNs();
  }

  /** An end that came before the present order of that id was created. */
  private static boolean isOfEarlierOrder(Order end, Order present) {
    return end.hasUpdatedAtHeight() && end.getUpdatedAtHeight() < present.getCreatedAtHeight()
        || isReplaced(end, present);
  }

  /** Whether a change describes an order that the present one of that id has replaced. */
  private static boolean isReplaced(Order change, Order present) {
    return !AccountRecords.isOfSuborder(change, present)
        && (change.hasGoodTilBlock() && change.getGoodTilBlock() < present.getGoodTilBlock()
            || change.hasGoodTilBlockTimeNs()
                && change.getGoodTilBlockTimeNs() < present.getGoodTilBlockTimeNs());
  }

  /** Whether a change that does not end the order is older than what is known of it. */
  private static boolean isLate(Order change, Order before) {
    int age = compareAges(change, before);
    if (age != 0) {
      return age < 0;
    }
    boolean replaces =
        before.hasGoodTilBlock() && change.getGoodTilBlock() > before.getGoodTilBlock()
            || before.hasGoodTilBlockTimeNs()
                && change.getGoodTilBlockTimeNs() > before.getGoodTilBlockTimeNs();
    return !replaces
        && (isFilledLess(change, before)
            || switch (change.getStatus()) {
              case ORDER_STATUS_BEST_EFFORT_OPENED, ORDER_STATUS_UNTRIGGERED ->
                  before.getStatus() == OrderStatus.ORDER_STATUS_OPEN
                      || isReplaced(change, before)
                      || isCanceled(before) && isSameLifetime(change, before);
              case ORDER_STATUS_BEST_EFFORT_CANCELED -> isReplaced(change, before);
              case ORDER_STATUS_OPEN ->
                  isCanceled(before)
                      && change.hasUpdatedAtHeight()
                      && change.getUpdatedAtHeight() == before.getUpdatedAtHeight()
                      && !isFilledMore(change.getTotalFilled(), before.getTotalFilled());
              default -> false;
            });
  }

  private static boolean isCanceled(Order order) {
    return order.getStatus() == OrderStatus.ORDER_STATUS_BEST_EFFORT_CANCELED;
  }

  /** Whether both are good until the same block or time, as an order and its repetition are. */
  private static boolean isSameLifetime(Order change, Order before) {
    return change.hasGoodTilBlock() && change.getGoodTilBlock() == before.getGoodTilBlock()
        || change.hasGoodTilBlockTimeNs()
            && change.getGoodTilBlockTimeNs() == before.getGoodTilBlockTimeNs();
  }

  /** The states in which an order is first reported. */
  private static boolean isBeginning(OrderStatus status) {
    return switch (status) {
      case ORDER_STATUS_BEST_EFFORT_OPENED, ORDER_STATUS_UNTRIGGERED, ORDER_STATUS_OPEN -> true;
      default -> false;
    };
  }

  /** Negative if the first is older, 0 if that is not known. */
  private static int compareAges(Order one, Order other) {
    int byHeight =
        one.hasUpdatedAtHeight() && other.hasUpdatedAtHeight()
            ? Long.compare(one.getUpdatedAtHeight(), other.getUpdatedAtHeight())
            : 0;
    return byHeight == 0 && one.hasUpdatedAtNs() && other.hasUpdatedAtNs()
        ? Long.compare(one.getUpdatedAtNs(), other.getUpdatedAtNs())
        : byHeight;
  }

  private static boolean isFilledLess(Order change, Order before) {
    String now = change.getTotalFilled();
    return !now.isEmpty() && isFilledMore(before.getTotalFilled(), now);
  }

  /** Whether one quantity, where it is known, is above another, which is 0 if not known. */
  private static boolean isFilledMore(String one, String other) {
    return !one.isEmpty()
        && !one.equals(other)
        && new BigDecimal(one).compareTo(other.isEmpty() ? BigDecimal.ZERO : new BigDecimal(other))
            > 0;
  }
}
