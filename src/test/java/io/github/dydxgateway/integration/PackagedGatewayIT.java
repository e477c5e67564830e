package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.blockHeight;
import static io.github.dydxgateway.testing.GatewayClient.book;
import static io.github.dydxgateway.testing.GatewayClient.candles;
import static io.github.dydxgateway.testing.GatewayClient.markets;
import static io.github.dydxgateway.testing.GatewayClient.parentSubaccount;
import static io.github.dydxgateway.testing.GatewayClient.quotes;
import static io.github.dydxgateway.testing.GatewayClient.rawBook;
import static io.github.dydxgateway.testing.GatewayClient.request;
import static io.github.dydxgateway.testing.GatewayClient.subaccount;
import static io.github.dydxgateway.testing.GatewayClient.trades;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.Places;
import io.github.dydxgateway.testing.RebuiltBook;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.GetOrderBookRequest;
import io.github.dydxgateway.v1.GetOrderBookResponse;
import io.github.dydxgateway.v1.GetStatusRequest;
import io.github.dydxgateway.v1.Instrument;
import io.github.dydxgateway.v1.ListInstrumentsRequest;
import io.github.dydxgateway.v1.SnapshotReason;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.github.dydxgateway.v1.Topic;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The packaged gateway, jar or executable, as its users have it: what works in the tests of the
 * build must work here, where no reflection is but what was registered.
 */
@QuarkusIntegrationTest
@QuarkusTestResource(value = PackagedSimulator.class, restrictToAnnotatedClass = true)
class PackagedGatewayIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  PackagedSimulator.Gateway gateway;

  @TestHTTPResource("/q/")
  URI http;

  private GatewayClient client;

  @BeforeEach
  void connect() {
    client = new GatewayClient(gateway.grpcPort());
    Awaitility.await().atMost(PATIENCE).until(() -> get("health/ready").statusCode() == 200);
  }

  @AfterEach
  void leave() throws Exception {
    client.close();
  }

  // ---- streams

  @Test
  void tradesStream() {
    assertStreams(trades("BTC-USD"), PayloadCase.TRADES, PayloadCase.TRADES);
  }

  @Test
  void bookStreams() {
    assertStreams(book("BTC-USD"), PayloadCase.ORDER_BOOK_SNAPSHOT, PayloadCase.ORDER_BOOK_DELTA);
  }

  @Test
  void rawBookStreams() {
    assertStreams(
        rawBook("BTC-USD"), PayloadCase.ORDER_BOOK_SNAPSHOT, PayloadCase.ORDER_BOOK_DELTA);
  }

  @Test
  void quotesStream() {
    assertStreams(quotes("BTC-USD"), PayloadCase.QUOTE, PayloadCase.QUOTE);
  }

  @Test
  void candlesStream() {
    assertStreams(
        candles("BTC-USD", CandleResolution.CANDLE_RESOLUTION_1MIN),
        PayloadCase.CANDLES,
        PayloadCase.CANDLES);
  }

  @Test
  void statisticsOfAllMarketsStream() {
    assertStreams(markets(), PayloadCase.MARKET_UPDATE, PayloadCase.MARKET_UPDATE);
  }

  @Test
  void definitionsStreamWhenTheyChange() {
    RecordedStream<?, ?> stream = client.subscribe(markets("SOL-USD"));
    stream.await(PayloadCase.INSTRUMENTS, 1);
    gateway.venue().command("tick-size?ticker=SOL-USD&size=0.05");
    Event changed = stream.await(PayloadCase.INSTRUMENTS, 2).get(1);
    assertThat(changed.getInstruments().getInstruments(0).getTickSize()).isEqualTo("0.05");
    gateway.venue().command("status?ticker=SOL-USD&status=CANCEL_ONLY");
    stream.await(
        event ->
            event.hasMarketUpdate()
                && event.getMarketUpdate().getStatus().name().endsWith("CANCEL_ONLY"));
  }

  @Test
  void blockHeightsStream() {
    assertStreams(blockHeight(), PayloadCase.BLOCK_HEIGHT, PayloadCase.BLOCK_HEIGHT);
  }

  @Test
  void subaccountStreams() {
    assertStreams(
        subaccount(PackagedSimulator.ADDRESS, 0),
        PayloadCase.SUBACCOUNT_SNAPSHOT,
        PayloadCase.SUBACCOUNT_UPDATE);
  }

  @Test
  void parentSubaccountStreams() {
    assertStreams(
        parentSubaccount(PackagedSimulator.ADDRESS, 0),
        PayloadCase.SUBACCOUNT_SNAPSHOT,
        PayloadCase.SUBACCOUNT_UPDATE);
  }

  /** The first event, then another once the market has moved, by a call and by a session. */
  private void assertStreams(Topic topic, PayloadCase first, PayloadCase next) {
    RecordedStream<?, ?> call = client.subscribe(topic);
    GatewayClient.Session session = client.session();
    session.subscribe(topic);
    for (RecordedStream<?, ?> stream : List.of(call, session.stream())) {
      stream.await(first, 1);
      int before = stream.events(next).size();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () -> {
                gateway.venue().tick(5);
                return stream.events(next).size() > before;
              });
      assertThat(
              stream.events(PayloadCase.SUBSCRIPTION_STATE).stream()
                  .map(event -> event.getSubscriptionState().getState()))
          .endsWith(State.STATE_LIVE);
      assertThat(stream.events(PayloadCase.GAP)).isEmpty();
      assertThat(stream.isOpen()).isTrue();
    }
    session.commands().onCompleted();
  }

  @Test
  void reconnectsDeliverEveryTradeOnceAndInOrder() {
    RecordedStream<?, ?> stream = client.subscribe(trades("ETH-USD"));
    stream.await(PayloadCase.TRADES, 1);
    for (String fault : List.of("close?code=1012", "abort", "close?code=1008", "abort")) {
      gateway.venue().tick(5);
      gateway.venue().command(fault);
      gateway.venue().tick(5);
    }
    List<String> published = gateway.venue().tradeIds("ETH-USD");
    String last = published.get(published.size() - 1);
    Awaitility.await().atMost(PATIENCE).until(() -> idsOf(stream).contains(last));
    List<String> got = idsOf(stream);
    assertThat(got).isEqualTo(published.subList(published.indexOf(got.get(0)), published.size()));
    assertThat(stream.events(PayloadCase.GAP)).isEmpty();
    assertThat(
            client
                .calls()
                .getStatus(GetStatusRequest.getDefaultInstance())
                .getConnectionsList()
                .stream()
                .mapToLong(connection -> connection.getReconnectCount())
                .sum())
        .isPositive();
  }

  private static List<String> idsOf(RecordedStream<?, ?> stream) {
    return stream.events(PayloadCase.TRADES).stream()
        .flatMap(event -> event.getTrades().getTradesList().stream())
        .map(trade -> trade.getTradeId())
        .toList();
  }

  // ---- all instruments, views

  @Test
  void quotesOfAllInstrumentsStream() {
    RecordedStream<?, ?> stream = client.subscribe(quotes("*"));
    List<Instrument> instruments =
        client
            .calls()
            .listInstruments(ListInstrumentsRequest.getDefaultInstance())
            .getInstrumentsList();
    assertThat(instruments).hasSizeGreaterThan(1);
    for (Instrument instrument : instruments) {
      stream.await(
          event ->
              event.hasQuote()
                  && event.getQuote().getInstrumentId().equals(instrument.getInstrumentId()));
    }
  }

  @Test
  void theBestLevelsOfABookStreamAsAView() {
    Topic.Builder view = book("btc-usd").toBuilder();
    view.getOrderBookBuilder().setDepth(2);
    RecordedStream<?, ?> stream = client.subscribe(view.build());
    stream.await(PayloadCase.ORDER_BOOK_SNAPSHOT, 1);
    gateway.venue().tick(50);
    List<Event> events = stream.await(PayloadCase.ORDER_BOOK_SNAPSHOT, 2);

    assertThat(events).allMatch(event -> event.getSequence() == 0);
    assertThat(events)
        .extracting(event -> event.getSnapshotInfo().getReason())
        .containsOnly(SnapshotReason.SNAPSHOT_REASON_VIEW);
    assertThat(events)
        .allMatch(
            event ->
                event.getOrderBookSnapshot().getBidsCount() <= 2
                    && event.getOrderBookSnapshot().getAsksCount() <= 2);
  }

  @Test
  void aGatewayOfAnotherNetworkIsRefused() {
    RecordedStream<?, ?> stream =
        client.subscribe(
            request(quotes("BTC-USD")).toBuilder().setExpectedNetwork("mainnet").build());
    Status end = stream.awaitEnd();
    assertThat(end.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(end.getDescription()).contains("mainnet");
  }

  // ---- single answers

  @Test
  void bookOfACallEqualsTheOneThatTheStreamBuilds() {
    RecordedStream<?, ?> stream = client.subscribe(book("BTC-USD"));
    stream.await(PayloadCase.ORDER_BOOK_SNAPSHOT, 1);
    gateway.venue().tick(20);
    GetOrderBookResponse answer =
        client
            .calls()
            .getOrderBook(GetOrderBookRequest.newBuilder().setInstrumentId("BTC-USD").build());
    RebuiltBook expected = RebuiltBook.of(answer.getOrderBook());
    stream.await(event -> Places.of(event) >= answer.getSequence());
    assertThat(RebuiltBook.of(stream.events(), answer.getSequence()).toString())
        .isEqualTo(expected.toString());
    assertThat(expected.bids()).isNotEmpty();
    assertThat(expected.isCrossed()).isFalse();
  }

  @Test
  void instrumentsAreListed() {
    assertThat(
            client
                .calls()
                .listInstruments(ListInstrumentsRequest.getDefaultInstance())
                .getInstrumentsList())
        .hasSizeGreaterThanOrEqualTo(40)
        .allSatisfy(instrument -> assertThat(instrument.getTickSize()).isNotEmpty());
  }

  @Test
  void malformedRequestNamesTheField() throws Exception {
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                GatewayServiceGrpc.newBlockingStub(client.channel())
                    .subscribe(request(trades("BTC\nUSD")))
                    .next());
    assertThat(failure.getStatus().getCode())
        .describedAs(failure.toString())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(
            StatusProto.fromThrowable(failure)
                .getDetails(0)
                .unpack(BadRequest.class)
                .getFieldViolations(0)
                .getField())
        .isEqualTo("subscriptions[0].topic.trades.instrument_id");
  }

  // ---- for operators

  @Test
  void healthIsToldOverHttpAndGrpc() throws Exception {
    assertThat(get("health/started").statusCode()).isEqualTo(200);
    assertThat(get("health/live").statusCode()).isEqualTo(200);
    assertThat(get("health/ready").body()).contains("ACTIVE", "last_frame_age_ms");
    assertThat(
            HealthGrpc.newBlockingStub(client.channel())
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void metricsAreTold() throws Exception {
    client.subscribe(trades("BTC-USD")).await(PayloadCase.TRADES, 1);
    assertThat(get("metrics").body())
        .contains(
            "gateway_upstream_frames_total",
            "gateway_events_",
            "gateway_topics",
            "gateway_streams");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(http.resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void reflectionTellsTheServicesAndTheirMessages() {
    List<ServerReflectionResponse> answers = new CopyOnWriteArrayList<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(client.channel())
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answers.add(response);
                  }

                  @Override
                  public void onError(Throwable error) {}

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    requests.onNext(
        ServerReflectionRequest.newBuilder()
            .setFileContainingSymbol("dydxgateway.v1.GatewayService")
            .build());
    Awaitility.await().atMost(PATIENCE).until(() -> answers.size() == 2);
    requests.onCompleted();
    assertThat(answers.get(0).getListServicesResponse().getServiceList())
        .extracting(service -> service.getName())
        .contains("dydxgateway.v1.GatewayService", "grpc.health.v1.Health");
    assertThat(answers.get(1).getFileDescriptorResponse().getFileDescriptorProtoList())
        .extracting(PackagedGatewayIT::nameOfFile)
        .contains("dydxgateway/v1/gateway_service.proto");
  }

  private static String nameOfFile(com.google.protobuf.ByteString file) {
    try {
      return FileDescriptorProto.parseFrom(file).getName();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
