package io.github.dydxgateway.bench;

import com.google.protobuf.MessageLite;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.lite.ProtoLiteUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The gateway's Subscribe on bare grpc-java: takes any request and sends what it is told to, bytes
 * as they are or a message that is encoded for each stream.
 */
final class FloorService {
  private final List<ServerCallStreamObserver<Object>> streams = new CopyOnWriteArrayList<>();
  private final Server server;

  /**
   * Serves on a free port of loopback.
   *
   * @param onReady called on a stream's thread when it can take more
   */
  FloorService(OnReady onReady) throws IOException {
    MethodDescriptor<SubscribeRequest, Object> subscribe =
        GatewayServiceGrpc.getSubscribeMethod().toBuilder(
                GatewayServiceGrpc.getSubscribeMethod().getRequestMarshaller(), new Any())
            .build();
    ServerServiceDefinition service =
        ServerServiceDefinition.builder(
                ServiceDescriptor.newBuilder(GatewayServiceGrpc.SERVICE_NAME)
                    .addMethod(subscribe)
                    .build())
            .addMethod(
                subscribe,
                ServerCalls.asyncServerStreamingCall(
                    (request, observer) -> {
                      ServerCallStreamObserver<Object> stream =
                          (ServerCallStreamObserver<Object>) observer;
                      stream.setOnReadyHandler(() -> onReady.ready(stream));
                      stream.setOnCancelHandler(() -> streams.remove(stream));
                      streams.add(stream);
                    }))
            .build();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(service)
            .build()
            .start();
  }

  /** Hears that a stream can take more. */
  @FunctionalInterface
  interface OnReady {
    /** On the stream's thread. */
    void ready(ServerCallStreamObserver<Object> stream);
  }

  int port() {
    return server.getPort();
  }

  List<ServerCallStreamObserver<Object>> streams() {
    return streams;
  }

  private static final class Any implements MethodDescriptor.Marshaller<Object> {
    private final MethodDescriptor.Marshaller<MessageLite> messages =
        ProtoLiteUtils.marshaller((MessageLite) SubscribeResponse.getDefaultInstance());

    @Override
    public InputStream stream(Object value) {
      return value instanceof byte[] bytes
          ? new Encoded(bytes)
          : messages.stream((MessageLite) value);
    }

    @Override
    public Object parse(InputStream stream) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class Encoded extends ByteArrayInputStream
      implements KnownLength, Drainable {
    Encoded(byte[] message) {
      super(message);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int length = available();
      target.write(buf, pos, length);
      pos += length;
      return length;
    }
  }
}
