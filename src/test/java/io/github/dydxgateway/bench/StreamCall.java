package io.github.dydxgateway.bench;

import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.KnownLength;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/** One client's stream: counts what comes, without reading it unless somebody wants to. */
final class StreamCall extends ClientCall.Listener<byte[]> {
  private static final byte[] UNREAD = new byte[0];
  private static final AtomicLongFieldUpdater<StreamCall> MESSAGES =
      AtomicLongFieldUpdater.newUpdater(StreamCall.class, "messages");
  private static final AtomicLongFieldUpdater<StreamCall> BYTES =
      AtomicLongFieldUpdater.newUpdater(StreamCall.class, "bytes");

  private final ClientCall<SubscribeRequest, byte[]> call;
  private final boolean slow;
  private volatile Reader reader;
  private volatile long messages;
  private volatile long bytes;
  private volatile Status end;

  /** Looks into messages; called on the stream's event loop. */
  @FunctionalInterface
  interface Reader {
    /** A message came, at this time of {@link System#nanoTime}. */
    void read(byte[] message, long nanos);
  }

  /**
   * Opens it.
   *
   * @param slow whether it only takes a message when {@link #takeOne} is called
   */
  StreamCall(ManagedChannel channel, SubscribeRequest request, boolean slow) {
    this.slow = slow;
    this.call =
        channel.newCall(
            GatewayServiceGrpc.getSubscribeMethod().toBuilder(
                    GatewayServiceGrpc.getSubscribeMethod().getRequestMarshaller(), new Counting())
                .build(),
            CallOptions.DEFAULT);
    call.start(this, new Metadata());
    call.sendMessage(request);
    call.halfClose();
    call.request(slow ? 1 : Integer.MAX_VALUE);
  }

  void read(Reader newReader) {
    reader = newReader;
  }

  /** Lets a slow stream take one more message. */
  void takeOne() {
    call.request(1);
  }

  boolean isSlow() {
    return slow;
  }

  long messages() {
    return messages;
  }

  long bytes() {
    return bytes;
  }

  /** How it ended; null if it did not. */
  Status end() {
    return end;
  }

  void cancel() {
    call.cancel("the benchmark is done", null);
  }

  @Override
  public void onMessage(byte[] message) {}

  @Override
  public void onClose(Status status, Metadata trailers) {
    end = status;
  }

  private final class Counting implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        int length = stream instanceof KnownLength ? stream.available() : 0;
        BYTES.lazySet(StreamCall.this, bytes + length);
        Reader wanted = reader;
        if (wanted != null) {
          wanted.read(stream.readAllBytes(), System.nanoTime());
        }
        MESSAGES.lazySet(StreamCall.this, messages + 1);
        return UNREAD;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
