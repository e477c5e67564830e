package io.github.dydxgateway.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * From the write of a frame at the venue to the message at the client, beside a relay that does not
 * look into the frames. The venue keeps its pace whatever the other side does, so a stall counts
 * for every frame that it delays.
 */
final class LatencySection {
  private static final int MARKETS = 10;
  private static final double PAIRS_PER_SECOND = 20;
  private static final int WARM_UP_RATE = 20_000;
  private static final int JUDGED_RATE = 10_000;
  private static final List<Integer> CLIENTS = List.of(1, 100);

  private final BenchSettings settings;
  private final Setups setups;
  private final Report report;
  private final List<Integer> rates;
  private final Map<String, List<Double>> lines = new LinkedHashMap<>();
  private final List<String> table = new ArrayList<>();

  LatencySection(BenchSettings settings, Setups setups, Report report) {
    this.settings = settings;
    this.setups = setups;
    this.report = report;
    this.rates = settings.quick() ? List.of(10_000) : List.of(1_000, 10_000, 50_000);
  }

  /** Percentiles in microseconds. */
  private record Latency(long count, double p50, double p99, double p999, double max) {
    static Latency parse(String text) {
      double[] nanos = Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
      return new Latency(
          (long) nanos[0], nanos[1] / 1e3, nanos[2] / 1e3, nanos[3] / 1e3, nanos[4] / 1e3);
    }
  }

  void run() throws Exception {
    try (Setup measured =
            setups.measured().startVenue(MARKETS).startGateway(true).startConsumers();
        Setup relaySetup = setups.floor().startVenue(MARKETS).startConsumers();
        BenchProcess relay =
            relaySetup.program(
                ByteRelay.class, relaySetup.venue().greeting(), Integer.toString(MARKETS))) {
      for (int clients : CLIENTS) {
        measured.open(measured.gateway().grpcPort(), clients, 0, MARKETS, MARKETS);
        relaySetup.open(Integer.parseInt(relay.greeting()), clients, 0, MARKETS, MARKETS);
        long warmUpMs = clients == CLIENTS.get(0) ? settings.longWarmUpMs() : settings.warmUpMs();
        pace(measured, clients, WARM_UP_RATE, warmUpMs, "event");
        pace(relaySetup, clients, WARM_UP_RATE, warmUpMs, "frame");
        for (int rate : rates) {
          measure(measured, relaySetup, clients, rate);
        }
      }
    }
    report.table(
        "Latency, venue's write to client, µs",
        "clients | events/s in all | gateway p50 | p99 | p99.9 | max | relay p50 | p99 | p99.9 |"
            + " max | gateway's own share p50 | p99 | venue late at most",
        table);
    Plots.lines("latency", "Latency", "events/s in all", "µs", rates, lines);
    measureBehindMarkets();
  }

  private void measure(Setup measured, Setup relaySetup, int clients, int rate) throws Exception {
    int rounds = settings.quick() || rate != JUDGED_RATE ? 1 : 2;
    List<Latency> gateway = new ArrayList<>();
    List<Latency> relay = new ArrayList<>();
    TreeMap<Double, Double> before = measured.gateway().deliveryLatencies();
    double late = 0;
    for (int round = 0; round < rounds; round++) {
      gateway.add(pace(measured, clients, rate, settings.windowMs(), "event"));
      late = Math.max(late, measured.venue().number("late"));
      relay.add(pace(relaySetup, clients, rate, settings.windowMs(), "frame"));
    }
    TreeMap<Double, Double> after = measured.gateway().deliveryLatencies();
    before.forEach((limit, count) -> after.merge(limit, -count, Double::sum));
    double ownP50 = quantileMicros(after, 0.50);
    double ownP99 = quantileMicros(after, 0.99);
    Latency g = median(gateway);
    Latency r = median(relay);
    table.add(
        Report.cells(
            clients, rate, g.p50, g.p99, g.p999, g.max, r.p50, r.p99, r.p999, r.max, ownP50, ownP99,
            late));
    line("gateway p50", clients, g.p50);
    line("gateway p99", clients, g.p99);
    line("relay p50", clients, r.p50);
    line("relay p99", clients, r.p99);
    if (rate == JUDGED_RATE) {
      String of = " at 10,000 events/s, " + clients + (clients == 1 ? " client" : " clients");
      report.under("own share, p50 in µs" + of, ownP50, 100);
      report.under("own share, p99 in µs" + of, ownP99, 1_000);
      report.note("venue to client, p50 in µs" + of, g.p50, r.p50, g.p50 / r.p50);
      report.note("venue to client, p99 in µs" + of, g.p99, r.p99, g.p99 / r.p99);
    }
  }

  private void line(String name, int clients, double value) {
    lines
        .computeIfAbsent(name + ", " + clients + " clients", ignored -> new ArrayList<>())
        .add(value);
  }

  private static Latency pace(Setup setup, int clients, int rate, long millis, String kind)
      throws Exception {
    setup.venue().call("stamped " + (double) rate / clients);
    Thread.sleep(200);
    Latency latency = window(setup, millis, kind);
    setup.venue().call("stop");
    setup.awaitQuiet();
    return latency;
  }

  private static Latency window(Setup setup, long millis, String kind) throws Exception {
    setup.consumers().call("latencies " + kind);
    Thread.sleep(millis);
    return Latency.parse(setup.consumers().call("latencies"));
  }

  private static Latency median(List<Latency> all) {
    return new Latency(
        all.stream().mapToLong(Latency::count).sum(),
        Rounds.median(all.stream().mapToDouble(Latency::p50).toArray()),
        Rounds.median(all.stream().mapToDouble(Latency::p99).toArray()),
        Rounds.median(all.stream().mapToDouble(Latency::p999).toArray()),
        all.stream().mapToDouble(Latency::max).max().orElse(Double.NaN));
  }

  /** Within the bucket in proportion, as Prometheus has it. */
  private static double quantileMicros(TreeMap<Double, Double> buckets, double quantile) {
    double wanted = quantile * buckets.lastEntry().getValue();
    double lowerLimit = 0;
    double lowerCount = 0;
    for (Map.Entry<Double, Double> bucket : buckets.entrySet()) {
      if (bucket.getValue() >= wanted && bucket.getValue() > lowerCount) {
        double share = (wanted - lowerCount) / (bucket.getValue() - lowerCount);
        return 1e6 * (lowerLimit + share * (bucket.getKey() - lowerLimit));
      }
      lowerLimit = bucket.getKey();
      lowerCount = bucket.getValue();
    }
    return Double.NaN;
  }

  /** Book updates right behind a frame with all markets, whose cost they have to bear. */
  private void measureBehindMarkets() throws Exception {
    try (Setup setup =
        setups.measured().startVenue(Market.ALL).startGateway(true).startConsumers()) {
      setup.open(setup.gateway().grpcPort(), 1, 0, 1, 0);
      pace(setup, 1, 1_000, settings.warmUpMs(), "event");
      Latency alone = pace(setup, 1, (int) PAIRS_PER_SECOND, 2 * settings.windowMs(), "event");
      setup.venue().call("behind-markets " + PAIRS_PER_SECOND);
      Thread.sleep(settings.warmUpMs());
      Latency behind = window(setup, 2 * settings.windowMs(), "event");
      setup.venue().call("stop");
      report.under(
          "delay of a book update behind a markets frame of 300 KiB, p50 in µs",
          behind.p50 - alone.p50,
          5_000);
      report.note(
          "the same, p99 in µs, beside without the frame",
          behind.p99,
          alone.p99,
          behind.p99 / alone.p99);
    }
  }
}
