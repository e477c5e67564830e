package io.github.dydxgateway.bench;

import java.io.IOException;

/**
 * Hands setups to the parts of the benchmark: to each its own, or in the quick form one to all,
 * because starting processes takes most of its time.
 */
final class Setups implements AutoCloseable {
  private final BenchSettings settings;
  private Setup measured;
  private Setup floor;

  Setups(BenchSettings settings) {
    this.settings = settings;
  }

  /** For the gateway with its defaults for the benchmark: books of 100 levels, wide. */
  Setup measured() throws IOException {
    if (!settings.quick()) {
      return own(settings.runtimes().get(0));
    }
    measured = measured == null ? setup(settings.runtimes().get(0), true) : measured;
    return measured;
  }

  /** For what the gateway is compared with. */
  Setup floor() throws IOException {
    if (!settings.quick()) {
      return own(settings.runtimes().get(0));
    }
    floor = floor == null ? setup(settings.runtimes().get(0), true) : floor;
    return floor;
  }

  /** That nobody else uses. */
  Setup own(GatewayRuntime runtime) throws IOException {
    return setup(runtime, false);
  }

  private Setup setup(GatewayRuntime runtime, boolean shared) throws IOException {
    return settings.quick()
        ? new Setup(runtime, shared, 4_000, 200)
        : new Setup(runtime, shared, 20_000, 400);
  }

  @Override
  public void close() throws Exception {
    try {
      if (measured != null) {
        measured.end();
      }
    } finally {
      if (floor != null) {
        floor.end();
      }
    }
  }
}
