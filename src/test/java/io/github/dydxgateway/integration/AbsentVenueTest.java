package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.trades;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.v1.ConnectionState;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.github.dydxgateway.v1.GetOrderBookRequest;
import io.github.dydxgateway.v1.GetStatusRequest;
import io.github.dydxgateway.v1.ListInstrumentsRequest;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The gateway while the venue is away, and when it comes back. */
@QuarkusTest
@QuarkusTestResource(value = AbsentVenue.class, restrictToAnnotatedClass = true)
class AbsentVenueTest {
  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @ConfigProperty(name = "quarkus.http.test-port")
  int httpPort;

  AbsentVenue.Door door;

  @Test
  void streamsWaitUnaryCallsFailAndHealthTellsUntilTheVenueIsThere() throws Exception {
    try (GatewayClient client = new GatewayClient(port)) {
      assertThat(health("started").statusCode()).isEqualTo(200);
      assertThat(health("live").statusCode()).isEqualTo(200);
      assertThat(health("ready").statusCode()).isEqualTo(503);
      assertThat(health("ready").body())
          .contains("last_frame_age_ms")
          .containsAnyOf("1 CONNECTING", "1 RECONNECTING");
      assertThat(grpcHealth(client)).isEqualTo(ServingStatus.NOT_SERVING);
      assertThat(
              catchThrowableOfType(
                      StatusRuntimeException.class,
                      () ->
                          client
                              .calls()
                              .listInstruments(ListInstrumentsRequest.getDefaultInstance()))
                  .getStatus()
                  .getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(
              catchThrowableOfType(
                      StatusRuntimeException.class,
                      () ->
                          client
                              .calls()
                              .getOrderBook(
                                  GetOrderBookRequest.newBuilder()
                                      .setInstrumentId("BTC-USD")
                                      .build()))
                  .getStatus()
                  .getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);
      RecordedStream<?, ?> known = client.subscribe(trades("BTC-USD"));
      RecordedStream<?, ?> inLowerCase = client.subscribe(trades("btc-usd-perp.dydx"));
      RecordedStream<?, ?> unknown = client.subscribe(trades("NONE-USD"));
      assertThat(
              known
                  .await(PayloadCase.SUBSCRIPTION_STATE, 1)
                  .get(0)
                  .getSubscriptionState()
                  .getState())
          .isEqualTo(State.STATE_PENDING);

      door.venue().initialState(Channel.TRADES, "BTC-USD", Frames.tradesNewestFirst(1, 3));
      door.open().set(true);

      known.await(PayloadCase.TRADES, 1);
      assertThat(inLowerCase.await(PayloadCase.TRADES, 1).get(0).getTopic())
          .isEqualTo(trades("BTC-USD-PERP.DYDX"));
      assertThat(unknown.awaitEnd().getCode()).isEqualTo(Status.Code.NOT_FOUND);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> grpcHealth(client) == ServingStatus.SERVING);
      assertThat(health("ready").statusCode()).isEqualTo(200);
      var status = client.calls().getStatus(GetStatusRequest.getDefaultInstance());
      assertThat(status.getConnections(0).getState())
          .isEqualTo(ConnectionState.CONNECTION_STATE_ACTIVE);
      assertThat(status.getConnections(0).getSessionId()).isNotEmpty();
      assertThat(status.getTopicsList()).hasSize(1);
      assertThat(metrics()).contains("gateway_upstream_reconnects_total", "gateway_streams");

      door.open().set(false);
      door.venue().openConnections().forEach(connection -> connection.close(1012, ""));
      known.await(e -> e.getSubscriptionState().getState() == State.STATE_RECOVERING);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> grpcHealth(client) == ServingStatus.NOT_SERVING);
      assertThat(health("live").statusCode()).isEqualTo(200);
      door.open().set(true);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> grpcHealth(client) == ServingStatus.SERVING);
    }
  }

  @Test
  void reflectionListsTheService() throws Exception {
    try (GatewayClient client = new GatewayClient(port)) {
      List<String> services = new CopyOnWriteArrayList<>();
      List<ByteString> files = new CopyOnWriteArrayList<>();
      StreamObserver<ServerReflectionRequest> requests =
          ServerReflectionGrpc.newStub(client.channel())
              .serverReflectionInfo(
                  new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                      response
                          .getListServicesResponse()
                          .getServiceList()
                          .forEach(service -> services.add(service.getName()));
                      files.addAll(
                          response.getFileDescriptorResponse().getFileDescriptorProtoList());
                    }

                    @Override
                    public void onError(Throwable error) {}

                    @Override
                    public void onCompleted() {}
                  });
      requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> services.contains("dydxgateway.v1.GatewayService"));
      for (String call : List.of("ListTrades", "ListCandles", "ListFills", "ListTransfers")) {
        files.clear();
        requests.onNext(
            ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("dydxgateway.v1.GatewayService." + call)
                .build());
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !files.isEmpty());
      }
      requests.onCompleted();
    }
  }

  private static ServingStatus grpcHealth(GatewayClient client) {
    return HealthGrpc.newBlockingStub(client.channel())
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }

  private HttpResponse<String> health(String kind) throws Exception {
    return get("/q/health/" + kind);
  }

  private String metrics() throws Exception {
    return get("/q/metrics").body();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
