package io.github.dydxgateway.simulator;

/** How often a fault is still to happen. */
final class FaultCount {

  static final int FOR_EVER = Integer.MAX_VALUE;

  private FaultCount() {}

  static int less(int count) {
    return count == FOR_EVER ? count : Math.max(0, count - 1);
  }
}
