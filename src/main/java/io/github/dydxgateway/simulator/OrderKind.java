package io.github.dydxgateway.simulator;

/** Kinds of orders, with the flags that the chain gives them. */
enum OrderKind {
  /** Lives up to twenty blocks, in memory of the nodes. */
  SHORT_TERM(0),
  /** Waits for a trigger price. */
  CONDITIONAL(32),
  LONG_TERM(64),
  /** Is traded in parts over a time. */
  TWAP(128),
  /** One part of a {@link #TWAP} order. */
  TWAP_SUBORDER(256);

  private final int flags;

  OrderKind(int flags) {
    this.flags = flags;
  }

  /** The field {@code orderFlags}. */
  String flags() {
    return Integer.toString(flags);
  }

  /** Whether it ends at a block height, as opposed to a time. */
  boolean endsAtBlock() {
    return this == SHORT_TERM;
  }

  /**
   * Whether the venue's database holds it from its placement on; other orders are known to the
   * cache of its REST service alone until they are filled for the first time.
   */
  boolean isStoredAtPlacement() {
    return this == CONDITIONAL || this == LONG_TERM || this == TWAP;
  }
}
