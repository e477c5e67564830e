package io.github.dydxgateway.simulator;

/** What may be done on a market; named as on the wire. */
public enum MarketStatus {
  ACTIVE,
  PAUSED,
  CANCEL_ONLY,
  POST_ONLY,
  INITIALIZING,
  FINAL_SETTLEMENT;

  boolean trades() {
    return this == ACTIVE;
  }

  boolean moves() {
    return this == ACTIVE || this == POST_ONLY;
  }
}
