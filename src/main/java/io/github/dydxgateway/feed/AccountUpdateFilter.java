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
import java.util.function.Predicate;

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
   * @param knownHeight block of the account's state, for an update that names none; 0 if not known
   * @return what of it clients do not have yet; null if they have all
   */
  SubaccountUpdate newOf(SubaccountUpdate update, long knownHeight) {
    int number = update.getSubaccountNumber();
    long height = update.getBlockHeight();
    int all = recordsOf(update);
    List<Fill> fills = newOf(update.getFillsList(), records::isNew);
    List<Transfer> transfers =
        newOf(update.getTransfersList(), transfer -> records.isNew(number, transfer));
    List<TradingReward> rewards =
        newOf(update.getTradingRewardsList(), reward -> records.isNew(number, reward));
    int identified =
        update.getFillsCount() + update.getTransfersCount() + update.getTradingRewardsCount();
    int newIdentified = fills.size() + transfers.size() + rewards.size();
    if (identified > 0 && newIdentified == 0) {
      // The whole update comes again: its orders and positions are as old as its fills.
      dropped = all;
      return null;
    }
    long orderHeight = height == 0 ? knownHeight : height;
    List<Order> changed = newOf(update.getOrdersList(), order -> orders.apply(order, orderHeight));
    List<PerpetualPosition> positions =
        newOf(update.getPositionsList(), position -> isCurrent(position, number, height));
    List<AssetPosition> balances =
        newOf(update.getBalancesList(), balance -> isCurrent(balance, number, height));
    int left = newIdentified + changed.size() + positions.size() + balances.size();
    dropped = all - left;
    if (dropped == 0) {
      return update;
    }
    return left == 0
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

  private boolean isCurrent(PerpetualPosition position, int number, long height) {
    int holder = position.hasSubaccountNumber() ? position.getSubaccountNumber() : number;
    return records.isCurrent("position/" + holder + "/" + position.getInstrumentId(), height);
  }

  private boolean isCurrent(AssetPosition balance, int number, long height) {
    int holder = balance.hasSubaccountNumber() ? balance.getSubaccountNumber() : number;
    return records.isCurrent("balance/" + holder + "/" + balance.getSymbol(), height);
  }

  private static int recordsOf(SubaccountUpdate update) {
    return update.getOrdersCount()
        + update.getFillsCount()
        + update.getPositionsCount()
        + update.getBalancesCount()
        + update.getTransfersCount()
        + update.getTradingRewardsCount();
  }

  /** Those that are new; nearly always that is the list itself. */
  private static <T> List<T> newOf(List<T> all, Predicate<T> isNew) {
    List<T> some = null;
    for (int i = 0; i < all.size(); i++) {
      boolean accepted = isNew.test(all.get(i));
      if (!accepted && some == null) {
        some = new ArrayList<>(all.subList(0, i));
      } else if (accepted && some != null) {
        some.add(all.get(i));
      }
    }
    return some == null ? all : some;
  }
}
