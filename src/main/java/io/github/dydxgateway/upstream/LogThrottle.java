package io.github.dydxgateway.upstream;

import java.time.Duration;

/** Lets one line through per interval and counts those held back. Not thread safe. */
final class LogThrottle {
  private final long intervalNs;
  private boolean used;
  private long lastNs;
  private long suppressed;

  LogThrottle(Duration interval) {
    this.intervalNs = interval.toNanos();
  }

  /** Whether a line may be written now, on the time scale of {@link System#nanoTime()}. */
  boolean allows(long nowNs) {
    if (used && nowNs - lastNs < intervalNs) {
      suppressed++;
      return false;
    }
    used = true;
    lastNs = nowNs;
    return true;
  }

  /** How many lines were held back since the last call. */
  long takeSuppressed() {
    long count = suppressed;
    suppressed = 0;
    return count;
  }
}
