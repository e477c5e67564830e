package io.github.dydxgateway.bench;

import io.github.dydxgateway.bench.Rounds.Rate;
import java.io.IOException;
import java.util.List;

/** From the socket to an encoded event at one client, beside a parser that does nothing else. */
final class IngestSection {
  private static final int MARKETS = 20;
  private static final long AHEAD = 8192;

  private final BenchSettings settings;
  private final Setups setups;
  private final Report report;

  IngestSection(BenchSettings settings, Setups setups, Report report) {
    this.settings = settings;
    this.setups = setups;
    this.report = report;
  }

  void run() throws Exception {
    try (Setup measured =
            setups.measured().startVenue(MARKETS).startGateway(true).startConsumers();
        Setup floorSetup = setups.floor().startVenue(MARKETS);
        BenchProcess program =
            floorSetup.program(
                IngestFloor.class, floorSetup.venue().greeting(), Integer.toString(MARKETS))) {
      measured.open(measured.gateway().grpcPort(), 1, 0, MARKETS, MARKETS);
      Candidate gateway = measured.candidate("gateway", AHEAD);
      Candidate floor = floor(floorSetup, program);
      List<Candidate> both = List.of(gateway, floor);
      // The gateway has ten times the code of the floor for the JIT to find.
      Rounds.warmUp(both, settings.longWarmUpMs());
      if (settings.quick()) { // where the gateway has been at work in other parts before
        Rounds.warmUp(List.of(floor), settings.longWarmUpMs());
      }
      Rounds rounds = Rounds.measure(both, settings.rounds(), settings.windowMs());
      report(rounds);
      report.note(
          "snapshots in place of events during ingest",
          measured.gateway().metric("gateway_conflations_total"),
          Double.NaN,
          Double.NaN);
    }
  }

  private void report(Rounds rounds) {
    report.atLeast(
        "ingest with one client, frames/s",
        rounds.median("gateway", Rate::framesPerSecond),
        rounds.median("floor", Rate::framesPerSecond),
        rounds.ratio("gateway", "floor", Rate::framesPerSecond),
        0.40);
    report.atMost(
        "ingest with one client, µs of CPU per frame",
        rounds.median("gateway", Rate::cpuMicrosPerFrame),
        rounds.median("floor", Rate::cpuMicrosPerFrame),
        rounds.ratio("gateway", "floor", Rate::cpuMicrosPerFrame),
        2.5);
    if (settings.runtimes().get(0).isJvm()) {
      report.under(
          "bytes allocated per frame ingested, encoded and delivered to one client",
          rounds.median("gateway", Rate::bytesPerFrame),
          1024);
    }
  }

  private static Candidate floor(Setup setup, BenchProcess program) {
    return new Candidate() {
      @Override
      public String name() {
        return "floor";
      }

      @Override
      public void start() throws IOException {
        setup.venue().call("saturate 0");
      }

      @Override
      public void stop() throws IOException {
        setup.venue().call("stop");
      }

      @Override
      public Reading read() throws IOException {
        long frames = program.number("frames");
        return new Reading(
            System.nanoTime(), frames, 0, ProcessSampler.cpuSeconds(program.pid()), 0);
      }
    };
  }
}
