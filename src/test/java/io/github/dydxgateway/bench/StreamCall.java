package io.github.dydxgateway.bench;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
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
  private static final byte EVENTS_TAG =
      SubscribeResponse.EVENTS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  private static final AtomicLongFieldUpdater<StreamCall> MESSAGES =
      AtomicLongFieldUpdater.newUpdater(StreamCall.class, "messages");
  private static final AtomicLongFieldUpdater<StreamCall> EVENTS =
      AtomicLongFieldUpdater.newUpdater(StreamCall.class, "events");
  private static final AtomicLongFieldUpdater<StreamCall> BYTES =
      AtomicLongFieldUpdater.newUpdater(StreamCall.class, "bytes");

  private final ClientCall<SubscribeRequest, byte[]> call;
  private final boolean slow;
  private volatile Reader reader;
  private volatile long messages;
  private volatile long events;
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

  /** Events in all messages; a message that is none of the contract counts as one. */
  long events() {
    return events;
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

  /** Counts the elements of the field {@code events} without reading them. */
  private static int count(byte[] message) throws IOException {
    if (message.length == 0 || message[0] != EVENTS_TAG) {
      return 1;
    }
    CodedInputStream in = CodedInputStream.newInstance(message);
    int count = 0;
    while (in.readTag() != 0) {
      in.skipRawBytes(in.readRawVarint32());
      count++;
    }
    return count;
  }

  private final class Counting implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        byte[] message = stream.readAllBytes();
        BYTES.lazySet(StreamCall.this, bytes + message.length);
        Reader wanted = reader;
        if (wanted != null) {
          wanted.read(message, System.nanoTime());
        }
        MESSAGES.lazySet(StreamCall.this, messages + 1);
        EVENTS.lazySet(StreamCall.this, events + count(message));
        return UNREAD;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
