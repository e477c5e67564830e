package io.github.dydxgateway.upstream;

import io.github.dydxgateway.upstream.UpstreamSettings.BackoffSettings;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The waits between attempts: exponential up to a cap, plus a random part so that clients cut off
 * together do not return together. Without end. Not thread safe.
 */
final class Backoff {
  private final BackoffSettings settings;
  private final RandomGenerator random;
  private double nextNs;

  Backoff(BackoffSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
    reset();
  }

  /** The wait before the next attempt. */
  Duration next() {
    double maxNs = settings.maxDelay().toNanos();
    long delayNs = (long) Math.min(nextNs, maxNs);
    nextNs = Math.min(nextNs * settings.factor(), maxNs);
    return Duration.ofNanos(delayNs + random.nextLong(settings.jitter().toNanos() + 1));
  }

  /** An attempt succeeded: the next wait is the first again. */
  void reset() {
    nextNs = settings.initialDelay().toNanos();
  }
}
