package io.github.dydxgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorSettingsTest {

  @ParameterizedTest
  @ValueSource(strings = {"PT0.0009S", "PT0.000000001S", "-PT0.0005S", "-PT1S"})
  void aTickIntervalBelowAMillisecondIsRefused(String interval) {
    assertThatThrownBy(
            () -> SimulatorSettings.defaults().withTickInterval(Duration.parse(interval)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("tickInterval must be 0 or at least 1 ms but is ");
  }

  @Test
  void theShortestTickIntervalMakesBlocksOfASecond() {
    SimulatorRecord record = new SimulatorRecord();
    Venue venue =
        new Venue(
            SimulatorSettings.defaults().withTickInterval(Duration.ofMillis(1)).withMarkets(1),
            record,
            new Subscriptions());
    for (int i = 0; i < 2000; i++) {
      venue.tick();
    }
    assertThat(record.blockHeights()).hasSize(2);
  }
}
