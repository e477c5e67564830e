package io.github.dydxgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A venue, a gateway and its clients, each a process. What is started already stays as it is, so
 * that parts of the benchmark can share it.
 */
final class Setup implements AutoCloseable {
  private static final List<String> ENOUGH = List.of("-Xmx1g");
  private static final long OPEN_LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

  private final GatewayRuntime runtime;
  private final boolean shared;
  private final int frames;
  private final long quietMs;
  private final Path progress;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private BenchProcess venue;
  private BenchProcess consumers;
  private MeasuredGateway gateway;

  /**
   * @param shared whether it outlives the part that closes it
   * @param frames of a load before it is sent again
   * @param quietMs without a message that are taken for the end of what was to come
   */
  Setup(GatewayRuntime runtime, boolean shared, int frames, long quietMs) throws IOException {
    this.runtime = runtime;
    this.shared = shared;
    this.frames = frames;
    this.quietMs = quietMs;
    this.progress = Files.createTempFile("bench-progress-", "");
  }

  /** Starts a venue with so many markets. */
  Setup startVenue(int markets) throws IOException {
    if (venue == null) {
      venue =
          closing(
              program(
                  LoadVenue.class,
                  progress.toString(),
                  Integer.toString(shared ? Market.ALL : markets),
                  Integer.toString(frames),
                  Long.toString(BenchSettings.SEED)));
    }
    return this;
  }

  /**
   * Starts the gateway.
   *
   * @param wide see {@link MeasuredGateway}
   */
  Setup startGateway(boolean wide) throws Exception {
    if (gateway == null) {
      gateway = closing(new MeasuredGateway(runtime, venue.greeting(), wide));
    }
    return this;
  }

  /** Starts the clients' process. */
  Setup startConsumers() throws IOException {
    if (consumers == null) {
      consumers = closing(program(Consumers.class, progress.toString()));
    }
    return this;
  }

  /** Starts a program on the JDK of the floors, for the caller to close; does not wait for it. */
  BenchProcess program(Class<?> program, String... arguments) throws IOException {
    return new BenchProcess(runtime.floorHome(), program, ENOUGH, arguments);
  }

  /** Ends it with all else, before what was started earlier. */
  private <T extends AutoCloseable> T closing(T resource) {
    started.push(resource);
    return resource;
  }

  /** Opens streams of the first markets and waits until they have all they get at first. */
  void open(int port, int clients, int slow, int books, int trades) throws Exception {
    open(port, clients, slow, books, trades, 0);
  }

  /** The same from a market of this number on. */
  void open(int port, int clients, int slow, int books, int trades, int first) throws Exception {
    consumers.call("close");
    consumers.call("open %d %d %d %d %d %d".formatted(port, clients, slow, books, trades, first));
    // Of each topic its state and its snapshot.
    long least = gateway == null ? 0 : 2L * (clients - slow) * (books + trades);
    long begin = System.nanoTime();
    while (consumers.number("events") < least && System.nanoTime() - begin < OPEN_LIMIT_NS) {
      Thread.sleep(quietMs / 4);
    }
    awaitQuiet();
  }

  /** Waits until nothing more comes to the clients. */
  void awaitQuiet() throws Exception {
    long before;
    long messages = -1;
    do {
      before = messages;
      Thread.sleep(quietMs);
      messages = consumers.number("events");
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
            consumers.number("events"),
            ProcessSampler.cpuSeconds(gateway.pid()),
            gateway.allocatedBytes());
      }
    };
  }

  /** Ends a part: with all processes, or where they are shared, with its streams. */
  @Override
  public void close() throws Exception {
    if (!shared) {
      end();
    } else if (consumers != null) {
      consumers.call("close");
    }
  }

  /** Ends all processes. */
  void end() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
    Files.deleteIfExists(progress);
  }
}
