package io.github.dydxgateway.bench;

import io.github.dydxgateway.testing.FreePorts;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.GetStatusRequest;
import io.github.dydxgateway.v1.Instrument;
import io.github.dydxgateway.v1.ListInstrumentsRequest;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.github.dydxgateway.v1.QuotesTopic;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TopicSubscription;
import io.github.dydxgateway.v1.TradesTopic;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures what a way to run the gateway costs, and prints a row of a Markdown table: time to the
 * first health answer and resident memory, or events delivered for each second of processor time.
 * Linux only. Run by {@code src/test/bench/footprint.sh}.
 */
public final class Footprint {
  private static final int STARTS = 5;
  private static final int TOPICS = 50;
  private static final int CLIENTS = 100;
  private static final int INSTRUMENTS = 20;
  private static final long SETTLE_MS = 5_000;
  private static final long WARM_UP_MS = 20_000;
  private static final long MEASURED_MS = 20_000;
  private static final long START_LIMIT_NS = 60_000_000_000L;
  private static final double KIB_PER_MIB = 1024;

  private final List<String> command;
  private int httpPort;
  private int grpcPort;

  private Footprint(List<String> command) {
    this.command = command;
  }

  /**
   * Prints one row.
   *
   * @param arguments {@code memory} or {@code throughput}, the row's name, the program's file or
   *     folder, then the command that starts it
   */
  public static void main(String[] arguments) throws Exception {
    String name = arguments[1];
    long bytes = sizeOf(Path.of(arguments[2]));
    Footprint footprint = new Footprint(Arrays.asList(arguments).subList(3, arguments.length));
    if (arguments[0].equals("memory")) {
      System.out.printf(Locale.ROOT, "| %s | %.0f MiB %s%n", name, mib(bytes), footprint.measure());
    } else {
      System.out.printf("| %s %s%n", name, footprint.throughput());
    }
  }

  private String measure() throws Exception {
    double[] starts = new double[STARTS];
    double idle = 0;
    for (int i = 0; i < STARTS; i++) {
      long begin = System.nanoTime();
      Process program = start("100ms");
      try {
        awaitHealth("started", begin);
        starts[i] = (System.nanoTime() - begin) / 1e6;
        if (i == STARTS - 1) {
          Thread.sleep(SETTLE_MS);
          idle = ProcessSampler.kib(program.pid(), "VmRSS") / KIB_PER_MIB;
        }
      } finally {
        end(program);
      }
    }
    Arrays.sort(starts);
    return String.format(
            Locale.ROOT,
            "| %.0f ms (%.0f to %.0f) ",
            starts[STARTS / 2],
            starts[0],
            starts[STARTS - 1])
        + String.format(Locale.ROOT, "| %.0f MiB ", idle)
        + underLoad();
  }

  /** Memory at the pace of a live venue, as the simulator has it. */
  private String underLoad() throws Exception {
    Load load = load("100ms");
    if (load.topics != TOPICS || load.gaps > 0) {
      throw new IllegalStateException("topics " + load.topics + ", gaps " + load.gaps);
    }
    return String.format(
        Locale.ROOT, "| %.0f MiB |", Math.max(load.residentKib, load.peakKib) / KIB_PER_MIB);
  }

  /** What a second of processor time delivers, at a pace that compiled code is made for. */
  private String throughput() throws Exception {
    Load load = load("10ms");
    return String.format(
        Locale.ROOT,
        "| %.0f | %.0f %% | %.0f |",
        load.events / load.seconds,
        100 * load.cpuSeconds / load.seconds,
        load.events / load.cpuSeconds);
  }

  private record Load(
      long residentKib,
      long peakKib,
      int topics,
      long events,
      long gaps,
      double seconds,
      double cpuSeconds) {}

  /** All clients get all topics, each over a connection of its own. */
  private Load load(String tickInterval) throws Exception {
    Process program = start(tickInterval);
    List<ManagedChannel> channels = new ArrayList<>();
    LongAdder events = new LongAdder();
    LongAdder gaps = new LongAdder();
    LongAdder ends = new LongAdder();
    try {
      SubscribeRequest request = request(instruments());
      for (int i = 0; i < CLIENTS; i++) {
        ManagedChannel channel =
            NettyChannelBuilder.forAddress("127.0.0.1", grpcPort).usePlaintext().build();
        channels.add(channel);
        GatewayServiceGrpc.newStub(channel).subscribe(request, new Counter(events, gaps, ends));
      }
      Thread.sleep(WARM_UP_MS);
      double cpuBefore = ProcessSampler.cpuSeconds(program.pid());
      long eventsBefore = events.sum();
      long begin = System.nanoTime();
      long most = 0;
      while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(MEASURED_MS)) {
        Thread.sleep(500);
        most = Math.max(most, ProcessSampler.kib(program.pid(), "VmRSS"));
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      long delivered = events.sum() - eventsBefore;
      double cpu = ProcessSampler.cpuSeconds(program.pid()) - cpuBefore;
      int topics =
          GatewayServiceGrpc.newBlockingStub(channels.get(0))
              .getStatus(GetStatusRequest.getDefaultInstance())
              .getTopicsCount();
      if (ends.sum() > 0) {
        throw new IllegalStateException("streams ended: " + ends.sum());
      }
      return new Load(
          most,
          ProcessSampler.kib(program.pid(), "VmHWM"),
          topics,
          delivered,
          gaps.sum(),
          seconds,
          cpu);
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
      end(program);
    }
  }

  /** Waits for the instruments and gives the first ones. */
  private List<String> instruments() throws InterruptedException {
    awaitHealth("ready", System.nanoTime());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", grpcPort).usePlaintext().build();
    try {
      GatewayServiceGrpc.GatewayServiceBlockingStub calls =
          GatewayServiceGrpc.newBlockingStub(channel);
      return calls
          .listInstruments(ListInstrumentsRequest.getDefaultInstance())
          .getInstrumentsList()
          .stream()
          .map(Instrument::getInstrumentId)
          .limit(INSTRUMENTS)
          .toList();
    } finally {
      channel.shutdownNow();
    }
  }

  /** Books and trades of all the instruments, and quotes of some. */
  private static SubscribeRequest request(List<String> instruments) {
    SubscribeRequest.Builder request = SubscribeRequest.newBuilder();
    for (int i = 0; i < TOPICS; i++) {
      request.addSubscriptions(
          TopicSubscription.newBuilder()
              .setTopic(topic(i / INSTRUMENTS, instruments.get(i % INSTRUMENTS))));
    }
    return request.build();
  }

  private static Topic topic(int kind, String id) {
    Topic.Builder topic = Topic.newBuilder();
    switch (kind) {
      case 0 -> topic.setOrderBook(OrderBookTopic.newBuilder().setInstrumentId(id));
      case 1 -> topic.setTrades(TradesTopic.newBuilder().setInstrumentId(id));
      default -> topic.setQuotes(QuotesTopic.newBuilder().setInstrumentId(id));
    }
    return topic.build();
  }

  private Process start(String tickInterval) throws IOException {
    List<Integer> ports = FreePorts.take(2);
    httpPort = ports.get(0);
    grpcPort = ports.get(1);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("GATEWAY_UPSTREAM_NETWORK", "simulator");
    builder.environment().put("GATEWAY_SIMULATOR_TICK_INTERVAL", tickInterval);
    builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
    builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(httpPort));
    builder.environment().put("QUARKUS_GRPC_SERVER_HOST", "127.0.0.1");
    builder.environment().put("QUARKUS_GRPC_SERVER_PORT", Integer.toString(grpcPort));
    return builder
        .redirectErrorStream(true)
        .redirectOutput(Path.of("target", "footprint.log").toFile())
        .start();
  }

  private static void end(Process program) throws InterruptedException {
    program.destroy();
    if (!program.waitFor(10, TimeUnit.SECONDS)) {
      program.destroyForcibly().waitFor();
    }
  }

  private void awaitHealth(String kind, long begin) throws InterruptedException {
    while (!isHealthy(kind)) {
      if (System.nanoTime() - begin > START_LIMIT_NS) {
        throw new IllegalStateException("no health answer; see target/footprint.log");
      }
      Thread.sleep(1);
    }
  }

  private boolean isHealthy(String kind) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpPort)) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("GET /q/health/" + kind + " HTTP/1.0\r\nHost: localhost\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(12), StandardCharsets.US_ASCII).endsWith(" 200");
    } catch (IOException e) {
      return false;
    }
  }

  private static long sizeOf(Path program) throws IOException {
    try (var files = Files.walk(program)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static double mib(long bytes) {
    return bytes / KIB_PER_MIB / KIB_PER_MIB;
  }

  private record Counter(LongAdder events, LongAdder gaps, LongAdder ends)
      implements StreamObserver<SubscribeResponse> {
    @Override
    public void onNext(SubscribeResponse response) {
      events.add(response.getEventsCount());
      if (response.getEventsList().stream().anyMatch(Event::hasGap)) {
        gaps.increment();
      }
    }

    @Override
    public void onError(Throwable error) {
      ends.increment();
    }

    @Override
    public void onCompleted() {
      ends.increment();
    }
  }
}
