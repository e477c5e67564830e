package io.github.dydxgateway.simulator;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.impl.WebSocketInternal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The sending end of one connection, with the faults that a network has: it can be late, torn into
 * pieces, or dead for a while. What is sent meanwhile waits, as it would in a socket, and goes out
 * in order. Owned by the simulator's context.
 */
final class FaultyConnection {

  private static final int MOST_WAITING = 50_000;
  private static final short SEND_FAILURE = 4000;
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Vertx vertx;
  private final ServerWebSocket socket;
  private final Faults faults;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private boolean held;
  private boolean stranded;
  private boolean drainPlanned;
  private boolean full;
  private long fullSinceNanos;

  FaultyConnection(Vertx vertx, ServerWebSocket socket, Faults faults) {
    this.vertx = vertx;
    this.socket = socket;
    this.faults = faults;
  }

  private record Waiting(long dueNanos, Runnable write) {}

  /** Sends a frame of the protocol, subject to all faults. */
  void text(String frame) {
    String sent =
        faults.takeCorruption() ? frame.substring(0, frame.length() / 2) + "\u0007" : frame;
    send(() -> write(sent));
  }

  void garbage(Buffer bytes) {
    send(() -> socket.writeBinaryMessage(bytes));
  }

  void garbage(String text) {
    send(() -> socket.writeTextMessage(text));
  }

  void ping() {
    send(() -> socket.writePing(Buffer.buffer()));
  }

  /** Closes after what has been sent before. */
  void close(int code, String reason) {
    send(() -> closeNow(code, reason));
  }

  /** Closes at once, whatever waits. */
  void closeNow(int code, String reason) {
    waiting.clear();
    if (!socket.isClosed()) {
      channel().config().setAutoRead(true);
      socket.close((short) code, reason);
    }
  }

  /** Resets the TCP connection. */
  void abort() {
    waiting.clear();
    channel().config().setOption(ChannelOption.SO_LINGER, 0);
    // From here on outwards nobody adds a close frame, as the channel's own close would.
    ChannelFuture unused = handler().close();
  }

  /** Neither reads nor writes until {@link #release}. */
  void hold() {
    held = true;
    // The only way to keep Vert.x from answering pings.
    channel().config().setAutoRead(false);
  }

  /** Neither reads nor writes for ever. */
  void strand() {
    stranded = true;
    hold();
    waiting.clear();
  }

  void release() {
    if (!stranded && held) {
      held = false;
      channel().config().setAutoRead(true);
      drain();
    }
  }

  private void send(Runnable write) {
    if (stranded || socket.isClosed()) {
      return;
    }
    long delay = faults.delayMillis();
    if (!held && delay == 0 && waiting.isEmpty()) {
      write.run();
      return;
    }
    if (waiting.size() >= MOST_WAITING) {
      strand();
      return;
    }
    waiting.add(new Waiting(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delay), write));
    planDrain();
  }

  private void drain() {
    while (!held && !waiting.isEmpty() && waiting.peek().dueNanos - System.nanoTime() <= 0) {
      Runnable write = waiting.remove().write;
      if (!socket.isClosed()) {
        write.run();
      }
    }
    planDrain();
  }

  private void planDrain() {
    if (held || drainPlanned || waiting.isEmpty()) {
      return;
    }
    drainPlanned = true;
    long nanos = waiting.peek().dueNanos - System.nanoTime();
    vertx.setTimer(
        Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1),
        timer -> {
          drainPlanned = false;
          drain();
        });
  }

  private void write(String frame) {
    if (stuck()) {
      closeNow(SEND_FAILURE, "");
      return;
    }
    int split = faults.splitBytes();
    if (split == 0) {
      socket.writeTextMessage(frame);
    } else {
      writeSplit(frame.getBytes(StandardCharsets.UTF_8), split);
    }
  }

  /** Whether the peer has read nothing for so long that waiting makes no sense. */
  private boolean stuck() {
    if (!socket.writeQueueFull()) {
      full = false;
      return false;
    }
    if (!full) {
      full = true;
      fullSinceNanos = System.nanoTime();
    }
    return System.nanoTime() - fullSinceNanos > STUCK_NANOS;
  }

  private void writeSplit(byte[] frame, int bytes) {
    for (int from = 0; from < frame.length; from += bytes) {
      int to = Math.min(frame.length, from + bytes);
      boolean last = to == frame.length;
      Buffer part = Buffer.buffer(to - from).appendBytes(frame, from, to - from);
      // Only text is split, and all text of the protocol is ASCII, so no character is torn.
      socket.writeFrame(
          from == 0
              ? WebSocketFrame.textFrame(part.toString(), last)
              : WebSocketFrame.continuationFrame(part, last));
    }
  }

  private Channel channel() {
    return handler().channel();
  }

  private ChannelHandlerContext handler() {
    return ((WebSocketInternal) socket).channelHandlerContext();
  }
}
