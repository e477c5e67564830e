package io.github.dydxgateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.dydxgateway.access.Access;
import io.github.dydxgateway.access.AccessSettings;
import io.github.dydxgateway.access.PortTls;
import io.github.dydxgateway.access.StreamQuota;
import io.github.dydxgateway.stream.StreamCounters;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.ConnectionStatus;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.github.dydxgateway.v1.GetStatusRequest;
import io.github.dydxgateway.v1.GetStatusResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The gRPC port before the rooms of a gateway, over real sockets, without a container. */
@Timeout(60)
class GrpcServerTest {
  private static final String LOOPBACK = "127.0.0.1";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final int LOOPS = 2;
  private static final int CONNECTIONS = 40;

  private final TestGateway gateway = TestGateway.withBtc();
  private final CallLoops loops = new CallLoops(LOOPS);
  private final HealthStatusManager health = new HealthStatusManager();
  private OpenTelemetry telemetry = OpenTelemetry.noop();
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** Calls by the thread that served them. */
  private final Map<Thread, Integer> calls = new ConcurrentHashMap<>();

  private final GatewayGrpcService service =
      new GatewayGrpcService(
          gateway.streams(), gateway.topics(), gateway.instruments(), new CountingStatus());

  private final class CountingStatus implements GatewayStatus {
    @Override
    public String version() {
      calls.merge(Thread.currentThread(), 1, Integer::sum);
      return "test";
    }

    @Override
    public String epoch() {
      return "epoch";
    }

    @Override
    public long startTimeNs() {
      return 1;
    }

    @Override
    public String network() {
      return "simulator";
    }

    @Override
    public String upstreamHost() {
      return "127.0.0.1";
    }

    @Override
    public List<ConnectionStatus> connections() {
      return List.of();
    }
  }

  private GrpcServer server(int port) {
    AccessSettings everybody = new AccessSettings(List.of(), false, true, Optional.empty(), false);
    ClientLimits limits =
        new ClientLimits(100, 100, 100, 100, Duration.ofMinutes(1), Duration.ofMinutes(1));
    return new GrpcServer(
        settings(port),
        limits,
        loops,
        new PortTls(everybody, null, null),
        service,
        health,
        new CallLimits(limits, gateway.streams(), new StreamCounters()),
        new CallRights(new Access(everybody, null), new StreamQuota()),
        new CallTraces(telemetry));
  }

  private static ServerSettings settings(int port) {
    Duration second = Duration.ofSeconds(1);
    return new ServerSettings(LOOPBACK, port, true, 1 << 18, 8192, second, second, second, true);
  }

  private GrpcServer started() {
    GrpcServer server = server(0);
    server.start();
    opened.add(server::stop);
    return server;
  }

  private GatewayClient client(GrpcServer server) {
    GatewayClient client = new GatewayClient(server.port());
    opened.add(0, client);
    return client;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
    loops.close();
  }

  @Test
  void connectionsAreSpreadOverAllLoopsAndAllAreServed() {
    GrpcServer server = started();
    for (int i = 0; i < CONNECTIONS; i++) {
      GetStatusResponse answer =
          client(server).calls().getStatus(GetStatusRequest.getDefaultInstance());
      assertThat(answer.getVersion()).isEqualTo("test");
    }
    Map<String, Integer> byThread = new HashMap<>();
    calls.forEach((thread, count) -> byThread.put(thread.getName(), count));
    assertThat(byThread)
        .hasSize(LOOPS)
        .allSatisfy(
            (thread, count) -> {
              assertThat(thread).startsWith("grpc-loop");
              assertThat(count).isEqualTo(CONNECTIONS / LOOPS);
            });
  }

  @Test
  void callsOfAConnectionStayOnItsLoop() {
    GatewayClient client = client(started());
    for (int i = 0; i < CONNECTIONS; i++) {
      client.calls().getStatus(GetStatusRequest.getDefaultInstance());
    }
    assertThat(calls.values()).containsExactly(CONNECTIONS);
  }

  @Test
  void streamsAreServedOnAllLoops() {
    GrpcServer server = started();
    List<RecordedStream<?, ?>> streams = new ArrayList<>();
    for (int i = 0; i < 2 * LOOPS; i++) {
      streams.add(client(server).subscribe(Topics.markets()));
    }
    streams.forEach(stream -> stream.await(PayloadCase.STREAM_OPENED, 1));
    assertThat(gateway.streams().size()).isEqualTo(2 * LOOPS);
  }

  @Test
  void aPortThatIsTakenIsReportedWithItsKey() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      GrpcServer server = server(other.getLocalPort());
      opened.add(server::stop);
      assertThatThrownBy(server::start)
          .isInstanceOf(ConfigurationException.class)
          .hasMessage(
              "quarkus.grpc.server.port must be a free port that may be opened on"
                  + " quarkus.grpc.server.host 127.0.0.1, got "
                  + other.getLocalPort());
    }
  }

  @Test
  void aPortThatIsNoneIsReportedWithItsKey() {
    GrpcServer server = server(65_536);
    assertThatThrownBy(server::start)
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("quarkus.grpc.server.port must be 0 to 65535, got 65536");
  }

  @Test
  void callsAreRefusedWhileTheGatewayStops() {
    GatewayClient client = client(started());
    client.calls().getStatus(GetStatusRequest.getDefaultInstance());
    service.close(null);
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> client.calls().getStatus(GetStatusRequest.getDefaultInstance()));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refused.getStatus().getDescription())
        .isEqualTo("the gateway is stopping; try another");
    Status ofStream = client.subscribe(Topics.markets()).awaitEnd();
    assertThat(ofStream.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(ofStream.getDescription()).isEqualTo("the gateway is stopping; try another");
    Status ofSession = client.session().stream().awaitEnd();
    assertThat(ofSession.getDescription()).isEqualTo("the gateway is stopping; try another");
  }

  @Test
  void theServerStopsThoughACallIsOpenAndFreesThePort() throws Exception {
    GrpcServer server = started();
    var watch =
        HealthGrpc.newBlockingStub(client(server).channel())
            .watch(HealthCheckRequest.getDefaultInstance());
    assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.SERVING);
    int port = server.port();
    server.stop();
    StatusRuntimeException end = catchThrowableOfType(StatusRuntimeException.class, watch::hasNext);
    assertThat(end.getStatus().getCode()).isIn(Status.Code.UNAVAILABLE, Status.Code.CANCELLED);
    new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
  }

  @Test
  void aCallIsTracedAsAChildOfItsCallersSpan() {
    List<SpanData> spans = new CopyOnWriteArrayList<>();
    telemetry =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(new SpanList(spans)))
                    .build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
    Metadata parent = new Metadata();
    parent.put(
        Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
        "00-" + TRACE + "-00f067aa0ba902b7-01");
    GetStatusResponse answer =
        client(started())
            .calls()
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(parent))
            .getStatus(GetStatusRequest.getDefaultInstance());
    assertThat(answer.getVersion()).isEqualTo("test");
    Awaitility.await().until(() -> !spans.isEmpty());
    assertThat(spans)
        .singleElement()
        .satisfies(
            span -> {
              assertThat(span.getTraceId()).isEqualTo(TRACE);
              assertThat(span.getName()).isEqualTo("dydxgateway.v1.GatewayService/GetStatus");
              assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
              assertThat(span.getAttributes().get(AttributeKey.longKey("rpc.grpc.status_code")))
                  .isZero();
            });
  }

  private record SpanList(List<SpanData> spans) implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> ended) {
      spans.addAll(ended);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  @Test
  void healthOfANameThatNoServiceCanHaveIsRefused() {
    HealthGrpc.HealthBlockingStub stub =
        HealthGrpc.newBlockingStub(client(started()).channel())
            .withDeadlineAfter(20, TimeUnit.SECONDS);
    HealthCheckRequest longest =
        HealthCheckRequest.newBuilder().setService("x".repeat(256)).build();
    HealthCheckRequest tooLong =
        HealthCheckRequest.newBuilder().setService("x".repeat(257)).build();
    assertThat(stub.watch(longest).next().getStatus()).isEqualTo(ServingStatus.SERVICE_UNKNOWN);
    assertThat(
            catchThrowableOfType(StatusRuntimeException.class, () -> stub.watch(tooLong).hasNext())
                .getStatus()
                .getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }
}
