package io.github.dydxgateway.health;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started: configuration is good and all rooms are open, whether or not the venue answers yet. */
@ApplicationScoped
@Startup
public class StartedCheck implements AsyncHealthCheck {
  private final String version;

  StartedCheck(@ConfigProperty(name = "quarkus.application.version") String version) {
    this.version = version;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return Uni.createFrom()
        .item(
            HealthCheckResponse.named("gateway-started").up().withData("version", version).build());
  }
}
