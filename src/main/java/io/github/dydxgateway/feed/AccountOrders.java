package io.github.dydxgateway.feed;

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
  private static final String TWAP = "128";
  private static final String TWAP_SUBORDER = "256";
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
   * @param goodTilBlock 0: not known
   * @param goodTilBlockTimeNs 0: not known
   * @param expired whether the gateway concluded it from the height, and not the venue
   */
  private record End(long height, long goodTilBlock, long goodTilBlockTimeNs, boolean expired) {
    /**
     * As an update says it: its own height is that of a later block if it was delayed.
     *
     * @param order all that is known of it
     */
    static End of(Order update, Order order, long updateHeight) {
      long height =
          update.hasUpdatedAtHeight()
              ? update.getUpdatedAtHeight()
              : Math.max(updateHeight, order.getUpdatedAtHeight());
      return new End(height, order.getGoodTilBlock(), order.getGoodTilBlockTimeNs(), false);
    }

    static End expired(Order order, long height) {
      return new End(height, order.getGoodTilBlock(), order.getGoodTilBlockTimeNs(), true);
    }

    boolean isBefore(Order order) {
      return goodTilBlock != 0 && order.getGoodTilBlock() > goodTilBlock
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
    if (end != null && !end.isBefore(order) && (end.expired || end.isAfter(order))) {
      return;
    }
    if (isEnd(order.getStatus())) {
      ended.put(order.getOrderId(), End.of(order, order, height));
    } else {
      ended.remove(order.getOrderId());
      put(order, height);
    }
  }

  /** Whether an order is known to have ended, as far as a state of the venue describes it. */
  boolean hasEnded(Order order) {
    End end = ended.get(order.getOrderId());
    return end != null && !end.isBefore(order);
  }

  /**
   * Replaces what is known of an order by what a later state of the venue says.
   *
   * @param order as the state has it; ended if the state no longer lists it
   * @param height block of the state; 0 if not known
   */
  void correct(Order order, long height) {
    if (isEnd(order.getStatus())) {
      apply(order, height);
    } else {
      put(order, height);
    }
  }

  /**
   * Applies a change of an order: what it does not say stays as it was.
   *
   * @param height block of the change; 0 if not known
   * @return false if it is older than what is known, and nothing changes
   */
  boolean apply(Order change, long height) {
    String id = change.getOrderId();
    boolean ends = isEnd(change.getStatus());
    End end = ended.get(id);
    Order before = open.get(id);
    if (end != null && !end.isBefore(change) && !(ends && end.expired)) {
      return false;
    }
    if (before != null && (ends ? isOfEarlierOrder(change, before) : isLate(change, before))) {
      return false;
    }
    Order now = before == null ? change : merged(before, change);
    if (ends) {
      open.remove(id);
      lastBlocks.remove(id);
      ended.put(id, End.of(change, now, height));
    } else {
      ended.remove(id);
      put(now, height);
    }
    return true;
  }

  private void put(Order order, long height) {
    String id = order.getOrderId();
    open.put(id, order);
    if (!endsWithBlock(order)) {
      lastBlocks.remove(id);
    } else if (order.hasGoodTilBlock()) {
      lastBlocks.put(id, order.getGoodTilBlock());
    } else {
      long latest = height == 0 ? 0 : height + SHORT_BLOCK_WINDOW;
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
        Order order =
            open.remove(entry.getKey()).toBuilder()
                .setStatus(OrderStatus.ORDER_STATUS_CANCELED)
                .clearStatusRaw()
                .setRemovalReason(EXPIRED)
                .build();
        ended.put(entry.getKey(), End.expired(order, height));
        expired.add(order);
      }
    }
    return expired;
  }

  /** Those that have not ended. */
  Collection<Order> open() {
    return open.values();
  }

  private static boolean isEnd(OrderStatus status) {
    return switch (status) {
      case ORDER_STATUS_FILLED, ORDER_STATUS_CANCELED, ORDER_STATUS_ERROR -> true;
      default -> false;
    };
  }

  /** Only a short-term order has a last block; all others the venue ends by an update. */
  private static boolean endsWithBlock(Order order) {
    return order.getOrderFlags().equals(SHORT_TERM)
        || order.hasGoodTilBlock() && !order.hasGoodTilBlockTimeNs();
  }

  /** An end that came before the present order of that id was created. */
  private static boolean isOfEarlierOrder(Order end, Order present) {
    return end.hasUpdatedAtHeight() && end.getUpdatedAtHeight() < present.getCreatedAtHeight();
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
            || isAnnouncement(change.getStatus())
                && before.getStatus() == OrderStatus.ORDER_STATUS_OPEN);
  }

  /** The states in which orders begin; an open order does not return to them. */
  private static boolean isAnnouncement(OrderStatus status) {
    return status == OrderStatus.ORDER_STATUS_BEST_EFFORT_OPENED
        || status == OrderStatus.ORDER_STATUS_UNTRIGGERED;
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
    String then = before.getTotalFilled();
    return !now.isEmpty()
        && !then.isEmpty()
        && !now.equals(then)
        && new BigDecimal(now).compareTo(new BigDecimal(then)) < 0;
  }

  private static Order merged(Order before, Order change) {
    Order.Builder order = before.toBuilder();
    if (change.getStatus() != OrderStatus.ORDER_STATUS_UNSPECIFIED) {
      order.clearStatusRaw();
    } else if (!change.getStatusRaw().isEmpty()) {
      order.clearStatus();
    }
    boolean isFillOfSuborder =
        change.getOrderFlags().equals(TWAP_SUBORDER) && before.getOrderFlags().equals(TWAP);
    return order.mergeFrom(isFillOfSuborder ? ofWholeTwap(change) : change).build();
  }

  /** What an update that describes a suborder says of the TWAP order. */
  private static Order ofWholeTwap(Order suborder) {
    Order.Builder order =
        Order.newBuilder()
            .setStatus(suborder.getStatus())
            .setStatusRaw(suborder.getStatusRaw())
            .setPrice(suborder.getPrice())
            .setTotalFilled(suborder.getTotalFilled());
    if (suborder.hasUpdatedAtNs()) {
      order.setUpdatedAtNs(suborder.getUpdatedAtNs());
    }
    if (suborder.hasUpdatedAtHeight()) {
      order.setUpdatedAtHeight(suborder.getUpdatedAtHeight());
    }
    return order.build();
  }
}
