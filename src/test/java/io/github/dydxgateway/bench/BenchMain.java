package io.github.dydxgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Measures the packaged gateway and prints one table: {@code ./mvnw -Pbench verify}, see
 * docs/performance.md. Linux only.
 */
public final class BenchMain {
  private static final String QUICK_NOTE =
      " The quick form: the JIT is still at work in most parts, on the gateway's side the longest,"
          + " so it tells that all works and roughly what it costs. Judge by the full one.";

  private BenchMain() {}

  /** A part of the benchmark. */
  private interface Section {
    void run() throws Exception;
  }

  /** Runs all, or the parts that {@code bench.only} names. */
  public static void main(String[] arguments) throws Exception {
    long begin = System.nanoTime();
    Files.createDirectories(BenchSettings.OUTPUT);
    BenchSettings settings = BenchSettings.fromProperties();
    Report report = new Report();
    report.environment(environment(settings));
    try (Setups setups = new Setups(settings)) {
      run(settings, "fan-out", new FanOutSection(settings, setups, report)::run);
      run(settings, "latency", new LatencySection(settings, setups, report)::run);
      run(settings, "memory", new MemorySection(settings, setups, report)::run);
      run(settings, "growth", new GrowthSection(settings, setups, report)::run);
      // Last of those that may share a gateway, for it takes the JIT longest to be done with it.
      run(settings, "ingest", new IngestSection(settings, setups, report)::run);
      run(settings, "parts", new PartsSection(settings, report)::run);
      run(settings, "runtimes", new RuntimesSection(settings, setups, report)::run);
    }
    report.write();
    System.out.printf(
        Locale.ROOT,
        "Measured for %.0f s; written to %s%n",
        (System.nanoTime() - begin) / 1e9,
        BenchSettings.OUTPUT);
  }

  private static void run(BenchSettings settings, String name, Section section) throws Exception {
    if (settings.runs(name)) {
      long begin = System.nanoTime();
      System.out.println("-- " + name);
      section.run();
      System.out.printf(
          Locale.ROOT, "-- %s took %.0f s%n", name, (System.nanoTime() - begin) / 1e9);
    }
  }

  private static String environment(BenchSettings settings) throws IOException {
    List<String> names = settings.runtimes().stream().map(GatewayRuntime::name).toList();
    return """
    %s, `./mvnw -Pbench verify%s`, gateway on %s; %d processors, %s, %s; load of the machine \
    before: %s.%s
    """
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            command(settings),
            String.join(" and ", names),
            Runtime.getRuntime().availableProcessors(),
            processor(),
            System.getProperty("os.name") + " " + System.getProperty("os.version"),
            Files.readString(Path.of("/proc/loadavg")).split(" ")[0],
            settings.quick() ? QUICK_NOTE : "");
  }

  private static String command(BenchSettings settings) {
    return (settings.quick() ? " -Dbench.quick" : "")
        + (settings.runtimes().size() > 1 ? " -Dbench.java.homes=…" : "")
        + (settings.sections().isEmpty()
            ? ""
            : " -Dbench.only=" + String.join(",", settings.sections()));
  }

  private static String processor() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.replaceAll(".*: *", ""))
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
