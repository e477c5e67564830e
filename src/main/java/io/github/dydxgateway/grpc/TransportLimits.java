package io.github.dydxgateway.grpc;

import io.github.dydxgateway.access.PortTls;
import io.grpc.netty.NettyServerBuilder;
import io.quarkus.arc.Unremovable;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Bounds what a connection can cost before a call reaches the service. What Quarkus has keys for
 * (sizes, handshake, keep-alive) stands in application.properties.
 */
@Singleton
@Unremovable
class TransportLimits implements ServerBuilderCustomizer<VertxServerBuilder> {
  static final String INSTANCES_KEY = "quarkus.grpc.server.instances";

  /** Bytes that a client may send on a stream before they are read; requests are small. */
  private static final int RECEIVE_WINDOW = 65_535;

  private static final int IDLE_MINUTES = 5;
  private static final int KEEP_ALIVE_TIMEOUT_SECONDS = 20;
  private static final int RESET_WINDOW_SECONDS = 10;

  private final ClientLimits limits;
  private final CallLimits calls;
  private final PortTls tls;

  TransportLimits(ClientLimits limits, CallLimits calls, PortTls tls) {
    this.limits = limits;
    this.calls = calls;
    this.tls = tls;
  }

  @Override
  public void customize(GrpcServerConfiguration configuration, VertxServerBuilder builder) {
    requireOneInstance(configuration.instances());
    int most = limits.maxCallsPerConnection();
    NettyServerBuilder netty = builder.nettyBuilder();
    tls.grpcContext().ifPresent(netty::sslContext);
    netty
        .maxConcurrentCallsPerConnection(most)
        // A client may leave all its calls at once, but not again and again.
        .maxRstFramesPerWindow(most, RESET_WINDOW_SECONDS)
        .flowControlWindow(RECEIVE_WINDOW)
        .maxConnectionIdle(IDLE_MINUTES, TimeUnit.MINUTES)
        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    builder
        .addTransportFilter(new ConnectionLimits(limits, calls::count))
        .addStreamTracerFactory(new CallReset());
  }

  /**
   * With more, Quarkus takes note of the port once for each instance, refuses the second time, and
   * then waits a minute for what it refused, unless the first instance was slow to open the port.
   *
   * @see <a href="https://github.com/quarkusio/quarkus/issues/54810">Quarkus issue 54810</a>
   */
  static void requireOneInstance(int instances) {
    if (instances != 1) {
      throw new ConfigurationException(
          INSTANCES_KEY + " must be 1, got " + instances, Set.of(INSTANCES_KEY));
    }
  }
}
