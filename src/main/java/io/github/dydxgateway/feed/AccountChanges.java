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
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;

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
    compare(
        present.getOrdersList(),
        state.getOrdersList(),
        AccountChanges::key,
        AccountChanges::differ,
        update::addOrders,
        gone -> {
          if (!endsByItself(gone, state.getBlockHeight())) {
            update.addOrders(
                Order.newBuilder()
                    .setOrderId(gone.getOrderId())
                    .setStatus(OrderStatus.ORDER_STATUS_CANCELED));
          }
        });
  }

  /** The venue lists such an order until a block that need not have come here yet. */
  private static boolean endsByItself(Order order, long blockHeight) {
    return order.getStatus() == OrderStatus.ORDER_STATUS_BEST_EFFORT_CANCELED
        || (order.hasGoodTilBlock() && order.getGoodTilBlock() <= blockHeight);
  }

  private void addPositions(
      SubaccountUpdate.Builder update, SubaccountSnapshot present, SubaccountSnapshot state) {
    int number = present.getSubaccountNumber();
    compare(
        present.getPositionsList(),
        state.getPositionsList(),
        position -> key(position, number),
        AccountChanges::differ,
        update::addPositions,
        gone ->
            update.addPositions(
                gone.toBuilder().setStatus(PositionStatus.POSITION_STATUS_CLOSED).setSize("0")));
  }

  private void addBalances(
      SubaccountUpdate.Builder update, SubaccountSnapshot present, SubaccountSnapshot state) {
    int number = present.getSubaccountNumber();
    compare(
        present.getBalancesList(),
        state.getBalancesList(),
        balance -> key(balance, number),
        AccountChanges::differ,
        update::addBalances,
        gone -> update.addBalances(gone.toBuilder().setSize("0")));
  }

  /**
   * Compares the records of the present state with those of a further one, but for what was
   * changed.
   *
   * @param changes receives those of the further state that are new or differ
   * @param ends receives those of the present state that the further one lacks
   */
  private <T> void compare(
      List<T> present,
      List<T> state,
      Function<T, String> key,
      BiPredicate<T, T> differ,
      Consumer<T> changes,
      Consumer<T> ends) {
    Map<String, T> rest = new HashMap<>();
    present.forEach(record -> rest.put(key.apply(record), record));
    for (T record : state) {
      T known = rest.remove(key.apply(record));
      if (!changed.contains(key.apply(record)) && (known == null || differ.test(known, record))) {
        changes.accept(record);
      }
    }
    rest.forEach(
        (id, gone) -> {
          if (!changed.contains(id)) {
            ends.accept(gone);
          }
        });
  }

  private static boolean differ(Order one, Order other) {
    return one.getStatus() != other.getStatus()
        || differ(one.getTotalFilled(), other.getTotalFilled());
  }

  private static boolean differ(PerpetualPosition one, PerpetualPosition other) {
    return one.getSide() != other.getSide() || differ(one.getSize(), other.getSize());
  }

  private static boolean differ(AssetPosition one, AssetPosition other) {
    return one.getSide() != other.getSide() || differ(one.getSize(), other.getSize());
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
