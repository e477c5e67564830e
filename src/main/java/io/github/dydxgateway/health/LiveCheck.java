package io.github.dydxgateway.health;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Alive as long as its event loops run, whatever the venue does: a restart would not bring the
 * venue back.
 */
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
        .status(!report.loopStuck())
        .withData("connections", String.join(", ", report.connections()))
        .withData("event_loop_delay_ms", report.loopDelayMillis())
        .withData("streams", report.streams())
        .build();
  }
}
