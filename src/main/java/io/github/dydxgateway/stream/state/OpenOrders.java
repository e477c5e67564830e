package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.Order;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The orders of an account that have not ended, in the order in which they came. */
final class OpenOrders {
  private final Map<String, Order> byId = new LinkedHashMap<>();

  void clear() {
    byId.clear();
  }

  /** Applies a change: what it does not have stays as it was; an order that ends is removed. */
  void apply(Order change) {
    if (AccountRecords.isEnd(change.getStatus())) {
      byId.remove(change.getOrderId());
    } else {
      byId.merge(change.getOrderId(), change, AccountRecords::merged);
    }
  }

  /** All of them. */
  Collection<Order> all() {
    return byId.values();
  }
}
