package io.github.dydxgateway.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the JMH benchmarks of the parts, in processes of their own. */
final class PartsSection {
  private static final Path RESULTS = BenchSettings.OUTPUT.resolve("jmh.json");
  private static final String BOOK = "OrderBookBenchmark.update";

  private static final String ALL = "io.github.dydxgateway";

  /** What each frame and book update goes through. */
  private static final String QUICK = "FrameReaderBenchmark|OrderBookBenchmark";

  private final BenchSettings settings;
  private final Report report;

  PartsSection(BenchSettings settings, Report report) {
    this.settings = settings;
    this.report = report;
  }

  void run() throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(settings.runtimes().get(0).floorHome(), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jmh.Main",
                settings.quick() ? QUICK : ALL,
                "-bm",
                "avgt",
                "-tu",
                "ns",
                "-prof",
                "gc",
                "-rf",
                "json",
                "-rff",
                RESULTS.toString()));
    command.addAll(
        settings.quick()
            ? List.of("-f", "0", "-wi", "1", "-w", "150ms", "-i", "2", "-r", "50ms")
            : List.of("-f", "1", "-wi", "3", "-w", "300ms", "-i", "3", "-r", "300ms"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Files.createDirectories(BenchSettings.LOGS).resolve("jmh.log").toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("JMH failed; see target/bench/logs/jmh.log");
    }
    report(new JsonArray(Files.readString(RESULTS)));
  }

  private void report(JsonArray results) {
    List<String> lines = new ArrayList<>();
    double small = Double.NaN;
    double large = Double.NaN;
    for (Object entry : results) {
      JsonObject result = (JsonObject) entry;
      JsonObject metric = result.getJsonObject("primaryMetric");
      double nanos = metric.getDouble("score");
      String name = result.getString("benchmark").replaceAll(".*\\.(\\w+\\.\\w+)$", "$1");
      JsonObject parameters = result.getJsonObject("params", new JsonObject());
      JsonObject allocated =
          result.getJsonObject("secondaryMetrics").getJsonObject("gc.alloc.rate.norm");
      lines.add(
          Report.cells(
              name,
              String.join(
                  ", ", parameters.fieldNames().stream().map(parameters::getString).toList()),
              nanos,
              allocated == null ? Double.NaN : allocated.getDouble("score")));
      if (name.equals(BOOK)) {
        small = "100".equals(parameters.getString("levels")) ? nanos : small;
        large = "10000".equals(parameters.getString("levels")) ? nanos : large;
      }
    }
    report.atMost(
        "book update with 10,000 levels in ns, beside 100", large, small, large / small, 2);
    report.table("Parts", "benchmark | parameters | ns | bytes allocated", lines);
  }
}
