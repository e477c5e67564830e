package io.github.dydxgateway.grpc;

import io.github.dydxgateway.access.ClientAddress;
import io.github.dydxgateway.access.ClientCount;
import io.github.dydxgateway.stream.ClientLimit;
import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Counts the connections that have shaken hands, and refuses those above the limits with a GOAWAY
 * ENHANCE_YOUR_CALM, which gRPC clients report as RESOURCE_EXHAUSTED. Called on event loops.
 */
final class ConnectionLimits extends ServerTransportFilter {
  private static final Attributes.Key<ClientAddress> COUNTED =
      Attributes.Key.create("dydx-gateway-connection");

  private final ClientLimits limits;
  private final Consumer<ClientLimit> onRefused;
  private final AtomicInteger total = new AtomicInteger();
  private final ClientCount perClient;

  /**
   * @param onRefused told the limit that a connection was refused for
   */
  ConnectionLimits(ClientLimits limits, Consumer<ClientLimit> onRefused) {
    this.limits = limits;
    this.onRefused = onRefused;
    this.perClient = new ClientCount(limits.maxConnectionsPerClient());
  }

  @Override
  public Attributes transportReady(Attributes transport) {
    if (total.incrementAndGet() > limits.maxConnections()) {
      total.decrementAndGet();
      throw refused(
          ClientLimit.CONNECTIONS,
          "the gateway has as many connections as it may, " + limits.maxConnections());
    }
    ClientAddress client = ClientAddress.of(transport);
    if (!perClient.add(client)) {
      total.decrementAndGet();
      throw refused(
          ClientLimit.CONNECTIONS_PER_CLIENT,
          "this address has as many connections as it may, " + limits.maxConnectionsPerClient());
    }
    return transport.toBuilder().set(COUNTED, client).build();
  }

  /** The transport has no other way to refuse; it reads the HTTP/2 error from the cause. */
  private RuntimeException refused(ClientLimit limit, String why) {
    onRefused.accept(limit);
    String message = why + " (" + limit.key() + ")";
    return new IllegalStateException(
        message, new Http2Exception(Http2Error.ENHANCE_YOUR_CALM, message));
  }

  /**
   * @param transport null if it was never ready, or was refused
   */
  @Override
  public void transportTerminated(Attributes transport) {
    ClientAddress client = transport == null ? null : transport.get(COUNTED);
    if (client != null) {
      perClient.remove(client);
      total.decrementAndGet();
    }
  }

  /** Connections that are open. */
  int size() {
    return total.get();
  }
}
