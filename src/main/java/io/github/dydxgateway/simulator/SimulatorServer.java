package io.github.dydxgateway.simulator;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * The listening end of a simulator from one start to the next stop. Its Vert.x context is the one
 * that owns all state of the simulator.
 */
final class SimulatorServer extends AbstractVerticle {

  static final String PATH = "/v4/ws";

  private static final Logger LOG = Logger.getLogger(SimulatorServer.class);
  private static final String HOST = "127.0.0.1";
  private static final long BATCH_MILLIS = 250;
  private static final int LARGEST_FRAME = 16 * 1024 * 1024;
  private static final int NOT_FOUND = 404;
  private static final int RESTARTING = 1012;

  private final SimulatorSettings settings;
  private final int port;
  private final SimulatorContext simulatorContext;
  private final Venue venue;
  private final Subscriptions subscriptions;
  private final Sessions sessions;
  private final Faults faults;
  private final Control control;
  // Apart from the venue's numbers: when somebody connects must not change the market story.
  private final SplittableRandom random;
  private HttpServer server;

  SimulatorServer(
      SimulatorSettings settings,
      int port,
      SimulatorContext simulatorContext,
      Venue venue,
      Subscriptions subscriptions,
      Sessions sessions,
      Faults faults,
      Control control) {
    this.settings = settings;
    this.port = port;
    this.simulatorContext = simulatorContext;
    this.venue = venue;
    this.subscriptions = subscriptions;
    this.sessions = sessions;
    this.faults = faults;
    this.control = control;
    this.random = new SplittableRandom(~settings.seed());
  }

  @Override
  public void start(Promise<Void> started) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(HOST)
            .setPort(port)
            .setReuseAddress(true)
            .setMaxWebSocketFrameSize(LARGEST_FRAME)
            .setMaxWebSocketMessageSize(LARGEST_FRAME)
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false);
    vertx
        .createHttpServer(options)
        .requestHandler(this::handle)
        .listen()
        .<Void>map(
            listening -> {
              server = listening;
              begin();
              return null;
            })
        .onComplete(started);
  }

  private void begin() {
    simulatorContext.opened(context);
    vertx.setPeriodic(BATCH_MILLIS, timer -> subscriptions.flushBatches());
    if (!settings.manual()) {
      vertx.setPeriodic(settings.tickInterval().toMillis(), timer -> venue.tick());
    }
    LOG.infof("Simulated Indexer on ws://%s:%d%s", HOST, server.actualPort(), PATH);
  }

  @Override
  public void stop(Promise<Void> stopped) {
    simulatorContext.closed();
    sessions.each(
        connection -> connection.closeNow(RESTARTING, "{\"message\":\"Service restarting\"}"));
    server.close().onComplete(stopped);
  }

  int actualPort() {
    return server.actualPort();
  }

  private void handle(HttpServerRequest request) {
    if (request.path().equals(PATH) && request.headers().contains(HttpHeaders.UPGRADE)) {
      OptionalInt refusal = faults.openings().takeRefusal();
      if (refusal.isPresent()) {
        request.response().setStatusCode(refusal.getAsInt()).end();
      } else if (!faults.openings().takeUpgradeUnanswered()) {
        request
            .toWebSocket()
            .onSuccess(this::open)
            .onFailure(e -> LOG.debugf(e, "Refused to upgrade a connection"));
      }
    } else if (settings.control() && request.path().startsWith(Control.PATH)) {
      control.handle(request);
    } else {
      request.response().setStatusCode(NOT_FOUND).end();
    }
  }

  private void open(ServerWebSocket socket) {
    FaultyConnection connection = new FaultyConnection(vertx, socket, faults);
    String connectionId = new UUID(random.nextLong(), random.nextLong()).toString();
    Session session =
        new Session(connectionId, vertx, connection, venue, subscriptions, faults, random.split());
    Heartbeat heartbeat = new Heartbeat(vertx, connection, faults, settings);
    socket.pongHandler(pong -> heartbeat.pong());
    socket.exceptionHandler(e -> LOG.debugf("Connection %s: %s", connectionId, e.getMessage()));
    socket.closeHandler(
        nothing -> {
          heartbeat.stop();
          session.closed();
          sessions.remove(session);
        });
    sessions.add(session);
    if (faults.isSilent()) {
      connection.hold();
    }
    if (faults.openings().takeMuted()) {
      connection.strand();
    }
    session.open(socket);
  }
}
