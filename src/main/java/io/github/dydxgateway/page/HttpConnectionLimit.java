package io.github.dydxgateway.page;

import io.github.dydxgateway.access.ClientAddress;
import io.github.dydxgateway.access.ClientCount;
import io.github.dydxgateway.stream.ClientLimit;
import io.github.dydxgateway.stream.StreamCounters;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;

/**
 * Closes connections to the HTTP port above what one client may have, so that no one client can
 * take all there may be and shut the probes out.
 *
 * <p>Quarkus tells of a connection with its first request only, and those that do harm never send
 * one. So this sits on the listening socket, which hands connections over as it accepts them: what
 * is refused has cost nothing yet.
 */
@Singleton
public class HttpConnectionLimit {
  private static final String NAME = "dydx-gateway-connection-limit";

  private final VertxInternal vertx;
  private final StreamCounters counters;
  private final ClientCount connections;

  HttpConnectionLimit(Vertx vertx, PageSettings settings, StreamCounters counters) {
    this.vertx = (VertxInternal) vertx;
    this.counters = counters;
    this.connections = new ClientCount(settings.maxConnectionsPerClient());
  }

  void limit(@ObservesAsync HttpServerStart started, HttpServer server) {
    limit(server.getPort());
  }

  void limitTls(@ObservesAsync HttpsServerStart started, HttpServer server) {
    limit(server.getSecurePort());
  }

  /** Told once by each event loop of the server; they have one listening socket. */
  private void limit(int port) {
    for (EventExecutor loop : vertx.getAcceptorEventLoopGroup()) {
      loop.execute(
          () ->
              ((SingleThreadEventLoop) loop)
                  .registeredChannelsIterator()
                  .forEachRemaining(
                      channel -> {
                        if (isListening(channel, port) && channel.pipeline().get(NAME) == null) {
                          channel.pipeline().addFirst(NAME, new Gate());
                        }
                      }));
    }
  }

  private static boolean isListening(Channel channel, int port) {
    return channel instanceof ServerChannel
        && channel.localAddress() instanceof InetSocketAddress address
        && address.getPort() == port;
  }

  /** What the listening socket reads are connections. */
  private final class Gate extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      Channel connection = (Channel) accepted;
      ClientAddress client = ClientAddress.of(connection.remoteAddress());
      if (connections.add(client)) {
        var unused = connection.closeFuture().addListener(closed -> connections.remove(client));
        context.fireChannelRead(accepted);
      } else {
        counters.limitHit(ClientLimit.HTTP_CONNECTIONS_PER_CLIENT).increment();
        connection.unsafe().closeForcibly(); // no event loop has it yet
      }
    }
  }
}
