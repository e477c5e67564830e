package io.github.dydxgateway.health;

import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Publishes readiness through the standard gRPC health service. */
@Singleton
public class GrpcHealth {
  private static final long INTERVAL_MILLIS = 500;

  private final Vertx vertx;
  private final Readiness readiness;
  private final HealthStatusManager service;
  private long timer;
  private ServingStatus published;
  private volatile boolean stopping;

  GrpcHealth(Vertx vertx, Readiness readiness, HealthStatusManager service) {
    this.vertx = vertx;
    this.readiness = readiness;
    this.service = service;
  }

  /** Before the gRPC port opens. */
  void start(@Observes StartupEvent event) {
    publish();
    timer = vertx.setPeriodic(INTERVAL_MILLIS, ignored -> publish());
  }

  /** Before anything else ends. */
  void stop(@Observes @Priority(1) ShutdownDelayInitiatedEvent event) {
    vertx.cancelTimer(timer);
    stopping = true;
    publish();
  }

  private synchronized void publish() {
    ServingStatus now =
        !stopping && readiness.report().isReady()
            ? ServingStatus.SERVING
            : ServingStatus.NOT_SERVING;
    if (now != published) {
      published = now;
      service.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, now);
      service.setStatus(GatewayServiceGrpc.SERVICE_NAME, now);
    }
  }
}
