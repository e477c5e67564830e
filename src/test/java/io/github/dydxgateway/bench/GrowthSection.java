package io.github.dydxgateway.bench;

import io.github.dydxgateway.bench.Rounds.Rate;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TopicSubscription;
import io.grpc.Context;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * How the cost of a frame grows with markets, topics and depth, and that of joining with history.
 */
final class GrowthSection {
  private static final int JOINS = 200;

  private final BenchSettings settings;
  private final Setups setups;
  private final Report report;
  private final List<String> lines = new ArrayList<>();

  GrowthSection(BenchSettings settings, Setups setups, Report report) {
    this.settings = settings;
    this.setups = setups;
    this.report = report;
  }

  /** Of one gateway for all, so that the JIT has done with it as much or as little for each. */
  void run() throws Exception {
    try (Setup setup =
        setups.measured().startVenue(Market.ALL).startConsumers().startGateway(true)) {
      for (int markets : settings.quick() ? List.of(1, 50) : List.of(1, 10, 50)) {
        ingest(setup, "markets of one client", markets, 1, markets, 0);
      }
      for (int topics : settings.quick() ? List.of(50) : List.of(1, 10, 50)) {
        ingest(setup, "topics each of 100 clients", topics, 100, topics / 2, 0);
      }
      for (int market : Market.BY_LEVELS) {
        ingest(setup, "levels a side", Market.levels(market), 1, 1, market);
      }
      join(setup);
    }
    report.table(
        "Growth",
        "of | to | frames/s | µs of CPU per frame | per delivery | bytes allocated per frame",
        lines);
  }

  private void ingest(Setup setup, String what, int value, int clients, int markets, int first)
      throws Exception {
    int books = Math.max(1, markets);
    setup.open(setup.gateway().grpcPort(), clients, 0, books, markets, first);
    List<Candidate> one = List.of(setup.candidate("gateway", FanOutSection.ahead(clients)));
    Rounds.warmUp(one, lines.isEmpty() ? settings.longWarmUpMs() : settings.warmUpMs() / 2);
    long windowMs = Math.max(1_000, settings.windowMs() / 2);
    Rounds rounds = Rounds.measure(one, settings.quick() ? 1 : 2, windowMs);
    lines.add(
        Report.cells(
            what,
            value,
            rounds.median("gateway", Rate::framesPerSecond),
            rounds.median("gateway", Rate::cpuMicrosPerFrame),
            rounds.median("gateway", Rate::cpuMicrosPerDelivery),
            rounds.median("gateway", Rate::bytesPerFrame)));
  }

  /** From the call to the snapshot, at a topic that others stream. */
  private void join(Setup setup) throws Exception {
    setup.open(setup.gateway().grpcPort(), 1, 0, 1, 0);
    joinMicros(setup.gateway());
    double before = joinMicros(setup.gateway());
    Candidate load = setup.candidate("gateway", FanOutSection.ahead(1));
    Rounds.warmUp(List.of(load), settings.warmUpMs() / 2);
    Thread.sleep(500);
    long events = setup.consumers().number("events");
    double after = joinMicros(setup.gateway());
    report.note(
        "join in µs after " + events + " events, beside at the start",
        after,
        before,
        after / before);
  }

  private static double joinMicros(MeasuredGateway gateway) {
    SubscribeRequest request =
        SubscribeRequest.newBuilder()
            .addSubscriptions(
                TopicSubscription.newBuilder()
                    .setTopic(
                        Topic.newBuilder()
                            .setOrderBook(
                                OrderBookTopic.newBuilder()
                                    .setInstrumentId(Market.of(0).ticker()))))
            .build();
    double[] micros = new double[JOINS];
    for (int i = 0; i < JOINS; i++) {
      try (Context.CancellableContext call = Context.current().withCancellation()) {
        long begin = System.nanoTime();
        Context previous = call.attach();
        try {
          Iterator<SubscribeResponse> events =
              GatewayServiceGrpc.newBlockingStub(gateway.channel()).subscribe(request);
          while (events.next().getEventsList().stream().noneMatch(Event::hasOrderBookSnapshot)) {
            // what comes before it
          }
        } finally {
          call.detach(previous);
        }
        micros[i] = (System.nanoTime() - begin) / 1e3;
      }
    }
    return Rounds.median(micros);
  }
}
