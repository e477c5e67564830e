package io.github.dydxgateway.grpc;

import io.github.dydxgateway.access.Rights;
import io.github.dydxgateway.instrument.Instrument;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.EventBatch;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.stream.TopicRegistry;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.GetInstrumentRequest;
import io.github.dydxgateway.v1.GetInstrumentResponse;
import io.github.dydxgateway.v1.GetOrderBookRequest;
import io.github.dydxgateway.v1.GetOrderBookResponse;
import io.github.dydxgateway.v1.GetStatusRequest;
import io.github.dydxgateway.v1.GetStatusResponse;
import io.github.dydxgateway.v1.ListInstrumentsRequest;
import io.github.dydxgateway.v1.ListInstrumentsResponse;
import io.github.dydxgateway.v1.SessionRequest;
import io.github.dydxgateway.v1.SubaccountTopic;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.TopicStatus;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The gateway's service. Bound by hand: the responses of streams are messages that are encoded
 * already, which generated code has no place for. All calls are served on event loops.
 */
@Singleton
public class GatewayGrpcService {
  private final Rooms rooms;
  private volatile boolean stopping;

  /** What the service serves from. */
  private record Rooms(
      StreamRegistry streams,
      TopicRegistry topics,
      InstrumentCache instruments,
      GatewayStatus status) {}

  GatewayGrpcService(
      StreamRegistry streams,
      TopicRegistry topics,
      InstrumentCache instruments,
      GatewayStatus status) {
    rooms = new Rooms(streams, topics, instruments, status);
  }

  /** No new call is served while those that are open come to their end. */
  void close(@Observes @Priority(1) ShutdownDelayInitiatedEvent event) {
    stopping = true;
  }

  private Rooms rooms() {
    if (stopping) {
      throw Statuses.error(
          Status.Code.UNAVAILABLE, "the gateway is stopping; try another", ErrorReason.STOPPING);
    }
    return rooms;
  }

  /** The methods of the service. Not a bean that Quarkus would start a server of its own for. */
  ServerServiceDefinition definition() {
    MethodDescriptor<SubscribeRequest, EventBatch> subscribe =
        encoded(GatewayServiceGrpc.getSubscribeMethod());
    MethodDescriptor<SessionRequest, EventBatch> session =
        encoded(GatewayServiceGrpc.getSessionMethod());
    ServiceDescriptor generated = GatewayServiceGrpc.getServiceDescriptor();
    ServiceDescriptor descriptor =
        ServiceDescriptor.newBuilder(generated.getName())
            .setSchemaDescriptor(generated.getSchemaDescriptor())
            .addMethod(subscribe)
            .addMethod(session)
            .addMethod(GatewayServiceGrpc.getListInstrumentsMethod())
            .addMethod(GatewayServiceGrpc.getGetInstrumentMethod())
            .addMethod(GatewayServiceGrpc.getGetOrderBookMethod())
            .addMethod(GatewayServiceGrpc.getGetStatusMethod())
            .addMethod(GatewayServiceGrpc.getListTradesMethod())
            .addMethod(GatewayServiceGrpc.getListCandlesMethod())
            .addMethod(GatewayServiceGrpc.getListFillsMethod())
            .addMethod(GatewayServiceGrpc.getListTransfersMethod())
            .build();
    return ServerServiceDefinition.builder(descriptor)
        .addMethod(
            subscribe,
            ServerCalls.asyncServerStreamingCall(
                (request, call) ->
                    new SubscribeCall(rooms().streams(), rooms().instruments())
                        .serve(request, serverCall(call))))
        .addMethod(
            session,
            ServerCalls.asyncBidiStreamingCall(
                call ->
                    SessionCall.open(rooms().streams(), rooms().instruments(), serverCall(call))))
        .addMethod(GatewayServiceGrpc.getListInstrumentsMethod(), unaryCall(this::listInstruments))
        .addMethod(GatewayServiceGrpc.getGetInstrumentMethod(), unaryCall(this::getInstrument))
        .addMethod(GatewayServiceGrpc.getGetOrderBookMethod(), unaryCall(this::getOrderBook))
        .addMethod(GatewayServiceGrpc.getGetStatusMethod(), unaryCall(this::getStatus))
        .addMethod(
            GatewayServiceGrpc.getListTradesMethod(),
            unaryCall((request, call) -> notInThisVersion("ListTrades", Rights::marketData)))
        .addMethod(
            GatewayServiceGrpc.getListCandlesMethod(),
            unaryCall((request, call) -> notInThisVersion("ListCandles", Rights::marketData)))
        .addMethod(
            GatewayServiceGrpc.getListFillsMethod(),
            unaryCall(
                (request, call) ->
                    notInThisVersion(
                        "ListFills", rights -> rights.allows(accountOf(request.getAddress())))))
        .addMethod(
            GatewayServiceGrpc.getListTransfersMethod(),
            unaryCall(
                (request, call) ->
                    notInThisVersion(
                        "ListTransfers", rights -> rights.allows(accountOf(request.getAddress())))))
        .build();
  }

  /** A call that ends with the status that its method throws, whoever called it. */
  private static <Q, P> ServerCallHandler<Q, P> unaryCall(ServerCalls.UnaryMethod<Q, P> method) {
    return ServerCalls.asyncUnaryCall(
        (request, call) -> {
          try {
            method.invoke(request, call);
          } catch (StatusRuntimeException e) {
            call.onError(e);
          }
        });
  }

  /** Ends a call that the contract defines and this version does not serve. */
  private void notInThisVersion(String call, Predicate<Rights> allowed) {
    if (!allowed.test(CallRights.current())) {
      throw Statuses.of(Statuses.NOT_ALLOWED);
    }
    String version = rooms().status().version();
    throw Statuses.error(
        Status.Code.UNIMPLEMENTED,
        call + " is not served by this version, " + version,
        ErrorReason.NOT_IN_THIS_VERSION,
        Map.of("version", version));
  }

  /** Rights are the same for all subaccounts of an address. */
  private static io.github.dydxgateway.v1.Topic accountOf(String address) {
    return io.github.dydxgateway.v1.Topic.newBuilder()
        .setSubaccount(SubaccountTopic.newBuilder().setAddress(address))
        .build();
  }

  private static <Q, P> MethodDescriptor<Q, EventBatch> encoded(MethodDescriptor<Q, P> method) {
    return method.toBuilder(method.getRequestMarshaller(), new EventBatchMarshaller()).build();
  }

  /** What gRPC hands to a server's method always is one. */
  private static <T> ServerCallStreamObserver<T> serverCall(StreamObserver<T> call) {
    return (ServerCallStreamObserver<T>) call;
  }

  private void listInstruments(
      ListInstrumentsRequest request, StreamObserver<ListInstrumentsResponse> call) {
    requireMarketData();
    InstrumentCache instruments = rooms().instruments();
    if (!instruments.isLoaded()) {
      call.onError(Statuses.notConnected());
      return;
    }
    ListInstrumentsResponse.Builder response = ListInstrumentsResponse.newBuilder();
    for (Instrument instrument : instruments.all()) {
      response.addInstruments(instrument.definition());
    }
    answer(call, response.build());
  }

  private void getInstrument(
      GetInstrumentRequest request, StreamObserver<GetInstrumentResponse> call) {
    requireMarketData();
    InstrumentCache instruments = rooms().instruments();
    InstrumentId id;
    try {
      id = new RequestReader(instruments::resolve).instrument(request.getInstrumentId());
    } catch (InvalidRequestException e) {
      call.onError(Statuses.of(e));
      return;
    }
    Instrument instrument = instruments.find(id);
    if (instrument != null) {
      answer(
          call, GetInstrumentResponse.newBuilder().setInstrument(instrument.definition()).build());
    } else if (instruments.isUnknown(id)) {
      call.onError(
          Statuses.error(
              Status.Code.NOT_FOUND, instruments.absence(id), ErrorReason.INSTRUMENT_NOT_FOUND));
    } else {
      call.onError(Statuses.notConnected());
    }
  }

  private void getOrderBook(
      GetOrderBookRequest request, StreamObserver<GetOrderBookResponse> call) {
    requireMarketData();
    new OrderBookCall(rooms().topics(), rooms().instruments()).serve(request, serverCall(call));
  }

  private static void requireMarketData() {
    if (!CallRights.current().marketData()) {
      throw Statuses.of(Statuses.NOT_ALLOWED);
    }
  }

  /** Any caller gets the gateway's state; of the topics it gets those that it might stream. */
  private void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> call) {
    Rooms open = rooms();
    GatewayStatus status = open.status();
    GetStatusResponse.Builder response =
        GetStatusResponse.newBuilder()
            .setVersion(status.version())
            .setEpoch(status.epoch())
            .setStartTimeNs(status.startTimeNs())
            .setInstrumentCount(open.instruments().isLoaded() ? open.instruments().size() : 0)
            .setStreamCount(open.streams().size())
            .setNetwork(status.network())
            .setUpstreamHost(status.upstreamHost())
            .addAllConnections(status.connections());
    Rights rights = CallRights.current();
    open.topics().topics().stream()
        .filter(topic -> rights.allows(topic.key().message()))
        .sorted(Comparator.comparing(topic -> topic.key().toString()))
        .forEach(topic -> response.addTopics(statusOf(topic)));
    answer(call, response.build());
  }

  private static TopicStatus statusOf(Topic topic) {
    return TopicStatus.newBuilder()
        .setTopic(topic.key().message())
        .setState(topic.state())
        .setSequence(topic.sequence())
        .setSubscriberCount(topic.subscriberCount())
        .setLastEventTimeNs(topic.lastEventTimeNs())
        .build();
  }

  private static <T> void answer(StreamObserver<T> call, T response) {
    call.onNext(response);
    call.onCompleted();
  }
}
