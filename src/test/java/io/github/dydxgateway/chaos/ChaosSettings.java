package io.github.dydxgateway.chaos;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * How long and how hard, from system properties.
 *
 * @param seed {@code chaos.seed}; {@code random} for another each time
 * @param duration {@code chaos.duration}, ISO-8601 without {@code PT}: for this long rounds are
 *     begun; zero for one round
 * @param round {@code chaos.round}: length of a round's storm
 * @param clients {@code chaos.clients}: how many at once
 * @param faults {@code chaos.faults}: names of {@link Fault}, with commas; all whose guarantee
 *     holds where there is none
 */
record ChaosSettings(long seed, Duration duration, Duration round, int clients, Set<Fault> faults) {
  static ChaosSettings ofSystemProperties() {
    String seed = System.getProperty("chaos.seed", "20260601");
    return new ChaosSettings(
        seed.equals("random") ? new SplittableRandom().nextLong() : Long.parseLong(seed),
        Duration.parse("PT" + System.getProperty("chaos.duration", "0s")),
        Duration.parse("PT" + System.getProperty("chaos.round", "12s")),
        Integer.getInteger("chaos.clients", 36),
        faults(System.getProperty("chaos.faults", "")));
  }

  private static Set<Fault> faults(String names) {
    if (names.isEmpty()) {
      return EnumSet.allOf(Fault.class);
    }
    Set<Fault> faults = EnumSet.noneOf(Fault.class);
    for (String name : names.split(",")) {
      faults.add(Fault.valueOf(name.trim().toUpperCase(Locale.ROOT)));
    }
    return faults;
  }

  /** Seed of a round; the first has that of the whole. */
  long seedOfRound(int round) {
    return seed + round;
  }

  /** How to have the same plan again. */
  String repeat() {
    return "./mvnw -Pchaos verify -Dchaos.seed=%d -Dchaos.duration=%ds -Dchaos.round=%ds"
            .formatted(seed, duration.toSeconds(), round.toSeconds())
        + " -Dchaos.clients="
        + clients
        + (System.getProperty("chaos.faults") == null
            ? ""
            : " -Dchaos.faults=" + System.getProperty("chaos.faults"));
  }
}
