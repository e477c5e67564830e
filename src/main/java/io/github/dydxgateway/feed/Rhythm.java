package io.github.dydxgateway.feed;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How often a subscription usually brings something, learned from what came, and whether it has
 * been quiet for much longer than that. Written by one thread, read by any; as it is written with
 * every frame, without a fence where nothing but the clock has changed.
 */
final class Rhythm {
  /** So many usual intervals without anything are a silence. */
  private static final int SILENT_INTERVALS = 20;

  /** With fewer intervals than these nobody can say what is usual. */
  private static final int KNOWN_AFTER = 20;

  /** The mean forgets half of what it knew in about 44 intervals. */
  private static final int MEMORY = 64;

  private final AtomicLong lastNanos = new AtomicLong();
  private final AtomicLong meanNanos = new AtomicLong();
  private volatile int intervals;
  private volatile boolean running;

  /** Something came. */
  void beat(long nowNanos) {
    boolean wasRunning = running;
    if (wasRunning) {
      long interval = nowNanos - lastNanos.getPlain();
      long mean = meanNanos.getPlain();
      int before = intervals;
      int known = Math.min(before + 1, MEMORY);
      meanNanos.setRelease(mean + (interval - mean) / known);
      if (known != before) {
        intervals = known;
      }
    }
    lastNanos.setRelease(nowNanos);
    if (!wasRunning) {
      running = true;
    }
  }

  /** Nothing can come until the next beat, which then tells nothing about the interval. */
  void pause() {
    running = false;
  }

  /**
   * Whether nothing came for much longer than usual.
   *
   * @param least no shorter silence counts
   */
  boolean isSilent(long nowNanos, Duration least) {
    if (!running || intervals < KNOWN_AFTER) {
      return false;
    }
    long quiet = nowNanos - lastNanos.get();
    return quiet > least.toNanos() && quiet / SILENT_INTERVALS > meanNanos.get();
  }
}
