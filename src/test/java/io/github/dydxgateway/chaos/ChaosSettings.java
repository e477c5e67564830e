package io.github.dydxgateway.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * How long and how hard, from system properties.
 *
 * @param seed {@code chaos.seed}; {@code random} for another each time
 * @param duration {@code chaos.duration}, ISO-8601 without {@code PT}: for this long rounds are
 *     begun; zero for one round
 * @param round {@code chaos.round}: length of a round's storm
 * @param clients {@code chaos.clients}: how many at once
 * @param faults {@code chaos.faults}: names of {@link Fault} and {@link VenueFault}, with commas:
 *     these alone, or, each with a plus before it, these besides the usual ones
 * @param venueFaults likewise
 * @param setup of the gateway
 */
record ChaosSettings(
    long seed,
    Duration duration,
    Duration round,
    int clients,
    Set<Fault> faults,
    Set<VenueFault> venueFaults,
    ChaosSetup setup) {
  /** Those of which the command that repeats says only what was given. */
  private static final List<String> OPTIONAL =
      List.of("faults", "redundancy", "batched", "limit", "connections");

  static ChaosSettings ofSystemProperties() {
    String given = System.getProperty("chaos.seed", "20260601");
    long seed = given.equals("random") ? new SplittableRandom().nextLong() : Long.parseLong(given);
    Set<String> names = names(System.getProperty("chaos.faults", ""));
    return new ChaosSettings(
        seed,
        Duration.parse("PT" + System.getProperty("chaos.duration", "0s")),
        Duration.parse("PT" + System.getProperty("chaos.round", "12s")),
        Integer.getInteger("chaos.clients", 36),
        named(Fault.class, EnumSet.allOf(Fault.class), names),
        named(VenueFault.class, VenueFault.usual(), names),
        ChaosSetup.ofSystemProperties(seed));
  }

  /** In upper case, with the plus that they may begin with. */
  static Set<String> names(String given) {
    Set<String> names = new LinkedHashSet<>();
    for (String name : given.split(",", -1)) {
      if (!name.isBlank()) {
        names.add(name.trim().toUpperCase(Locale.ROOT));
      }
    }
    for (String name : names) {
      String plain = plain(name);
      boolean known =
          Stream.concat(Arrays.stream(Fault.values()), Arrays.stream(VenueFault.values()))
              .anyMatch(fault -> fault.name().equals(plain));
      if (!known) {
        throw new IllegalArgumentException("chaos.faults: no fault has the name " + plain);
      }
    }
    return names;
  }

  private static String plain(String name) {
    return name.startsWith("+") ? name.substring(1) : name;
  }

  /** Those of a type that are named, or the usual ones and those that are named besides. */
  static <E extends Enum<E>> Set<E> named(Class<E> type, Set<E> usual, Set<String> names) {
    boolean besides = names.stream().allMatch(name -> name.startsWith("+"));
    Set<E> faults = EnumSet.noneOf(type);
    for (E fault : type.getEnumConstants()) {
      boolean named = names.stream().anyMatch(name -> plain(name).equals(fault.name()));
      if (named || (besides && usual.contains(fault))) {
        faults.add(fault);
      }
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
