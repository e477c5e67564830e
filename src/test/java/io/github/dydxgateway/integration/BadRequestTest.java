package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.book;
import static io.github.dydxgateway.testing.GatewayClient.candles;
import static io.github.dydxgateway.testing.GatewayClient.markets;
import static io.github.dydxgateway.testing.GatewayClient.parentSubaccount;
import static io.github.dydxgateway.testing.GatewayClient.quotes;
import static io.github.dydxgateway.testing.GatewayClient.request;
import static io.github.dydxgateway.testing.GatewayClient.subaccount;
import static io.github.dydxgateway.testing.GatewayClient.trades;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Timestamp;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.testing.ScriptedIndexer;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.GetInstrumentRequest;
import io.github.dydxgateway.v1.GetOrderBookRequest;
import io.github.dydxgateway.v1.GetStatusRequest;
import io.github.dydxgateway.v1.ListCandlesRequest;
import io.github.dydxgateway.v1.ListFillsRequest;
import io.github.dydxgateway.v1.ListInstrumentsRequest;
import io.github.dydxgateway.v1.ListTradesRequest;
import io.github.dydxgateway.v1.ListTransfersRequest;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SessionResponse;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TopicSubscription;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients ask that can't be served: a clear status, and nobody else is disturbed. */
@QuarkusTest
@QuarkusTestResource(value = ScriptedVenue.class, restrictToAnnotatedClass = true)
class BadRequestTest {
  private static final String STRANGER = "dydx1zsw8fczav25uvc8rg3zcv6zy9j7yhnktpq374m";

  /** Sooner than a stream is ended because it takes nothing. */
  private static final Duration SOON = Duration.ofSeconds(20);

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  ScriptedIndexer venue;
  private GatewayClient client;
  private RecordedStream<?, ?> bystander;

  @BeforeEach
  void watch() {
    client = new GatewayClient(port);
    venue.initialState(Channel.TRADES, "BTC-USD", Frames.tradesNewestFirst(1, 2));
    bystander = client.subscribe(trades("BTC-USD"));
    bystander.await(PayloadCase.TRADES, 1);
  }

  @AfterEach
  void nobodyElseWasDisturbed() throws Exception {
    assertThat(bystander.isOpen()).isTrue();
    assertThat(bystander.events(PayloadCase.SUBSCRIPTION_ERROR)).isEmpty();
    assertThat(bystander.events(PayloadCase.GAP)).isEmpty();
    client.close();
  }

  @Test
  void malformedRequestsNameTheField() {
    assertMalformed(SubscribeRequest.getDefaultInstance(), "subscriptions");
    assertMalformed(request(Topic.getDefaultInstance()), "subscriptions[0].topic");
    assertMalformed(request(trades("")), "subscriptions[0].topic.trades.instrument_id");
    assertMalformed(
        request(trades("BTC-USD"), quotes("BTC\nUSD")),
        "subscriptions[1].topic.quotes.instrument_id");
    assertMalformed(
        request(book("x".repeat(1000))), "subscriptions[0].topic.order_book.instrument_id");
    assertMalformed(
        request(candles("BTC-USD", CandleResolution.CANDLE_RESOLUTION_UNSPECIFIED)),
        "subscriptions[0].topic.candles.resolution");
    assertMalformed(
        request(subaccount("cosmos1nothere", 0)), "subscriptions[0].topic.subaccount.address");
    assertMalformed(
        request(subaccount(ScriptedVenue.ADDRESS, 128_000)),
        "subscriptions[0].topic.subaccount.subaccount_number");
    assertMalformed(
        request(subaccount(ScriptedVenue.ADDRESS, -1)),
        "subscriptions[0].topic.subaccount.subaccount_number");
    assertMalformed(
        request(parentSubaccount(ScriptedVenue.ADDRESS, 128)),
        "subscriptions[0].topic.parent_subaccount.subaccount_number");
    assertMalformed(
        request(bookOfDepth("BTC-USD", 201)), "subscriptions[0].topic.order_book.depth");
    assertMalformed(request(markets("*")), "subscriptions[0].topic.markets.instrument_id");
    assertMalformed(resumed(trades("BTC-USD"), 0), "subscriptions[0].resume_from.sequence");
    assertMalformed(resumed(bookOfDepth("BTC-USD", 10), 7), "subscriptions[0].resume_from");
    assertMalformed(resumed(trades("*"), 7), "subscriptions[0].resume_from");
  }

  private static Topic bookOfDepth(String instrumentId, int depth) {
    return Topic.newBuilder()
        .setOrderBook(OrderBookTopic.newBuilder().setInstrumentId(instrumentId).setDepth(depth))
        .build();
  }

  private static SubscribeRequest resumed(Topic topic, long sequence) {
    return SubscribeRequest.newBuilder()
        .addSubscriptions(
            TopicSubscription.newBuilder()
                .setTopic(topic)
                .setResumeFrom(ResumePoint.newBuilder().setEpoch("e").setSequence(sequence)))
        .build();
  }

  @Test
  void historyIsNotServedByThisVersion() throws Exception {
    SubscribeRequest request =
        SubscribeRequest.newBuilder()
            .addSubscriptions(
                TopicSubscription.newBuilder()
                    .setTopic(trades("BTC-USD"))
                    .setSince(Timestamp.newBuilder().setSeconds(1_700_000_000)))
            .build();
    StatusRuntimeException failure =
        failureOf(
            () -> GatewayServiceGrpc.newBlockingStub(client.channel()).subscribe(request).next());
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(failure.getStatus().getDescription())
        .isEqualTo("subscriptions[0].since is not served by this version");
    assertThat(errorInfo(failure).getReason()).isEqualTo("NOT_IN_THIS_VERSION");

    GatewayServiceGrpc.GatewayServiceBlockingStub calls = client.calls();
    String version = calls.getStatus(GetStatusRequest.getDefaultInstance()).getVersion();
    Map<String, Runnable> notServed =
        Map.of(
            "ListTrades", () -> calls.listTrades(ListTradesRequest.getDefaultInstance()),
            "ListCandles", () -> calls.listCandles(ListCandlesRequest.getDefaultInstance()),
            "ListFills", () -> calls.listFills(ListFillsRequest.getDefaultInstance()),
            "ListTransfers", () -> calls.listTransfers(ListTransfersRequest.getDefaultInstance()));
    notServed.forEach(
        (name, call) -> {
          StatusRuntimeException end = failureOf(call);
          assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
          assertThat(end.getStatus().getDescription())
              .isEqualTo(name + " is not served by this version, " + version);
          assertThat(errorInfo(end).getReason()).isEqualTo("NOT_IN_THIS_VERSION");
        });
  }

  private static StatusRuntimeException failureOf(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run);
  }

  private static ErrorInfo errorInfo(StatusRuntimeException failure) {
    try {
      ErrorInfo info = StatusProto.fromThrowable(failure).getDetails(0).unpack(ErrorInfo.class);
      assertThat(info.getDomain()).isEqualTo("dydxgateway");
      return info;
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anInstrumentIsNamedInAnyCaseAndEventsCarryItsCanonicalId() {
    assertThat(
            client
                .calls()
                .getInstrument(instrument("thin-usd-perp"))
                .getInstrument()
                .getInstrumentId())
        .isEqualTo("THIN-USD-PERP.DYDX");
    for (String name : List.of("btc-usd", "Btc-Usd-Perp.dydx")) {
      Event event = client.subscribe(trades(name)).await(PayloadCase.TRADES, 1).get(0);
      assertThat(event.getTopic()).isEqualTo(trades("BTC-USD-PERP.DYDX"));
    }
    assertThat(client.calls().getStatus(GetStatusRequest.getDefaultInstance()).getTopicsList())
        .filteredOn(topic -> topic.getTopic().hasTrades())
        .singleElement()
        .satisfies(topic -> assertThat(topic.getSubscriberCount()).isEqualTo(3));
  }

  @Test
  void aMisspelledInstrumentIsAnsweredByTheNearest() {
    String expected = "no instrument BTC-UDS-PERP.DYDX; did you mean BTC-USD-PERP.DYDX?";
    GatewayServiceGrpc.GatewayServiceBlockingStub calls = client.calls();
    List<StatusRuntimeException> failures =
        List.of(
            failureOf(() -> calls.getInstrument(instrument("BTC-UDS"))),
            failureOf(
                () ->
                    calls.getOrderBook(
                        GetOrderBookRequest.newBuilder().setInstrumentId("BTC-UDS").build())));
    for (StatusRuntimeException failure : failures) {
      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
      assertThat(failure.getStatus().getDescription()).isEqualTo(expected);
      assertThat(errorInfo(failure).getReason()).isEqualTo("INSTRUMENT_NOT_FOUND");
    }
    RecordedStream<?, ?> stream = client.subscribe(trades("BTC-UDS"));
    assertThat(stream.awaitEnd().getDescription()).isEqualTo(expected);
    assertThat(stream.events(PayloadCase.SUBSCRIPTION_ERROR).get(0).getSubscriptionError())
        .satisfies(error -> assertThat(error.getMessage()).isEqualTo(expected));
  }

  @Test
  void aNameOfTheGreatestLengthIsAnsweredLikeAnyOther() {
    for (String ticker :
        List.of("X".repeat(512), "\u5e01".repeat(512), "\ud83d\ude00".repeat(256))) {
      StatusRuntimeException failure =
          failureOf(() -> client.calls().getInstrument(instrument(ticker)));
      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
      assertThat(errorInfo(failure).getReason()).isEqualTo("INSTRUMENT_NOT_FOUND");
    }
  }

  @Test
  void aLimitThatIsReachedIsNamedByItsKey() {
    Topic[] topics = new Topic[1025];
    Arrays.setAll(topics, i -> trades("T" + i + "-USD"));
    StatusRuntimeException failure =
        failureOf(
            () ->
                GatewayServiceGrpc.newBlockingStub(client.channel())
                    .subscribe(request(topics))
                    .next());
    assertThat(errorInfo(failure).getReason()).isEqualTo("LIMIT_REACHED");
    assertThat(errorInfo(failure).getMetadataMap())
        .containsEntry("limit", "gateway.stream.max-topics-per-stream");
  }

  @Test
  void theStatusNamesTheNetworkAndTheHostOfTheVenue() {
    var status = client.calls().getStatus(GetStatusRequest.getDefaultInstance());
    assertThat(status.getNetwork()).isEqualTo("custom");
    assertThat(status.getUpstreamHost()).isEqualTo(venue.uri().getHost());
  }

  private void assertMalformed(SubscribeRequest request, String field) {
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> GatewayServiceGrpc.newBlockingStub(client.channel()).subscribe(request).next());
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(fieldsOf(failure)).containsExactly(field);
  }

  private static Stream<String> fieldsOf(StatusRuntimeException failure) {
    return StatusProto.fromThrowable(failure).getDetailsList().stream()
        .flatMap(
            detail -> {
              try {
                return detail.unpack(BadRequest.class).getFieldViolationsList().stream();
              } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new AssertionError(e);
              }
            })
        .map(BadRequest.FieldViolation::getField);
  }

  @Test
  void oneTopicThatCannotBeServedDoesNotStopTheOthers() {
    RecordedStream<?, ?> stream =
        client.subscribe(trades("NONE-USD"), subaccount(STRANGER, 0), trades("BTC-USD"));
    assertThat(stream.await(PayloadCase.SUBSCRIPTION_ERROR, 2))
        .extracting(event -> event.getSubscriptionError().getCode())
        .containsExactlyInAnyOrder(
            Status.Code.NOT_FOUND.value(), Status.Code.PERMISSION_DENIED.value());
    stream.await(PayloadCase.TRADES, 1);
    venue.push(Channel.TRADES, "BTC-USD", Frames.trades(1000, 1000));
    stream.await(PayloadCase.TRADES, 2);
    assertThat(stream.isOpen()).isTrue();
  }

  @Test
  void callEndsWithTheStatusWhenNoTopicCanBeServed() {
    assertThat(client.subscribe(trades("NONE-USD")).awaitEnd().getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(client.subscribe(subaccount(STRANGER, 0)).awaitEnd().getCode())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(client.subscribe(subaccount(ScriptedVenue.ADDRESS, 2)).awaitEnd().getCode())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  @Test
  void refusalOfTheVenueReachesTheClientInItsWords() {
    venue.error(
        Channel.SUBACCOUNTS,
        ScriptedVenue.ADDRESS + "/1",
        "\"message\":\"Because you appear to be somewhere else, you may not\",\"channel\":\"v4_subaccounts\","
            + "\"id\":\""
            + ScriptedVenue.ADDRESS
            + "/1\"");
    RecordedStream<?, ?> stream = client.subscribe(subaccount(ScriptedVenue.ADDRESS, 1));
    Status end = stream.awaitEnd();
    assertThat(end.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(end.getDescription()).contains("you appear to be somewhere else");
    Event error = stream.events(PayloadCase.SUBSCRIPTION_ERROR).get(0);
    assertThat(error.getTopic().getSubaccount().getSubaccountNumber()).isEqualTo(1);
  }

  @Test
  void transientErrorOfTheVenueIsRetried() {
    venue.error(
        Channel.ORDER_BOOK,
        "ETH-USD",
        "\"message\":\"Internal error, could not fetch data for subscription: v4_orderbook.\","
            + "\"channel\":\"v4_orderbook\",\"id\":\"ETH-USD\"");
    RecordedStream<?, ?> stream = client.subscribe(book("ETH-USD"));
    stream.await(PayloadCase.SUBSCRIPTION_STATE, 1);
    venue.noError(Channel.ORDER_BOOK, "ETH-USD");
    stream.await(PayloadCase.ORDER_BOOK_SNAPSHOT, 1);
  }

  @Test
  void tenThousandTopicsAreTooMany() {
    Topic[] topics = new Topic[10_000];
    for (int i = 0; i < topics.length; i++) {
      topics[i] = trades("T" + i + "-USD");
    }
    assertThat(client.subscribe(topics).awaitEnd().getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    GatewayClient.Session session = client.session();
    session.subscribe(topics);
    assertThat(session.stream().awaitEnd().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void malformedCommandEndsItsSession() {
    GatewayClient.Session session = client.session();
    session.subscribe(trades(""));
    assertThat(session.stream().awaitEnd().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void unaryCallsAnswerWithClearStatuses() {
    GatewayServiceGrpc.GatewayServiceBlockingStub calls = client.calls();
    assertThat(
            calls.listInstruments(ListInstrumentsRequest.getDefaultInstance()).getInstrumentsList())
        .extracting(instrument -> instrument.getTicker())
        .containsExactly("BTC-USD", "ETH-USD", "THIN-USD");
    assertThat(
            calls
                .getInstrument(
                    GetInstrumentRequest.newBuilder().setInstrumentId("THIN-USD-PERP").build())
                .getInstrument()
                .getPriceScale())
        .isEqualTo(4);
    assertThat(codeOf(() -> calls.getInstrument(instrument("NONE-USD"))))
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(codeOf(() -> calls.getInstrument(instrument(""))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(
            codeOf(
                () ->
                    calls.getOrderBook(
                        GetOrderBookRequest.newBuilder().setInstrumentId("NONE-USD").build())))
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(codeOf(() -> calls.getOrderBook(GetOrderBookRequest.getDefaultInstance())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(codeOf(() -> calls.getInstrument(instrument("*"))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(
            codeOf(
                () ->
                    calls.getOrderBook(
                        GetOrderBookRequest.newBuilder().setInstrumentId("*").build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private static GetInstrumentRequest instrument(String id) {
    return GetInstrumentRequest.newBuilder().setInstrumentId(id).build();
  }

  private static Status.Code codeOf(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run).getStatus().getCode();
  }

  @Test
  void orderBookIsFetchedThoughNobodyStreamsItAndThenLeft() {
    venue.initialState(
        Channel.ORDER_BOOK,
        "THIN-USD",
        "{\"bids\":[{\"price\":\"2\",\"size\":\"5\"},{\"price\":\"1\",\"size\":\"4\"}],\"asks\":[]}");
    var answer =
        client
            .calls()
            .getOrderBook(
                GetOrderBookRequest.newBuilder().setInstrumentId("THIN-USD").setDepth(1).build());
    assertThat(answer.getOrderBook().getBidsList())
        .extracting(level -> level.getPrice() + " " + level.getSize())
        .containsExactly("20000 5");
    assertThat(answer.getSequence()).isPositive();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                venue.connections().stream()
                    .flatMap(connection -> connection.requests().stream())
                    .anyMatch(
                        one -> one.type().equals("unsubscribe") && one.id().equals("THIN-USD")));
  }

  @Test
  void orderBookThatDoesNotComeIsUnavailable() {
    venue.error(
        Channel.ORDER_BOOK,
        "BTC-USD",
        "\"message\":\"Internal error, could not fetch data for"
            + " subscription: v4_orderbook.\",\"channel\":\"v4_orderbook\",\"id\":\"BTC-USD\"");
    Status status =
        catchThrowableOfType(
                StatusRuntimeException.class,
                () ->
                    client
                        .calls()
                        .withDeadlineAfter(2, java.util.concurrent.TimeUnit.SECONDS)
                        .getOrderBook(
                            GetOrderBookRequest.newBuilder().setInstrumentId("BTC-USD").build()))
            .getStatus();
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    venue.noError(Channel.ORDER_BOOK, "BTC-USD");
  }

  /** Of the health protocol's {@code ServingStatus}. */
  private static final int SERVICE_UNKNOWN = 3;

  @Test
  void healthOfAServiceThatIsNotKnownIsNotFoundAndUnknownToAWatchThatStaysOpen() {
    HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(client.channel());
    for (String other : List.of("dydxgateway.v1.Other", " ", "grpc.health.v1.Health")) {
      Status check =
          status(
              () -> {
                var unused =
                    health
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .check(HealthCheckRequest.newBuilder().setService(other).build());
              });
      assertThat(check.getCode()).isEqualTo(Status.Code.NOT_FOUND);
      Iterator<HealthCheckResponse> watch =
          HealthGrpc.newBlockingStub(client.channel())
              .withDeadlineAfter(2, TimeUnit.SECONDS)
              .watch(HealthCheckRequest.newBuilder().setService(other).build());
      assertThat(watch.next().getStatusValue()).isEqualTo(SERVICE_UNKNOWN);
      Status end =
          status(
              () -> {
                boolean unused = watch.hasNext();
              });
      assertThat(end.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }
    for (String known : List.of("", GatewayServiceGrpc.SERVICE_NAME)) {
      assertThat(
              health
                  .withDeadlineAfter(20, TimeUnit.SECONDS)
                  .check(HealthCheckRequest.newBuilder().setService(known).build())
                  .getStatus())
          .isIn(ServingStatus.SERVING, ServingStatus.NOT_SERVING);
    }
    for (String known : List.of("", GatewayServiceGrpc.SERVICE_NAME)) {
      assertThat(watch(health, known).next().getStatus())
          .isIn(ServingStatus.SERVING, ServingStatus.NOT_SERVING);
    }
  }

  private static Iterator<HealthCheckResponse> watch(
      HealthGrpc.HealthBlockingStub health, String service) {
    return health
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .watch(HealthCheckRequest.newBuilder().setService(service).build());
  }

  private static Status status(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run).getStatus();
  }

  @Test
  void aSessionThatSendsBytesThatAreNoMessageLeavesNothing() {
    for (int i = 0; i < 5; i++) {
      NonsenseCall session = new NonsenseCall();
      session.open(client.channel());
      Awaitility.await().atMost(SOON).until(() -> session.messages.get() > 0);
      session.sendNonsense();
      Awaitility.await().atMost(SOON).until(() -> session.end.get() != null);
      assertThat(session.end.get().getCode()).isEqualTo(Status.Code.UNKNOWN);
    }
    Awaitility.await()
        .atMost(SOON)
        .until(
            () ->
                client.calls().getStatus(GetStatusRequest.getDefaultInstance()).getStreamCount()
                    == 1);
  }

  /** A session whose commands are bytes of any kind. */
  private static final class NonsenseCall extends ClientCall.Listener<SessionResponse> {
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicReference<Status> end = new AtomicReference<>();
    private ClientCall<byte[], SessionResponse> call;

    void open(io.grpc.Channel channel) {
      call =
          channel.newCall(
              GatewayServiceGrpc.getSessionMethod().toBuilder(
                      new Marshaller<byte[]>() {
                        @Override
                        public InputStream stream(byte[] bytes) {
                          return new ByteArrayInputStream(bytes);
                        }

                        @Override
                        public byte[] parse(InputStream bytes) {
                          throw new UnsupportedOperationException("a client gets no commands");
                        }
                      },
                      GatewayServiceGrpc.getSessionMethod().getResponseMarshaller())
                  .build(),
              CallOptions.DEFAULT);
      call.start(this, new Metadata());
      call.request(10);
    }

    void sendNonsense() {
      call.sendMessage(new byte[] {-1, -1, -1, -1});
    }

    @Override
    public void onMessage(SessionResponse message) {
      messages.incrementAndGet();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      end.set(status);
    }
  }
}
