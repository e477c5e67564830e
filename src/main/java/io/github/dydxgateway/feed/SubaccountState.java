package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.IndexerAssetPosition;
import io.github.dydxgateway.indexer.IndexerPosition;
import io.github.dydxgateway.indexer.IndexerSubaccount;
import io.github.dydxgateway.stream.state.AccountRecords;
import io.github.dydxgateway.v1.AssetPosition;
import io.github.dydxgateway.v1.PerpetualPosition;
import io.github.dydxgateway.v1.SubaccountSnapshot;
import io.github.dydxgateway.v1.SubaccountUpdate;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of a subaccount, or of a parent with its children, apart from {@link AccountOrders
 * orders}: the venue's last state with all updates since, so that a client that joins late knows
 * what the others know. Not thread safe.
 */
final class SubaccountState {
  private final SubaccountSnapshot.Builder base;
  private final boolean isChild;
  private final Map<String, PerpetualPosition> positions = new TreeMap<>();
  private final Map<String, AssetPosition> balances = new TreeMap<>();
  private final Map<Integer, SubaccountState> children = new TreeMap<>();
  private long blockHeight;

  SubaccountState(String address, int subaccountNumber, String accountId) {
    this(address, subaccountNumber, accountId, false);
  }

  private SubaccountState(String address, int subaccountNumber, String accountId, boolean isChild) {
    this.isChild = isChild;
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
    for (IndexerPosition one : state.openPerpetualPositions()) {
      PerpetualPosition position = AccountMessages.position(one);
      take(isChild ? AccountMessages.ofChild(position, base.getSubaccountNumber()) : position);
    }
    for (IndexerAssetPosition one : state.assetPositions()) {
      AssetPosition balance = AccountMessages.balance(one);
      take(isChild ? AccountMessages.ofChild(balance, base.getSubaccountNumber()) : balance);
    }
    for (IndexerSubaccount child : state.children()) {
      if (child.subaccountNumber() != null) {
        child(Math.toIntExact(child.subaccountNumber())).take(child, height);
      }
    }
  }

  /** Takes up an update, as it is published. */
  void take(SubaccountUpdate update) {
    takeHeight(update.getBlockHeight());
    update.getPositionsList().forEach(this::take);
    update.getBalancesList().forEach(this::take);
  }

  /** Takes up an update of a child. */
  void takeOfChild(SubaccountUpdate update) {
    takeHeight(update.getBlockHeight());
    child(update.getSubaccountNumber()).take(update);
  }

  /** The venue has sent an update of that block; 0 if not known. */
  void takeHeight(long height) {
    blockHeight = Math.max(blockHeight, height);
    base.setFound(true);
  }

  /** Block up to which the state is known; 0 if not known. */
  long blockHeight() {
    return blockHeight;
  }

  /**
   * Block of the last change that the venue's state holds of a subaccount: the account's own number
   * or a child's; 0 if not known.
   */
  long updatedAtHeight(int number) {
    SubaccountState child = children.get(number);
    if (child != null) {
      return child.base.getUpdatedAtHeight();
    }
    return number == base.getSubaccountNumber() ? base.getUpdatedAtHeight() : 0;
  }

  private SubaccountState child(int number) {
    return children.computeIfAbsent(
        number, n -> new SubaccountState(base.getAddress(), n, base.getAccountId(), true));
  }

  private void take(PerpetualPosition position) {
    int number =
        position.hasSubaccountNumber()
            ? position.getSubaccountNumber()
            : base.getSubaccountNumber();
    String key = position.getInstrumentId() + "/" + number;
    if (AccountRecords.isEnd(position.getStatus())) {
      positions.remove(key);
    } else {
      positions.merge(key, position, AccountRecords::merged);
    }
  }

  private void take(AssetPosition balance) {
    int number =
        balance.hasSubaccountNumber() ? balance.getSubaccountNumber() : base.getSubaccountNumber();
    String key = balance.getSymbol() + "/" + number;
    if (AccountRecords.isZero(balance.getSize())) {
      balances.remove(key);
    } else {
      balances.merge(key, balance, AccountRecords::merged);
    }
  }

  /** All that is known. */
  SubaccountSnapshot.Builder snapshot() {
    SubaccountSnapshot.Builder snapshot =
        base.clone()
            .setBlockHeight(blockHeight)
            .addAllPositions(positions.values())
            .addAllBalances(balances.values());
    children.values().forEach(child -> snapshot.addChildren(child.snapshot()));
    return snapshot;
  }
}
