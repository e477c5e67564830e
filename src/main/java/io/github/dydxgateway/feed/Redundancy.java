package io.github.dydxgateway.feed;

import java.util.function.LongSupplier;

/**
 * How many connections carry each subscription, and whether initial states are compared with
 * further ones.
 *
 * @param copies from 1, which is none but the necessary
 * @param verifiesStates whether books and accounts that one connection carries are compared with a
 *     second initial state soon after each first one
 * @param clock nanoseconds of any origin, by which it is known how long copies have gone side by
 *     side
 */
public record Redundancy(int copies, boolean verifiesStates, LongSupplier clock) {
  /** Longer than two connections are apart, and than the venue takes to repeat an update. */
  static final long APART_NANOS = 10_000_000_000L;

  /** One connection for each subscription. */
  public static final Redundancy NONE = of(1);

  public Redundancy {
    if (copies < 1) {
      throw new IllegalArgumentException("copies must be 1 or more: " + copies);
    }
  }

  /** So many, without comparing states of a single connection. */
  public Redundancy(int copies, LongSupplier clock) {
    this(copies, false, clock);
  }

  /** So many, by the system's clock, without comparing states of a single connection. */
  public static Redundancy of(int copies) {
    return of(copies, false);
  }

  /** So many, by the system's clock. */
  public static Redundancy of(int copies, boolean verifiesStates) {
    return new Redundancy(copies, verifiesStates, System::nanoTime);
  }

  long nanoTime() {
    return clock.getAsLong();
  }
}
