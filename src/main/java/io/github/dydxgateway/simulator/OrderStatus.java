package io.github.dydxgateway.simulator;

/** Statuses of orders; named as on the wire. */
enum OrderStatus {
  BEST_EFFORT_OPENED,
  UNTRIGGERED,
  OPEN,
  BEST_EFFORT_CANCELED,
  FILLED,
  CANCELED
}
