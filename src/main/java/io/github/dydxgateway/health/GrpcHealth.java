package io.github.dydxgateway.health;

import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.quarkus.grpc.runtime.health.GrpcHealthStorage;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Tells readiness to the standard gRPC health service. */
@Singleton
public class GrpcHealth {
  private static final long INTERVAL_MILLIS = 500;

  private final Vertx vertx;
  private final Readiness readiness;
  private final GrpcHealthStorage storage;
  private long timer;
  private ServingStatus told;
  private volatile boolean stopping;

  GrpcHealth(Vertx vertx, Readiness readiness, GrpcHealthStorage storage) {
    this.vertx = vertx;
    this.readiness = readiness;
    this.storage = storage;
  }

  void start(@Observes StartupEvent event) {
    timer = vertx.setPeriodic(0, INTERVAL_MILLIS, ignored -> tell());
  }

  /** Before anything else ends. */
  void stop(@Observes @Priority(1) ShutdownDelayInitiatedEvent event) {
    vertx.cancelTimer(timer);
    stopping = true;
    tell();
  }

  private synchronized void tell() {
    ServingStatus now =
        !stopping && readiness.report().isReady()
            ? ServingStatus.SERVING
            : ServingStatus.NOT_SERVING;
    if (now != told) {
      told = now;
      storage.setStatus(GrpcHealthStorage.DEFAULT_SERVICE_NAME, now);
      storage.setStatus(GatewayServiceGrpc.SERVICE_NAME, now);
    }
  }
}
