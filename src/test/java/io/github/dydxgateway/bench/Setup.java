package io.github.dydxgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A venue, a gateway and its clients, each a process, for one part of the benchmark. Closes what it
 * started.
 */
final class Setup implements AutoCloseable {
  private static final List<String> ENOUGH = List.of("-Xmx1g");
  private static final long QUIET_MS = 400;

  private final GatewayRuntime runtime;
  private final Path progress;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private BenchProcess venue;
  private BenchProcess consumers;
  private MeasuredGateway gateway;

  Setup(GatewayRuntime runtime) throws IOException {
    this.runtime = runtime;
    this.progress = Files.createTempFile("bench-progress-", "");
  }

  /** Starts a venue with so many markets, of which each book has so many levels a side. */
  Setup startVenue(int markets, int depth) throws IOException {
    venue =
        program(
            LoadVenue.class,
            progress.toString(),
            Integer.toString(markets),
            Integer.toString(depth),
            Long.toString(BenchSettings.SEED));
    return this;
  }

  /**
   * Starts the gateway.
   *
   * @param wide see {@link MeasuredGateway}
   */
  Setup startGateway(boolean wide) throws Exception {
    gateway = new MeasuredGateway(runtime, venue.greeting(), wide);
    started.push(gateway);
    return this;
  }

  /** Starts the clients' process. */
  Setup startConsumers() throws IOException {
    consumers = program(Consumers.class, progress.toString());
    return this;
  }

  /** Starts a program on the JDK of the floors. */
  BenchProcess program(Class<?> program, String... arguments) throws IOException {
    BenchProcess process = new BenchProcess(runtime.floorHome(), program, ENOUGH, arguments);
    started.push(process);
    return process;
  }

  /** Closes it with all else, before what was started earlier. */
  <T extends AutoCloseable> T closing(T resource) {
    started.push(resource);
    return resource;
  }

  /** Opens streams and waits until they have all they get at first. */
  void open(int port, int clients, int slow, int books, int trades) throws Exception {
    consumers.call("close");
    consumers.call("open %d %d %d %d %d".formatted(port, clients, slow, books, trades));
    awaitQuiet();
  }

  /** Waits until nothing more comes to the clients. */
  void awaitQuiet() throws Exception {
    long before;
    long messages = -1;
    do {
      before = messages;
      Thread.sleep(QUIET_MS);
      messages = consumers.number("messages");
    } while (messages != before);
  }

  BenchProcess venue() {
    return venue;
  }

  BenchProcess consumers() {
    return consumers;
  }

  MeasuredGateway gateway() {
    return gateway;
  }

  /** The gateway and its clients under a load that runs ahead of them by so many events. */
  Candidate candidate(String name, long ahead) {
    return new Candidate() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void start() throws IOException {
        venue.call("saturate " + ahead);
      }

      @Override
      public void stop() throws IOException {
        venue.call("stop");
        if (consumers.number("ended") > 0) {
          throw new IOException("streams have ended; see target/bench/logs");
        }
      }

      @Override
      public Reading read() throws IOException {
        long frames = gateway.frames();
        return new Reading(
            System.nanoTime(),
            frames,
            consumers.number("messages"),
            ProcessSampler.cpuSeconds(gateway.pid()),
            gateway.allocatedBytes());
      }
    };
  }

  @Override
  public void close() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
    Files.deleteIfExists(progress);
  }
}
