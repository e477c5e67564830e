package io.github.dydxgateway.grpc;

import io.github.dydxgateway.access.Rights;
import io.github.dydxgateway.instrument.Instrument;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.instrument.InstrumentId;
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
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.TopicStatus;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Comparator;

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
      throw Status.UNAVAILABLE
          .withDescription("the gateway is stopping; try another")
          .asRuntimeException();
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
        .addMethod(
            GatewayServiceGrpc.getListInstrumentsMethod(),
            ServerCalls.asyncUnaryCall(this::listInstruments))
        .addMethod(
            GatewayServiceGrpc.getGetInstrumentMethod(),
            ServerCalls.asyncUnaryCall(this::getInstrument))
        .addMethod(
            GatewayServiceGrpc.getGetOrderBookMethod(),
            ServerCalls.<GetOrderBookRequest, GetOrderBookResponse>asyncUnaryCall(
                this::getOrderBook))
        .addMethod(
            GatewayServiceGrpc.getGetStatusMethod(), ServerCalls.asyncUnaryCall(this::getStatus))
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
      call.onError(OrderBookCall.notConnected());
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
      call.onError(Status.NOT_FOUND.withDescription(instruments.absence(id)).asRuntimeException());
    } else {
      call.onError(OrderBookCall.notConnected());
    }
  }

  private void getOrderBook(
      GetOrderBookRequest request, StreamObserver<GetOrderBookResponse> call) {
    requireMarketData();
    new OrderBookCall(rooms().topics(), rooms().instruments()).serve(request, serverCall(call));
  }

  private static void requireMarketData() {
    if (!CallRights.current().marketData()) {
      throw Statuses.of(Statuses.NOT_ALLOWED).asRuntimeException();
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
