package io.github.dydxgateway.config;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Warns at the start if the process may not open as many file descriptors as the configured
 * connections need. Without descriptors new connections wait, also those to the venue and of
 * probes.
 */
@Singleton
class DescriptorCheck {
  private static final Logger LOG = Logger.getLogger(DescriptorCheck.class);
  private static final String HTTP_CONNECTIONS = "quarkus.http.limits.max-connections";
  private static final Path PROCESS = Path.of("/proc/self");
  private static final String LIMIT = "Max open files";

  private final GatewayConfig config;
  private final OptionalInt httpConnections;

  DescriptorCheck(
      GatewayConfig config, @ConfigProperty(name = HTTP_CONNECTIONS) OptionalInt httpConnections) {
    this.config = config;
    this.httpConnections = httpConnections;
  }

  /** Late, so that the descriptors that the process itself needs are open and can be counted. */
  void check(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) {
    try {
      OptionalLong limit = limitIn(Files.readString(PROCESS.resolve("limits")));
      if (limit.isPresent()) {
        check(limit.getAsLong(), openNow());
      }
    } catch (IOException e) {
      LOG.debug("The limit of file descriptors is not known on this system", e);
    }
  }

  private void check(long limit, long openNow) {
    long needed =
        openNow
            + config.stream().maxConnections()
            + httpConnections.orElse(0)
            + config.upstream().maxConnections();
    if (needed > limit) {
      LOG.warnf(
          "gateway.stream.max-connections=%d, %s=%s and gateway.upstream.max-connections=%d need"
              + " %d file descriptors with the %d open now, but the limit is %d: raise the limit"
              + " (ulimit -n, LimitNOFILE) or lower the keys",
          config.stream().maxConnections(),
          HTTP_CONNECTIONS,
          httpConnections.isPresent() ? httpConnections.getAsInt() : "unlimited",
          config.upstream().maxConnections(),
          needed,
          openNow,
          limit);
    }
  }

  private static long openNow() throws IOException {
    try (Stream<Path> open = Files.list(PROCESS.resolve("fd"))) {
      return open.count();
    }
  }

  /**
   * The soft limit in the text of {@code /proc/self/limits}; empty if there is none.
   *
   * @param limits lines of a name, the soft limit, the hard limit and a unit
   */
  static OptionalLong limitIn(String limits) {
    return limits
        .lines()
        .filter(line -> line.startsWith(LIMIT))
        .map(line -> line.substring(LIMIT.length()).strip().split("\\s+")[0])
        .filter(soft -> !soft.equals("unlimited"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }
}
