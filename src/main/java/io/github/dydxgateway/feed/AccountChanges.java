package io.github.dydxgateway.feed;

import io.github.dydxgateway.v1.AssetPosition;
import io.github.dydxgateway.v1.Order;
import io.github.dydxgateway.v1.OrderStatus;
import io.github.dydxgateway.v1.PerpetualPosition;
import io.github.dydxgateway.v1.PositionStatus;
import io.github.dydxgateway.v1.SubaccountSnapshot;
import io.github.dydxgateway.v1.SubaccountUpdate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What updates of an account have changed since a moment, and how the rest differs from a further
 * state of the venue. Only what the venue sends as updates is compared: whether there is an order,
 * its status and what is filled of it, positions and balances with side and size. Not thread safe.
 */
final class AccountChanges {
  private final Set<String> changed = new HashSet<>();

  /** Notes what an update changes. */
  void note(SubaccountUpdate update) {
    int number = update.getSubaccountNumber();
    update.getOrdersList().forEach(order -> changed.add(key(order)));
    update.getPositionsList().forEach(position -> changed.add(key(position, number)));
    update.getBalancesList().forEach(balance -> changed.add(key(balance, number)));
  }

  /**
   * What makes the present state equal to a further one, but for what was changed: one update for
   * each subaccount that differs. What is gone is in it as ended.
   */
  List<SubaccountUpdate> differences(SubaccountSnapshot present, SubaccountSnapshot state) {
    List<SubaccountUpdate> updates = new ArrayList<>();
    SubaccountUpdate own = difference(present, state);
    if (own != null) {
      updates.add(own);
    }
    Map<Integer, SubaccountSnapshot> children = new HashMap<>();
    present.getChildrenList().forEach(child -> children.put(child.getSubaccountNumber(), child));
    for (SubaccountSnapshot child : state.getChildrenList()) {
      SubaccountSnapshot known = children.remove(child.getSubaccountNumber());
      SubaccountUpdate update = difference(known == null ? emptied(child) : known, child);
      if (update != null) {
        updates.add(update);
      }
    }
    for (SubaccountSnapshot child : children.values()) {
      SubaccountUpdate update = difference(child, emptied(child));
      if (update != null) {
        updates.add(update);
      }
    }
    return updates;
  }

  private static SubaccountSnapshot emptied(SubaccountSnapshot account) {
    return account.toBuilder().clearOrders().clearPositions().clearBalances().build();
  }

  private SubaccountUpdate difference(SubaccountSnapshot present, SubaccountSnapshot state) {
    SubaccountUpdate.Builder update =
        SubaccountUpdate.newBuilder()
            .setAddress(present.getAddress())
            .setSubaccountNumber(present.getSubaccountNumber())
            .setAccountId(present.getAccountId());
    addOrders(update, present, state);
    addPositions(update, present, state);
    addBalances(update, present, state);
    boolean isNone =
        update.getOrdersCount() + update.getPositionsCount() + update.getBalancesCount() == 0;
    return isNone ? null : update.build();
  }

  private void addOrders(
      SubaccountUpdate.Builder update, SubaccountSnapshot present, SubaccountSnapshot state) {
    Map<String, Order> orders = new HashMap<>();
    present.getOrdersList().forEach(order -> orders.put(key(order), order));
    for (Order order : state.getOrdersList()) {
      Order known = orders.remove(key(order));
      if (!changed.contains(key(order)) && (known == null || differ(known, order))) {
        update.addOrders(order);
      }
    }
    for (Order gone : orders.values()) {
      if (!changed.contains(key(gone)) && !endsByItself(gone, state.getBlockHeight())) {
        update.addOrders(
            Order.newBuilder()
                .setOrderId(gone.getOrderId())
                .setStatus(OrderStatus.ORDER_STATUS_CANCELED));
      }
    }
  }

  /** The venue lists such an order until a block that need not have come here yet. */
  private static boolean endsByItself(Order order, long blockHeight) {
    return order.getStatus() == OrderStatus.ORDER_STATUS_BEST_EFFORT_CANCELED
        || (order.hasGoodTilBlock() && order.getGoodTilBlock() <= blockHeight);
  }

  private static boolean differ(Order one, Order other) {
    return one.getStatus() != other.getStatus()
        || differ(one.getTotalFilled(), other.getTotalFilled());
  }

  private void addPositions(
      SubaccountUpdate.Builder update, SubaccountSnapshot present, SubaccountSnapshot state) {
    int number = present.getSubaccountNumber();
    Map<String, PerpetualPosition> positions = new HashMap<>();
    present.getPositionsList().forEach(one -> positions.put(key(one, number), one));
    for (PerpetualPosition position : state.getPositionsList()) {
      PerpetualPosition known = positions.remove(key(position, number));
      if (!changed.contains(key(position, number))
          && (known == null
              || known.getSide() != position.getSide()
              || differ(known.getSize(), position.getSize()))) {
        update.addPositions(position);
      }
    }
    for (PerpetualPosition gone : positions.values()) {
      if (!changed.contains(key(gone, number))) {
        update.addPositions(
            gone.toBuilder().setStatus(PositionStatus.POSITION_STATUS_CLOSED).setSize("0"));
      }
    }
  }

  private void addBalances(
      SubaccountUpdate.Builder update, SubaccountSnapshot present, SubaccountSnapshot state) {
    int number = present.getSubaccountNumber();
    Map<String, AssetPosition> balances = new HashMap<>();
    present.getBalancesList().forEach(one -> balances.put(key(one, number), one));
    for (AssetPosition balance : state.getBalancesList()) {
      AssetPosition known = balances.remove(key(balance, number));
      if (!changed.contains(key(balance, number))
          && (known == null
              || known.getSide() != balance.getSide()
              || differ(known.getSize(), balance.getSize()))) {
        update.addBalances(balance);
      }
    }
    for (AssetPosition gone : balances.values()) {
      if (!changed.contains(key(gone, number))) {
        update.addBalances(gone.toBuilder().setSize("0"));
      }
    }
  }

  /** Whether both are given and are not the same number. */
  private static boolean differ(String one, String other) {
    return !one.isEmpty()
        && !other.isEmpty()
        && !one.equals(other)
        && new BigDecimal(one).compareTo(new BigDecimal(other)) != 0;
  }

  private static String key(Order order) {
    return "order " + order.getOrderId();
  }

  private static String key(PerpetualPosition position, int subaccountNumber) {
    int number = position.hasSubaccountNumber() ? position.getSubaccountNumber() : subaccountNumber;
    return "position " + number + " " + position.getInstrumentId();
  }

  private static String key(AssetPosition balance, int subaccountNumber) {
    int number = balance.hasSubaccountNumber() ? balance.getSubaccountNumber() : subaccountNumber;
    return "balance " + number + " " + balance.getSymbol();
  }
}
