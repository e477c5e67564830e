package io.github.dydxgateway.feed;

import io.github.dydxgateway.v1.AssetPosition;
import io.github.dydxgateway.v1.Fill;
import io.github.dydxgateway.v1.Order;
import io.github.dydxgateway.v1.PerpetualPosition;
import io.github.dydxgateway.v1.SubaccountUpdate;
import io.github.dydxgateway.v1.TradingReward;
import io.github.dydxgateway.v1.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Leaves out of the updates of an account what the venue sends again or late: records that {@link
 * RecordDeduplicator} recognises, and orders that are older than what {@link AccountOrders} knows.
 * It outlives reconnects. Not thread safe.
 */
final class AccountUpdateFilter {
  private final RecordDeduplicator records = new RecordDeduplicator();
  private final AccountOrders orders;
  private int dropped;

  AccountUpdateFilter(AccountOrders orders) {
    this.orders = orders;
  }

  /** Begins with the next frame of the venue. */
  void beginFrame() {
    records.beginFrame();
  }

  /** Records that the last call of {@link #newOf} left out. */
  int dropped() {
    return dropped;
  }

  /**
   * Applies an update to the orders.
   *
   * @param state what is known of the account before the update
   * @return what of it clients do not have yet; null if they have all
   */
  SubaccountUpdate newOf(SubaccountUpdate update, SubaccountState state) {
    int number = update.getSubaccountNumber();
    long height = update.getBlockHeight();
    int all = recordsOf(update);
    List<Fill> fills = newOf(update.getFillsList(), fill -> records.isNew(fill) ? fill : null);
    List<Transfer> transfers =
        newOf(
            update.getTransfersList(),
            transfer -> records.isNew(number, transfer) ? transfer : null);
    List<TradingReward> rewards =
        newOf(
            update.getTradingRewardsList(),
            reward -> records.isNew(number, reward) ? reward : null);
    int identified =
        update.getFillsCount() + update.getTransfersCount() + update.getTradingRewardsCount();
    int newIdentified = fills.size() + transfers.size() + rewards.size();
    if (identified > 0 && newIdentified == 0) {
      // The whole update comes again: its orders and positions are as old as its fills.
      dropped = all;
      return null;
    }
    long orderHeight = height == 0 ? state.blockHeight() : height;
    List<Order> changed =
        newOf(update.getOrdersList(), order -> orders.apply(order, height, orderHeight));
    List<PerpetualPosition> positions =
        newOf(
            update.getPositionsList(),
            position -> isCurrent(position, number, height, state) ? position : null);
    List<AssetPosition> balances =
        newOf(
            update.getBalancesList(),
            balance -> isCurrent(balance, number, height, state) ? balance : null);
    int left = newIdentified + changed.size() + positions.size() + balances.size();
    dropped = all - left;
    if (dropped == 0 && changed.equals(update.getOrdersList())) {
      return update;
    }
    return left == 0 && update.getExtraFieldsCount() == 0
        ? null
        : update.toBuilder()
            .clearFills()
            .addAllFills(fills)
            .clearTransfers()
            .addAllTransfers(transfers)
            .clearTradingRewards()
            .addAllTradingRewards(rewards)
            .clearOrders()
            .addAllOrders(changed)
            .clearPositions()
            .addAllPositions(positions)
            .clearBalances()
            .addAllBalances(balances)
            .build();
  }

  private boolean isCurrent(
      PerpetualPosition position, int number, long height, SubaccountState state) {
    int holder = position.hasSubaccountNumber() ? position.getSubaccountNumber() : number;
    return records.isCurrent(
        "position/" + holder + "/" + position.getInstrumentId(),
        height,
        state.updatedAtHeight(holder));
  }

  private boolean isCurrent(AssetPosition balance, int number, long height, SubaccountState state) {
    int holder = balance.hasSubaccountNumber() ? balance.getSubaccountNumber() : number;
    return records.isCurrent(
        "balance/" + holder + "/" + balance.getSymbol(), height, state.updatedAtHeight(holder));
  }

  private static int recordsOf(SubaccountUpdate update) {
    return update.getOrdersCount()
        + update.getFillsCount()
        + update.getPositionsCount()
        + update.getBalancesCount()
        + update.getTransfersCount()
        + update.getTradingRewardsCount();
  }

  /**
   * Those that are new; nearly always that is the list itself.
   *
   * @param news returns what is published of a record, null if nothing is
   */
  private static <T> List<T> newOf(List<T> all, UnaryOperator<T> news) {
    List<T> some = null;
    for (int i = 0; i < all.size(); i++) {
      T record = all.get(i);
      T published = news.apply(record);
      if (some == null && !record.equals(published)) {
        some = new ArrayList<>(all.subList(0, i));
      }
      if (some != null && published != null) {
        some.add(published);
      }
    }
    return some == null ? all : some;
  }
}
