package io.github.dydxgateway.bench;

import java.io.IOException;

/**
 * Hands setups to the parts of the benchmark: to each its own, or in the quick form one to all,
 * because starting processes takes most of its time.
 */
final class Setups implements AutoCloseable {
  private final BenchSettings settings;
  private Setup shared;
  private Setup floor;

  Setups(BenchSettings settings) {
    this.settings = settings;
  }

  /** For the gateway with its defaults for the benchmark: books of 100 levels, wide. */
  Setup measured() throws IOException {
    return settings.quick() ? shared() : own(settings.runtimes().get(0));
  }

  /** The same, and one for all that ask, whatever the form. */
  Setup shared() throws IOException {
    shared = shared == null ? setup(settings.runtimes().get(0), true) : shared;
    return shared;
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

  /** Ends what the measurements of one part have shared, unless the other parts do too. */
  void endOfPart() throws Exception {
    if (!settings.quick()) {
      close();
    }
  }

  @Override
  public void close() throws Exception {
    try {
      end(shared);
    } finally {
      shared = null;
      end(floor);
      floor = null;
    }
  }

  private static void end(Setup setup) throws Exception {
    if (setup != null) {
      setup.end();
    }
  }
}
