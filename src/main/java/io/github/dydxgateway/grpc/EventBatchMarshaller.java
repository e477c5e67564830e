package io.github.dydxgateway.grpc;

import io.github.dydxgateway.stream.EventBatch;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

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
   * The message as gRPC reads it: {@link #drainTo} copies each run of events once, into the
   * transport's buffer. gRPC asks for its length before, and for single bytes only where it has no
   * such buffer.
   */
  private static final class Encoded extends InputStream implements KnownLength, Drainable {
    private EventBatch batch;

    /** Null until the message is read in pieces. */
    private InputStream pieces;

    Encoded(EventBatch batch) {
      this.batch = batch;
    }

    @Override
    public int available() throws IOException {
      if (pieces != null) {
        return pieces.available();
      }
      return batch == null ? 0 : batch.length();
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      if (pieces != null) {
        return (int) pieces.transferTo(target);
      }
      if (batch == null) {
        return 0;
      }
      int length = batch.length();
      batch.writeTo(target);
      batch = null;
      return length;
    }

    @Override
    public int read() throws IOException {
      return pieces().read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return pieces().read(target, offset, length);
    }

    private InputStream pieces() {
      if (pieces == null) {
        pieces = new ByteArrayInputStream(batch == null ? new byte[0] : batch.toByteArray());
        batch = null;
      }
      return pieces;
    }
  }
}
