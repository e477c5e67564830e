package io.github.dydxgateway.stream;

/**
 * How many events a client may be sent beyond those that it has acknowledged, so that what its own
 * connection holds for it cannot grow old unnoticed: as many as it acknowledged within the last
 * period, and at least {@link #MIN_EVENTS}. A client that never acknowledges is not bounded.
 * Belongs to the stream's thread.
 */
final class AckWindow {
  /** Events that may always be under way. */
  static final int MIN_EVENTS = 64;

  /** Parts of the period; the window is exact to one of them. */
  private static final int SLICES = 8;

  private final long sliceNanos;

  /** What was acknowledged at the beginning of each of the last slices, in turn. */
  private final long[] acknowledgedAt = new long[SLICES];

  private int newest;
  private long sliceStartNanos;
  private long sent;
  private long acknowledged;
  private boolean on;

  /**
   * @param periodNanos how old events on their way may grow; zero: the client is never bounded
   */
  AckWindow(long periodNanos, long nowNanos) {
    this.sliceNanos = periodNanos / SLICES;
    this.sliceStartNanos = nowNanos;
  }

  /** Events are sent. */
  void sent(int events) {
    sent += events;
  }

  /** How many events may be sent now. */
  long room(long nowNanos) {
    if (!on || sliceNanos == 0) {
      return Long.MAX_VALUE;
    }
    advance(nowNanos);
    long recently = acknowledged - acknowledgedAt[(newest + 1) % SLICES];
    return Math.max(0, Math.max(MIN_EVENTS, recently) - (sent - acknowledged));
  }

  private void advance(long nowNanos) {
    long passed = (nowNanos - sliceStartNanos) / sliceNanos;
    for (long i = Math.min(passed, SLICES); i > 0; i--) {
      newest = (newest + 1) % SLICES;
      acknowledgedAt[newest] = acknowledged;
    }
    sliceStartNanos += passed * sliceNanos;
  }

  /**
   * Takes an acknowledgement.
   *
   * @param events that the client has processed since the stream began, in all
   * @return false if that is fewer than before, or more than were sent
   */
  boolean acknowledge(long events, long nowNanos) {
    if (Long.compareUnsigned(events, acknowledged) < 0 || Long.compareUnsigned(events, sent) > 0) {
      return false;
    }
    if (sliceNanos != 0) {
      advance(nowNanos);
    }
    on = true;
    acknowledged = events;
    return true;
  }
}
