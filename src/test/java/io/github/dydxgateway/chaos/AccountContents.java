package io.github.dydxgateway.chaos;

import io.github.dydxgateway.testing.Places;
import io.github.dydxgateway.v1.AssetPosition;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Fill;
import io.github.dydxgateway.v1.PerpetualPosition;
import io.github.dydxgateway.v1.PositionStatus;
import io.github.dydxgateway.v1.SubaccountSnapshot;
import io.github.dydxgateway.v1.SubaccountUpdate;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A subaccount, or a parent with its children: fills, of which those of each come once and in
 * order, and what positions and balances come to. Not thread safe.
 */
final class AccountContents implements TopicContents {
  private final Map<Integer, OnceInOrder> fills = new TreeMap<>();
  private final Map<String, BigDecimal> positions = new TreeMap<>();
  private final Map<String, BigDecimal> balances = new TreeMap<>();

  @Override
  public void joined() {
    fills.values().forEach(OnceInOrder::joined);
    positions.clear();
    balances.clear();
  }

  @Override
  public void gap() {
    fills.values().forEach(OnceInOrder::gap);
  }

  @Override
  public void snapshot(Event event) {
    positions.clear();
    balances.clear();
    take(event.getSubaccountSnapshot());
  }

  private void take(SubaccountSnapshot account) {
    account.getPositionsList().forEach(p -> take(p, account.getSubaccountNumber()));
    account.getBalancesList().forEach(b -> take(b, account.getSubaccountNumber()));
    account.getChildrenList().forEach(this::take);
  }

  @Override
  public void update(Event event) {
    SubaccountUpdate update = event.getSubaccountUpdate();
    List<String> ids = update.getFillsList().stream().map(Fill::getFillId).toList();
    if (!ids.isEmpty()) {
      fills
          .computeIfAbsent(update.getSubaccountNumber(), number -> new OnceInOrder())
          .update(Places.of(event), ids);
    }
    update.getPositionsList().forEach(p -> take(p, update.getSubaccountNumber()));
    update.getBalancesList().forEach(b -> take(b, update.getSubaccountNumber()));
  }

  private void take(PerpetualPosition position, int account) {
    int number = position.hasSubaccountNumber() ? position.getSubaccountNumber() : account;
    String key = position.getInstrumentId() + "/" + number;
    if (position.getStatus() == PositionStatus.POSITION_STATUS_OPEN) {
      positions.put(key, Decimals.of(position.getSize()));
    } else {
      positions.remove(key);
    }
  }

  private void take(AssetPosition balance, int account) {
    int number = balance.hasSubaccountNumber() ? balance.getSubaccountNumber() : account;
    balances.put(balance.getSymbol() + "/" + number, Decimals.of(balance.getSize()));
  }

  /** By instrument and number, {@code BTC-USD-PERP.DYDX/0}. */
  Map<String, BigDecimal> positions() {
    return positions;
  }

  /** By symbol and number, {@code USDC/0}. */
  Map<String, BigDecimal> balances() {
    return balances;
  }

  /** By number: the venue puts those of a child into a batch, past those of another. */
  Map<Integer, OnceInOrder> fills() {
    return fills;
  }

  @Override
  public Object holds() {
    return positions + " " + balances;
  }
}
