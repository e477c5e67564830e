package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.request;
import static io.github.dydxgateway.testing.GatewayClient.trades;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.RawHttp2Client;
import io.github.dydxgateway.testing.ScriptedIndexer;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.GetStatusRequest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A client that reads nothing, not even why it is refused. What the server holds for it is counted
 * among the objects of this JVM.
 */
@QuarkusTest
@TestProfile(UnreadRefusalsTest.FewStreams.class)
@QuarkusTestResource(value = ScriptedVenue.class, restrictToAnnotatedClass = true)
class UnreadRefusalsTest {
  private static final String ATTACKER = "127.0.0.2";
  private static final Duration SOON = Duration.ofSeconds(20);

  /** Whose first messages are more than the kernel takes for a client that reads nothing. */
  private static final int MOST_STREAMS = 200;

  private static final int MOST_CALLS = 20;
  private static final int TRADES = 1000;
  private static final int BURST = 1000;
  private static final int BURSTS = 10;
  private static final String SUBSCRIBE =
      GatewayServiceGrpc.getSubscribeMethod().getFullMethodName();

  /** Limits that are soon reached. */
  public static final class FewStreams implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "gateway.stream.max-streams-per-client", Integer.toString(MOST_STREAMS),
          "gateway.stream.max-calls-per-client", Integer.toString(MOST_CALLS));
    }
  }

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  ScriptedIndexer venue;

  /** What comes after the first calls, none of which may be made. */
  enum Flood {
    CALLS,
    HEADERS_ONLY
  }

  @ParameterizedTest
  @EnumSource
  void noMoreIsHeldThanTheLimitsAllow(Flood flood) throws Exception {
    venue.initialState(Channel.TRADES, "BTC-USD", Frames.tradesNewestFirst(1, TRADES));
    byte[] request = request(trades("BTC-USD")).toByteArray();
    int mostHeld;
    try (GatewayClient watcher = new GatewayClient(port);
        RawHttp2Client attacker = new RawHttp2Client(ATTACKER, port)) {
      attacker.handshake(Integer.MAX_VALUE).acknowledge().openConnectionWindow();
      attacker.callAtOnce(MOST_STREAMS, SUBSCRIBE, request);
      awaitStreams(watcher, MOST_STREAMS);
      awaitFullSocket();
      mostHeld = objects("io.grpc.netty.NettyServerStream");
      try {
        for (int i = 0; i < BURSTS; i++) {
          if (flood == Flood.CALLS) {
            attacker.callAtOnce(BURST, SUBSCRIBE, request);
          } else {
            attacker.openAtOnce(BURST, SUBSCRIBE);
          }
          mostHeld = Math.max(mostHeld, objects("io.grpc.netty.NettyServerStream"));
        }
      } catch (IOException e) {
        // The connection was closed, which is as good.
      }
    }
    assertThat(mostHeld).isBetween(MOST_STREAMS, MOST_STREAMS + MOST_CALLS + 1);
  }

  /** Until the kernel takes nothing more for the attacker. */
  private void awaitFullSocket() {
    long[] before = {0};
    int[] same = {0};
    Awaitility.await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              long now = sendQueue();
              same[0] = now > 0 && now == before[0] ? same[0] + 1 : 0;
              before[0] = now;
              return same[0] >= 3;
            });
  }

  /** Bytes that the kernel holds for the attacker, whose address it writes backwards. */
  private long sendQueue() throws IOException {
    Pattern socket = Pattern.compile(":%04X [0-9A-F]*0200007F:".formatted(port));
    List<String> sockets = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
    sockets.addAll(Files.readAllLines(Path.of("/proc/net/tcp6")));
    return sockets.stream()
        .filter(line -> socket.matcher(line).find())
        .mapToLong(line -> Long.parseLong(line.trim().split("[ :]+")[6], 16))
        .sum();
  }

  private static void awaitStreams(GatewayClient watcher, int count) {
    Awaitility.await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () ->
                watcher.calls().getStatus(GetStatusRequest.getDefaultInstance()).getStreamCount()
                    == count);
  }

  /** How many live objects of a class there are, after a collection. */
  private static int objects(String className) throws JMException {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    return histogram
        .lines()
        .map(line -> line.trim().split("\\s+"))
        .filter(columns -> columns.length >= 4 && columns[3].equals(className))
        .mapToInt(columns -> Integer.parseInt(columns[1]))
        .sum();
  }
}
