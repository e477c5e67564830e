package io.github.dydxgateway.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long and on what is measured; from system properties, see docs/performance.md.
 *
 * @param quick whether only to see that it works and roughly where it stands
 * @param warmUpMs full load before anything is measured
 * @param windowMs one measurement
 * @param rounds measurements of each candidate, in turn
 * @param runtimes what the gateway is run on; the first is compared with the floors
 * @param sections names of the parts to run; empty for all
 */
record BenchSettings(
    boolean quick,
    long warmUpMs,
    long windowMs,
    int rounds,
    List<GatewayRuntime> runtimes,
    List<String> sections) {
  static final Path OUTPUT = Path.of("target", "bench");
  static final Path LOGS = OUTPUT.resolve("logs");
  static final long SEED = 42;

  /** The quick form runs it only if it is named: it needs a gateway of its own. */
  private static final List<String> SLOW = List.of("memory");

  static BenchSettings fromProperties() {
    boolean quick = isSet("bench.quick");
    List<GatewayRuntime> runtimes = new ArrayList<>();
    List<String> arguments = words("bench.gateway.args", " ");
    for (String home : words("bench.java.homes", ",")) {
      runtimes.add(GatewayRuntime.jvm(with(home, arguments)));
    }
    for (String file : words("bench.native", ",")) {
      runtimes.add(GatewayRuntime.executable(with(file, arguments)));
    }
    return new BenchSettings(
        quick,
        quick ? 1_000 : 8_000,
        quick ? 400 : 2_500,
        quick ? 2 : 7,
        runtimes,
        words("bench.only", ","));
  }

  /** Where the most of the gateway's code is at work. */
  long longWarmUpMs() {
    return 3 * warmUpMs;
  }

  boolean runs(String section) {
    return sections.isEmpty() ? !quick || !SLOW.contains(section) : sections.contains(section);
  }

  private static boolean isSet(String property) {
    return Boolean.parseBoolean(System.getProperty(property));
  }

  /** A command, its own arguments, and those of all. */
  private static List<String> with(String command, List<String> arguments) {
    return Stream.concat(split(command, " "), arguments.stream()).toList();
  }

  private static List<String> words(String property, String separator) {
    return split(System.getProperty(property, ""), separator).toList();
  }

  private static Stream<String> split(String text, String separator) {
    return Arrays.stream(text.split(separator)).map(String::strip).filter(word -> !word.isEmpty());
  }
}
