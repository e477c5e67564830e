package io.github.dydxgateway.grpc;

import io.github.dydxgateway.access.PortTls;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.value.registry.ValueRegistry;
import io.quarkus.value.registry.ValueRegistry.RuntimeKey;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The gRPC port: grpc-java's server on the gateway's own event loops. A connection stays on the
 * loop that it was given to in turn, and its calls run there without a change of thread.
 *
 * <p>Opened once everything else has started, so that no call finds a gateway that is half made;
 * closed after the streams have ended.
 */
@Singleton
public class GrpcServer {
  private static final Logger LOG = Logger.getLogger(GrpcServer.class);

  /** Bytes that a client may send on a stream before they are read; requests are small. */
  private static final int RECEIVE_WINDOW = 65_535;

  private static final int IDLE_MINUTES = 5;
  private static final int KEEP_ALIVE_TIMEOUT_SECONDS = 20;
  private static final int RESET_WINDOW_SECONDS = 10;

  /** For calls that are no streams; then they are cut off. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private final ServerSettings settings;
  private final ClientLimits limits;
  private final CallLoops loops;
  private final PortTls tls;
  private final GatewayGrpcService service;
  private final HealthStatusManager health;
  private final CallLimits callLimits;
  private final CallRights callRights;
  private final CallTraces callTraces;
  private Server server;
  private EventLoopGroup acceptor;

  GrpcServer(
      ServerSettings settings,
      ClientLimits limits,
      CallLoops loops,
      PortTls tls,
      GatewayGrpcService service,
      HealthStatusManager health,
      CallLimits callLimits,
      CallRights callRights,
      CallTraces callTraces) {
    this.settings = settings;
    this.limits = limits;
    this.loops = loops;
    this.tls = tls;
    this.service = service;
    this.health = health;
    this.callLimits = callLimits;
    this.callRights = callRights;
    this.callTraces = callTraces;
  }

  /** The health service that this serves; whoever knows the gateway's health sets it. */
  @Produces
  @Singleton
  static HealthStatusManager health() {
    return new HealthStatusManager();
  }

  /** The number of the port can be looked up under its key, which may have been 0. */
  void start(
      @Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) StartupEvent event,
      ValueRegistry values) {
    start();
    values.register(RuntimeKey.intKey(ServerSettings.PORT), port());
  }

  /**
   * Opens the port.
   *
   * @throws io.quarkus.runtime.configuration.ConfigurationException if a key is wrong or the port
   *     can't be opened
   */
  void start() {
    settings.check();
    acceptor = new NioEventLoopGroup(1, new DefaultThreadFactory("grpc-acceptor", true));
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), settings.port()))
            .bossEventLoopGroup(acceptor)
            .workerEventLoopGroup(loops.group())
            .channelFactory(NioServerSocketChannel::new)
            .directExecutor();
    bound(builder);
    serve(builder);
    tls.grpcContext().ifPresent(builder::sslContext);
    try {
      server = builder.build().start();
    } catch (IOException e) {
      LOG.debug("The gRPC port could not be opened", e);
      throw settings.portNotOpened();
    }
    LOG.infof("gRPC server listens on %s:%d", settings.host(), port());
  }

  /** What a connection may cost before a call reaches the service. */
  private void bound(NettyServerBuilder builder) {
    int most = limits.maxCallsPerConnection();
    builder
        .maxInboundMessageSize(settings.maxInboundMessageSize())
        .maxInboundMetadataSize(settings.maxInboundMetadataSize())
        .handshakeTimeout(settings.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .maxConcurrentCallsPerConnection(most)
        // A client may leave all its calls at once, but not again and again.
        .maxRstFramesPerWindow(most, RESET_WINDOW_SECONDS)
        .flowControlWindow(RECEIVE_WINDOW)
        .maxConnectionIdle(IDLE_MINUTES, TimeUnit.MINUTES)
        .keepAliveTime(settings.keepAliveTime().toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveTime(settings.permitKeepAliveTime().toMillis(), TimeUnit.MILLISECONDS)
        .permitKeepAliveWithoutCalls(settings.permitKeepAliveWithoutCalls())
        .addTransportFilter(new ConnectionLimits(limits, callLimits::count))
        .addStreamTracerFactory(new CallReset());
  }

  private void serve(NettyServerBuilder builder) {
    builder
        .addService(service.definition())
        .addService(
            ServerInterceptors.intercept(
                health.getHealthService(), new HealthNames()::interceptCall));
    if (settings.reflection()) {
      builder.addService(ProtoReflectionServiceV1.newInstance()).addService(reflectionV1Alpha());
    }
    // The one added last is called first.
    List<ServerInterceptor> innermostFirst =
        List.of(
            callRights::interceptCall,
            new CallPeer()::interceptCall,
            new CallFailures()::interceptCall,
            callTraces::interceptCall,
            callLimits::interceptCall);
    innermostFirst.forEach(builder::intercept);
  }

  /** What older tools ask for. */
  @SuppressWarnings("deprecation")
  private static BindableService reflectionV1Alpha() {
    return ProtoReflectionService.newInstance();
  }

  /** Closes the port after the streams have ended. */
  void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) ShutdownEvent event)
      throws InterruptedException {
    stop();
  }

  /** Closes the port and the connections, and ends the event loops. Waits for that. */
  void stop() throws InterruptedException {
    if (server != null) {
      server.shutdown();
      if (!server.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
        server.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
    if (acceptor != null) {
      var unused = acceptor.shutdownGracefully(0, GRACE.toMillis(), TimeUnit.MILLISECONDS);
    }
    loops.close();
  }

  /** Where it listens. */
  int port() {
    return server.getPort();
  }
}
