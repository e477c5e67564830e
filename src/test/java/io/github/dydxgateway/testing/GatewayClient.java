package io.github.dydxgateway.testing;

import io.github.dydxgateway.v1.BlockHeightTopic;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.CandlesTopic;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.MarketsTopic;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.github.dydxgateway.v1.ParentSubaccountTopic;
import io.github.dydxgateway.v1.QuotesTopic;
import io.github.dydxgateway.v1.SessionRequest;
import io.github.dydxgateway.v1.SessionResponse;
import io.github.dydxgateway.v1.SubaccountTopic;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TopicSubscription;
import io.github.dydxgateway.v1.TradesTopic;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client of the gateway over a real socket, as users have one. */
public final class GatewayClient implements AutoCloseable {
  private final ManagedChannel channel;

  /** Connects to a gateway on this machine. */
  public GatewayClient(int port) {
    this(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext());
  }

  /**
   * Connects to a gateway on this machine.
   *
   * @param window bytes that the gateway may send before the client reads
   */
  public GatewayClient(int port, int window) {
    this(
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().flowControlWindow(window));
  }

  /** Connects to a gateway on this machine and shows a token with every call. */
  public GatewayClient(int port, String token) {
    this(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext(), token);
  }

  /** Connects as the caller says and shows a token with every call. */
  public GatewayClient(NettyChannelBuilder channel, String token) {
    this(channel.intercept(MetadataUtils.newAttachHeadersInterceptor(bearer(token))));
  }

  /** Connects as the caller says. */
  public GatewayClient(NettyChannelBuilder channel) {
    this.channel = channel.maxInboundMessageSize(64 << 20).build();
  }

  private static Metadata bearer(String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return headers;
  }

  /** Unary calls, each with a deadline. */
  public GatewayServiceGrpc.GatewayServiceBlockingStub calls() {
    return GatewayServiceGrpc.newBlockingStub(channel).withDeadlineAfter(15, TimeUnit.SECONDS);
  }

  /** The connection, for other services. */
  public ManagedChannel channel() {
    return channel;
  }

  /** Subscribes and reads as fast as it can. */
  public RecordedStream<SubscribeRequest, SubscribeResponse> subscribe(Topic... topics) {
    return subscribe(request(topics));
  }

  /** Subscribes and reads as fast as it can. */
  public RecordedStream<SubscribeRequest, SubscribeResponse> subscribe(SubscribeRequest request) {
    RecordedStream<SubscribeRequest, SubscribeResponse> stream =
        new RecordedStream<>(SubscribeResponse::getEventsList, true);
    GatewayServiceGrpc.newStub(channel).subscribe(request, stream);
    return stream;
  }

  /** Subscribes and reads one message, and no more unless told. */
  public RecordedStream<SubscribeRequest, SubscribeResponse> subscribeWithoutReading(
      SubscribeRequest request) {
    RecordedStream<SubscribeRequest, SubscribeResponse> stream =
        new RecordedStream<>(SubscribeResponse::getEventsList, false);
    GatewayServiceGrpc.newStub(channel).subscribe(request, stream);
    return stream;
  }

  /** Opens a session. */
  public Session session() {
    RecordedStream<SessionRequest, SessionResponse> stream =
        new RecordedStream<>(SessionResponse::getEventsList, true);
    return new Session(GatewayServiceGrpc.newStub(channel).session(stream), stream);
  }

  /** A session: where commands go and what came. */
  public record Session(
      StreamObserver<SessionRequest> commands,
      RecordedStream<SessionRequest, SessionResponse> stream) {
    /** Adds topics. */
    public void subscribe(Topic... topics) {
      SessionRequest.Builder command = SessionRequest.newBuilder();
      command.getSubscribeBuilder().addAllSubscriptions(request(topics).getSubscriptionsList());
      commands.onNext(command.build());
    }

    /** Ends topics. */
    public void unsubscribe(Topic... topics) {
      SessionRequest.Builder command = SessionRequest.newBuilder();
      command.getUnsubscribeBuilder().addAllTopics(List.of(topics));
      commands.onNext(command.build());
    }
  }

  /** A request for topics from their snapshots. */
  public static SubscribeRequest request(Topic... topics) {
    SubscribeRequest.Builder request = SubscribeRequest.newBuilder();
    for (Topic topic : topics) {
      request.addSubscriptions(TopicSubscription.newBuilder().setTopic(topic));
    }
    return request.build();
  }

  public static Topic trades(String instrumentId) {
    return Topic.newBuilder()
        .setTrades(TradesTopic.newBuilder().setInstrumentId(instrumentId))
        .build();
  }

  public static Topic book(String instrumentId) {
    return Topic.newBuilder()
        .setOrderBook(OrderBookTopic.newBuilder().setInstrumentId(instrumentId))
        .build();
  }

  public static Topic rawBook(String instrumentId) {
    return Topic.newBuilder()
        .setOrderBook(OrderBookTopic.newBuilder().setInstrumentId(instrumentId).setRaw(true))
        .build();
  }

  public static Topic quotes(String instrumentId) {
    return Topic.newBuilder()
        .setQuotes(QuotesTopic.newBuilder().setInstrumentId(instrumentId))
        .build();
  }

  public static Topic candles(String instrumentId, CandleResolution resolution) {
    return Topic.newBuilder()
        .setCandles(
            CandlesTopic.newBuilder().setInstrumentId(instrumentId).setResolution(resolution))
        .build();
  }

  public static Topic markets() {
    return Topic.newBuilder().setMarkets(MarketsTopic.getDefaultInstance()).build();
  }

  public static Topic markets(String instrumentId) {
    return Topic.newBuilder()
        .setMarkets(MarketsTopic.newBuilder().setInstrumentId(instrumentId))
        .build();
  }

  public static Topic blockHeight() {
    return Topic.newBuilder().setBlockHeight(BlockHeightTopic.getDefaultInstance()).build();
  }

  public static Topic subaccount(String address, int number) {
    return Topic.newBuilder()
        .setSubaccount(SubaccountTopic.newBuilder().setAddress(address).setSubaccountNumber(number))
        .build();
  }

  public static Topic parentSubaccount(String address, int number) {
    return Topic.newBuilder()
        .setParentSubaccount(
            ParentSubaccountTopic.newBuilder().setAddress(address).setSubaccountNumber(number))
        .build();
  }

  @Override
  public void close() throws InterruptedException {
    channel.shutdownNow();
    channel.awaitTermination(5, TimeUnit.SECONDS);
  }
}
