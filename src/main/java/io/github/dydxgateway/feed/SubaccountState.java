package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.IndexerSubaccount;
import io.github.dydxgateway.v1.AssetPosition;
import io.github.dydxgateway.v1.Order;
import io.github.dydxgateway.v1.OrderStatus;
import io.github.dydxgateway.v1.PerpetualPosition;
import io.github.dydxgateway.v1.PositionStatus;
import io.github.dydxgateway.v1.SubaccountSnapshot;
import io.github.dydxgateway.v1.SubaccountUpdate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of a subaccount, or of a parent with its children: the venue's last state with all
 * updates since, so that a client that joins late knows what the others know. Not thread safe.
 */
final class SubaccountState {
  /** Blocks after which a short-term order can no longer be filled. */
  private static final long SHORT_BLOCK_WINDOW = 20;

  private final SubaccountSnapshot.Builder base;
  private final Map<String, Order> orders = new LinkedHashMap<>();
  private final Map<String, Long> endingAtBlock = new LinkedHashMap<>();
  private final Map<String, PerpetualPosition> positions = new TreeMap<>();
  private final Map<String, AssetPosition> balances = new TreeMap<>();
  private final Map<Integer, SubaccountState> children = new TreeMap<>();
  private long blockHeight;

  SubaccountState(String address, int subaccountNumber, String accountId) {
    this.base =
        SubaccountSnapshot.newBuilder()
            .setAddress(address)
            .setSubaccountNumber(subaccountNumber)
            .setAccountId(accountId);
  }

  /**
   * Takes up the venue's state; null is a subaccount that was never funded.
   *
   * @param height block of the state; 0 if not known
   */
  void take(IndexerSubaccount state, long height) {
    blockHeight = height;
    base.setFound(state != null).setValuationBlockHeight(height);
    if (state == null) {
      return;
    }
    if (state.equity() != null) {
      base.setEquity(state.equity());
    }
    if (state.freeCollateral() != null) {
      base.setFreeCollateral(state.freeCollateral());
    }
    if (state.marginEnabled() != null) {
      base.setMarginEnabled(state.marginEnabled());
    }
    if (state.updatedAtHeight() != null) {
      base.setUpdatedAtHeight(state.updatedAtHeight());
    }
    if (state.latestProcessedBlockHeight() != null) {
      base.setLatestProcessedBlockHeight(state.latestProcessedBlockHeight());
      if (height == 0) {
        base.setValuationBlockHeight(state.latestProcessedBlockHeight());
      }
    }
    base.putAllExtraFields(state.unknownFields().jsonByName());
    state.openPerpetualPositions().forEach(position -> take(AccountMessages.position(position)));
    state.assetPositions().forEach(balance -> take(AccountMessages.balance(balance)));
    for (IndexerSubaccount child : state.children()) {
      if (child.subaccountNumber() != null) {
        child(Math.toIntExact(child.subaccountNumber())).take(child, height);
      }
    }
  }

  /** Takes up an update, as it is told to clients. */
  void take(SubaccountUpdate update) {
    blockHeight = Math.max(blockHeight, update.getBlockHeight());
    base.setFound(true);
    update.getOrdersList().forEach(this::take);
    update.getPositionsList().forEach(this::take);
    update.getBalancesList().forEach(this::take);
    forgetExpiredOrders();
  }

  /** Takes up an update of a child. */
  void takeOfChild(SubaccountUpdate update) {
    blockHeight = Math.max(blockHeight, update.getBlockHeight());
    base.setFound(true);
    update.getOrdersList().forEach(this::take);
    forgetExpiredOrders();
    child(update.getSubaccountNumber()).take(update.toBuilder().clearOrders().build());
  }

  private SubaccountState child(int number) {
    return children.computeIfAbsent(
        number, n -> new SubaccountState(base.getAddress(), n, base.getAccountId()));
  }

  /** Takes up an order: what it does not say stays as it was. */
  void take(Order order) {
    Order before = orders.get(order.getOrderId());
    Order now = before == null ? order : merged(before, order);
    switch (now.getStatus()) {
      case ORDER_STATUS_FILLED, ORDER_STATUS_CANCELED, ORDER_STATUS_ERROR -> {
        orders.remove(order.getOrderId());
        endingAtBlock.remove(order.getOrderId());
      }
      default -> {
        orders.put(order.getOrderId(), now);
        if (now.getStatus() == OrderStatus.ORDER_STATUS_BEST_EFFORT_CANCELED) {
          endingAtBlock.putIfAbsent(
              order.getOrderId(),
              now.hasGoodTilBlock() ? now.getGoodTilBlock() : blockHeight + SHORT_BLOCK_WINDOW);
        } else {
          endingAtBlock.remove(order.getOrderId());
        }
      }
    }
  }

  private static Order merged(Order before, Order change) {
    Order.Builder order = before.toBuilder();
    if (change.getStatus() != OrderStatus.ORDER_STATUS_UNSPECIFIED) {
      order.clearStatusRaw();
    } else if (!change.getStatusRaw().isEmpty()) {
      order.clearStatus();
    }
    return order.mergeFrom(change).build();
  }

  /** A best-effort cancelled order says nothing more once it has expired. */
  private void forgetExpiredOrders() {
    endingAtBlock
        .entrySet()
        .removeIf(
            ending -> {
              boolean expired = blockHeight > ending.getValue();
              if (expired) {
                orders.remove(ending.getKey());
              }
              return expired;
            });
  }

  private void take(PerpetualPosition position) {
    int number =
        position.hasSubaccountNumber()
            ? position.getSubaccountNumber()
            : base.getSubaccountNumber();
    String key = position.getInstrumentId() + "/" + number;
    PositionStatus status = position.getStatus();
    if (status == PositionStatus.POSITION_STATUS_CLOSED
        || status == PositionStatus.POSITION_STATUS_LIQUIDATED) {
      positions.remove(key);
    } else {
      positions.merge(key, position, SubaccountState::merged);
    }
  }

  private static PerpetualPosition merged(PerpetualPosition before, PerpetualPosition change) {
    PerpetualPosition.Builder position = before.toBuilder();
    if (change.getStatus() != PositionStatus.POSITION_STATUS_UNSPECIFIED) {
      position.clearStatusRaw();
    } else if (!change.getStatusRaw().isEmpty()) {
      position.clearStatus();
    }
    return position.mergeFrom(change).build();
  }

  private void take(AssetPosition balance) {
    int number =
        balance.hasSubaccountNumber() ? balance.getSubaccountNumber() : base.getSubaccountNumber();
    String key = balance.getSymbol() + "/" + number;
    if (isZero(balance.getSize())) {
      balances.remove(key);
    } else {
      balances.merge(key, balance, (before, now) -> before.toBuilder().mergeFrom(now).build());
    }
  }

  private static boolean isZero(String decimal) {
    return !decimal.isEmpty() && decimal.chars().allMatch(c -> c == '0' || c == '.' || c == '-');
  }

  /** All that is known. */
  SubaccountSnapshot snapshot() {
    SubaccountSnapshot.Builder snapshot =
        base.clone()
            .setBlockHeight(blockHeight)
            .addAllPositions(positions.values())
            .addAllBalances(balances.values())
            .addAllOrders(orders.values());
    children.values().forEach(child -> snapshot.addChildren(child.snapshot()));
    return snapshot.build();
  }
}
