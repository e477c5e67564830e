package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.util.ArrayList;
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

  private static final int MOST_ORDERS = 6;
  private static final BigDecimal TAKER_FEE = new BigDecimal("0.0005");
  private static final BigDecimal MAKER_FEE = new BigDecimal("-0.00011");
  private static final BigDecimal MARGIN = new BigDecimal("0.05");

  private final String address;
  private final int number;
  private final String id;
  private final List<Market> markets;
  private final SplittableRandom random;
  private final SimulatorRecord record;
  private final Map<String, SimulatedPosition> positions = new LinkedHashMap<>();
  private final List<SimulatedOrder> orders = new ArrayList<>();
  private final List<String> updates = new ArrayList<>();
  private BigDecimal balance;
  private long updatedAtHeight;

  SimulatedSubaccount(
      String address,
      int number,
      BigDecimal balance,
      List<Market> markets,
      SplittableRandom random,
      SimulatorRecord record) {
    this.address = address;
    this.number = number;
    this.id = uuid(random);
    this.balance = balance;
    this.markets = markets;
    this.random = random;
    this.record = record;
  }

  int number() {
    return number;
  }

  /** What the account does in one block. */
  void trade(BlockClock block) {
    settle(block);
    if (orders.size() < MOST_ORDERS && random.nextInt(3) == 0) {
      place(true, block);
    }
    if (orders.size() < MOST_ORDERS && random.nextInt(9) == 0) {
      place(false, block);
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
    writeBalance(assets.object());
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

  private void settle(BlockClock block) {
    for (SimulatedOrder order : List.copyOf(orders)) {
      if (!order.market().status().trades()) {
        continue;
      }
      int chance = random.nextInt(16);
      if (order.cancelling()) {
        order.cancel();
        reportOrder(order, block);
      } else if (order.shortTerm() ? chance < 8 : chance < 3) {
        fill(order, order.remaining(), order.shortTerm(), block);
      } else if (chance < 10 && order.remaining().compareTo(minimum(order)) > 0) {
        fill(order, minimum(order), false, block);
      } else if (chance == 15) {
        if (order.shortTerm()) {
          order.cancelBestEffort();
        } else {
          order.cancel();
        }
        reportOrder(order, block);
      }
    }
    orders.removeIf(SimulatedOrder::done);
  }

  private static BigDecimal minimum(SimulatedOrder order) {
    return order.market().spec().stepSize();
  }

  private void place(boolean shortTerm, BlockClock block) {
    Market market = markets.get(random.nextInt(markets.size()));
    if (!market.status().trades()) {
      return;
    }
    SimulatedPosition position = positions.get(market.spec().ticker());
    // Two in three orders work against the position, so that it stays small and often turns.
    boolean reduces = position != null && random.nextInt(3) > 0;
    boolean buys = reduces ? !position.isLong() : random.nextBoolean();
    BigDecimal size = market.spec().stepSize().multiply(BigDecimal.valueOf(random.nextInt(1, 60)));
    String clientId = Integer.toString(random.nextInt(Integer.MAX_VALUE));
    SimulatedOrder order =
        new SimulatedOrder(
            uuid(random), id, clientId, number, market, buys, shortTerm, size, block);
    orders.add(order);
    String json = shortTerm ? order.bareJson() : order.json(block);
    updates.add(update(block).array("orders").raw(json).closeAll());
  }

  private void reportOrder(SimulatedOrder order, BlockClock block) {
    updates.add(update(block).array("orders").raw(order.json(block)).closeAll());
  }

  private void fill(SimulatedOrder order, BigDecimal size, boolean taker, BlockClock block) {
    Market market = order.market();
    boolean takerBuys = taker == order.buys();
    SimulatorRecord.Trade trade = market.trade(block, takerBuys, size);
    BigDecimal price = new BigDecimal(trade.price());
    BigDecimal quote = price.multiply(size);
    BigDecimal fee = quote.multiply(taker ? TAKER_FEE : MAKER_FEE);
    order.fill(size);
    balance = balance.add(order.buys() ? quote.negate() : quote).subtract(fee);
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
    writeFill(json.object(), order, trade, quote, fee, taker);
    json.endObject().endArray();
    json.array("orders").raw(order.json(block)).endArray();
    json.array("perpetualPositions");
    for (SimulatedPosition position : change(market, order.buys(), size, price, block)) {
      position.write(json.object(), price);
      json.endObject();
    }
    json.endArray().array("assetPositions");
    writeBalance(json.object());
    updates.add(json.closeAll());
  }

  /** Applies a fill; a position that turns is closed, and another is opened. */
  private List<SimulatedPosition> change(
      Market market, boolean buys, BigDecimal size, BigDecimal price, BlockClock block) {
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
      position.increase(rest, price);
      changed.add(position);
    }
    return changed;
  }

  private void writeFill(
      JsonText json,
      SimulatedOrder order,
      SimulatorRecord.Trade trade,
      BigDecimal quote,
      BigDecimal fee,
      boolean taker) {
    json.field("id", trade.id())
        .field("subaccountId", id)
        .field("side", order.buys() ? "BUY" : "SELL")
        .field("liquidity", taker ? "TAKER" : "MAKER")
        .field("type", "LIMIT")
        .field("clobPairId", Integer.toString(order.market().spec().clobPairId()))
        .field("orderId", order.id())
        .field("size", trade.size())
        .field("price", trade.price())
        .field("quoteAmount", VenueNumber.text(quote))
        .field("fee", VenueNumber.text(fee));
    if (random.nextInt(3) == 0) {
      json.raw("eventId", bufferObject(trade.id()));
    } else {
      json.field("eventId", trade.id());
    }
    json.field(
            "transactionHash",
            "%016X%016X".formatted(random.nextLong(), random.nextLong()).repeat(2))
        .field("createdAt", trade.createdAt())
        .field("createdAtHeight", Long.toString(trade.createdAtHeight()))
        .field("ticker", order.market().spec().ticker())
        .field("clientMetadata", "0");
  }

  /** Bytes as a Node.js Buffer is written in JSON. */
  private static String bufferObject(String hex) {
    JsonText json = new JsonText().object().field("type", "Buffer").array("data");
    for (int i = 0; i < hex.length(); i += 2) {
      json.raw(Integer.toString(Integer.parseInt(hex, i, i + 2, 16)));
    }
    return json.closeAll();
  }

  private static JsonText update(BlockClock block) {
    return new JsonText(1024).object().field("blockHeight", Long.toString(block.height()));
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

  /** The open orders, as elements. */
  void writeOrders(JsonText json, BlockClock block) {
    orders.forEach(order -> json.raw(order.json(block)));
  }

  private BigDecimal mark(SimulatedPosition position) {
    for (Market market : markets) {
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
