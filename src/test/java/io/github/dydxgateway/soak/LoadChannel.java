package io.github.dydxgateway.soak;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** One TCP connection of many clients, which can be cut. Connects again when used again. */
final class LoadChannel implements AutoCloseable {
  private static final int LARGEST_MESSAGE = 64 << 20;

  private final AtomicReference<NioSocketChannel> socket = new AtomicReference<>();
  private final ManagedChannel channel;

  LoadChannel(int port, EventLoopGroup loops) {
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .maxInboundMessageSize(LARGEST_MESSAGE)
            .directExecutor()
            .eventLoopGroup(loops)
            .channelFactory(
                () -> {
                  NioSocketChannel made = new NioSocketChannel();
                  socket.set(made);
                  return made;
                })
            .build();
  }

  ManagedChannel channel() {
    return channel;
  }

  /** Resets TCP; the gateway hears no goodbye. */
  void cut() {
    NioSocketChannel connected = socket.getAndSet(null);
    if (connected != null) {
      connected
          .eventLoop()
          .execute(
              () -> {
                connected.config().setSoLinger(0);
                // Past gRPC's handlers, which would say goodbye.
                connected.unsafe().close(connected.unsafe().voidPromise());
              });
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
