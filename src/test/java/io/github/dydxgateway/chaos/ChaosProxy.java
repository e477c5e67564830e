package io.github.dydxgateway.chaos;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;

/**
 * Stands between the gateway and the venue and does to each connection what the plan says. All on
 * one event loop; {@link #uri} and {@link #follow} may be called from any thread.
 */
final class ChaosProxy extends AbstractVerticle {
  private static final String HOST = "127.0.0.1";

  private final URI venue;
  private final Set<ChaosLink> links = new HashSet<>();
  private volatile ChaosPlan plan;
  private volatile int port;
  private NetServer server;
  private NetClient client;
  private int connections;

  ChaosProxy(URI venue, ChaosPlan plan) {
    this.venue = venue;
    this.plan = plan;
  }

  /** Where the gateway connects, once deployed. */
  URI uri() {
    return URI.create("ws://" + HOST + ":" + port + venue.getPath());
  }

  /** Follows another plan from now on, in connections that are open as well. */
  void follow(ChaosPlan next) {
    plan = next;
  }

  ChaosPlan plan() {
    return plan;
  }

  @Override
  public void start(Promise<Void> started) {
    client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
    server =
        vertx
            .createNetServer(new NetServerOptions().setHost(HOST).setPort(0).setTcpNoDelay(true))
            .connectHandler(this::accepted);
    server
        .listen()
        .onSuccess(listening -> port = listening.actualPort())
        .<Void>mapEmpty()
        .onComplete(started);
  }

  private void accepted(NetSocket gateway) {
    ChaosLink link = new ChaosLink(vertx, this, gateway, plan.connection(connections++));
    links.add(link);
    gateway.closeHandler(
        ignored -> {
          links.remove(link);
          link.gatewayLeft();
        });
    link.open(client, venue.getPort(), HOST);
  }

  @Override
  public void stop() {
    Set.copyOf(links).forEach(ChaosLink::gatewayLeft);
  }
}
