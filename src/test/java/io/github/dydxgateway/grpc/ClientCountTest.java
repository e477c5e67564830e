package io.github.dydxgateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Attributes;
import io.grpc.Grpc;
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

  private static void assertRefused(ConnectionLimits limits, String address, String key) {
    assertThatThrownBy(() -> limits.transportReady(from(address))).hasMessageContaining(key);
  }

  private static Attributes from(String address) {
    return Attributes.newBuilder()
        .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, new InetSocketAddress(address, 1))
        .build();
  }
}
