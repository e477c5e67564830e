package io.github.dydxgateway.simulator;

/** How often a fault is still to happen. Guarded by the lock of its owner. */
final class FaultCount {

  static final int FOR_EVER = Integer.MAX_VALUE;

  private int left;

  void set(int count) {
    left = count;
  }

  void clear() {
    left = 0;
  }

  /** Whether the fault happens this time. */
  boolean take() {
    if (left <= 0) {
      return false;
    }
    if (left != FOR_EVER) {
      left--;
    }
    return true;
  }
}
