package io.github.dydxgateway.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of all figures, and the tables behind it. */
final class Report {
  private static final String HEADER =
      "| figure | gateway | floor | ratio | target | met |\n|---|---|---|---|---|---|\n";

  private final List<Row> rows = new ArrayList<>();
  private final StringBuilder details = new StringBuilder();
  private final JsonObject data = new JsonObject();
  private String environment = "";

  private record Row(
      String figure, String gateway, String floor, String ratio, String target, Boolean met) {
    String markdown() {
      return "| %s | %s | %s | %s | %s | %s |\n"
          .formatted(
              figure, gateway, floor, ratio, target, met == null ? "" : met ? "yes" : "**no**");
    }
  }

  /** What it was measured on, Markdown. */
  void environment(String text) {
    environment = text;
  }

  /** A figure that is compared with a floor; met if the ratio is at least the target. */
  void atLeast(String figure, double gateway, double floor, double ratio, double target) {
    add(figure, gateway, floor, ratio, "at least " + target, ratio >= target);
  }

  /** A figure that is compared with a floor; met if the ratio is at most the target. */
  void atMost(String figure, double gateway, double floor, double ratio, double target) {
    add(figure, gateway, floor, ratio, "at most " + target, ratio <= target);
  }

  /** A figure with a limit of its own. */
  void under(String figure, double gateway, double limit) {
    add(figure, gateway, Double.NaN, Double.NaN, "under " + number(limit), gateway < limit);
  }

  /** A figure without a target. */
  void note(String figure, double gateway, double floor, double ratio) {
    add(figure, gateway, floor, ratio, "", null);
  }

  private void add(
      String figure, double gateway, double floor, double ratio, String target, Boolean met) {
    boolean known = !Double.isNaN(gateway);
    Row row =
        new Row(
            figure,
            known ? number(gateway) : "not measured",
            number(floor),
            Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f", ratio),
            target,
            known ? met : null);
    rows.add(row);
    System.out.print(row.markdown());
    put(figure + ", gateway", gateway);
    put(figure + ", floor", floor);
    put(figure + ", ratio", ratio);
  }

  private void put(String key, double value) {
    if (Double.isFinite(value)) {
      data.put(key, value);
    }
  }

  /** A table behind the figures. */
  void table(String title, String header, List<String> lines) {
    StringBuilder table = new StringBuilder("### " + title + "\n\n| " + header + " |\n|");
    table.append("---|".repeat(header.split("\\|", -1).length)).append('\n');
    JsonArray json = new JsonArray();
    for (String line : lines) {
      table.append("| ").append(line).append(" |\n");
      json.add(line);
    }
    details.append(table).append('\n');
    data.put(title, new JsonObject().put("columns", header).put("rows", json));
    System.out.println("\n" + table);
  }

  /** Cells of a line of a table. */
  static String cells(Object... cells) {
    List<String> texts = new ArrayList<>();
    for (Object cell : cells) {
      texts.add(cell instanceof Double value ? number(value) : cell.toString());
    }
    return String.join(" | ", texts);
  }

  /** Three digits that count, or all before the point. */
  static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "";
    }
    double size = Math.abs(value);
    String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f";
    return String.format(Locale.ROOT, format, value);
  }

  /** Prints the block for docs/performance.md, and writes it beside the data. */
  void write() throws IOException {
    StringBuilder all = new StringBuilder(environment + "\n" + HEADER);
    rows.forEach(row -> all.append(row.markdown()));
    all.append('\n').append(details);
    System.out.println("\n" + all);
    Files.writeString(BenchSettings.OUTPUT.resolve("bench.md"), all);
    Files.writeString(BenchSettings.OUTPUT.resolve("bench.json"), data.encodePrettily());
  }
}
