package io.github.dydxgateway.integration;

import io.github.dydxgateway.testing.FreePorts;
import io.github.dydxgateway.testing.SimulatorControl;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.List;
import java.util.Map;

/**
 * Has the packaged gateway run its simulator, whose market moves when the test says so, and hands
 * the test's field the ways to both.
 */
public final class PackagedSimulator implements QuarkusTestResourceLifecycleManager {
  /** An account that trades in the simulator. */
  static final String ADDRESS = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";

  private int grpcPort;
  private SimulatorControl venue;

  /** The ways to a gateway and to the venue inside. */
  public record Gateway(int grpcPort, SimulatorControl venue) {}

  @Override
  public Map<String, String> start() {
    List<Integer> ports = FreePorts.take(2);
    grpcPort = ports.get(0);
    venue = new SimulatorControl(ports.get(1));
    return Map.ofEntries(
        Map.entry("quarkus.http.host", "127.0.0.1"),
        Map.entry("quarkus.grpc.server.host", "127.0.0.1"),
        Map.entry("quarkus.grpc.server.port", Integer.toString(grpcPort)),
        Map.entry("gateway.upstream.network", "simulator"),
        Map.entry("gateway.upstream.subscribe-rate", "50"),
        Map.entry("gateway.upstream.reconnect.initial-delay", "20ms"),
        Map.entry("gateway.upstream.reconnect.jitter", "10ms"),
        Map.entry("gateway.upstream.reconnect.restart-spread", "0s"),
        Map.entry("gateway.simulator.port", Integer.toString(ports.get(1))),
        Map.entry("gateway.simulator.tick-interval", "0"),
        Map.entry("gateway.simulator.control", "true"),
        Map.entry("gateway.accounts[0].address", ADDRESS),
        Map.entry("gateway.accounts[0].account-id", "DESK-1"));
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(
        new Gateway(grpcPort, venue), field -> field.getType() == Gateway.class);
  }

  @Override
  public void stop() {}
}
