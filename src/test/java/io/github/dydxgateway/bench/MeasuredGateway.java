package io.github.dydxgateway.bench;

import io.github.dydxgateway.testing.FreePorts;
import io.github.dydxgateway.v1.ConnectionStatus;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.GetStatusRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The packaged gateway in a process of its own, connected to a {@link LoadVenue}. */
final class MeasuredGateway implements AutoCloseable {
  private static final long START_LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

  /** Room for all that the venue runs ahead, so that nothing is left out of what is measured. */
  private static final Map<String, String> WIDE =
      Map.of(
          "GATEWAY_STREAM_MAX_LAG", "0s",
          "GATEWAY_STREAM_REPLAY_EVENTS", "16384",
          "GATEWAY_STREAM_REPLAY_BYTES", "67108864");

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int httpPort;
  private final int grpcPort;
  private final ManagedChannel channel;
  private final JvmSampler jvm;

  /**
   * Starts it and waits until it is ready.
   *
   * @param wide whether clients may be far behind before anything is left out
   */
  MeasuredGateway(GatewayRuntime runtime, String venuePort, boolean wide) throws Exception {
    List<Integer> ports = FreePorts.take(2);
    httpPort = ports.get(0);
    grpcPort = ports.get(1);
    ProcessBuilder builder = new ProcessBuilder(runtime.command());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(key -> key.matches("(GATEWAY|QUARKUS)_.*"));
    environment.put("GATEWAY_UPSTREAM_URL", "ws://127.0.0.1:" + venuePort + "/v4/ws");
    environment.put("GATEWAY_UPSTREAM_SUBSCRIBE_RATE", "1000");
    environment.put("GATEWAY_UPSTREAM_HEARTBEAT_TIMEOUT", "1h");
    environment.put("GATEWAY_STREAM_IDLE_LINGER", "0s");
    // All clients have one address here, and each a connection of its own.
    environment.put("GATEWAY_STREAM_MAX_STREAMS_PER_CLIENT", "2000");
    environment.put("GATEWAY_STREAM_MAX_CONNECTIONS_PER_CLIENT", "2000");
    environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(httpPort));
    environment.put("QUARKUS_GRPC_SERVER_HOST", "127.0.0.1");
    environment.put("QUARKUS_GRPC_SERVER_PORT", Integer.toString(grpcPort));
    if (wide) {
      environment.putAll(WIDE);
    }
    process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(
                    Files.createDirectories(BenchSettings.LOGS).resolve("gateway.log").toFile()))
            .start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", grpcPort).usePlaintext().build();
    try {
      awaitReady();
      jvm = runtime.isJvm() ? new JvmSampler(process.pid()) : null;
    } catch (Exception e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private void awaitReady() throws InterruptedException {
    long begin = System.nanoTime();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() - begin > START_LIMIT_NS) {
        throw new IllegalStateException("the gateway does not start; see target/bench/logs");
      }
      Thread.sleep(50);
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      return get("/q/health/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  int grpcPort() {
    return grpcPort;
  }

  ManagedChannel channel() {
    return channel;
  }

  long pid() {
    return process.pid();
  }

  /** Frames received from the venue. */
  long frames() {
    return GatewayServiceGrpc.newBlockingStub(channel)
        .getStatus(GetStatusRequest.getDefaultInstance())
        .getConnectionsList()
        .stream()
        .mapToLong(ConnectionStatus::getFrameCount)
        .sum();
  }

  /** Sum of a metric over its labels. */
  double metric(String name) throws IOException, InterruptedException {
    double sum = 0;
    for (String line : get("/q/metrics").body().split("\n")) {
      if (line.startsWith(name + "{") || line.startsWith(name + " ")) {
        sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
      }
    }
    return sum;
  }

  /** Deliveries so far by their latency: upper limit of the bucket in seconds, count up to it. */
  TreeMap<Double, Double> deliveryLatencies() throws IOException, InterruptedException {
    TreeMap<Double, Double> buckets = new TreeMap<>();
    for (String line : get("/q/metrics").body().split("\n")) {
      if (line.startsWith("gateway_delivery_latency_seconds_bucket{")) {
        String limit = line.replaceAll(".*le=\"([^\"]*)\".*", "$1");
        buckets.merge(
            limit.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(limit),
            Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)),
            Double::sum);
      }
    }
    return buckets;
  }

  /** Bytes allocated so far; 0 where that is not known. */
  long allocatedBytes() {
    return jvm == null ? 0 : jvm.allocatedBytes();
  }

  /** Heap in use after a collection, in MiB; NaN where that is not known. */
  double liveHeapMib() {
    return jvm == null ? Double.NaN : jvm.liveHeapMib();
  }

  @Override
  public void close() throws Exception {
    if (jvm != null) {
      jvm.close();
    }
    channel.shutdownNow();
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
