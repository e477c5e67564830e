package io.github.dydxgateway.simulator;

import java.time.Instant;

/**
 * The chain's present block, and ids of the events in it: 24 hex digits, made of height,
 * transaction and event number, as on mainnet. Owned by the simulator's context.
 */
final class BlockClock {

  private static final long FIRST_HEIGHT = 66_624_085;
  private static final int TRANSACTION = 2;

  private long height = FIRST_HEIGHT;
  private Instant time;
  private int events;

  BlockClock(Instant time) {
    this.time = time;
  }

  void next(Instant blockTime) {
    height++;
    time = blockTime;
    events = 0;
  }

  long height() {
    return height;
  }

  Instant time() {
    return time;
  }

  /** Time of the block, ISO-8601. */
  String timeText() {
    return SimulatedClock.iso(time);
  }

  /** An id that no other event has. */
  String nextEventId() {
    return eventId(height, events++);
  }

  /** The id of an event of an earlier block, for history. */
  static String eventId(long height, int event) {
    return "%08x%08x%08x".formatted(height, TRANSACTION, event);
  }
}
