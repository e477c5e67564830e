package io.github.dydxgateway.health;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started: configuration is good and all rooms are open, whether or not the venue answers yet. */
@ApplicationScoped
@Startup
public class StartedCheck implements HealthCheck {
  private final String version;

  StartedCheck(@ConfigProperty(name = "quarkus.application.version") String version) {
    this.version = version;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("gateway-started").up().withData("version", version).build();
  }
}
