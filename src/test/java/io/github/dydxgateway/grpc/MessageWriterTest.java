package io.github.dydxgateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a real client gets of messages that are written past gRPC. */
class MessageWriterTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final MethodDescriptor<byte[], byte[]> STREAM =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
          .setFullMethodName("test/Stream")
          .setRequestMarshaller(new EncodedMessageMarshaller())
          .setResponseMarshaller(new EncodedMessageMarshaller())
          .build();

  private final NioEventLoopGroup loop = new NioEventLoopGroup(1);
  private final CompletableFuture<Served> served = new CompletableFuture<>();
  private Server server;
  private ManagedChannel channel;

  /** A call at the server, after its headers. */
  private record Served(
      ServerCallStreamObserver<byte[]> call, CallStream stream, CompletableFuture<Void> left) {}

  @BeforeEach
  void serve() throws Exception {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .channelType(NioServerSocketChannel.class)
            .directExecutor()
            .protocolNegotiator(
                new StreamsPerConnection(InternalProtocolNegotiators.serverPlaintext(), 10))
            .addStreamTracerFactory(new CallStream.Finder())
            .addService(
                ServerServiceDefinition.builder("test")
                    .addMethod(
                        STREAM,
                        ServerCalls.asyncServerStreamingCall(
                            (request, observer) -> {
                              var call = (ServerCallStreamObserver<byte[]>) observer;
                              CompletableFuture<Void> left = new CompletableFuture<>();
                              call.setOnCancelHandler(() -> left.complete(null));
                              CallStream stream = CallStream.ofPresentCall();
                              call.onNext(message(0));
                              // gRPC writes the headers before.
                              loop.execute(() -> served.complete(new Served(call, stream, left)));
                            }))
                    .build())
            .build()
            .start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow();
    server.shutdownNow();
    assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).await();
  }

  private static byte[] message(int number) {
    // From nothing over the size of a frame to more than a window.
    int length = Integer.BYTES + (number % 97 == 96 ? 100_000 : number % 300);
    return ByteBuffer.allocate(length).putInt(number).array();
  }

  private Client open(int credit) {
    Client client = new Client();
    client.call = channel.newCall(STREAM, CallOptions.DEFAULT);
    client.call.start(client, new Metadata());
    client.call.sendMessage(new byte[0]);
    client.call.halfClose();
    client.call.request(credit);
    return client;
  }

  private static final class Client extends ClientCall.Listener<byte[]> {
    private final List<byte[]> messages = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private ClientCall<byte[], byte[]> call;

    @Override
    public void onMessage(byte[] message) {
      messages.add(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      end.complete(status);
    }
  }

  @Test
  void messagesComeWholeAndInOrderThenTheEnd() throws Exception {
    Client client = open(Integer.MAX_VALUE);
    Served call = served.get(10, TimeUnit.SECONDS);
    loop.submit(
            () -> {
              MessageWriter writer = new MessageWriter(call.stream(), () -> {});
              for (int number = 1; number <= 2_000; number++) {
                writer.add(message(number));
                if (number % 17 == 0) {
                  writer.write();
                }
              }
              writer.write();
              call.call().onCompleted();
            })
        .get(10, TimeUnit.SECONDS);

    assertThat(client.end.get(20, TimeUnit.SECONDS).isOk()).isTrue();
    assertThat(client.messages).hasSize(2_001);
    for (int number = 0; number <= 2_000; number++) {
      assertThat(client.messages.get(number)).isEqualTo(message(number));
    }
  }

  @Test
  void aClientThatDoesNotReadIsNotReadyUntilItDoes() throws Exception {
    Client client = open(1);
    Served call = served.get(10, TimeUnit.SECONDS);
    AtomicInteger saidReady = new AtomicInteger();
    MessageWriter writer = new MessageWriter(call.stream(), saidReady::incrementAndGet);

    int[] sent = {0};
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(1))
        .during(Duration.ofMillis(300))
        .until(() -> loop.submit(() -> !sendUntilNotReady(writer, sent)).get());
    // What gRPC's client takes in without being asked, and what may wait here.
    assertThat(sent[0]).isBetween(10, 10_000);
    int saidBefore = saidReady.get();

    client.call.request(Integer.MAX_VALUE);
    await().atMost(LIMIT).until(() -> saidReady.get() > saidBefore);
    await().atMost(LIMIT).untilAsserted(() -> assertThat(client.messages).hasSize(sent[0] + 1));
    assertThat(loop.submit(writer::isReady).get()).isTrue();
    for (int number = 0; number <= sent[0]; number++) {
      assertThat(client.messages.get(number)).isEqualTo(message(number));
    }
  }

  /** Whether anything could be sent. */
  private static boolean sendUntilNotReady(MessageWriter writer, int[] sent) {
    boolean any = false;
    while (writer.isReady()) {
      writer.add(message(++sent[0]));
      writer.write();
      any = true;
    }
    return any;
  }

  @Test
  void whatIsWrittenToAClientThatHasLeftIsLetGoOfAndItIsNeverReadyAgain() throws Exception {
    Client client = open(1);
    Served call = served.get(10, TimeUnit.SECONDS);
    MessageWriter writer = new MessageWriter(call.stream(), () -> {});
    loop.submit(
            () -> {
              for (int number = 1; number < 300; number++) {
                writer.add(message(number));
              }
              writer.write();
              assertThat(writer.isReady()).isFalse();
            })
        .get(10, TimeUnit.SECONDS);

    client.call.cancel("left", null);
    call.left().get(10, TimeUnit.SECONDS);
    await().atMost(LIMIT).until(() -> loop.submit(writer::waitingBytes).get() == 0);
    loop.submit(
            () -> {
              writer.add(message(1));
              writer.write();
              assertThat(writer.waitingBytes()).isZero();
              assertThat(writer.isReady()).isFalse();
            })
        .get(10, TimeUnit.SECONDS);
  }
}
