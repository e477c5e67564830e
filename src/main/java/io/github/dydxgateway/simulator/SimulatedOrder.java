package io.github.dydxgateway.simulator;

import java.math.BigDecimal;

/** One order of a private account. Owned by the simulator's context. */
final class SimulatedOrder {

  private static final long SHORT_TERM_BLOCKS = 20;
  private static final long LONG_TERM_SECONDS = 86_400;

  private final String id;
  private final String subaccountId;
  private final String clientId;
  private final int subaccountNumber;
  private final Market market;
  private final boolean buys;
  private final boolean shortTerm;
  private final BigDecimal price;
  private final BigDecimal size;
  private final long createdAtHeight;
  private final String goodTil;
  private BigDecimal filled = BigDecimal.ZERO;
  private String status;
  private String removalReason;

  SimulatedOrder(
      String id,
      String subaccountId,
      String clientId,
      int subaccountNumber,
      Market market,
      boolean buys,
      boolean shortTerm,
      BigDecimal size,
      BlockClock block) {
    this.id = id;
    this.subaccountId = subaccountId;
    this.clientId = clientId;
    this.subaccountNumber = subaccountNumber;
    this.market = market;
    this.buys = buys;
    this.shortTerm = shortTerm;
    this.price = market.maker().takerPrice(buys);
    this.size = size;
    this.createdAtHeight = block.height();
    this.goodTil =
        shortTerm
            ? Long.toString(block.height() + SHORT_TERM_BLOCKS)
            : SimulatedClock.iso(block.time().plusSeconds(LONG_TERM_SECONDS));
    this.status = shortTerm ? "BEST_EFFORT_OPENED" : "OPEN";
  }

  void fill(BigDecimal amount) {
    filled = filled.add(amount);
    status = remaining().signum() == 0 ? "FILLED" : "OPEN";
  }

  void cancelBestEffort() {
    status = "BEST_EFFORT_CANCELED";
    removalReason = "USER_CANCELED";
  }

  void cancel() {
    status = "CANCELED";
    removalReason = shortTerm ? "EXPIRED" : "USER_CANCELED";
  }

  String id() {
    return id;
  }

  Market market() {
    return market;
  }

  boolean buys() {
    return buys;
  }

  boolean shortTerm() {
    return shortTerm;
  }

  BigDecimal remaining() {
    return size.subtract(filled);
  }

  /** Whether the venue is about to forget it. */
  boolean cancelling() {
    return status.equals("BEST_EFFORT_CANCELED");
  }

  boolean done() {
    return status.equals("FILLED") || status.equals("CANCELED");
  }

  /** The bare status change that comes first for short-term orders. */
  String bareJson() {
    return new JsonText()
        .object()
        .field("id", id)
        .field("clientId", clientId)
        .field("status", status)
        .field("orderFlags", orderFlags())
        .endObject()
        .toString();
  }

  /** All that the venue says of an order. */
  String json(BlockClock block) {
    JsonText json =
        new JsonText(512)
            .object()
            .field("id", id)
            .field("subaccountId", subaccountId)
            .field("clientId", clientId)
            .field("clobPairId", Integer.toString(market.spec().clobPairId()))
            .field("side", buys ? "BUY" : "SELL")
            .field("size", VenueNumber.text(size))
            .field("totalFilled", VenueNumber.text(filled))
            .field("totalOptimisticFilled", VenueNumber.text(filled))
            .field("price", VenueNumber.text(price))
            .field("type", "LIMIT")
            .field("status", status)
            .field("timeInForce", "GTT")
            .field("reduceOnly", false)
            .field("orderFlags", orderFlags())
            .field("goodTilBlock", shortTerm ? goodTil : null)
            .field("goodTilBlockTime", shortTerm ? null : goodTil)
            .field("postOnly", !shortTerm)
            .field("ticker", market.spec().ticker())
            .field("triggerPrice", null)
            .field("clientMetadata", "0")
            .field("updatedAt", block.timeText())
            .field("updatedAtHeight", Long.toString(block.height()))
            .field("subaccountNumber", subaccountNumber);
    if (!shortTerm) {
      json.field("createdAtHeight", Long.toString(createdAtHeight));
    }
    if (removalReason != null) {
      json.field("removalReason", removalReason);
    }
    return json.endObject().toString();
  }

  private String orderFlags() {
    return shortTerm ? "0" : "64";
  }
}
