package io.github.dydxgateway.health;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Alive as long as its event loops run, whatever the venue does: a restart would not bring the
 * venue back. Told on an event loop, as it only reads memory: workers may all wait for something
 * outside, such as the keys of tokens, and a restart would not help that either.
 */
@ApplicationScoped
@Liveness
public class LiveCheck implements AsyncHealthCheck {
  private final Readiness readiness;

  LiveCheck(Readiness readiness) {
    this.readiness = readiness;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    Readiness.Report report = readiness.report();
    return Uni.createFrom()
        .item(
            HealthCheckResponse.named("gateway-live")
                .status(!report.loopStuck())
                .withData("connections", String.join(", ", report.connections()))
                .withData("event_loop_delay_ms", report.loopDelayMillis())
                .withData("streams", report.streams())
                .build());
  }
}
