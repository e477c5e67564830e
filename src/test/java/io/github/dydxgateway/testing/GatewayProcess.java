package io.github.dydxgateway.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The packaged program, whichever was built last: the executable or the jar. It runs as a process
 * of its own, is configured by its environment as a container would be, and listens where it does
 * by itself.
 */
public final class GatewayProcess implements AutoCloseable {
  private static final Path TARGET = Path.of("target");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

  /** What a pipe holds. */
  private static final int PIPE_BYTES = 65_536;

  private final Path output;
  private final Process process;
  private final int grpcPort;
  private final int httpPort;

  /**
   * Starts it.
   *
   * @param environment added to a bare environment; wins over what this class sets
   * @param systemProperties as {@code name=value}, for what only a {@code -D} can say
   */
  public GatewayProcess(Map<String, String> environment, String... systemProperties) {
    this("", true, environment, List.of(), systemProperties);
  }

  /** As the constructor, in a process that may have so many file descriptors open. */
  public static GatewayProcess withDescriptors(
      int limit, Map<String, String> environment, String... systemProperties) {
    return new GatewayProcess("ulimit -n " + limit, true, environment, List.of(), systemProperties);
  }

  /**
   * As the constructor, in a process whose standard output and standard error are a pipe that is
   * full and that nobody reads before {@link #readOutput}.
   */
  public static GatewayProcess withFullPipe(
      Map<String, String> environment, String... systemProperties) {
    return new GatewayProcess(
        "head -c " + PIPE_BYTES + " /dev/zero", false, environment, List.of(), systemProperties);
  }

  /** Starts it with arguments after the jar's or the executable's name. */
  public static GatewayProcess withArguments(String... arguments) {
    return new GatewayProcess("", true, Map.of(), List.of(arguments));
  }

  private GatewayProcess(
      String shellCommand,
      boolean outputToFile,
      Map<String, String> environment,
      List<String> arguments,
      String... systemProperties) {
    List<Integer> ports = FreePorts.take(2);
    grpcPort = ports.get(0);
    httpPort = ports.get(1);
    Map<String, String> all = new HashMap<>();
    all.put("QUARKUS_HTTP_PORT", Integer.toString(httpPort));
    all.put("QUARKUS_GRPC_SERVER_PORT", Integer.toString(grpcPort));
    all.putAll(environment);
    try {
      output = Files.createTempFile(TARGET, "gateway-process-", ".log");
      List<String> command = new ArrayList<>(command(List.of(systemProperties)));
      command.addAll(arguments);
      ProcessBuilder builder =
          new ProcessBuilder(inShell(shellCommand, command)).redirectErrorStream(true);
      if (outputToFile) {
        builder.redirectOutput(output.toFile());
      }
      builder.environment().keySet().removeIf(key -> key.matches("(GATEWAY|QUARKUS)_.*"));
      builder.environment().putAll(all);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The shell becomes the program, which keeps what the shell's command has set. */
  private static List<String> inShell(String shellCommand, List<String> program) {
    if (shellCommand.isEmpty()) {
      return program;
    }
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", shellCommand + "; exec \"$@\"", "sh"));
    command.addAll(program);
    return command;
  }

  /** Whether the program is the executable. */
  public static boolean isNative() {
    try {
      return isNative(artifact());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isNative(Properties artifact) {
    return artifact.getProperty("type").startsWith("native");
  }

  private static Properties artifact() throws IOException {
    Properties artifact = new Properties();
    try (var reader = Files.newBufferedReader(TARGET.resolve("quarkus-artifact.properties"))) {
      artifact.load(reader);
    }
    return artifact;
  }

  private static List<String> command(List<String> systemProperties) throws IOException {
    Properties artifact = artifact();
    String path = TARGET.resolve(artifact.getProperty("path")).toAbsolutePath().toString();
    List<String> definitions = systemProperties.stream().map(property -> "-D" + property).toList();
    List<String> command = new ArrayList<>();
    if (isNative(artifact)) {
      command.add(path);
      command.addAll(definitions);
    } else {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(definitions);
      command.addAll(List.of("-jar", path));
    }
    return command;
  }

  /** Waits until health says that it started. */
  public GatewayProcess awaitStarted() {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException("the program ended: " + output());
              }
              return health("started") == 200;
            });
    return this;
  }

  /** Status of a health check; 0 if nobody answers. */
  public int health(String kind) throws InterruptedException {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + httpPort + "/q/health/" + kind))
                  .timeout(LONGEST_ANSWER)
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Where it serves gRPC. */
  public int grpcPort() {
    return grpcPort;
  }

  /** Where it serves HTTP. */
  public int httpPort() {
    return httpPort;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Number of its open file descriptors. */
  public long openDescriptors() {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What its metrics show, in Prometheus' format. */
  public String metrics() throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/q/metrics"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** Starts to read the pipe of {@link #withFullPipe} into {@link #output}, to its end. */
  public void readOutput() {
    Thread reader =
        new Thread(
            () -> {
              try (OutputStream file = Files.newOutputStream(output)) {
                process.getInputStream().transferTo(file);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    reader.setDaemon(true);
    reader.start();
  }

  /** Sends SIGTERM, where there are signals. */
  public void terminate() {
    process.destroy();
  }

  /** Waits for its end and gives its exit code. */
  public int awaitExit(Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still runs after " + patience + ": " + output());
    }
    return process.exitValue();
  }

  /** All that it has written. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws Exception {
    process.destroyForcibly();
    process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    Files.deleteIfExists(output);
  }
}
