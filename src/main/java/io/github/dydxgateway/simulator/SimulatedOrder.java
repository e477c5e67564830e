package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.time.Instant;

/** One order of a private account. Owned by the simulator's context. */
final class SimulatedOrder {

  /** For so many blocks after its last one the venue still lists a short-term order. */
  static final long LISTED_BLOCKS = 20;

  private static final String TWAP_SECONDS = "300";
  private static final String TWAP_INTERVAL = "30";
  private static final String TWAP_PRICE_TOLERANCE_PPM = "10000";

  private final Placement placement;
  private final OrderKind kind;
  private final long goodTilBlock;
  private final Instant goodTilTime;
  private BigDecimal filled = BigDecimal.ZERO;
  private OrderStatus status;
  private String removalReason;

  /** What an order is when it is placed. Immutable. */
  record Placement(
      String id,
      String subaccountId,
      int subaccountNumber,
      String clientId,
      SimulatedMarket market,
      boolean buys,
      BigDecimal price,
      BigDecimal size,
      OrderRoute route,
      long height,
      Instant time) {}

  private SimulatedOrder(
      Placement placement, OrderKind kind, long goodTilBlock, Instant goodTilTime) {
    this.placement = placement;
    this.kind = kind;
    this.goodTilBlock = goodTilBlock;
    this.goodTilTime = goodTilTime;
    this.status =
        switch (kind) {
          case SHORT_TERM -> OrderStatus.BEST_EFFORT_OPENED;
          case CONDITIONAL -> OrderStatus.UNTRIGGERED;
          case LONG_TERM, TWAP, TWAP_SUBORDER -> OrderStatus.OPEN;
        };
  }

  /**
   * An order that ends at a block.
   *
   * @param blocks how many blocks it lives
   */
  static SimulatedOrder shortTerm(Placement placement, int blocks) {
    return new SimulatedOrder(
        placement, OrderKind.SHORT_TERM, placement.height + blocks, Instant.MAX);
  }

  /**
   * An order that ends at a time.
   *
   * @param seconds how long it lives
   */
  static SimulatedOrder stateful(Placement placement, OrderKind kind, long seconds) {
    return new SimulatedOrder(placement, kind, Long.MAX_VALUE, placement.time.plusSeconds(seconds));
  }

  void fill(BigDecimal amount) {
    filled = filled.add(amount);
    status = remaining().signum() == 0 ? OrderStatus.FILLED : OrderStatus.OPEN;
  }

  /** The trigger price is reached. */
  void trigger() {
    status = OrderStatus.OPEN;
  }

  /** A node has removed it; the chain has not. */
  void cancelBestEffort(String reason) {
    status = OrderStatus.BEST_EFFORT_CANCELED;
    removalReason = reason;
  }

  void cancel(String reason) {
    status = OrderStatus.CANCELED;
    removalReason = reason;
  }

  String id() {
    return placement.id;
  }

  SimulatedMarket market() {
    return placement.market;
  }

  boolean buys() {
    return placement.buys;
  }

  OrderKind kind() {
    return kind;
  }

  OrderStatus status() {
    return status;
  }

  OrderRoute route() {
    return placement.route;
  }

  String clientId() {
    return placement.clientId;
  }

  BigDecimal remaining() {
    return placement.size.subtract(filled);
  }

  /** Whether its block or time has passed. */
  boolean isOver(BlockClock block) {
    return kind.endsAtBlock() ? block.height() > goodTilBlock : !block.time().isBefore(goodTilTime);
  }

  /**
   * Whether the venue's initial states list it: it is open or may become so, or it is a short-term
   * order that only a node has cancelled, until {@value #LISTED_BLOCKS} blocks after its last.
   */
  boolean isListed(long height) {
    return switch (status) {
      case BEST_EFFORT_OPENED, UNTRIGGERED, OPEN -> true;
      case BEST_EFFORT_CANCELED -> !kind.endsAtBlock() || goodTilBlock > height - LISTED_BLOCKS;
      case FILLED, CANCELED -> false;
    };
  }

  /** Whether nobody reports it cancelled although its block has passed by so much. */
  boolean isForgotten(long height) {
    return kind.endsAtBlock()
        && status != OrderStatus.BEST_EFFORT_CANCELED
        && goodTilBlock <= height - LISTED_BLOCKS;
  }

  /** The bare status change that comes first for short-term orders. */
  String bareJson() {
    return new JsonText()
        .object()
        .field("id", placement.id)
        .field("clientId", placement.clientId)
        .field("status", status.name())
        .field("orderFlags", kind.flags())
        .endObject()
        .toString();
  }

  /**
   * The announcement of a placement: it is made from what the chain's message holds, in which a
   * TWAP order is a limit order and nobody has built or routed an order.
   */
  String announcement(BlockClock block) {
    JsonText json = begin(status, kind == OrderKind.TWAP ? "LIMIT" : type(), block);
    if (kind.isStoredAtPlacement()) {
      json.field("createdAtHeight", Long.toString(placement.height));
    }
    return json.closeAll();
  }

  /** An update: all that the venue's database holds. */
  String update(BlockClock block) {
    JsonText json = begin(status, type(), block);
    stored(json);
    return json.closeAll();
  }

  /** As an element of an initial state; only there an order names its subaccount. */
  String listed(BlockClock block) {
    boolean cached = status == OrderStatus.BEST_EFFORT_OPENED || kind == OrderKind.TWAP_SUBORDER;
    OrderStatus shown = status;
    if (cached) {
      shown = OrderStatus.BEST_EFFORT_OPENED;
    } else if (status == OrderStatus.BEST_EFFORT_CANCELED && !kind.endsAtBlock()) {
      // What a node has dropped is on the chain still, and in the database as before.
      shown = OrderStatus.OPEN;
    }
    JsonText json = begin(shown, type(), block);
    if (cached) {
      placement.route.write(json);
    } else {
      stored(json);
    }
    return json.field("subaccountNumber", placement.subaccountNumber).closeAll();
  }

  private JsonText begin(OrderStatus shown, String type, BlockClock block) {
    boolean conditional = kind == OrderKind.CONDITIONAL;
    JsonText json =
        new JsonText(640)
            .object()
            .field("id", placement.id)
            .field("subaccountId", placement.subaccountId)
            .field("clientId", placement.clientId)
            .field("clobPairId", Integer.toString(placement.market.spec().clobPairId()))
            .field("side", placement.buys ? "BUY" : "SELL")
            .field("size", VenueNumber.text(placement.size))
            .field("totalFilled", VenueNumber.text(filled))
            .field("totalOptimisticFilled", VenueNumber.text(filled))
            .field("price", VenueNumber.text(placement.price))
            .field("type", type)
            .field("status", shown.name())
            .field("timeInForce", "GTT")
            .field("reduceOnly", false)
            .field("orderFlags", kind.flags())
            .field("goodTilBlock", kind.endsAtBlock() ? Long.toString(goodTilBlock) : null)
            .field("goodTilBlockTime", kind.endsAtBlock() ? null : SimulatedClock.iso(goodTilTime))
            .field("postOnly", kind == OrderKind.LONG_TERM)
            .field("ticker", placement.market.spec().ticker())
            .field("triggerPrice", conditional ? VenueNumber.text(placement.price) : null)
            .field("clientMetadata", "0")
            .field("updatedAt", block.timeText())
            .field("updatedAtHeight", Long.toString(block.height()));
    if (removalReason != null && shown == status) {
      json.field("removalReason", removalReason);
    }
    return json;
  }

  private void stored(JsonText json) {
    if (kind.isStoredAtPlacement()) {
      json.field("createdAtHeight", Long.toString(placement.height))
          .field("createdAt", SimulatedClock.iso(placement.time));
    }
    placement.route.write(json);
    boolean twap = kind == OrderKind.TWAP;
    json.field("duration", twap ? TWAP_SECONDS : null)
        .field("interval", twap ? TWAP_INTERVAL : null)
        .field("priceTolerance", twap ? TWAP_PRICE_TOLERANCE_PPM : null);
  }

  private String type() {
    return switch (kind) {
      case SHORT_TERM, LONG_TERM, TWAP_SUBORDER -> "LIMIT";
      case CONDITIONAL -> placement.buys ? "STOP_LIMIT" : "TAKE_PROFIT";
      case TWAP -> "TWAP";
    };
  }
}
