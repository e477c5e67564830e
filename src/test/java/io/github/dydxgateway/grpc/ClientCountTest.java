package io.github.dydxgateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dydxgateway.access.ClientAddress;
import io.github.dydxgateway.access.ClientCount;
import io.github.dydxgateway.stream.StreamCounters;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientCountTest {
  private static ClientAddress address(String text) throws Exception {
    return ClientAddress.of(InetAddress.getByName(text));
  }

  @Test
  void aClientMayHaveOnlySoManyAndOthersAsMany() throws Exception {
    ClientCount count = new ClientCount(2);
    assertThat(count.add(address("10.0.0.1"))).isTrue();
    assertThat(count.add(address("10.0.0.1"))).isTrue();
    assertThat(count.add(address("10.0.0.1"))).isFalse();
    assertThat(count.add(address("10.0.0.2"))).isTrue();

    count.remove(address("10.0.0.1"));
    assertThat(count.of(address("10.0.0.1"))).isEqualTo(1);
    assertThat(count.add(address("10.0.0.1"))).isTrue();
  }

  @Test
  void clientsThatHaveNoneAreForgotten() throws Exception {
    ClientCount count = new ClientCount(1);
    count.add(address("10.0.0.1"));
    count.remove(address("10.0.0.1"));

    assertThat(count.clients()).isZero();
  }

  @Test
  void allAddressesOfAnIpv6NetworkAreOneClient() throws Exception {
    assertThat(address("2001:db8:1:2::1")).isEqualTo(address("2001:db8:1:2:ffff::9"));
    assertThat(address("2001:db8:1:2::1")).isNotEqualTo(address("2001:db8:1:3::1"));
    assertThat(address("10.0.0.1")).isNotEqualTo(address("10.0.0.2"));
  }

  @Test
  void connectionsAreCountedUntilTheyEndAndRefusedOnesAreNot() {
    List<Object> refused = new ArrayList<>();
    ConnectionLimits limits =
        new ConnectionLimits(
            new ClientLimits(1, 1, 3, 2, Duration.ofSeconds(1), Duration.ofSeconds(1)),
            refused::add);
    Attributes first = limits.transportReady(from("10.0.0.1"));
    limits.transportReady(from("10.0.0.1"));
    assertRefused(limits, "10.0.0.1", "gateway.stream.max-connections-per-client");
    limits.transportReady(from("10.0.0.2"));
    assertRefused(limits, "10.0.0.3", "gateway.stream.max-connections)");
    assertThat(limits.size()).isEqualTo(3);
    assertThat(refused).hasSize(2);

    limits.transportTerminated(null);
    limits.transportTerminated(first);
    assertThat(limits.size()).isEqualTo(2);
    assertThat(limits.transportReady(from("10.0.0.1"))).isNotNull();
  }

  @Test
  void refusalsThatAreNotReadAreCountedAndThoseAboveTheLimitAreResets() throws Exception {
    CallLoops loops = new CallLoops(1);
    try {
      loops.group().submit(ClientCountTest::refuseOneAfterTheOther).get();
    } finally {
      loops.close();
    }
  }

  private static void refuseOneAfterTheOther() {
    CallLimits limits =
        new CallLimits(
            new ClientLimits(0, 1, 1, 1, Duration.ofSeconds(1), Duration.ofSeconds(1)),
            TestGateway.started().streams(),
            new StreamCounters());
    RefusedCall first = new RefusedCall(limits, "10.0.0.1");
    assertThat(first.isTold()).isTrue();
    assertThat(new RefusedCall(limits, "10.0.0.1").isTold()).isTrue();
    RefusedCall above = new RefusedCall(limits, "10.0.0.1");
    assertThat(above.isReset()).isTrue();
    assertThat(above.isTold()).isFalse();
    assertThat(new RefusedCall(limits, "10.0.0.2").isTold()).isTrue();

    first.listener.onComplete();
    above.listener.onCancel();
    RefusedCall later = new RefusedCall(limits, "10.0.0.1");
    assertThat(later.isTold()).isTrue();
    assertThat(later.isReset()).isFalse();
    assertThat(new RefusedCall(limits, "10.0.0.1").isReset()).isTrue();

    later.listener.onCancel();
    assertThat(new RefusedCall(limits, "10.0.0.1").isTold()).isTrue();
  }

  /** A stream that is asked for where none may be. */
  private static final class RefusedCall extends ServerCall<SubscribeRequest, SubscribeResponse> {
    private final Attributes from;
    private final Context context =
        new CallReset().newServerStreamTracer("", new Metadata()).filterContext(Context.ROOT);
    private final ServerCall.Listener<SubscribeRequest> listener;
    private Status end;

    RefusedCall(CallLimits limits, String address) {
      from = from(address);
      Context before = context.attach();
      try {
        listener =
            limits.interceptCall(
                this,
                new Metadata(),
                (call, headers) -> {
                  throw new AssertionError("was not refused");
                });
      } finally {
        context.detach(before);
      }
    }

    boolean isTold() {
      return end != null && end.getCode() == Status.Code.RESOURCE_EXHAUSTED;
    }

    boolean isReset() {
      return context.isCancelled();
    }

    @Override
    public void close(Status status, Metadata trailers) {
      end = status;
    }

    @Override
    public Attributes getAttributes() {
      return from;
    }

    @Override
    public MethodDescriptor<SubscribeRequest, SubscribeResponse> getMethodDescriptor() {
      return GatewayServiceGrpc.getSubscribeMethod();
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(SubscribeResponse message) {}
  }

  private static void assertRefused(ConnectionLimits limits, String address, String key) {
    assertThatThrownBy(() -> limits.transportReady(from(address))).hasMessageContaining(key);
  }

  private static Attributes from(String address) {
    return Attributes.newBuilder()
        .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, new InetSocketAddress(address, 1))
        .build();
  }
}
