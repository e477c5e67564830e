package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.quotes;
import static io.github.dydxgateway.testing.GatewayClient.subaccount;
import static io.github.dydxgateway.testing.GatewayClient.trades;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.github.dydxgateway.v1.GetInstrumentRequest;
import io.github.dydxgateway.v1.GetOrderBookRequest;
import io.github.dydxgateway.v1.GetStatusRequest;
import io.github.dydxgateway.v1.ListCandlesRequest;
import io.github.dydxgateway.v1.ListFillsRequest;
import io.github.dydxgateway.v1.ListInstrumentsRequest;
import io.github.dydxgateway.v1.ListTradesRequest;
import io.github.dydxgateway.v1.ListTransfersRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each token gives, over real sockets. */
@QuarkusTest
@TestProfile(TokensOn.class)
@Timeout(60)
class TokensTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TestHTTPResource("/")
  URI root;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int grpcPort;

  private GatewayClient client;

  @AfterEach
  void leave() throws Exception {
    if (client != null) {
      client.close();
    }
  }

  private GatewayClient with(String token) {
    client = new GatewayClient(grpcPort, token);
    return client;
  }

  private static Status.Code codeOf(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run).getStatus().getCode();
  }

  // ---- no token, no answer

  @Test
  void nothingButHealthIsToldWithoutAToken() throws Exception {
    client = new GatewayClient(grpcPort);
    assertNothingIsTold();
    assertThat(
            HealthGrpc.newBlockingStub(client.channel())
                .check(HealthCheckRequest.getDefaultInstance())
                .isInitialized())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "wrong",
        "a.b.c",
        "eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIn0.",
        TokensOn.BOT + "0"
      })
  void nothingIsToldWithATokenThatNobodyGave(String token) {
    with(token);
    assertNothingIsTold();
  }

  private void assertNothingIsTold() {
    assertThat(client.subscribe(trades("BTC-USD")).awaitEnd().getCode())
        .isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(client.session().stream().awaitEnd().getCode())
        .isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(codeOf(() -> client.calls().getStatus(GetStatusRequest.getDefaultInstance())))
        .isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(
            codeOf(
                () -> client.calls().listInstruments(ListInstrumentsRequest.getDefaultInstance())))
        .isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(reflectionFailure()).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  private Status.Code reflectionFailure() {
    CompletableFuture<Status.Code> end = new CompletableFuture<>();
    ServerReflectionGrpc.newStub(client.channel())
        .serverReflectionInfo(
            new StreamObserver<>() {
              @Override
              public void onNext(ServerReflectionResponse response) {
                end.complete(Status.Code.OK);
              }

              @Override
              public void onError(Throwable error) {
                end.complete(Status.fromThrowable(error).getCode());
              }

              @Override
              public void onCompleted() {
                end.complete(Status.Code.OK);
              }
            })
        .onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    return end.orTimeout(20, TimeUnit.SECONDS).join();
  }

  // ---- rights

  @Test
  void aTopicThatTheTokenDoesNotGiveIsRefusedAndTheOthersGoOn() {
    RecordedStream<?, ?> stream =
        with(TokensOn.CHART).subscribe(subaccount(TokensOn.ACCOUNT, 0), trades("BTC-USD"));
    assertThat(
            stream.await(PayloadCase.SUBSCRIPTION_ERROR, 1).get(0).getSubscriptionError().getCode())
        .isEqualTo(Status.Code.PERMISSION_DENIED.value());
    stream.await(PayloadCase.TRADES, 1);
    assertThat(stream.isOpen()).isTrue();
    assertThat(stream.events(PayloadCase.SUBACCOUNT_SNAPSHOT)).isEmpty();
  }

  @Test
  void aCallForNothingElseEnds() {
    assertThat(with(TokensOn.CHART).subscribe(subaccount(TokensOn.ACCOUNT, 0)).awaitEnd().getCode())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  @Test
  void aSessionGoesOnAfterARefusal() {
    GatewayClient.Session session = with(TokensOn.LEDGER).session();
    session.subscribe(quotes("BTC-USD"));
    session.stream().await(PayloadCase.SUBSCRIPTION_ERROR, 1);
    session.subscribe(subaccount(TokensOn.ACCOUNT, 0));
    session.stream().await(PayloadCase.SUBACCOUNT_SNAPSHOT, 1);
    assertThat(session.stream().events(PayloadCase.QUOTE)).isEmpty();
  }

  @Test
  void aTokenForAccountsOnlyAsksForNoMarketData() {
    with(TokensOn.LEDGER);
    assertThat(
            codeOf(
                () -> client.calls().listInstruments(ListInstrumentsRequest.getDefaultInstance())))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(
            codeOf(
                () ->
                    client
                        .calls()
                        .getInstrument(
                            GetInstrumentRequest.newBuilder().setInstrumentId("BTC-USD").build())))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(
            codeOf(
                () ->
                    client
                        .calls()
                        .getOrderBook(
                            GetOrderBookRequest.newBuilder().setInstrumentId("BTC-USD").build())))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  @Test
  void callsThatThisVersionDoesNotServeNeedTheSameRights() throws Exception {
    ListFillsRequest fills = ListFillsRequest.newBuilder().setAddress(TokensOn.ACCOUNT).build();
    ListTransfersRequest transfers =
        ListTransfersRequest.newBuilder().setAddress(TokensOn.ACCOUNT).build();
    try (GatewayClient ledger = new GatewayClient(grpcPort, TokensOn.LEDGER);
        GatewayClient chart = new GatewayClient(grpcPort, TokensOn.CHART)) {
      assertThat(codeOf(() -> ledger.calls().listFills(fills)))
          .isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(codeOf(() -> ledger.calls().listTransfers(transfers)))
          .isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(codeOf(() -> chart.calls().listFills(fills)))
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(codeOf(() -> chart.calls().listTransfers(transfers)))
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(codeOf(() -> chart.calls().listTrades(ListTradesRequest.getDefaultInstance())))
          .isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(codeOf(() -> ledger.calls().listTrades(ListTradesRequest.getDefaultInstance())))
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(codeOf(() -> ledger.calls().listCandles(ListCandlesRequest.getDefaultInstance())))
          .isEqualTo(Status.Code.PERMISSION_DENIED);
    }
  }

  @Test
  void aRefusalCarriesItsReason() {
    assertThat(
            reasonOf(
                () ->
                    with(TokensOn.LEDGER)
                        .calls()
                        .listInstruments(ListInstrumentsRequest.getDefaultInstance())))
        .isEqualTo("NOT_ALLOWED");
    client = new GatewayClient(grpcPort);
    assertThat(reasonOf(() -> client.calls().getStatus(GetStatusRequest.getDefaultInstance())))
        .isEqualTo("TOKEN_REQUIRED");
  }

  private static String reasonOf(Runnable call) {
    StatusRuntimeException end = catchThrowableOfType(StatusRuntimeException.class, call::run);
    try {
      return StatusProto.fromThrowable(end).getDetails(0).unpack(ErrorInfo.class).getReason();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theStatusTellsOnlyTopicsThatTheTokenGives() throws Exception {
    try (GatewayClient ledger = new GatewayClient(grpcPort, TokensOn.LEDGER)) {
      ledger.subscribe(subaccount(TokensOn.ACCOUNT, 1)).await(PayloadCase.SUBACCOUNT_SNAPSHOT, 1);
      assertThat(ledger.calls().getStatus(GetStatusRequest.getDefaultInstance()).getTopicsList())
          .isNotEmpty()
          .allMatch(
              topic -> topic.getTopic().hasSubaccount() || topic.getTopic().hasParentSubaccount());
      assertThat(
              with(TokensOn.CHART)
                  .calls()
                  .getStatus(GetStatusRequest.getDefaultInstance())
                  .getTopicsList())
          .noneMatch(topic -> topic.getTopic().hasSubaccount());
      assertThat(get("status", TokensOn.CHART).body()).doesNotContain("subaccount");
    }
  }

  @Test
  void noMoreStreamsThanTheTokenGivesAreOpenAtOnce() {
    with(TokensOn.BOT);
    RecordedStream<?, ?> first = client.subscribe(subaccount(TokensOn.ACCOUNT, 0));
    GatewayClient.Session second = client.session();
    first.await(PayloadCase.SUBACCOUNT_SNAPSHOT, 1);
    second.stream().await(PayloadCase.STREAM_OPENED, 1);
    assertThat(client.subscribe(trades("BTC-USD")).awaitEnd().getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    second.commands().onCompleted();
    second.stream().awaitEnd();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              RecordedStream<?, ?> third = client.subscribe(quotes("NONE-USD"));
              return third.awaitEnd().getCode() == Status.Code.NOT_FOUND;
            });
  }

  // ---- JSON Web Tokens

  @Test
  void claimsOfAJsonWebTokenGiveRights() {
    with(TokensOn.jwt(Instant.now().plusSeconds(300), TokensOn.ACCOUNT));
    RecordedStream<?, ?> stream =
        client.subscribe(subaccount(TokensOn.ACCOUNT, 0), trades("BTC-USD"));
    stream.await(PayloadCase.SUBACCOUNT_SNAPSHOT, 1);
    stream.await(PayloadCase.TRADES, 1);
  }

  @Test
  void aJsonWebTokenThatSaysNothingOfTheGatewayGivesNothing() {
    with(TokensOn.jwtWithoutRights());
    assertThat(client.subscribe(trades("BTC-USD")).awaitEnd().getCode())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(client.subscribe(subaccount(TokensOn.ACCOUNT, 0)).awaitEnd().getCode())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  @Test
  void aJsonWebTokenOfAnotherIssuerOrTimeGivesNothing() throws Exception {
    with(TokensOn.jwtOfAnotherIssuer());
    assertNothingIsTold();
    client.close();
    with(TokensOn.jwt(Instant.now().minusSeconds(120)));
    assertNothingIsTold();
  }

  @Test
  void aStreamEndsWithItsToken() {
    with(TokensOn.jwt(Instant.now().plusSeconds(3)));
    RecordedStream<?, ?> stream = client.subscribe(trades("BTC-USD"));
    stream.await(PayloadCase.TRADES, 1);
    Status end = stream.awaitEnd();
    assertThat(end.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(end.getDescription()).isEqualTo("the token has expired");
  }

  // ---- HTTP

  private HttpResponse<String> get(String path, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(root.resolve(path)).timeout(Duration.ofSeconds(20));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "status/",
        "instruments",
        "stream?instrument=BTC-USD",
        "x/../status",
        "%73tatus"
      })
  void whatThePageShowsNeedsATokenForMarketData(String path) throws Exception {
    HttpResponse<String> unknown = get(path, null);
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(unknown.headers().firstValue("www-authenticate")).hasValue("Bearer");
    assertThat(get(path, "wrong").statusCode()).isEqualTo(401);
    assertThat(get(path, TokensOn.LEDGER).statusCode()).isEqualTo(403);
  }

  @Test
  void thePageShowsWhatTheTokenGives() throws Exception {
    assertThat(get("status", TokensOn.CHART).body()).contains("\"connections\"");
    assertThat(get("stream?instrument=NONE-USD", TokensOn.CHART).body()).contains("no instrument");
  }

  @Test
  void thePageItselfHealthAndMetricsAreOpen() throws Exception {
    for (String path : new String[] {"", "page/app.js", "q/health/live", "q/metrics"}) {
      assertThat(get(path, null).statusCode()).as(path).isEqualTo(200);
      assertThat(get(path, "wrong").statusCode()).as(path).isEqualTo(200);
    }
  }
}
