package io.github.dydxgateway.health;

import io.github.dydxgateway.grpc.GatewayStatus;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started: configuration is good and all rooms are open, whether or not the venue answers yet. */
@ApplicationScoped
@Startup
public class StartedCheck implements HealthCheck {
  private final GatewayStatus status;

  StartedCheck(GatewayStatus status) {
    this.status = status;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("gateway-started")
        .up()
        .withData("version", status.version())
        .withData("epoch", status.epoch())
        .build();
  }
}
