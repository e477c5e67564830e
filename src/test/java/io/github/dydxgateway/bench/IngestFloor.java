package io.github.dydxgateway.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.IndexerRequest;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketFrame;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The floor of ingest: Vert.x' WebSocket client and Jackson's streaming parser over the same bytes,
 * and nothing else. Arguments: port of the venue, markets.
 *
 * <p>Command: {@code frames} so far.
 */
public final class IngestFloor {
  private final JsonFactory factory = new JsonFactory();
  private volatile long frames;
  private volatile long tokens;

  private IngestFloor() {}

  /** Runs until its input ends. */
  public static void main(String[] arguments) throws Exception {
    IngestFloor floor = new IngestFloor();
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
    socket.frameHandler(floor::read);
    subscribe(socket, Integer.parseInt(arguments[1]));
    Commands.serve("ready", (command, words) -> Long.toString(floor.frames));
  }

  /** To what the gateway subscribes for a client with books and trades of so many markets. */
  static void subscribe(WebSocket socket, int markets) {
    subscribe(socket, Channel.MARKETS, "");
    for (int i = 0; i < markets; i++) {
      subscribe(socket, Channel.ORDER_BOOK, Market.of(i).ticker());
      subscribe(socket, Channel.TRADES, Market.of(i).ticker());
    }
  }

  private static void subscribe(WebSocket socket, Channel channel, String id) {
    socket.writeTextMessage(IndexerRequest.subscribe(new ChannelId(channel, id), false));
  }

  private void read(WebSocketFrame frame) {
    if (!frame.isText()) {
      return;
    }
    byte[] bytes = frame.binaryData().getBytes();
    long count = 0;
    try (JsonParser parser = factory.createParser(bytes, 0, bytes.length)) {
      while (parser.nextToken() != null) {
        count++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    tokens += count;
    frames++;
  }
}
