package io.github.dydxgateway.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Memory with 50 topics, as configured by default, while half of the clients hardly read. */
final class MemorySection {
  private static final int MARKETS = 25;
  private static final double DELIVERIES_PER_SECOND = 100_000;
  private static final double MOST_FRAMES_PER_SECOND = 2_000;

  private final BenchSettings settings;
  private final Setups setups;
  private final Report report;

  MemorySection(BenchSettings settings, Setups setups, Report report) {
    this.settings = settings;
    this.setups = setups;
    this.report = report;
  }

  void run() throws Exception {
    List<Integer> counts = settings.quick() ? List.of(1, 100) : List.of(1, 100, 1000);
    List<String> lines = new ArrayList<>();
    Map<String, List<Double>> plotted = new LinkedHashMap<>();
    plotted.put("resident", new ArrayList<>());
    plotted.put("live heap", new ArrayList<>());
    try (Setup setup =
        setups
            .own(settings.runtimes().get(0))
            .startVenue(MARKETS)
            .startGateway(false)
            .startConsumers()) {
      MeasuredGateway gateway = setup.gateway();
      for (int clients : counts) {
        setup.open(gateway.grpcPort(), clients, clients / 2, MARKETS, MARKETS);
        double pace = Math.min(MOST_FRAMES_PER_SECOND, DELIVERIES_PER_SECOND / clients);
        setup.venue().call("pace " + pace);
        Thread.sleep(settings.warmUpMs());
        double resident = ProcessSampler.residentMib(gateway.pid());
        double live = gateway.liveHeapMib();
        setup.venue().call("stop");
        plotted.get("resident").add(resident);
        plotted.get("live heap").add(live);
        lines.add(
            Report.cells(
                clients, clients / 2, pace, resident, live, setup.consumers().number("ended")));
      }
    }
    report.table(
        "Memory with 50 topics",
        "clients | slow of them | frames/s | resident, MiB | heap in use after a collection, MiB"
            + " | streams ended",
        lines);
    Plots.lines("memory", "Memory with 50 topics", "clients", "MiB", counts, plotted);
  }
}
