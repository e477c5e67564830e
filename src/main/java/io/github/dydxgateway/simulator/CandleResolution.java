package io.github.dydxgateway.simulator;

import java.time.Instant;
import java.util.Optional;

/** The lengths of candles that the venue offers. */
enum CandleResolution {
  ONE_MINUTE("1MIN", 60),
  FIVE_MINUTES("5MINS", 300),
  FIFTEEN_MINUTES("15MINS", 900),
  THIRTY_MINUTES("30MINS", 1800),
  ONE_HOUR("1HOUR", 3600),
  FOUR_HOURS("4HOURS", 14_400),
  ONE_DAY("1DAY", 86_400);

  private final String wireName;
  private final long seconds;

  CandleResolution(String wireName, long seconds) {
    this.wireName = wireName;
    this.seconds = seconds;
  }

  static Optional<CandleResolution> of(String wireName) {
    for (CandleResolution resolution : values()) {
      if (resolution.wireName.equals(wireName)) {
        return Optional.of(resolution);
      }
    }
    return Optional.empty();
  }

  String wireName() {
    return wireName;
  }

  long seconds() {
    return seconds;
  }

  /** Start of the candle that a time falls into. */
  Instant startOf(Instant time) {
    return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
  }
}
