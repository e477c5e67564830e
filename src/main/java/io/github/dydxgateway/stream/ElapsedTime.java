package io.github.dydxgateway.stream;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Finds out how long ago a time of the wall clock was, by the monotonic clock: a step of the wall
 * clock, such as of NTP, is no part of it. Remembers by how much the wall clock has been ahead of
 * the monotonic clock, and since when. May be used from any thread.
 */
final class ElapsedTime {
  /** What {@link #since} returns for a time that no known offset explains. */
  static final long UNKNOWN = -1;

  /** A wall clock that is slewed rather than set changes by less between two uses. */
  private static final long SMALLEST_STEP_NANOS = 100_000_000;

  /** How often the offset is noted where it hardly changes. */
  private static final long NOTE_INTERVAL_NANOS = 10_000_000;

  private static final int MOST_STEPS = 4;

  private final LongSupplier wallNs;
  private final LongSupplier monotonicNanos;
  private final AtomicReference<Offset> present;

  /** When the present offset was seen last, on the monotonic clock. */
  private final AtomicLong seenNanos;

  /**
   * The wall clock's lead over the monotonic clock.
   *
   * @param sinceNanos since when, on the monotonic clock
   * @param before the one before the step; null: none is known
   */
  private record Offset(long nanos, long sinceNanos, Offset before) {
    Offset keeping(int steps) {
      return new Offset(
          nanos, sinceNanos, before == null || steps <= 1 ? null : before.keeping(steps - 1));
    }
  }

  /**
   * @param wallNs nanoseconds since the Unix epoch
   * @param monotonicNanos as {@link System#nanoTime}
   */
  ElapsedTime(LongSupplier wallNs, LongSupplier monotonicNanos) {
    this.wallNs = wallNs;
    this.monotonicNanos = monotonicNanos;
    long now = monotonicNanos.getAsLong();
    this.present =
        new AtomicReference<>(new Offset(wallNs.getAsLong() - now, now - Long.MAX_VALUE / 2, null));
    this.seenNanos = new AtomicLong(now);
  }

  /** By the clocks of this process. */
  static ElapsedTime ofProcess() {
    return new ElapsedTime(EventEncoder::nowNs, System::nanoTime);
  }

  /**
   * Nanoseconds since a time that the wall clock showed before; {@link #UNKNOWN} if it cannot have
   * shown it.
   */
  long since(long shownNs) {
    long now = monotonicNanos.getAsLong();
    long lead = wallNs.getAsLong() - now;
    Offset known = present.get();
    if (Math.abs(lead - known.nanos) >= SMALLEST_STEP_NANOS) {
      known = step(known, lead);
    } else if (now - seenNanos.getPlain() >= NOTE_INTERVAL_NANOS) {
      present.compareAndSet(known, new Offset(lead, known.sinceNanos, known.before));
    }
    seen(now);
    if (isPlausible(shownNs - lead, known.sinceNanos, now)) {
      return Math.max(0, now - (shownNs - lead));
    }
    for (Offset old = known.before; old != null; old = old.before) {
      if (isPlausible(shownNs - old.nanos, old.sinceNanos, now)) {
        return Math.max(0, now - (shownNs - old.nanos));
      }
    }
    return UNKNOWN;
  }

  private static boolean isPlausible(long shownNanos, long sinceNanos, long now) {
    return now - shownNanos >= -SMALLEST_STEP_NANOS && shownNanos - sinceNanos >= 0;
  }

  /** The clock was set at some time after the last look, when its lead was still the other. */
  private Offset step(Offset known, long lead) {
    Offset stepped = new Offset(lead, seenNanos.get(), known.keeping(MOST_STEPS));
    return present.compareAndSet(known, stepped) ? stepped : present.get();
  }

  private void seen(long now) {
    if (now - seenNanos.getPlain() >= NOTE_INTERVAL_NANOS) {
      seenNanos.setRelease(now);
    }
  }
}
