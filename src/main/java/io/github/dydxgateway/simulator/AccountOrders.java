package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/**
 * The orders of one subaccount, from their placement until the venue's initial states no longer
 * list them. Owned by the simulator's context.
 */
final class AccountOrders {

  private static final int MOST_OPEN = 6;
  private static final int LONGEST_BLOCKS = 20;
  private static final int SUBORDER_SECONDS = 5;
  private static final int SUBORDERS = 4;
  private static final int SHORT_SECONDS = 40;
  private static final int LONG_SECONDS = 86_400;
  private static final String USER_CANCELED = "ORDER_REMOVAL_REASON_USER_CANCELED";
  private static final String EXPIRED = "ORDER_REMOVAL_REASON_EXPIRED";
  private static final String INDEXER_EXPIRED = "ORDER_REMOVAL_REASON_INDEXER_EXPIRED";
  private static final String UNDERCOLLATERALIZED = "ORDER_REMOVAL_REASON_UNDERCOLLATERALIZED";

  private final String subaccountId;
  private final int subaccountNumber;
  private final RandomGenerator random;
  private final BiConsumer<String, BlockClock> updates;
  private final Fills fills;
  private final List<SimulatedOrder> orders = new ArrayList<>();

  /** Where trades of the orders go. */
  interface Fills {
    /**
     * Fills an order.
     *
     * @param as the kind of the order that trades; a suborder trades in the name of its TWAP order
     */
    void fill(SimulatedOrder order, BigDecimal size, OrderKind as, BlockClock block);
  }

  /**
   * Orders of a subaccount that has none yet.
   *
   * @param updates receives each changed order as JSON
   */
  AccountOrders(
      String subaccountId,
      int subaccountNumber,
      RandomGenerator random,
      BiConsumer<String, BlockClock> updates,
      Fills fills) {
    this.subaccountId = subaccountId;
    this.subaccountNumber = subaccountNumber;
    this.random = random;
    this.updates = updates;
    this.fills = fills;
  }

  /** What happens to the orders in a block. */
  void settle(BlockClock block) {
    for (SimulatedOrder order : List.copyOf(orders)) {
      if (order.isForgotten(block.height())) {
        cancel(order, INDEXER_EXPIRED, block);
      } else if (order.isOver(block)) {
        if (!order.kind().endsAtBlock()) {
          cancel(order, EXPIRED, block);
        }
      } else if (order.market().status().trades()) {
        settle(order, block);
      }
    }
    orders.removeIf(order -> !order.isListed(block.height()));
  }

  /** Whether the account wants another order. */
  boolean hasRoom() {
    return orders.stream().filter(AccountOrders::isOpen).count() < MOST_OPEN;
  }

  void placeShortTerm(SimulatedMarket market, boolean buys, BigDecimal size, BlockClock block) {
    SimulatedOrder order =
        SimulatedOrder.shortTerm(
            placement(market, buys, size, clientId(), block),
            random.nextInt(3, LONGEST_BLOCKS + 1));
    orders.add(order);
    updates.accept(order.bareJson(), block);
  }

  void placeStateful(SimulatedMarket market, boolean buys, BigDecimal size, BlockClock block) {
    OrderKind kind =
        switch (random.nextInt(6)) {
          case 0 -> OrderKind.TWAP;
          case 1, 2 -> OrderKind.CONDITIONAL;
          default -> OrderKind.LONG_TERM;
        };
    long seconds = random.nextInt(4) == 0 ? SHORT_SECONDS : LONG_SECONDS;
    SimulatedOrder order =
        SimulatedOrder.stateful(placement(market, buys, size, clientId(), block), kind, seconds);
    orders.add(order);
    // Conditional orders are not announced before the database holds them.
    updates.accept(
        kind == OrderKind.CONDITIONAL ? order.update(block) : order.announcement(block), block);
  }

  /** The orders that the venue's initial states list, as elements. */
  void write(JsonText json, BlockClock block) {
    orders.stream()
        .filter(order -> order.isListed(block.height()))
        .forEach(order -> json.raw(order.listed(block)));
  }

  private void settle(SimulatedOrder order, BlockClock block) {
    int chance = random.nextInt(16);
    switch (order.kind()) {
      case TWAP -> settleTwap(order, chance, block);
      case TWAP_SUBORDER -> {
        if (chance < 8) {
          fillSuborder(order, block);
        }
      }
      case SHORT_TERM -> {
        if (order.status() == OrderStatus.BEST_EFFORT_CANCELED) {
          break; // Nothing more is reported of it; its block ends it.
        }
        if (chance < 6) {
          fill(order, order.remaining(), block);
        } else if (chance < 8) {
          fillSome(order, block);
        } else if (chance >= 14) {
          order.cancelBestEffort(USER_CANCELED);
          updates.accept(order.update(block), block);
        }
      }
      case CONDITIONAL, LONG_TERM -> {
        if (chance == 15) {
          cancel(order, USER_CANCELED, block);
        } else if (order.status() == OrderStatus.UNTRIGGERED) {
          if (chance < 2) {
            order.trigger();
            updates.accept(order.update(block), block);
          }
        } else if (chance < 3) {
          fill(order, order.remaining(), block);
        } else if (chance < 8) {
          fillSome(order, block);
        } else if (chance == 14) {
          order.cancelBestEffort(UNDERCOLLATERALIZED);
          updates.accept(order.update(block), block);
        }
      }
    }
  }

  private void settleTwap(SimulatedOrder order, int chance, BlockClock block) {
    Optional<SimulatedOrder> suborder = open(OrderKind.TWAP_SUBORDER, order.clientId());
    if (chance == 15) {
      suborder.ifPresent(part -> cancel(part, USER_CANCELED, block));
      cancel(order, USER_CANCELED, block);
    } else if (suborder.isEmpty() && chance < 8) {
      BigDecimal step = order.market().spec().stepSize();
      BigDecimal steps = order.remaining().divideToIntegralValue(step);
      BigDecimal part = steps.divideToIntegralValue(BigDecimal.valueOf(SUBORDERS));
      SimulatedOrder placed =
          SimulatedOrder.stateful(
              placement(
                  order.market(),
                  order.buys(),
                  part.max(BigDecimal.ONE).multiply(step),
                  order.clientId(),
                  block),
              OrderKind.TWAP_SUBORDER,
              SUBORDER_SECONDS);
      orders.add(placed);
      updates.accept(placed.announcement(block), block);
    }
  }

  /** The fill is reported as the TWAP order's; of the filled suborder nothing more is reported. */
  private void fillSuborder(SimulatedOrder suborder, BlockClock block) {
    BigDecimal size = suborder.remaining();
    suborder.fill(size);
    open(OrderKind.TWAP, suborder.clientId())
        .ifPresent(order -> fills.fill(order, size, OrderKind.TWAP_SUBORDER, block));
  }

  private Optional<SimulatedOrder> open(OrderKind kind, String clientId) {
    return orders.stream()
        .filter(order -> order.kind() == kind)
        .filter(order -> order.clientId().equals(clientId))
        .filter(AccountOrders::isOpen)
        .findFirst();
  }

  private void fillSome(SimulatedOrder order, BlockClock block) {
    BigDecimal step = order.market().spec().stepSize();
    if (order.remaining().compareTo(step) > 0) {
      fill(order, step, block);
    }
  }

  private void fill(SimulatedOrder order, BigDecimal size, BlockClock block) {
    fills.fill(order, size, order.kind(), block);
  }

  private void cancel(SimulatedOrder order, String reason, BlockClock block) {
    order.cancel(reason);
    updates.accept(order.update(block), block);
  }

  private static boolean isOpen(SimulatedOrder order) {
    return switch (order.status()) {
      case BEST_EFFORT_OPENED, UNTRIGGERED, OPEN -> true;
      case BEST_EFFORT_CANCELED, FILLED, CANCELED -> false;
    };
  }

  private String clientId() {
    return Integer.toString(random.nextInt(Integer.MAX_VALUE));
  }

  private SimulatedOrder.Placement placement(
      SimulatedMarket market, boolean buys, BigDecimal size, String clientId, BlockClock block) {
    return new SimulatedOrder.Placement(
        new UUID(random.nextLong(), random.nextLong()).toString(),
        subaccountId,
        subaccountNumber,
        clientId,
        market,
        buys,
        market.maker().takerPrice(buys),
        size,
        OrderRoute.draw(random),
        block.height(),
        block.time());
  }
}
