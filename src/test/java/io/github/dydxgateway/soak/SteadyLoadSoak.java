package io.github.dydxgateway.soak;

import io.github.dydxgateway.soak.LoadClient.Reading;
import io.github.dydxgateway.testing.GatewayProcess;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.github.dydxgateway.v1.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The gateway under a steady load for long, with clients that come and go in all ways and a venue
 * that drops its connections: nothing is lost, and nothing is left over. Run by {@code ./mvnw
 * -Psoak verify}; {@code -Dsoak.minutes} says how long.
 */
class SteadyLoadSoak {
  private static final double MINUTES =
      Double.parseDouble(System.getProperty("soak.minutes", "20"));
  private static final int EVENTS_PER_SECOND = Integer.getInteger("soak.events", 5_000);
  private static final int CLIENTS = Integer.getInteger("soak.clients", 500);
  private static final String HEAP = System.getProperty("soak.heap", "512m");

  private static final int CHANNELS = 50;
  private static final int SLOW_CLIENTS = 5;
  private static final int MARKETS = 25;
  private static final int QUOTED = 10;
  private static final int MOST_TOPICS = 3;
  private static final long SEED = 4;

  /** Above what is asked for, since nothing is published while a connection is away. */
  private static final double HEADROOM = 1.15;

  /** Frames of books and of trades: two to one. */
  private static final double BOOK_SHARE = 2;

  private static final double TRADE_SHARE = 1;

  private static final Duration FAULT_INTERVAL = Duration.ofMinutes(2);

  /** How the venue ends connections, in turn; 0 is a TCP reset. */
  private static final int[] FAULTS = {1012, 0, 1008, 1001};

  private static final int WARM_UP_DEPARTURES = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final double MIB = 1024 * 1024;

  /** By then the topics' rings and what they remember of trades are full. */
  private static final Duration FILLED_AFTER = Duration.ofSeconds(150);

  /** What noise may look like over the last three quarters. */
  private static final double LARGEST_RISE_MIB = 8;

  /** What code that has run for the first time may keep, such as caches. */
  private static final double LARGEST_REMAINDER_MIB = 8;

  /** Pools that grow to their size when first used. */
  private static final int MOST_NEW_THREADS = 4;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<ProcessProbe.Sample> samples = new ArrayList<>();
  private LoadVenue venue;
  private LoadClients clients;
  private ProcessProbe probe;
  private SoakReport report;
  private long startNs;
  private long nextFaultNs;
  private int faults;

  @Test
  void nothingIsLostAndNothingIsLeftOver() throws Exception {
    try (LoadVenue load = new LoadVenue(MARKETS);
        GatewayProcess gateway =
            new GatewayProcess(
                    Map.of(
                        "GATEWAY_UPSTREAM_URL",
                        load.uri().toString(),
                        "JAVA_TOOL_OPTIONS",
                        "-Xmx" + HEAP))
                .awaitStarted()) {
      venue = load;
      probe = new ProcessProbe(gateway.pid(), gateway.httpPort());
      report =
          new SoakReport(
              "soak",
              "./mvnw -Psoak verify -Dsoak.minutes=" + format("%s", MINUTES),
              probe.version() + " with -Xmx" + HEAP);
      setPace();
      warmUp(gateway);
      report.table(
          List.of(
              "minute",
              "live heap MiB",
              "resident MiB",
              "files",
              "threads",
              "timers",
              "topics",
              "streams",
              "published/s",
              "delivered/s",
              "CPU %",
              "p50 ms",
              "p99 ms",
              "p99.9 ms",
              "max ms",
              "gaps",
              "conflations"));
      ProcessProbe.Sample before = probe.sample();
      LoadCounters counters;
      try (LoadClients all = new LoadClients(gateway.grpcPort(), CHANNELS)) {
        clients = all;
        counters = all.counters();
        attach();
        row("before", before, before, new Histogram(2), counters);
        soak();
        report.line("");
        report.line(
            "At the clients over all: %s; joined %d times, left %d times, %d topics resumed.",
            text(counters.wholeLatency()),
            counters.joined.sum(),
            counters.left.sum(),
            counters.resumed.sum());
      }
      awaitQuiet();
      ProcessProbe.Sample after = probe.sample();
      verdict(before, after, counters, gateway.output());
    }
  }

  /** Books of quoted markets give a second event each other time, that of the quote. */
  private void setPace() {
    double eventsPerRound = BOOK_SHARE * (1 + 0.5 * QUOTED / MARKETS) + TRADE_SHARE;
    double rounds = HEADROOM * EVENTS_PER_SECOND / eventsPerRound;
    venue.pace((int) (rounds * BOOK_SHARE), (int) (rounds * TRADE_SHARE));
  }

  /** Everything runs once, so that what is made at first use is there before the first sample. */
  private void warmUp(GatewayProcess gateway) throws Exception {
    try (LoadClients first = new LoadClients(gateway.grpcPort(), CHANNELS)) {
      clients = first;
      attach();
      awaitAllLive();
      List<Integer> sessions = venue.sessions();
      venue.closeAll(1012);
      Awaitility.await("another session")
          .atMost(PATIENCE)
          .until(() -> !venue.sessions().isEmpty() && !venue.sessions().equals(sessions));
      awaitAllLive();
      first.churn();
      Awaitility.await("clients have come and gone")
          .atMost(PATIENCE)
          .until(() -> first.counters().left.sum() >= WARM_UP_DEPARTURES);
    }
    awaitQuiet();
  }

  private void attach() {
    List<Topic> topics = new ArrayList<>();
    venue.tickers().forEach(ticker -> topics.add(Topics.orderBook(ticker)));
    venue.tickers().forEach(ticker -> topics.add(Topics.trades(ticker)));
    venue.tickers().stream().limit(QUOTED).forEach(ticker -> topics.add(Topics.quotes(ticker)));
    for (int i = 0; i < CLIENTS - 2 * SLOW_CLIENTS; i++) {
      clients.add(someOf(topics, i));
    }
    for (int i = 0; i < SLOW_CLIENTS; i++) {
      clients.add(Reading.SLOW, someOf(topics, i));
      clients.add(Reading.NEVER, someOf(topics, MARKETS + i));
    }
  }

  /** One to three topics; the first of each goes round, so that all topics have clients. */
  private List<Topic> someOf(List<Topic> topics, int first) {
    List<Topic> some = new ArrayList<>();
    some.add(topics.get(first % topics.size()));
    for (int more = random.nextInt(MOST_TOPICS); more > 0; more--) {
      some.add(topics.get(random.nextInt(topics.size())));
    }
    return some.stream().distinct().toList();
  }

  private void awaitAllLive() {
    Awaitility.await("all topics live")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> clients.checks().allMatch(check -> check.state() == State.STATE_LIVE));
  }

  /** Waits until nobody streams and the topics' linger is over. */
  private void awaitQuiet() {
    Awaitility.await("no stream and no topic")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              ProcessProbe.Sample sample = probe.sample();
              return sample.streams() == 0 && sample.topics() == 0;
            });
  }

  private void soak() throws Exception {
    long start = System.nanoTime();
    startNs = start;
    long end = start + (long) (MINUTES * TimeUnit.MINUTES.toNanos(1));
    long interval =
        Math.min(
            TimeUnit.MINUTES.toNanos(1),
            Math.max(TimeUnit.SECONDS.toNanos(10), (end - start) / 20));
    clients.churn();
    nextFaultNs = start + FAULT_INTERVAL.toNanos() / 2;
    ProcessProbe.Sample last = probe.sample();
    clients.counters().takeLatency();
    for (long next = start + interval; next <= end; next += interval) {
      awaitTime(next);
      ProcessProbe.Sample sample = probe.sample();
      samples.add(sample);
      row(
          format("%.1f", (sample.nanos() - start) / 60e9),
          last,
          sample,
          clients.counters().takeLatency(),
          clients.counters());
      last = sample;
    }
  }

  private void awaitTime(long nanos) {
    Awaitility.await()
        .atMost(Duration.ofNanos(Math.max(0, nanos - System.nanoTime())).plus(PATIENCE))
        .pollInterval(Duration.ofMillis(250))
        .until(
            () -> {
              long now = System.nanoTime();
              if (now >= nextFaultNs) {
                nextFaultNs += FAULT_INTERVAL.toNanos();
                venue.closeAll(FAULTS[faults++ % FAULTS.length]);
              }
              return now >= nanos;
            });
  }

  private void row(
      String name,
      ProcessProbe.Sample last,
      ProcessProbe.Sample sample,
      Histogram latency,
      LoadCounters counters)
      throws Exception {
    double seconds = Math.max(1e-9, (sample.nanos() - last.nanos()) / 1e9);
    report.row(
        List.of(
            name,
            format("%.1f", sample.liveHeapBytes() / MIB),
            format("%.0f", sample.residentBytes() / MIB),
            format("%d", sample.files()),
            format("%d", sample.threads()),
            format("%d", sample.timers()),
            format("%d", sample.topics()),
            format("%d", sample.streams()),
            format("%.0f", (sample.published() - last.published()) / seconds),
            format("%.0f", (sample.delivered() - last.delivered()) / seconds),
            format("%.0f", 100 * (sample.cpuSeconds() - last.cpuSeconds()) / seconds),
            millis(latency.getValueAtPercentile(50)),
            millis(latency.getValueAtPercentile(99)),
            millis(latency.getValueAtPercentile(99.9)),
            millis(latency.getMaxValue()),
            format("%d", counters.gaps.sum()),
            format("%d", counters.conflations.sum())));
  }

  private void verdict(
      ProcessProbe.Sample before, ProcessProbe.Sample after, LoadCounters counters, String log)
      throws Exception {
    report.line("");
    double rise = heapRiseMib();
    ProcessProbe.Sample first = samples.get(0);
    ProcessProbe.Sample last = samples.get(samples.size() - 1);
    double published =
        (last.published() - first.published()) / ((last.nanos() - first.nanos()) / 1e9);
    double remainder = (after.liveHeapBytes() - before.liveHeapBytes()) / MIB;
    List<String> errors =
        log.lines().filter(line -> line.contains("\"level\":\"ERROR\"")).limit(5).toList();
    report.table(List.of("", "before", "after all left", "bound"));
    compare("live heap MiB", before.liveHeapBytes() / MIB, after.liveHeapBytes() / MIB, "+8");
    compare("files", before.files(), after.files(), "no more");
    compare("threads", before.threads(), after.threads(), "+" + MOST_NEW_THREADS);
    compare("timers", before.timers(), after.timers(), "no more");
    for (String name : ProcessProbe.WATCHED.keySet().stream().sorted().toList()) {
      compare(
          name + " instances",
          before.instances().get(name),
          after.instances().get(name),
          "no more");
    }
    report.line("");
    report.line(
        "Published %.0f events/s. Live heap over the last three quarters: %+.1f MiB by least"
            + " squares (bound 8). Most resident memory: %.0f MiB. Closes by the venue: %d."
            + " Wrong at the clients: %d. Errors in the gateway's log: %d.",
        published,
        rise,
        probe.peakResidentBytes() / MIB,
        faults,
        counters.problemCount(),
        errors.size());
    SoftAssertions all = new SoftAssertions();
    all.assertThat(published).as("published events/s").isGreaterThanOrEqualTo(EVENTS_PER_SECOND);
    all.assertThat(rise).as("rise of the live heap, MiB").isLessThan(LARGEST_RISE_MIB);
    all.assertThat(remainder).as("live heap left over, MiB").isLessThan(LARGEST_REMAINDER_MIB);
    all.assertThat(after.files()).as("files").isLessThanOrEqualTo(before.files());
    all.assertThat(after.threads())
        .as("threads")
        .isLessThanOrEqualTo(before.threads() + MOST_NEW_THREADS);
    all.assertThat(after.timers()).as("timers").isLessThanOrEqualTo(before.timers());
    for (String name : ProcessProbe.WATCHED.keySet()) {
      all.assertThat(last.instances().get(name)).as(name + " under load").isPositive();
      all.assertThat(after.instances().get(name))
          .as(name + " left over")
          .isLessThanOrEqualTo(before.instances().get(name));
    }
    all.assertThat(last.timers()).as("timers under load").isPositive();
    all.assertThat(counters.problems()).as("wrong at the clients").isEmpty();
    all.assertThat(errors).as("errors in the gateway's log").isEmpty();
    all.assertAll();
  }

  private void compare(String what, double before, double after, String bound) throws Exception {
    report.row(List.of(what, format("%.4g", before), format("%.4g", after), bound));
  }

  /** Zero where the run was too short for a trend. */
  private double heapRiseMib() {
    long filledNs = startNs + FILLED_AFTER.toNanos();
    List<Trend.Point> points =
        samples.stream()
            .skip(samples.size() / 4)
            .filter(sample -> sample.nanos() > filledNs)
            .map(sample -> new Trend.Point(sample.nanos() / 1e9, sample.liveHeapBytes() / MIB))
            .toList();
    return points.size() < 2 ? 0 : Trend.rise(points);
  }

  private static String text(Histogram latency) {
    return format(
        "p50 %s ms, p99 %s ms, p99.9 %s ms, max %s ms",
        millis(latency.getValueAtPercentile(50)),
        millis(latency.getValueAtPercentile(99)),
        millis(latency.getValueAtPercentile(99.9)),
        millis(latency.getMaxValue()));
  }

  private static String millis(long nanos) {
    return format("%.2f", nanos / 1e6);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
