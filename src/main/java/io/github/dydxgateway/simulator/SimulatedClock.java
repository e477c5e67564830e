package io.github.dydxgateway.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Simulated time: the wall clock, or one step a tick. Owned by the simulator's context. */
final class SimulatedClock {

  private static final DateTimeFormatter ISO_MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final Duration MANUAL_STEP = Duration.ofSeconds(1);

  private final Clock wall;
  private final boolean manual;
  private Instant now;

  SimulatedClock(boolean manual, Clock wall) {
    this.wall = wall;
    this.manual = manual;
    this.now = manual ? Instant.parse(SimulatorSettings.MANUAL_START) : wall.instant();
  }

  /** Moves on by one tick; never back. */
  void advance() {
    Instant next = manual ? now.plus(MANUAL_STEP) : wall.instant();
    now = next.isAfter(now) ? next : now.plusMillis(1);
  }

  Instant now() {
    return now;
  }

  /** ISO-8601 UTC with milliseconds. */
  static String iso(Instant instant) {
    return ISO_MILLIS.format(instant);
  }
}
