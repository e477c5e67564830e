package io.github.dydxgateway.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPromise;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a call's messages to its HTTP/2 stream, all that go at once as one piece of data. gRPC's
 * own way makes a buffer, a frame and a promise of each message, which costs more than the message.
 * Headers, trailers and all else of the call stay with gRPC. Belongs to the connection's event
 * loop.
 */
final class MessageWriter {
  /** The same as gRPC's: with so much on its way a client is not ready for more. */
  static final int MOST_WAITING_BYTES = 32 << 10;

  private static final int NOT_COMPRESSED = 0;
  private static final int PREFIX_BYTES = 1 + Integer.BYTES;

  private final CallStream stream;
  private final Runnable onReady;
  private final List<byte[]> held = new ArrayList<>();
  private int heldBytes;
  private int writtenBytes;
  private boolean wanted;
  private boolean failed;

  /**
   * @param onReady run on the event loop when the client can take more, after it could not
   */
  MessageWriter(CallStream stream, Runnable onReady) {
    this.stream = stream;
    this.onReady = onReady;
  }

  /**
   * Whether the client can take more; if not, it will be said when it can. Never again once a write
   * has failed, so that a stream that nobody ends counts as one that takes nothing.
   */
  boolean isReady() {
    if (failed) {
      return false;
    }
    if (waitingBytes() < MOST_WAITING_BYTES) {
      return true;
    }
    wanted = true;
    return false;
  }

  /** Bytes that are held or on their way. */
  int waitingBytes() {
    return heldBytes + writtenBytes;
  }

  /** Holds a message for {@link #write}. It must not be changed. */
  void add(byte[] message) {
    held.add(message);
    heldBytes += PREFIX_BYTES + message.length;
  }

  /** Writes the messages that are held. */
  void write() {
    if (held.isEmpty()) {
      return;
    }
    int bytes = heldBytes;
    ByteBuf data = stream.connection().allocate(bytes);
    for (int i = 0; i < held.size(); i++) {
      byte[] message = held.get(i);
      data.writeByte(NOT_COMPRESSED).writeInt(message.length).writeBytes(message);
    }
    held.clear();
    heldBytes = 0;
    writtenBytes += bytes;
    ChannelPromise done = stream.connection().newPromise();
    done.addListener(write -> taken(bytes, write.isSuccess()));
    stream.connection().write(stream.stream(), data, done);
  }

  /** Not from within a write to a socket: what follows would write again. */
  private void taken(int bytes, boolean isWritten) {
    writtenBytes -= bytes;
    failed |= !isWritten;
    if (wanted && !failed && waitingBytes() < MOST_WAITING_BYTES) {
      wanted = false;
      stream.connection().later(onReady);
    }
  }
}
