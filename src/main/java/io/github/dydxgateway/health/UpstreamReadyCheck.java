package io.github.dydxgateway.health;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Ready: connected, instruments loaded, no topic stuck, no channel silent that always ticks, event
 * loops running, not stopping. Told on an event loop, as it only reads memory.
 */
@ApplicationScoped
@org.eclipse.microprofile.health.Readiness
public class UpstreamReadyCheck implements AsyncHealthCheck {
  private final Readiness readiness;

  UpstreamReadyCheck(Readiness readiness) {
    this.readiness = readiness;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    Readiness.Report report = readiness.report();
    return Uni.createFrom()
        .item(
            HealthCheckResponse.named("gateway-ready")
                .status(report.isReady())
                .withData("connections", String.join(", ", report.connections()))
                .withData("last_frame_age_ms", report.lastFrameAgeMillis())
                .withData("instruments", report.instruments())
                .withData("topics", report.topics())
                .withData("stuck_topics", String.join(", ", report.stuckTopics()))
                .withData("silent", String.join(", ", report.silent()))
                .withData("replay_bytes", report.replayBytes())
                .withData("event_loop_delay_ms", report.loopDelayMillis())
                .withData("streams", report.streams())
                .withData("stopping", report.stopping())
                .build());
  }
}
