package io.github.dydxgateway.chaos;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
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
 * @param setup of the gateway
 */
record ChaosSettings(
    long seed,
    Duration duration,
    Duration round,
    int clients,
    Set<Fault> faults,
    ChaosSetup setup) {
  /** Those of which the command that repeats says only what was given. */
  private static final List<String> OPTIONAL =
      List.of("faults", "redundancy", "batched", "limit", "connections");

  static ChaosSettings ofSystemProperties() {
    String given = System.getProperty("chaos.seed", "20260601");
    long seed = given.equals("random") ? new SplittableRandom().nextLong() : Long.parseLong(given);
    return new ChaosSettings(
        seed,
        Duration.parse("PT" + System.getProperty("chaos.duration", "0s")),
        Duration.parse("PT" + System.getProperty("chaos.round", "12s")),
        Integer.getInteger("chaos.clients", 36),
        faults(System.getProperty("chaos.faults", "")),
        ChaosSetup.ofSystemProperties(seed));
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

  /** The plan of a round; the first has the seed of the whole. */
  ChaosPlan plan(int round) {
    return new ChaosPlan(seed + round, faults, setup.batched());
  }

  /** How to have the same plan again. */
  String repeat() {
    StringBuilder command =
        new StringBuilder(
            "./mvnw -Pchaos test -Dchaos.seed=%d -Dchaos.duration=%ds -Dchaos.round=%ds -Dchaos.clients=%d"
                .formatted(seed, duration.toSeconds(), round.toSeconds(), clients));
    for (String name : OPTIONAL) {
      String value = System.getProperty("chaos." + name);
      if (value != null) {
        command.append(" -Dchaos.").append(name).append('=').append(value);
      }
    }
    return command.toString();
  }
}
