package io.github.dydxgateway.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * The most that a call may allocate, for an input of so many bytes. Counts what the calling thread
 * allocates, garbage included, so whatever else the machine does makes no difference.
 *
 * @param fixed bytes allowed for any input
 * @param perByte bytes allowed for each byte of the input
 */
public record AllocationBudget(long fixed, long perByte) {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** The first calls load classes, which is not the input's fault. */
  private static final int MOST_CALLS = 4;

  /** Jazzer's hooks allocate as well, with each comparison. */
  private static final long TIMES_WHILE_FUZZING = 16;

  private static final boolean IS_FUZZING = "1".equals(System.getenv("JAZZER_FUZZ"));

  /** Calls it, again if it was above the budget; fails if each call was. */
  public void check(int inputBytes, Runnable call) {
    long budget = (fixed + perByte * inputBytes) * (IS_FUZZING ? TIMES_WHILE_FUZZING : 1);
    long least = Long.MAX_VALUE;
    for (int calls = 0; calls < MOST_CALLS && least > budget; calls++) {
      least = Math.min(least, allocatedBy(call));
    }
    if (least > budget) {
      throw new AssertionError(
          "expected at most %d bytes allocated for %d bytes of input, got %d"
              .formatted(budget, inputBytes, least));
    }
  }

  private static long allocatedBy(Runnable call) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    call.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
