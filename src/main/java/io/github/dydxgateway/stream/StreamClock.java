package io.github.dydxgateway.stream;

import java.time.Instant;

/** The time as topics and streams need it. May be used from any thread. */
public interface StreamClock {
  /** Monotonic, nanoseconds: ages of what waits for clients. */
  long nanoTime();

  /**
   * Microseconds since the Unix epoch: where the sequences of a topic begin. They stay below 2^53,
   * so that JavaScript numbers hold them.
   */
  long epochMicros();

  /** The machine's clocks. */
  static StreamClock system() {
    return new StreamClock() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public long epochMicros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
      }
    };
  }
}
