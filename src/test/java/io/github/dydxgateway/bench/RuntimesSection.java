package io.github.dydxgateway.bench;

import io.github.dydxgateway.bench.Rounds.Rate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The same gateway on each runtime, in turn: ingest with one client, and 100 streams. */
final class RuntimesSection {
  private static final int MARKETS = 20;
  private static final int ROUNDS = 3;

  private final BenchSettings settings;
  private final Setups setups;
  private final Report report;

  RuntimesSection(BenchSettings settings, Setups setups, Report report) {
    this.settings = settings;
    this.setups = setups;
    this.report = report;
  }

  void run() throws Exception {
    if (settings.runtimes().size() < 2) {
      return;
    }
    List<String> lines = new ArrayList<>();
    measure("ingest with one client, frames/s", 1, MARKETS, Rate::framesPerSecond, lines);
    measure("fan-out to 100 streams, messages/s", 100, 1, Rate::deliveriesPerSecond, lines);
    report.table(
        "Runtimes",
        "figure | runtime | a second | µs of CPU for each | bytes allocated | resident, MiB",
        lines);
  }

  private void measure(
      String figure, int clients, int markets, ToDoubleFunction<Rate> rate, List<String> lines)
      throws Exception {
    Deque<Setup> opened = new ArrayDeque<>();
    try {
      List<Candidate> candidates = new ArrayList<>();
      Map<String, Long> processes = new HashMap<>();
      for (GatewayRuntime runtime : settings.runtimes()) {
        Setup setup = setups.own(runtime);
        opened.push(setup);
        setup.startVenue(markets).startGateway(true).startConsumers();
        setup.open(setup.gateway().grpcPort(), clients, 0, markets, clients == 1 ? markets : 0);
        processes.put(runtime.name(), setup.gateway().pid());
        candidates.add(setup.candidate(runtime.name(), FanOutSection.ahead(clients)));
      }
      Rounds.warmUp(candidates, settings.longWarmUpMs());
      Rounds rounds = Rounds.measure(candidates, ROUNDS, settings.windowMs());
      String first = settings.runtimes().get(0).name();
      for (GatewayRuntime runtime : settings.runtimes()) {
        lines.add(
            Report.cells(
                figure,
                runtime.name(),
                rounds.median(runtime.name(), rate),
                rounds.median(
                    runtime.name(),
                    clients == 1 ? Rate::cpuMicrosPerFrame : Rate::cpuMicrosPerDelivery),
                runtime.isJvm()
                    ? rounds.median(
                        runtime.name(), clients == 1 ? Rate::bytesPerFrame : Rate::bytesPerDelivery)
                    : "not told",
                ProcessSampler.residentMib(processes.get(runtime.name()))));
        if (!runtime.isJvm()) {
          report.atLeast(
              figure + ", " + runtime.name() + " beside " + first,
              rounds.median(runtime.name(), rate),
              rounds.median(first, rate),
              rounds.ratio(runtime.name(), first, rate),
              0.75);
        }
      }
    } finally {
      while (!opened.isEmpty()) {
        opened.pop().close();
      }
    }
  }
}
