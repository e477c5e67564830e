package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.util.random.RandomGenerator;

/**
 * Who an order came through; null where nobody. Immutable.
 *
 * @param builderAddress of the front end that built it
 * @param feePpm the front end's fee, in parts per million of the value
 * @param orderRouterAddress of the service that routed it
 */
record OrderRoute(String builderAddress, Integer feePpm, String orderRouterAddress) {

  private static final String BUILDER = "dydx1zsw8fczav25uvc8rg3zcv6zy9j7yhnktpq374m";
  private static final String ROUTER = "dydx1vxjqkp0lgxvkl7c5dv4vu8mltjyt5d0tcc3f5s";
  private static final BigDecimal ROUTER_FEE = new BigDecimal("0.00004");

  static OrderRoute draw(RandomGenerator random) {
    boolean built = random.nextInt(4) == 0;
    return new OrderRoute(
        built ? BUILDER : null,
        built ? random.nextInt(1, 1000) : null,
        random.nextInt(4) == 0 ? ROUTER : null);
  }

  /** What the builder is paid for a fill of this value; null without a builder. */
  BigDecimal builderFee(BigDecimal quote) {
    return feePpm == null ? null : quote.multiply(BigDecimal.valueOf(feePpm, 6));
  }

  /** What the router is paid for a fill of this value; null without a router. */
  BigDecimal orderRouterFee(BigDecimal quote) {
    return orderRouterAddress == null ? null : quote.multiply(ROUTER_FEE);
  }

  /** The fields of an order. */
  void write(JsonText json) {
    json.field("builderAddress", builderAddress)
        .field("feePpm", feePpm == null ? null : Integer.toString(feePpm))
        .field("orderRouterAddress", orderRouterAddress);
  }
}
