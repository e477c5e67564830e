package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * One subaccount that trades: its money, positions and open orders. Owned by the simulator's
 * context.
 */
final class SimulatedSubaccount {

  private static final BigDecimal MARGIN = new BigDecimal("0.05");

  private final String address;
  private final int number;
  private final String id;
  private final List<SimulatedMarket> markets;
  private final SplittableRandom random;
  private final SimulatorRecord record;
  private final Map<String, SimulatedPosition> positions = new LinkedHashMap<>();
  private final Map<String, SimulatedPosition> latestPositions = new HashMap<>();
  private final AccountOrders orders;
  private final String balanceId;
  private final List<String> updates = new ArrayList<>();
  private BigDecimal balance;
  private long updatedAtHeight;

  SimulatedSubaccount(
      String address,
      int number,
      BigDecimal balance,
      List<SimulatedMarket> markets,
      SplittableRandom random,
      SimulatorRecord record) {
    this.address = address;
    this.number = number;
    this.id = uuid(random);
    this.balance = balance;
    this.markets = markets;
    this.random = random;
    this.record = record;
    this.balanceId = uuid(random);
    this.orders = new AccountOrders(id, number, random, this::reportOrder, this::fill);
  }

  int number() {
    return number;
  }

  boolean trades(SimulatedMarket market) {
    return markets.contains(market);
  }

  /** What the account does in one block. */
  void trade(BlockClock block) {
    orders.settle(block);
    if (orders.hasRoom() && random.nextInt(3) == 0) {
      place(orders::placeShortTerm, block);
    }
    if (orders.hasRoom() && random.nextInt(6) == 0) {
      place(orders::placeStateful, block);
    }
  }

  /** The contents of the updates since the last call, in order. */
  List<String> takeUpdates() {
    List<String> taken = List.copyOf(updates);
    updates.clear();
    return taken;
  }

  /** Moves money in or, when negative, out; the transfer is an update of its own. */
  void transfer(BigDecimal amount, String transferJson, BlockClock block) {
    balance = balance.add(amount);
    updatedAtHeight = block.height();
    updates.add(update(block).raw("transfers", transferJson).closeAll());
    JsonText assets = update(block).array("assetPositions");
    writeBalanceUpdate(assets.object());
    updates.add(assets.closeAll());
  }

  void reward(BigDecimal amount, BlockClock block) {
    updates.add(
        update(block)
            .object("tradingReward")
            .field("tradingReward", VenueNumber.text(amount))
            .field("createdAt", block.timeText())
            .field("createdAtHeight", Long.toString(block.height()))
            .closeAll());
  }

  private void reportOrder(String orderJson, BlockClock block) {
    updates.add(update(block).array("orders").raw(orderJson).closeAll());
  }

  /**
   * An order against the position in two of three cases, so that it stays small and often turns.
   */
  private void place(Placing placing, BlockClock block) {
    SimulatedMarket market = markets.get(random.nextInt(markets.size()));
    if (!market.status().trades()) {
      return;
    }
    SimulatedPosition position = positions.get(market.spec().ticker());
    boolean reduces = position != null && random.nextInt(3) > 0;
    boolean buys = reduces ? !position.isLong() : random.nextBoolean();
    BigDecimal size = market.spec().stepSize().multiply(BigDecimal.valueOf(random.nextInt(1, 60)));
    placing.place(market, buys, size, block);
  }

  private interface Placing {
    void place(SimulatedMarket market, boolean buys, BigDecimal size, BlockClock block);
  }

  private void fill(SimulatedOrder order, BigDecimal size, OrderKind as, BlockClock block) {
    boolean whole = size.compareTo(order.remaining()) == 0;
    boolean taker = as == OrderKind.TWAP_SUBORDER || (as == OrderKind.SHORT_TERM && whole);
    boolean takerBuys = taker == order.buys();
    SimulatedMarket market = order.market();
    String type = as == OrderKind.TWAP_SUBORDER ? "TWAP_SUBORDER" : "LIMIT";
    SimulatorRecord.Trade trade = market.trade(block, takerBuys, size, type);
    BigDecimal price = new BigDecimal(trade.price());
    SimulatedFill fill =
        new SimulatedFill(
            id, order, as, trade, taker, before(latestPositions.get(market.spec().ticker())));
    order.fill(size);
    BigDecimal paid = order.buys() ? fill.quote().negate() : fill.quote();
    balance = balance.add(paid).subtract(fill.costs());
    updatedAtHeight = block.height();
    record.fill(
        address,
        new SimulatorRecord.Fill(
            trade.id(),
            number,
            market.spec().ticker(),
            order.buys() ? "BUY" : "SELL",
            trade.price(),
            trade.size(),
            block.height()));

    JsonText json = update(block);
    json.array("fills");
    fill.write(json.object(), random);
    json.endObject().endArray();
    json.array("orders").raw(order.update(block)).endArray();
    json.array("perpetualPositions");
    for (SimulatedPosition position : change(market, order.buys(), size, price, block)) {
      position.writeUpdate(json.object(), address, price);
      json.endObject();
    }
    json.endArray().array("assetPositions");
    writeBalanceUpdate(json.object());
    updates.add(json.closeAll());
  }

  private static SimulatedFill.PositionBefore before(SimulatedPosition position) {
    return position == null
        ? null
        : new SimulatedFill.PositionBefore(
            position.held(), position.isLong() ? "LONG" : "SHORT", position.entryPrice());
  }

  /** Applies a fill; a position that turns is closed, and another is opened. */
  private List<SimulatedPosition> change(
      SimulatedMarket market, boolean buys, BigDecimal size, BigDecimal price, BlockClock block) {
    String ticker = market.spec().ticker();
    List<SimulatedPosition> changed = new ArrayList<>(2);
    BigDecimal rest = size;
    SimulatedPosition present = positions.get(ticker);
    if (present != null && present.isLong() != buys) {
      BigDecimal closing = rest.min(present.held());
      present.reduce(closing, price, block);
      changed.add(present);
      rest = rest.subtract(closing);
      if (present.closed()) {
        positions.remove(ticker);
      }
    }
    if (rest.signum() > 0) {
      SimulatedPosition position =
          positions.computeIfAbsent(ticker, key -> new SimulatedPosition(key, buys, number, block));
      latestPositions.put(ticker, position);
      position.increase(rest, price);
      changed.add(position);
    }
    return changed;
  }

  private static JsonText update(BlockClock block) {
    return new JsonText(1024).object().field("blockHeight", Long.toString(block.height()));
  }

  /** Only in updates a balance names its address. */
  private void writeBalanceUpdate(JsonText json) {
    json.field("address", address).field("positionId", balanceId);
    writeBalance(json);
  }

  private void writeBalance(JsonText json) {
    json.field("symbol", "USDC")
        .field("side", balance.signum() < 0 ? "SHORT" : "LONG")
        .field("size", VenueNumber.text(balance.abs()))
        .field("assetId", "0")
        .field("subaccountNumber", number)
        .endObject();
  }

  /** Money and positions at the present price. */
  BigDecimal equity() {
    BigDecimal equity = balance;
    for (SimulatedPosition position : positions.values()) {
      equity = equity.add(position.size().multiply(mark(position)));
    }
    return equity;
  }

  /** Equity that no position needs as margin. */
  BigDecimal freeCollateral() {
    BigDecimal free = equity();
    for (SimulatedPosition position : positions.values()) {
      free = free.subtract(position.held().multiply(mark(position)).multiply(MARGIN));
    }
    return free;
  }

  /** The state of the subaccount, as an object. */
  void write(JsonText json, long height) {
    json.object()
        .field("address", address)
        .field("subaccountNumber", number)
        .field("equity", VenueNumber.text(equity()))
        .field("freeCollateral", VenueNumber.text(freeCollateral()))
        .object("openPerpetualPositions");
    for (SimulatedPosition position : positions.values()) {
      json.object(position.ticker());
      position.write(json, mark(position));
      json.endObject();
    }
    json.endObject().object("assetPositions");
    writeBalance(json.object("USDC"));
    json.endObject()
        .field("marginEnabled", true)
        .field("updatedAtHeight", Long.toString(updatedAtHeight))
        .field("latestProcessedBlockHeight", Long.toString(height))
        .endObject();
  }

  /** The orders that the venue lists, as elements. */
  void writeOrders(JsonText json, BlockClock block) {
    orders.write(json, block);
  }

  private BigDecimal mark(SimulatedPosition position) {
    for (SimulatedMarket market : markets) {
      if (market.spec().ticker().equals(position.ticker())) {
        return market.maker().mid();
      }
    }
    throw new IllegalStateException(
        "position in a market that is not traded: " + position.ticker());
  }

  private static String uuid(SplittableRandom random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
