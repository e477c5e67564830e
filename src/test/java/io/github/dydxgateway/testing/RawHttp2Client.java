package io.github.dydxgateway.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A client that speaks HTTP/2 frame by frame, so that it can do what no gRPC library would. Blocks;
 * for one thread.
 */
public final class RawHttp2Client implements Closeable {
  /** Types of frames. */
  public static final int DATA = 0;

  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  /** Flags of frames. */
  public static final int END_STREAM = 1;

  public static final int ACK = 1;
  public static final int END_HEADERS = 4;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int INITIAL_WINDOW_SIZE = 4;

  private final Socket socket = new Socket();
  private final OutputStream out;
  private final DataInputStream in;

  /** Static entries only, so a block of headers can be sent again and again. */
  private final DefaultHttp2HeadersEncoder headers =
      new DefaultHttp2HeadersEncoder((name, value) -> true);

  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
  private int lastStream = -1;

  /** Connects, and says nothing. */
  public RawHttp2Client(int port) {
    this("127.0.0.1", port);
  }

  /**
   * Connects from another of this machine's own addresses, as another client would.
   *
   * @param from such as {@code 127.0.0.2}
   */
  public RawHttp2Client(String from, int port) {
    try {
      socket.setReceiveBufferSize(8192);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
      socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
      out = socket.getOutputStream();
      in = new DataInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * One frame that came.
   *
   * @param headers of a HEADERS frame, as {@code name=value} lines; else empty
   */
  public record Frame(int type, int flags, int stream, byte[] payload, String headers) {
    /** Error code of RST_STREAM or GOAWAY. */
    public int error() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }

    /** What a GOAWAY says for people. */
    public String debugData() {
      return new String(payload, 8, payload.length - 8, StandardCharsets.UTF_8);
    }
  }

  /** Sends the preface and empty SETTINGS. */
  public RawHttp2Client handshake() throws IOException {
    write(PREFACE);
    frame(SETTINGS, 0, 0, new byte[0]);
    return this;
  }

  /** Sends the preface and SETTINGS with an initial flow-control window for each stream. */
  public RawHttp2Client handshake(int initialWindow) throws IOException {
    write(PREFACE);
    frame(
        SETTINGS,
        0,
        0,
        ByteBuffer.allocate(6).putShort((short) INITIAL_WINDOW_SIZE).putInt(initialWindow).array());
    return this;
  }

  /** Lets the other side send as much as it likes on all streams together. */
  public RawHttp2Client openConnectionWindow() throws IOException {
    frame(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(1 << 30).array());
    return this;
  }

  /** Reads up to the SETTINGS of the other side and agrees; until then its limits do not hold. */
  public RawHttp2Client acknowledge() throws IOException {
    await(SETTINGS);
    frame(SETTINGS, ACK, 0, new byte[0]);
    return this;
  }

  /** Sends any bytes. */
  public void write(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  /** Sends a frame. */
  public void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    write(bytesOf(type, flags, stream, payload));
  }

  private static byte[] bytesOf(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /**
   * Opens a stream with the headers of a gRPC call and sends nothing else.
   *
   * @param metadata name and value, name and value
   * @return the stream
   */
  public int open(String method, String... metadata) throws IOException {
    write(opening(method, metadata));
    return lastStream;
  }

  private byte[] opening(String method, String... metadata) throws IOException {
    lastStream += 2;
    return bytesOf(HEADERS, END_HEADERS, lastStream, headersOf(method, metadata));
  }

  private byte[] headersOf(String method, String... metadata) throws IOException {
    DefaultHttp2Headers call = new DefaultHttp2Headers();
    call.method("POST").scheme("http").path("/" + method).authority("localhost");
    call.add("content-type", "application/grpc").add("te", "trailers");
    for (int i = 0; i < metadata.length; i += 2) {
      call.add(metadata[i], metadata[i + 1]);
    }
    ByteBuf block = Unpooled.buffer();
    try {
      headers.encodeHeaders(lastStream, call, block);
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
    byte[] bytes = new byte[block.readableBytes()];
    block.readBytes(bytes);
    return bytes;
  }

  /** Makes a call with one message and reads nothing. */
  public int call(String method, byte[] message) throws IOException {
    int stream = open(method);
    frame(DATA, END_STREAM, stream, grpcMessage(message));
    return stream;
  }

  /** Makes many calls with one message each in a single write, and reads nothing. */
  public void callAtOnce(int calls, String method, byte[] message) throws IOException {
    ByteArrayOutputStream burst = new ByteArrayOutputStream();
    for (int i = 0; i < calls; i++) {
      burst.write(opening(method));
      burst.write(bytesOf(DATA, END_STREAM, lastStream, grpcMessage(message)));
    }
    write(burst.toByteArray());
  }

  /** Opens many streams in a single write and ends each at once, without a message. */
  public void openAtOnce(int streams, String method) throws IOException {
    ByteArrayOutputStream burst = new ByteArrayOutputStream();
    for (int i = 0; i < streams; i++) {
      lastStream += 2;
      burst.write(bytesOf(HEADERS, END_HEADERS | END_STREAM, lastStream, headersOf(method)));
    }
    write(burst.toByteArray());
  }

  /** A message as gRPC frames it. */
  public static byte[] grpcMessage(byte[] message) {
    return ByteBuffer.allocate(5 + message.length)
        .put((byte) 0)
        .putInt(message.length)
        .put(message)
        .array();
  }

  /** Resets a stream. */
  public void reset(int stream) throws IOException {
    frame(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(8).array());
  }

  /** Reads the next frame; null at the end of the connection. */
  public Frame read() throws IOException {
    byte[] head = new byte[9];
    try {
      in.readFully(head);
      ByteBuffer fields = ByteBuffer.wrap(head);
      int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
      byte[] payload = new byte[length];
      in.readFully(payload);
      return new Frame(
          head[3],
          head[4],
          fields.getInt(5) & Integer.MAX_VALUE,
          payload,
          head[3] == HEADERS ? decode(payload) : "");
    } catch (EOFException | java.net.SocketException e) {
      return null;
    }
  }

  /** All blocks have to be decoded, for one may refer to those before. */
  private String decode(byte[] block) throws IOException {
    try {
      StringBuilder lines = new StringBuilder();
      decoder
          .decodeHeaders(1, Unpooled.wrappedBuffer(block))
          .forEach(e -> lines.append(e.getKey()).append('=').append(e.getValue()).append('\n'));
      return lines.toString();
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  /** Reads up to a frame of that type; null if the connection ends before. */
  public Frame await(int type) throws IOException {
    for (Frame frame = read(); ; frame = read()) {
      if (frame == null || frame.type() == type) {
        return frame;
      }
    }
  }

  /** Reads one byte; -1 at the end of the connection. */
  public int readByte() throws IOException {
    return in.read();
  }

  /** Reads up to the end of the connection; whether it came in time. */
  public boolean ends(Duration patience) throws IOException {
    long until = System.nanoTime() + patience.toNanos();
    socket.setSoTimeout((int) patience.toMillis());
    try {
      while (System.nanoTime() < until) {
        if (in.read() < 0) {
          return true;
        }
      }
      return false;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (java.net.SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
