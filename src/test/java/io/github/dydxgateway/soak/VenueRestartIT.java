package io.github.dydxgateway.soak;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short form of {@link VenueRestartSoak}. */
@Timeout(240)
class VenueRestartIT {
  private static final VenueRestart.Load LOAD =
      new VenueRestart.Load(300, 10, 34, 300, 25, Duration.ofSeconds(2), "128m");

  @Test
  void everybodyIsToldAndAgreesWithTheVenueAfterItRestarted() throws Exception {
    try (VenueRestart venue = new VenueRestart(LOAD)) {
      venue.attach();
      venue.restart(LoadVenue.Door.BAD_GATEWAY);
      venue.rollingRestart();
      venue.assertThatAllAgreeWithTheVenue();
    }
  }
}
