package io.github.dydxgateway.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The venue restarts while thousands of clients are attached; memory stays bounded. */
class VenueRestartSoak {
  private static final int CLIENTS = Integer.getInteger("soak.attached", 5_000);
  private static final String HEAP = System.getProperty("soak.heap", "512m");
  private static final int CHANNELS = 50;
  private static final int MARKETS = 80;
  private static final int FRAMES_PER_SECOND = 200;
  private static final int SUBSCRIBE_RATE = 5; // the default
  private static final Duration AWAY = Duration.ofSeconds(15);
  private static final int RESTARTS = 4;
  private static final double MIB = 1024 * 1024;

  /** What noise may look like. */
  private static final double LARGEST_REMAINDER_MIB = 16;

  @Test
  void memoryIsBoundedAndEverybodyAgreesWithTheVenueAfterItRestarted() throws Exception {
    try (VenueRestart venue =
        new VenueRestart(
            new VenueRestart.Load(
                CLIENTS, CHANNELS, MARKETS, FRAMES_PER_SECOND, SUBSCRIBE_RATE, AWAY, HEAP))) {
      venue.attach();
      SoakReport report =
          new SoakReport(
              "restart",
              "./mvnw -Psoak verify -Dit.test=VenueRestartSoak",
              venue.probe().version() + " with -Xmx" + HEAP);
      report.line(
          "%d clients over %d connections, %d connections to the venue, away for %d s.",
          CLIENTS, CHANNELS, venue.connections(), AWAY.toSeconds());
      report.line("");
      report.table(
          List.of(
              "restart",
              "attempts to connect",
              "most in a second",
              "subscribes",
              "most in a second on a connection",
              "all live after s",
              "most resident MiB",
              "live heap after MiB",
              "gaps so far",
              "wrong so far"));
      ProcessProbe.Sample before = venue.probe().sample();
      double firstHeap = 0;
      for (int i = 0; i < RESTARTS; i++) {
        LoadVenue.Door meanwhile = i % 2 == 0 ? LoadVenue.Door.RESET : LoadVenue.Door.BAD_GATEWAY;
        report.row(
            venue.row(
                "all at once, then " + meanwhile.name().toLowerCase(Locale.ROOT),
                venue.restart(meanwhile)));
        if (i == 0) {
          firstHeap = venue.probe().sample().liveHeapBytes() / MIB;
        }
      }
      report.row(venue.row("one after another", venue.rollingRestart()));
      venue.assertThatAllAgreeWithTheVenue();
      ProcessProbe.Sample after = venue.probe().sample();
      report.line("");
      report.line(
          "Before: live heap %.1f MiB, resident %.0f MiB, %d files, %d threads; after: %.1f MiB,"
              + " %.0f MiB, %d, %d. All %d clients agree with the venue on every book, trade and"
              + " sequence.",
          before.liveHeapBytes() / MIB,
          before.residentBytes() / MIB,
          before.files(),
          before.threads(),
          after.liveHeapBytes() / MIB,
          after.residentBytes() / MIB,
          after.files(),
          after.threads(),
          CLIENTS);
      assertThat(after.liveHeapBytes() / MIB)
          .as("live heap after the last restart, beside the first")
          .isLessThan(firstHeap + LARGEST_REMAINDER_MIB);
      assertThat(after.files()).as("files").isLessThanOrEqualTo(before.files());
      assertThat(after.streams()).as("streams").isEqualTo(before.streams());
      assertThat(after.topics()).as("topics").isEqualTo(before.topics());
    }
  }
}
