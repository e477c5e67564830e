package io.github.dydxgateway.health;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive, whatever the venue does: a restart would not bring the venue back. */
@ApplicationScoped
@Liveness
public class LiveCheck implements HealthCheck {
  private final Readiness readiness;

  LiveCheck(Readiness readiness) {
    this.readiness = readiness;
  }

  @Override
  public HealthCheckResponse call() {
    Readiness.Report report = readiness.report();
    return HealthCheckResponse.named("gateway-live")
        .up()
        .withData("connections", String.join(", ", report.connections()))
        .withData("streams", report.streams())
        .build();
  }
}
