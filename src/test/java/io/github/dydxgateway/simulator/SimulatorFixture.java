package io.github.dydxgateway.simulator;

import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A running simulator with manual ticks for each test. */
abstract class SimulatorFixture {

  static final SimulatorSettings MANUAL =
      SimulatorSettings.defaults().withTickInterval(Duration.ZERO).withControl(true);

  Vertx vertx;
  IndexerSimulator simulator;

  @BeforeEach
  void startSimulator() {
    vertx = Vertx.vertx();
    simulator = new IndexerSimulator(vertx, settings());
    VenueClient.get(simulator.start());
  }

  @AfterEach
  void stopSimulator() {
    VenueClient.get(simulator.stop());
    VenueClient.get(vertx.close());
  }

  SimulatorSettings settings() {
    return MANUAL;
  }

  VenueClient client() {
    return VenueClient.greeted(vertx, simulator);
  }

  void ticks(int count) {
    for (int i = 0; i < count; i++) {
      VenueClient.get(simulator.tick());
    }
  }
}
