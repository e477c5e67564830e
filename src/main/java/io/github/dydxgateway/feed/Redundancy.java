package io.github.dydxgateway.feed;

import java.util.function.LongSupplier;

/**
 * How many connections carry each subscription.
 *
 * @param copies from 1, which is none but the necessary
 * @param clock nanoseconds of any origin, by which it is told how long copies have gone side by
 *     side
 */
public record Redundancy(int copies, LongSupplier clock) {
  /** One connection for each subscription. */
  public static final Redundancy NONE = of(1);

  public Redundancy {
    if (copies < 1) {
      throw new IllegalArgumentException("copies must be 1 or more: " + copies);
    }
  }

  /** So many, by the system's clock. */
  public static Redundancy of(int copies) {
    return new Redundancy(copies, System::nanoTime);
  }

  long nanoTime() {
    return clock.getAsLong();
  }
}
