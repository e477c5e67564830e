package io.github.dydxgateway.testing;

import io.github.dydxgateway.v1.Event;

/** Where events stand in the log of their topic. */
public final class Places {
  private Places() {}

  /**
   * The sequence of the last entry that a client has which has this event: its own, or the one that
   * a snapshot includes; 0 of what is neither.
   */
  public static long of(Event event) {
    return event.getSequence() == 0 && event.hasSnapshotInfo()
        ? event.getSnapshotInfo().getAsOfSequence()
        : event.getSequence();
  }

  /** Whether it is an entry of the log, or part of a snapshot. */
  public static boolean hasPlace(Event event) {
    return of(event) != 0;
  }
}
