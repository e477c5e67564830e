package io.github.dydxgateway.chaos;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A WebSocket message as it passes the proxy, put together from its frames. Immutable.
 *
 * @param bytes must not be changed
 */
record VenueMessage(Kind kind, byte[] bytes) {
  private static final int LONGEST = 16 << 20;

  /** Kinds of messages. */
  enum Kind {
    TEXT,
    BINARY,
    PING,
    PONG,
    CLOSE
  }

  static VenueMessage text(String text) {
    return new VenueMessage(Kind.TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** As text; ASCII, as all text of the simulator is. */
  String text() {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** As one frame from a server. */
  Buffer frame() {
    return frame(
        switch (kind) {
          case TEXT -> new TextWebSocketFrame(true, 0, Unpooled.wrappedBuffer(bytes));
          case BINARY -> new BinaryWebSocketFrame(true, 0, Unpooled.wrappedBuffer(bytes));
          case PING -> new PingWebSocketFrame(Unpooled.wrappedBuffer(bytes));
          case PONG -> new PongWebSocketFrame(Unpooled.wrappedBuffer(bytes));
          case CLOSE -> new CloseWebSocketFrame(true, 0, Unpooled.wrappedBuffer(bytes));
        });
  }

  /** The first frame of a text message, from the beginning up to an index. */
  Buffer firstFrame(int to) {
    return frame(new TextWebSocketFrame(false, 0, Unpooled.wrappedBuffer(bytes, 0, to)));
  }

  /** A later frame of a text message. */
  Buffer nextFrame(int from, int to) {
    return frame(
        new ContinuationWebSocketFrame(
            to == bytes.length, 0, Unpooled.wrappedBuffer(bytes, from, to - from)));
  }

  private static Buffer frame(WebSocketFrame frame) {
    EmbeddedChannel encoder = new EmbeddedChannel(new WebSocket13FrameEncoder(false));
    encoder.writeOutbound(frame);
    Buffer encoded = Buffer.buffer();
    for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
      encoded.appendBytes(bytesOf(part));
      part.release();
    }
    encoder.finishAndReleaseAll();
    return encoded;
  }

  private static byte[] bytesOf(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  /** Reads the bytes of a server: an HTTP answer, then frames. Not thread safe. */
  static final class Reader {
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final EmbeddedChannel decoder =
        new EmbeddedChannel(
            new WebSocket13FrameDecoder(false, false, LONGEST),
            new WebSocketFrameAggregator(LONGEST));
    private Buffer head = Buffer.buffer();

    /** The HTTP answer once it is complete, in the call in which it becomes so; else null. */
    Buffer head(Buffer received, List<VenueMessage> messages) {
      if (head == null) {
        messages.addAll(read(received));
        return null;
      }
      head.appendBuffer(received);
      int end = indexOf(head.getBytes(), END_OF_HEAD);
      if (end < 0) {
        return null;
      }
      Buffer complete = head.getBuffer(0, end + END_OF_HEAD.length);
      Buffer rest = head.getBuffer(complete.length(), head.length());
      head = null;
      messages.addAll(read(rest));
      return complete;
    }

    private List<VenueMessage> read(Buffer received) {
      decoder.writeInbound(Unpooled.wrappedBuffer(received.getBytes()));
      List<VenueMessage> messages = new ArrayList<>();
      for (WebSocketFrame frame = decoder.readInbound();
          frame != null;
          frame = decoder.readInbound()) {
        messages.add(new VenueMessage(kindOf(frame), bytesOf(frame.content())));
        frame.release();
      }
      return messages;
    }

    void close() {
      decoder.finishAndReleaseAll();
    }

    private static Kind kindOf(WebSocketFrame frame) {
      if (frame instanceof TextWebSocketFrame) {
        return Kind.TEXT;
      } else if (frame instanceof PingWebSocketFrame) {
        return Kind.PING;
      } else if (frame instanceof PongWebSocketFrame) {
        return Kind.PONG;
      } else if (frame instanceof CloseWebSocketFrame) {
        return Kind.CLOSE;
      }
      return Kind.BINARY;
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
      for (int at = 0; at + wanted.length <= bytes.length; at++) {
        int same = 0;
        while (same < wanted.length && bytes[at + same] == wanted[same]) {
          same++;
        }
        if (same == wanted.length) {
          return at;
        }
      }
      return -1;
    }
  }
}
