package io.github.dydxgateway.soak;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a gateway's JVM holds at a moment, seen from outside. Linux only. */
final class ProcessProbe {
  private static final double TICKS_PER_SECOND = 100; // of the kernel's CPU accounting

  /** What must not be left over, by the name it has in the report. */
  static final Map<String, String> WATCHED =
      Map.of(
          "Topic", "io.github.dydxgateway.stream.Topic",
          "ClientStream", "io.github.dydxgateway.stream.ClientStream",
          "CallSink", "io.github.dydxgateway.grpc.CallSink",
          "TopicCursor", "io.github.dydxgateway.stream.TopicCursor",
          "upstream.Subscription", "io.github.dydxgateway.upstream.Subscription",
          "HTTP/2 stream", "io.netty.handler.codec.http2.DefaultHttp2Connection$DefaultStream",
          "socket", "io.netty.channel.socket.nio.NioSocketChannel");

  private static final List<String> TIMERS =
      List.of("io.vertx.core.impl.VertxImpl$InternalTimerHandler");

  private final long pid;
  private final int httpPort;

  ProcessProbe(long pid, int httpPort) {
    this.pid = pid;
    this.httpPort = httpPort;
  }

  /**
   * A moment.
   *
   * @param liveHeapBytes what a full garbage collection leaves
   * @param instances of the watched classes, by their names in the report
   */
  record Sample(
      long nanos,
      long liveHeapBytes,
      long residentBytes,
      int files,
      int threads,
      long timers,
      Map<String, Long> instances,
      double cpuSeconds,
      long topics,
      long streams,
      long published,
      long delivered) {}

  /** Collects garbage and looks. */
  Sample sample() throws IOException, InterruptedException {
    double cpuSeconds = cpuSeconds(); // before the collection
    Map<String, Double> metrics = metrics();
    Map<String, Long> histogram = histogram();
    Map<String, Long> instances = new LinkedHashMap<>();
    WATCHED.forEach((name, type) -> instances.put(name, histogram.getOrDefault(type, 0L)));
    return new Sample(
        System.nanoTime(),
        histogram.get(TOTAL),
        residentBytes(),
        files(),
        (int) status("Threads"),
        TIMERS.stream().mapToLong(type -> histogram.getOrDefault(type, 0L)).sum(),
        instances,
        cpuSeconds,
        sum(metrics, "gateway_topics"),
        sum(metrics, "gateway_streams"),
        sum(metrics, "gateway_events_published_total"),
        sum(metrics, "gateway_events_delivered_total"));
  }

  /** Resident memory. */
  long residentBytes() throws IOException {
    return status("VmRSS") * 1024;
  }

  /** The most resident memory it ever had. */
  long peakResidentBytes() throws IOException {
    return status("VmHWM") * 1024;
  }

  /** The JVM's own words about itself, in one line. */
  String version() throws IOException, InterruptedException {
    return String.join(" ", jcmd("VM.version").lines().skip(1).toList());
  }

  private int files() throws IOException {
    try (Stream<Path> files = Files.list(proc("fd"))) {
      return (int) files.count();
    }
  }

  private double cpuSeconds() throws IOException {
    String line = Files.readString(proc("stat"));
    List<String> fields = List.of(line.substring(line.lastIndexOf(')') + 2).split(" ", -1));
    return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS_PER_SECOND;
  }

  private long status(String figure) throws IOException {
    for (String line : Files.readAllLines(proc("status"))) {
      if (line.startsWith(figure + ":")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no " + figure);
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(pid), file);
  }

  private static final String TOTAL = "";

  /** Live instances by class; the live bytes of all under {@link #TOTAL}. */
  private Map<String, Long> histogram() throws IOException, InterruptedException {
    Map<String, Long> instances = new LinkedHashMap<>();
    jcmd("GC.class_histogram")
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .forEach(
            words -> {
              if (words.length >= 3 && words[0].equals("Total")) {
                instances.put(TOTAL, Long.parseLong(words[2]));
              } else if (words.length >= 4 && words[0].endsWith(":")) {
                instances.merge(words[3], Long.parseLong(words[1]), Long::sum);
              }
            });
    if (!instances.containsKey(TOTAL)) {
      throw new IOException("jcmd gave no histogram of the heap");
    }
    return instances;
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                command)
            .redirectErrorStream(true)
            .start();
    String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (jcmd.waitFor() != 0) {
      throw new IOException("jcmd " + command + ": " + output);
    }
    return output;
  }

  /** Its metrics, by name and labels. */
  private Map<String, Double> metrics() throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + httpPort + "/q/metrics").toURL().openConnection();
    connection.setRequestProperty("Connection", "close"); // else it counts as a file
    Map<String, Double> metrics = new LinkedHashMap<>();
    try (InputStream body = connection.getInputStream()) {
      new String(body.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("gateway_"))
          .forEach(
              line -> {
                int end = line.indexOf(' ', line.indexOf('}') + 1);
                metrics.put(
                    line.substring(0, end),
                    Double.parseDouble(line.substring(end + 1).split(" ", 2)[0]));
              });
    }
    return metrics;
  }

  private static long sum(Map<String, Double> metrics, String name) {
    return (long)
        metrics.entrySet().stream()
            .filter(metric -> metric.getKey().split("\\{", 2)[0].equals(name))
            .mapToDouble(Map.Entry::getValue)
            .sum();
  }
}
