package io.github.dydxgateway.grpc;

import static io.github.dydxgateway.testing.GatewayClient.blockHeight;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Whether calls of the gateway find their HTTP/2 streams; without, all goes on, but slower. */
@QuarkusTest
class CallStreamTest {
  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @Inject Found found;

  /** What calls of Subscribe have found. */
  @ApplicationScoped
  @GlobalInterceptor
  public static class Found implements ServerInterceptor {
    private final Queue<Boolean> streams = new ConcurrentLinkedQueue<>();

    Queue<Boolean> streams() {
      return streams;
    }

    @Override
    public <Q, P> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
      if (call.getMethodDescriptor()
          .getFullMethodName()
          .equals(GatewayServiceGrpc.getSubscribeMethod().getFullMethodName())) {
        streams.add(CallStream.ofPresentCall() != null);
      }
      return next.startCall(call, headers);
    }
  }

  @Test
  void eachCallFindsItsStream() throws Exception {
    found.streams().clear();
    try (GatewayClient client = new GatewayClient(port)) {
      RecordedStream<?, ?> first = client.subscribe(blockHeight());
      RecordedStream<?, ?> second = client.subscribe(blockHeight());
      first.await(PayloadCase.BLOCK_HEIGHT, 3);
      second.await(PayloadCase.BLOCK_HEIGHT, 3);
    }
    assertThat(found.streams()).containsExactly(true, true);
  }
}
