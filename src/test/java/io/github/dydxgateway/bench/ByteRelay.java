package io.github.dydxgateway.bench;

import io.grpc.stub.ServerCallStreamObserver;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketFrame;
import java.io.IOException;

/**
 * The floor of latency: each frame of the venue goes out to all streams as it is. Arguments: port
 * of the venue, markets.
 */
public final class ByteRelay {
  private final FloorService service = new FloorService(stream -> {});

  private ByteRelay() throws IOException {}

  /** Runs until its input ends. */
  public static void main(String[] arguments) throws Exception {
    ByteRelay relay = new ByteRelay();
    WebSocket socket =
        Vertx.vertx()
            .createWebSocketClient(
                new WebSocketClientOptions()
                    .setMaxFrameSize(16 << 20)
                    .setMaxMessageSize(16 << 20)
                    .setTcpNoDelay(true))
            .connect(Integer.parseInt(arguments[0]), "127.0.0.1", "/v4/ws")
            .toCompletionStage()
            .toCompletableFuture()
            .get();
    socket.frameHandler(relay::pass);
    IngestFloor.subscribe(socket, Integer.parseInt(arguments[1]));
    Commands.serve(
        Integer.toString(relay.service.port()),
        (command, words) -> {
          throw new IllegalArgumentException(command);
        });
  }

  private void pass(WebSocketFrame frame) {
    byte[] message = frame.binaryData().getBytes();
    for (ServerCallStreamObserver<Object> stream : service.streams()) {
      stream.onNext(message);
    }
  }
}
