package io.github.dydxgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.net.URI;

/**
 * A dYdX Indexer on 127.0.0.1 that speaks the real protocol, limits and faults.
 *
 * <p>Thread-safe: all of its state belongs to one Vert.x context, onto which every method goes. The
 * market story and open faults outlive {@link #stop()}, and so does the port, so that a simulator
 * can go away and come back as a venue does.
 */
public final class IndexerSimulator {

  private final Vertx vertx;
  private final SimulatorSettings settings;
  private final SimulatorContext context = new SimulatorContext();
  private final SimulatorRecord record = new SimulatorRecord();
  private final Subscriptions subscriptions = new Subscriptions();
  private final Sessions sessions = new Sessions();
  private final Venue venue;
  private final Faults faults;

  // Guarded by this.
  private Future<String> deployment;
  private Future<Void> stopped = Future.succeededFuture();
  private volatile int port;

  public IndexerSimulator(Vertx vertx, SimulatorSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    this.port = settings.port();
    MessageBus bus = new MessageBus(subscriptions, settings.seed());
    this.venue = new Venue(settings, record, bus);
    this.faults = new Faults(context, sessions, venue, bus);
  }

  /** Listens; completes when clients can connect. Does nothing while it runs. */
  public synchronized Future<Void> start() {
    if (deployment == null) {
      SimulatorServer server =
          new SimulatorServer(
              settings, port, context, venue, subscriptions, sessions, faults, new Control(this));
      deployment =
          stopped
              .compose(nothing -> vertx.deployVerticle(server))
              .onSuccess(id -> port = server.actualPort());
    }
    return deployment.mapEmpty();
  }

  /** Closes all connections with 1012 and stops listening. Does nothing while it does not run. */
  public synchronized Future<Void> stop() {
    if (deployment != null) {
      stopped = deployment.compose(vertx::undeploy).otherwiseEmpty();
      deployment = null;
    }
    return stopped;
  }

  /** Where clients connect: {@code ws://127.0.0.1:PORT/v4/ws}. Known once it has started. */
  public URI uri() {
    if (port == 0) {
      throw new IllegalStateException("the port is known once start() has completed");
    }
    return URI.create("ws://127.0.0.1:" + port + SimulatorServer.PATH);
  }

  /**
   * Takes the market one step on, apart from the steps of {@link SimulatorSettings#tickInterval()}.
   * With manual ticks every step ends a block, and takes one second of simulated time.
   */
  public Future<Void> tick() {
    return context.run(venue::tick);
  }

  /** What goes wrong, on demand. */
  public Faults faults() {
    return faults;
  }

  /** What really happened. */
  public SimulatorRecord record() {
    return record;
  }

  /** Number of open connections; for tests that wait for one. */
  public Future<Integer> connections() {
    int[] count = new int[1];
    return context.run(() -> count[0] = sessions.size()).map(nothing -> count[0]);
  }

  /** Number of topics that connections are subscribed to, each counted for each. */
  public Future<Integer> subscriptions() {
    int[] count = new int[1];
    return context.run(() -> count[0] = subscriptions.size()).map(nothing -> count[0]);
  }

  /**
   * Lists a new market. Its first update has only a part of the fields and the status INITIALIZING;
   * the rest, the status ACTIVE and a book come with the next block, an oracle price later.
   *
   * @param price first mid price, which also decides tick and step size
   */
  public Future<Void> addMarket(String ticker, BigDecimal price) {
    return context.run(() -> venue.addMarket(ticker, price));
  }

  /**
   * Renames a market: its number stays, its new name is announced, and the old one is never
   * mentioned again. Its book, trades and candles begin anew under the new name, at the present
   * price. Not for markets that accounts trade.
   */
  public Future<Void> renameMarket(String ticker, String newTicker) {
    return context.run(() -> venue.renameMarket(ticker, newTicker));
  }

  /**
   * Removes a market: the next full state of {@code v4_markets} lacks it, nothing announces that,
   * and what is subscribed falls silent. Not for markets that accounts trade.
   */
  public Future<Void> delistMarket(String ticker) {
    return context.run(() -> venue.delistMarket(ticker));
  }

  /** Changes a market's tick size; levels that rest in the book keep their prices. */
  public Future<Void> changeTickSize(String ticker, BigDecimal tickSize) {
    return context.run(() -> venue.changeTickSize(ticker, tickSize));
  }

  /** Changes a market's status; only ACTIVE ones trade. */
  public Future<Void> setStatus(String ticker, MarketStatus status) {
    return context.run(() -> venue.setStatus(ticker, status));
  }
}
