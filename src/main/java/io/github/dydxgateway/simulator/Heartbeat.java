package io.github.dydxgateway.simulator;

import io.vertx.core.Vertx;

/**
 * Pings one connection and closes it with 1011 where no pong comes in time. Owned by the
 * simulator's context.
 */
final class Heartbeat {

  private static final int NO_PONG = 1011;
  private static final long NONE = -1;

  private final Vertx vertx;
  private final FaultyConnection connection;
  private final Faults faults;
  private final long pongTimeoutMillis;
  private final long pings;
  private long deadline = NONE;

  Heartbeat(Vertx vertx, FaultyConnection connection, Faults faults, SimulatorSettings settings) {
    this.vertx = vertx;
    this.connection = connection;
    this.faults = faults;
    this.pongTimeoutMillis = settings.pongTimeout().toMillis();
    this.pings = vertx.setPeriodic(settings.pingInterval().toMillis(), timer -> ping());
  }

  void pong() {
    if (deadline != NONE) {
      vertx.cancelTimer(deadline);
      deadline = NONE;
    }
  }

  void stop() {
    vertx.cancelTimer(pings);
    pong();
  }

  private void ping() {
    if (deadline != NONE || faults.isSilent()) {
      return;
    }
    connection.ping();
    deadline = vertx.setTimer(pongTimeoutMillis, timer -> expire());
  }

  private void expire() {
    deadline = NONE;
    if (!faults.isSilent()) {
      connection.close(NO_PONG, "Heartbeat timeout");
    }
  }
}
