package io.github.dydxgateway.bench;

import io.github.dydxgateway.bench.Rounds.Rate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One book to many streams, beside bare grpc-java with one message again and again. */
final class FanOutSection {
  private static final int MOST_AHEAD = 8192;
  private static final int LEAST_AHEAD = 64;
  private static final int DELIVERIES_AHEAD = 32_768;

  /** The number of streams of which the most is told. */
  private static final int COMPARED = 100;

  private final BenchSettings settings;
  private final Setups setups;
  private final Report report;
  private final List<Integer> counts;
  private final Map<String, List<Double>> perSecond = new LinkedHashMap<>();
  private final Map<String, List<Double>> cpu = new LinkedHashMap<>();
  private final List<Double> allocated = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();

  FanOutSection(BenchSettings settings, Setups setups, Report report) {
    this.settings = settings;
    this.setups = setups;
    this.report = report;
    this.counts = settings.quick() ? List.of(10, 100, 1000) : List.of(1, 10, 100, 1000);
  }

  /** Events that the venue may be ahead, which bounds what waits for all the streams together. */
  static long ahead(int streams) {
    return Math.max(LEAST_AHEAD, Math.min(MOST_AHEAD, DELIVERIES_AHEAD / streams));
  }

  void run() throws Exception {
    try (Setup floorSetup = setups.floor().startConsumers();
        BenchProcess floor = floorSetup.program(FanOutFloor.class);
        Setup measured = setups.measured().startVenue(1).startConsumers().startGateway(true);
        JvmSampler floorJvm = sampler(floor)) {
      String message = null;
      for (int streams : counts) {
        measured.open(measured.gateway().grpcPort(), streams, 0, 1, 0);
        Candidate gateway = measured.candidate("gateway", ahead(streams));
        if (message == null) {
          message = typicalMessage(measured, gateway);
        }
        List<Candidate> all = new ArrayList<>(List.of(gateway));
        boolean isCompared = !settings.quick() || streams == COMPARED;
        if (isCompared) {
          floorSetup.open(Integer.parseInt(floor.greeting()), streams, 0, 1, 0);
          for (String mode : List.of("constant", "object", "readiness")) {
            all.add(floor(mode, floorSetup, floor, floorJvm, message));
          }
        }
        Rounds.warmUp(
            all,
            streams == counts.get(0)
                ? settings.warmUpMs()
                : Math.min(2_000, settings.warmUpMs() / 4));
        int count = streams == COMPARED ? settings.rounds() : isCompared ? 2 : 1;
        report(streams, Rounds.measure(all, count, settings.windowMs()));
      }
      reportGrowth();
      report.note(
          "snapshots in place of events during fan-out",
          measured.gateway().metric("gateway_conflations_total"),
          Double.NaN,
          Double.NaN);
    }
    plot();
  }

  private static JvmSampler sampler(BenchProcess program) throws Exception {
    program.greeting(); // a JVM that has just begun can't be looked into
    return new JvmSampler(program.pid());
  }

  /** A message as long as the average. */
  private static String typicalMessage(Setup setup, Candidate gateway) throws Exception {
    gateway.start();
    Thread.sleep(500);
    BenchProcess consumers = setup.consumers();
    String best = consumers.call("sample");
    double mean = (double) consumers.number("bytes") / consumers.number("events");
    for (int i = 0; i < 50; i++) {
      String sample = consumers.call("sample");
      if (Math.abs(size(sample) - mean) < Math.abs(size(best) - mean)) {
        best = sample;
      }
    }
    gateway.stop();
    return best;
  }

  private static int size(String base64) {
    return base64.length() * 3 / 4;
  }

  private void report(int streams, Rounds rounds) {
    List<Object> cells = new ArrayList<>(List.of(streams));
    for (String name : List.of("gateway", "constant", "object", "readiness")) {
      double messages = rounds.median(name, Rate::deliveriesPerSecond);
      double micros = rounds.median(name, Rate::cpuMicrosPerDelivery);
      perSecond.computeIfAbsent(name, ignored -> new ArrayList<>()).add(messages);
      cpu.computeIfAbsent(name, ignored -> new ArrayList<>()).add(micros);
      cells.add(messages);
      cells.add(micros);
    }
    allocated.add(rounds.median("gateway", Rate::bytesPerDelivery));
    cells.add(allocated.get(allocated.size() - 1));
    lines.add(Report.cells(cells.toArray()));
    if (streams == COMPARED) {
      reportHundred(rounds);
    }
  }

  private void reportHundred(Rounds rounds) {
    report.atLeast(
        "fan-out to 100 streams, messages/s, floor of constants by one producer",
        rounds.median("gateway", Rate::deliveriesPerSecond),
        rounds.median("constant", Rate::deliveriesPerSecond),
        rounds.ratio("gateway", "constant", Rate::deliveriesPerSecond),
        0.85);
    report.atMost(
        "fan-out to 100 streams, µs of CPU per delivery, the same floor",
        rounds.median("gateway", Rate::cpuMicrosPerDelivery),
        rounds.median("constant", Rate::cpuMicrosPerDelivery),
        rounds.ratio("gateway", "constant", Rate::cpuMicrosPerDelivery),
        1.25);
    for (String floor : List.of("object", "readiness")) {
      report.note(
          "fan-out to 100 streams, messages/s, floor " + floor,
          rounds.median("gateway", Rate::deliveriesPerSecond),
          rounds.median(floor, Rate::deliveriesPerSecond),
          rounds.ratio("gateway", floor, Rate::deliveriesPerSecond));
    }
    if (settings.runtimes().get(0).isJvm()) {
      report.under(
          "bytes allocated per delivery, 100 streams, ingest included",
          rounds.median("gateway", Rate::bytesPerDelivery),
          200);
      report.note(
          "the same, beside floor readiness: what grpc-java takes by itself",
          rounds.median("gateway", Rate::bytesPerDelivery),
          rounds.median("readiness", Rate::bytesPerDelivery),
          rounds.ratio("gateway", "readiness", Rate::bytesPerDelivery));
    }
  }

  private void reportGrowth() {
    List<Double> gateway = cpu.get("gateway");
    double ten = gateway.get(counts.indexOf(10));
    double thousand = gateway.get(counts.indexOf(1000));
    report.atMost(
        "µs of CPU per delivery at 1,000 streams, beside 10", thousand, ten, thousand / ten, 1.1);
    if (settings.runtimes().get(0).isJvm()) {
      report.under(
          "bytes allocated per book update ingested, its deliveries taken out",
          ingested(counts.get(0), 100),
          1024);
    }
    double upToHundred = marginal(10, 100);
    double upToThousand = marginal(100, 1000);
    report.note(
        "µs of CPU for one more delivery, 100 to 1,000 streams, beside 10 to 100",
        upToThousand,
        upToHundred,
        upToThousand / upToHundred);
    report.table(
        "Fan-out",
        "streams | gateway, messages/s | µs of CPU | constant, messages/s | µs | object, messages/s"
            + " | µs | readiness, messages/s | µs | gateway, bytes allocated per delivery",
        lines);
  }

  /** What is left of the bytes per delivery when those of a delivery are taken out. */
  private double ingested(int few, int many) {
    return (allocated.get(counts.indexOf(few)) - allocated.get(counts.indexOf(many)))
        / (1.0 / few - 1.0 / many);
  }

  /** What a stream more costs, so without what a frame costs however many streams there are. */
  private double marginal(int from, int to) {
    List<Double> gateway = cpu.get("gateway");
    return (to * gateway.get(counts.indexOf(to)) - from * gateway.get(counts.indexOf(from)))
        / (to - from);
  }

  private void plot() throws IOException {
    Plots.lines("fan-out", "Fan-out", "streams", "messages/s", counts, perSecond);
    Plots.lines("fan-out-cpu", "Cost of a delivery", "streams", "µs of server CPU", counts, cpu);
  }

  private static Candidate floor(
      String mode, Setup setup, BenchProcess program, JvmSampler jvm, String message) {
    return new Candidate() {
      @Override
      public String name() {
        return mode;
      }

      @Override
      public void start() throws IOException {
        program.call(mode + " " + message);
      }

      @Override
      public void stop() throws IOException {
        program.call("stop");
      }

      @Override
      public Reading read() throws IOException {
        long messages = setup.consumers().number("events");
        return new Reading(
            System.nanoTime(),
            0,
            messages,
            ProcessSampler.cpuSeconds(program.pid()),
            jvm.allocatedBytes());
      }
    };
  }
}
