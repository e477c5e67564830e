package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.Order;
import io.github.dydxgateway.v1.OrderStatus;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The orders of an account that have not ended, in the order in which they came. */
final class OpenOrders {
  private static final String TWAP = "128";
  private static final String TWAP_SUBORDER = "256";

  private final Map<String, Order> byId = new LinkedHashMap<>();

  void clear() {
    byId.clear();
  }

  /** Applies a change: what it does not have stays as it was; an order that ends is removed. */
  void apply(Order change) {
    if (isEnd(change.getStatus())) {
      byId.remove(change.getOrderId());
    } else {
      byId.merge(change.getOrderId(), change, OpenOrders::merged);
    }
  }

  /** All of them. */
  Collection<Order> all() {
    return byId.values();
  }

  private static boolean isEnd(OrderStatus status) {
    return switch (status) {
      case ORDER_STATUS_FILLED, ORDER_STATUS_CANCELED, ORDER_STATUS_ERROR -> true;
      default -> false;
    };
  }

  private static Order merged(Order before, Order change) {
    Order.Builder order = before.toBuilder();
    if (change.getStatus() != OrderStatus.ORDER_STATUS_UNSPECIFIED) {
      order.clearStatusRaw();
    } else if (!change.getStatusRaw().isEmpty()) {
      order.clearStatus();
    }
    boolean isOfSuborder =
        change.getOrderFlags().equals(TWAP_SUBORDER) && before.getOrderFlags().equals(TWAP);
    return order.mergeFrom(isOfSuborder ? ofWholeTwap(change) : change).build();
  }

  /** What a change that describes a suborder has of the TWAP order: see {@code order_flags}. */
  private static Order ofWholeTwap(Order suborder) {
    Order.Builder order =
        Order.newBuilder()
            .setStatus(suborder.getStatus())
            .setStatusRaw(suborder.getStatusRaw())
            .setPrice(suborder.getPrice())
            .setTotalFilled(suborder.getTotalFilled());
    if (suborder.hasUpdatedAtNs()) {
      order.setUpdatedAtNs(suborder.getUpdatedAtNs());
    }
    if (suborder.hasUpdatedAtHeight()) {
      order.setUpdatedAtHeight(suborder.getUpdatedAtHeight());
    }
    return order.build();
  }
}
