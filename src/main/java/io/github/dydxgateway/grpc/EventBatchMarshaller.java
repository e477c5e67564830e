package io.github.dydxgateway.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;

/**
 * Writes events that are encoded already, so that an event is encoded once however many clients
 * receive it.
 */
final class EventBatchMarshaller implements MethodDescriptor.Marshaller<EventBatch> {

  @Override
  public InputStream stream(EventBatch batch) {
    return new Encoded(batch);
  }

  @Override
  public EventBatch parse(InputStream stream) {
    try {
      EventBatch batch = new EventBatch();
      batch.add(stream.readAllBytes());
      return batch;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The message as gRPC reads it: {@link #drainTo} copies each event once, into the transport's
   * buffer. gRPC asks for its length before, and for single bytes only where it has no such buffer.
   */
  private static final class Encoded extends InputStream implements KnownLength, Drainable {
    private final List<byte[]> events;
    private int remaining;

    /** Null until the message is read in pieces. */
    private InputStream pieces;

    Encoded(EventBatch batch) {
      this.events = batch.events();
      this.remaining = batch.length();
    }

    @Override
    public int available() {
      return remaining;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      if (pieces != null) {
        int copied = (int) pieces.transferTo(target);
        remaining -= copied;
        return copied;
      }
      int length = remaining;
      if (length > 0) {
        for (byte[] event : events) {
          target.write(event, 0, event.length);
        }
      }
      remaining = 0;
      return length;
    }

    @Override
    public int read() throws IOException {
      int one = pieces().read();
      if (one >= 0) {
        remaining--;
      }
      return one;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = pieces().read(target, offset, length);
      if (count > 0) {
        remaining -= count;
      }
      return count;
    }

    private InputStream pieces() {
      if (pieces == null) {
        List<InputStream> streams =
            remaining == 0
                ? List.of()
                : events.stream().<InputStream>map(ByteArrayInputStream::new).toList();
        pieces = new SequenceInputStream(Collections.enumeration(streams));
      }
      return pieces;
    }
  }
}
