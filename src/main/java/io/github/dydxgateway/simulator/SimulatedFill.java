package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.util.random.RandomGenerator;

/**
 * One fill of an order. Immutable.
 *
 * @param subaccountId the venue's id of the subaccount
 * @param as the kind of the order that traded; a suborder trades in the name of its TWAP order
 * @param before the position that the subaccount had last in the market; null for none ever
 */
record SimulatedFill(
    String subaccountId,
    SimulatedOrder order,
    OrderKind as,
    SimulatorRecord.Trade trade,
    boolean taker,
    PositionBefore before) {

  private static final BigDecimal TAKER_FEE = new BigDecimal("0.0005");
  private static final BigDecimal MAKER_FEE = new BigDecimal("-0.00011");
  private static final BigDecimal AFFILIATE_SHARE = new BigDecimal("0.15");

  /** The position that a fill meets: unsigned size, zero for one that is closed. */
  record PositionBefore(BigDecimal size, String side, BigDecimal entryPrice) {}

  BigDecimal quote() {
    return new BigDecimal(trade.price()).multiply(new BigDecimal(trade.size()));
  }

  /** Negative for a rebate. */
  BigDecimal fee() {
    return quote().multiply(taker ? TAKER_FEE : MAKER_FEE);
  }

  /** What it costs the subaccount altogether. */
  BigDecimal costs() {
    BigDecimal builderFee = order.route().builderFee(quote());
    return builderFee == null ? fee() : fee().add(builderFee);
  }

  /** The fields of an element of an update. */
  void write(JsonText json, RandomGenerator random) {
    OrderRoute route = order.route();
    boolean referred = taker && random.nextInt(4) == 0;
    json.field("id", trade.id())
        .field("subaccountId", subaccountId)
        .field("side", order.buys() ? "BUY" : "SELL")
        .field("liquidity", taker ? "TAKER" : "MAKER")
        .field("type", trade.type())
        .field("clobPairId", Integer.toString(order.market().spec().clobPairId()))
        .field("orderId", order.id())
        .field("size", trade.size())
        .field("price", trade.price())
        .field("quoteAmount", VenueNumber.text(quote()))
        .field("fee", VenueNumber.text(fee()))
        .field(
            "affiliateRevShare", referred ? VenueNumber.text(fee().multiply(AFFILIATE_SHARE)) : "0")
        .field("builderFee", text(route.builderFee(quote())))
        .field("builderAddress", route.builderAddress())
        .field("orderRouterFee", text(route.orderRouterFee(quote())))
        .field("orderRouterAddress", route.orderRouterAddress())
        .field("positionSizeBefore", before == null ? "0" : VenueNumber.text(before.size))
        .field("entryPriceBefore", before == null ? null : VenueNumber.text(before.entryPrice))
        .field("positionSideBefore", before == null ? null : before.side);
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

  private static String text(BigDecimal amount) {
    return amount == null ? null : VenueNumber.text(amount);
  }

  /** Bytes as a Node.js Buffer is written in JSON. */
  private static String bufferObject(String hex) {
    JsonText json = new JsonText().object().field("type", "Buffer").array("data");
    for (int i = 0; i < hex.length(); i += 2) {
      json.raw(Integer.toString(Integer.parseInt(hex, i, i + 2, 16)));
    }
    return json.closeAll();
  }
}
