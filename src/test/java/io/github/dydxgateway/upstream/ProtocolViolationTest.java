package io.github.dydxgateway.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a server sends that breaks the WebSocket protocol is named, and the next attempt follows.
 */
@Timeout(60)
class ProtocolViolationTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<DisconnectReason> losses = new CopyOnWriteArrayList<>();
  private final List<String> reasons = new CopyOnWriteArrayList<>();
  private ConnectionPool pool;

  @AfterEach
  void end() throws Exception {
    pool.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** Opens a session with the venue, which then sends these bytes. */
  private void receive(String hex) throws Exception {
    Buffer bytes = Buffer.buffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    NetServer server =
        vertx
            .createNetServer()
            .connectHandler(
                socket ->
                    socket.handler(
                        request -> {
                          if (request.toString(US_ASCII).startsWith("GET ")) {
                            socket.write(ConnectionPoolTest.handshake(request.toString(US_ASCII)));
                            socket.write(connected().appendBuffer(bytes));
                          }
                        }));
    server
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
    pool =
        new ConnectionPool(
            vertx,
            UpstreamSettings.defaults(URI.create("ws://127.0.0.1:" + server.actualPort())),
            JsonFrameDecoder::new,
            new UpstreamObserver() {
              @Override
              public void reconnecting(int number, DisconnectReason reason) {
                losses.add(reason);
              }

              @Override
              public void connectionStateChanged(
                  int number, ConnectionState from, ConnectionState to, String reason) {
                if (to == ConnectionState.RECONNECTING) {
                  reasons.add(reason);
                }
              }
            },
            InstantSource.system(),
            ignored -> false);
    pool.subscribe(
        ChannelId.of(Channel.MARKETS), pool.loopFor(Channel.MARKETS), new RecordingListener());
    await().atMost(Duration.ofSeconds(10)).until(() -> losses.size() >= 2);
  }

  private static Buffer connected() {
    String text = "{\"type\":\"connected\",\"connection_id\":\"c\",\"message_id\":0}";
    return Buffer.buffer()
        .appendByte((byte) 0x81)
        .appendByte((byte) text.length())
        .appendString(text);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "RSV bit | c1 01 78 | RSV != 0",
        "masked | 81 81 01 02 03 04 79 | masked",
        "reserved opcode | 83 00 | opcode 3",
        "reserved control opcode | 8b 00 | opcode 11",
        "control frame in parts | 09 00 | fragmented control frame",
        "continuation of nothing | 80 01 78 | continuation",
        "close frame of one byte | 88 01 03 | close control frame",
        "close code that is never sent | 88 02 03 ed | close",
        "close reason that is no UTF-8 | 88 04 03 e8 ff fe | bytes",
      })
  void aViolationIsNamed(String what, String hex, String expected) throws Exception {
    receive(hex);
    assertThat(losses).containsOnly(DisconnectReason.PROTOCOL_VIOLATION);
    assertThat(pool.connections().get(0).lastDisconnectReason())
        .startsWith("the venue broke the WebSocket protocol: ")
        .containsIgnoringCase(expected);
    assertThat(reasons.get(0)).contains("the venue broke the WebSocket protocol: ");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a byte too many | 81 7f 00 00 00 00 01 00 00 01",
        "a length of 63 bits | 81 7f 7f ff ff ff ff ff ff ff",
      })
  void aFrameThatIsTooLongIsNamedWithTheKey(String what, String hex) throws Exception {
    receive(hex);
    assertThat(losses).containsOnly(DisconnectReason.FRAME_TOO_LONG);
    assertThat(pool.connections().get(0).lastDisconnectReason())
        .contains("longer than the 16777216 bytes of gateway.upstream.max-frame-bytes");
    assertThat(reasons.get(0)).contains("gateway.upstream.max-frame-bytes");
  }
}
