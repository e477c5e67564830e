package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.trades;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.GatewayProcess;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.testing.ScriptedIndexer;
import io.github.dydxgateway.v1.Event.PayloadCase;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The packaged program where the system has nothing left for it. */
@Timeout(180)
class ScarceResourcesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LONGEST_END = Duration.ofSeconds(10);
  private static final int DESCRIPTORS = 400;
  private static final int IDLE_CONNECTIONS = 500;

  /** Longer than the handshake timeout of 10 s, which ends idle connections. */
  private static final Duration IDLE = Duration.ofSeconds(16);

  /** More lines than may wait. */
  private static final int STREAMS_LOGGED = 2500;

  @BeforeEach
  void linux() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
  }

  @Test
  void servesAgainAsSoonAsThereAreFileDescriptors() throws Exception {
    try (ScriptedIndexer venue = venue();
        GatewayProcess program =
            GatewayProcess.withDescriptors(DESCRIPTORS, environment(venue)).awaitStarted()) {
      List<Socket> idle = new ArrayList<>();
      try (GatewayClient client = new GatewayClient(program.grpcPort())) {
        client.subscribe(trades("BTC-USD")).await(PayloadCase.TRADES, 1);
        for (int i = 0; i < IDLE_CONNECTIONS; i++) {
          Socket socket = new Socket();
          idle.add(socket);
          socket.connect(new InetSocketAddress("127.0.0.1", program.grpcPort()));
        }
        Awaitility.await().atMost(PATIENCE).until(() -> program.openDescriptors() >= DESCRIPTORS);
        // The condition is the time itself: what ends idle connections runs without descriptors.
        Awaitility.await().pollDelay(IDLE).atMost(IDLE.plus(PATIENCE)).until(() -> true);
        venue.openConnections().forEach(one -> one.close(1012, "{}"));
      }
      for (Socket socket : idle) {
        socket.close();
      }
      Awaitility.await().atMost(PATIENCE).until(() -> program.health("live") == 200);
      Awaitility.await().atMost(PATIENCE).until(() -> program.health("ready") == 200);
      try (GatewayClient later = new GatewayClient(program.grpcPort())) {
        RecordedStream<?, ?> stream = later.subscribe(trades("BTC-USD"));
        stream.await(PayloadCase.TRADES, 1);
        venue.push(Channel.TRADES, "BTC-USD", Frames.trades(4, 5));
        stream.await(PayloadCase.TRADES, 2);
      }
    }
  }

  @Test
  void warnsAtTheStartThatThereAreFewerDescriptorsThanConnections() throws Exception {
    try (ScriptedIndexer venue = venue();
        GatewayProcess program =
            GatewayProcess.withDescriptors(DESCRIPTORS, environment(venue)).awaitStarted()) {
      assertThat(program.output().lines().filter(line -> line.contains("WARN")))
          .singleElement()
          .asString()
          .contains("gateway.stream.max-connections=10000")
          .contains("quarkus.http.limits.max-connections=1000")
          .contains("the limit is " + DESCRIPTORS);
    }
  }

  @Test
  void streamsWhileItsOutputIsNotReadAndReportsWhatWasDropped() throws Exception {
    assumeNoExecutable();
    try (ScriptedIndexer venue = venue();
        GatewayProcess program = GatewayProcess.withFullPipe(environment(venue)).awaitStarted();
        GatewayClient client = new GatewayClient(program.grpcPort())) {
      RecordedStream<?, ?> stream = client.subscribe(trades("BTC-USD"));
      stream.await(PayloadCase.TRADES, 1);
      for (int i = 0; i < STREAMS_LOGGED; i++) {
        RecordedStream<?, ?> other = client.subscribe(trades("BTC-USD"));
        other.await(PayloadCase.TRADES, 1);
        other.cancel();
      }
      venue.push(Channel.TRADES, "BTC-USD", Frames.trades(4, 5));
      stream.await(PayloadCase.TRADES, 2);
      assertThat(program.health("live")).isEqualTo(200);
      assertThat(program.metrics())
          .containsPattern("gateway_log_dropped_lines_total\\{stream=\"stdout\"} [1-9]");
      program.readOutput();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> program.output().contains("lines were dropped: standard output"));
    }
  }

  @Test
  void endsWhileItsOutputIsNotRead() throws Exception {
    assumeNoExecutable();
    try (ScriptedIndexer venue = venue();
        GatewayProcess program = GatewayProcess.withFullPipe(environment(venue)).awaitStarted()) {
      program.terminate();
      assertThat(program.awaitExit(LONGEST_END)).isIn(0, 143);
    }
  }

  /** Its first lines go to the pipe itself: that of these tests is full before it starts. */
  private static void assumeNoExecutable() {
    assumeFalse(
        GatewayProcess.isNative(), "the executable queues its output once it has started only");
  }

  private static Map<String, String> environment(ScriptedIndexer venue) {
    return Map.of("GATEWAY_UPSTREAM_URL", venue.uri().toString());
  }

  private static ScriptedIndexer venue() {
    return ScriptedIndexer.automatic()
        .initialState(Channel.MARKETS, "", Frames.MARKETS)
        .initialState(Channel.TRADES, "BTC-USD", Frames.tradesNewestFirst(1, 3));
  }
}
