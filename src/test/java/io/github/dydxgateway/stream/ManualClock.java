package io.github.dydxgateway.stream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until the test moves it; sequences begin at 1. */
public final class ManualClock implements StreamClock {
  private final AtomicLong nanos = new AtomicLong();
  private volatile long epochMicros;

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public long epochMicros() {
    return epochMicros;
  }

  public void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  void setEpochMicros(long now) {
    epochMicros = now;
  }
}
