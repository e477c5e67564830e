package io.github.dydxgateway.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** Markdown that is printed as it comes about, and kept in a file below {@code target/soak}. */
final class SoakReport {
  private static final Path FOLDER = Path.of("target", "soak");

  private final Path file;
  private final StringBuilder text = new StringBuilder();

  /**
   * @param name of the file, without ending
   * @param command that makes it
   * @param jvm the gateway's JVM
   */
  SoakReport(String name, String command, String jvm) throws IOException {
    file = Files.createDirectories(FOLDER).resolve(name + ".md");
    line("`%s`, %s, %s, gateway on %s", command, LocalDate.now(ZoneOffset.UTC), machine(), jvm);
    line("");
  }

  /** Cores, processor, memory and system; no name. */
  private static String machine() throws IOException {
    return String.format(
        Locale.ROOT,
        "%d cores of %s, %.0f GiB, %s %s",
        Runtime.getRuntime().availableProcessors(),
        value(Path.of("/proc/cpuinfo"), "model name"),
        Long.parseLong(value(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", ""))
            / (1024.0 * 1024.0),
        System.getProperty("os.name"),
        System.getProperty("os.arch"));
  }

  private static String value(Path file, String key) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("0 unknown");
  }

  /** Heads a table. */
  void table(List<String> titles) throws IOException {
    row(titles);
    line("%s", "|---".repeat(titles.size()) + "|");
  }

  /** Adds a row to the table. */
  void row(List<String> cells) throws IOException {
    line("%s", "| " + String.join(" | ", cells) + " |");
  }

  /** Adds a line. */
  void line(String format, Object... values) throws IOException {
    String line = String.format(Locale.ROOT, format, values);
    System.out.println(line);
    text.append(line).append('\n');
    Files.writeString(file, text);
  }
}
