package io.github.dydxgateway.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The venue of the benchmark: answers subscribes, then sends a {@link Load} as fast as it is taken,
 * or at a pace that does not care whether it is. Arguments: the file of {@link Progress}, markets
 * in its catalogue, frames of a load before it is sent again, seed.
 *
 * <p>Commands: {@code saturate AHEAD} (0: as far ahead as the sockets take), {@code pace RATE}
 * frames a second, {@code stamped RATE} the same with the time in each book update, {@code
 * behind-markets RATE} as many pairs of a frame with all markets and a stamped book update, {@code
 * stop}, {@code late} worst lateness of the pace in microseconds.
 */
public final class LoadVenue {
  private final int catalogue;
  private final int frames;
  private final long seed;
  private final Progress progress;
  private final AtomicLong counted = new AtomicLong();
  private final List<VenueSession> sessions = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  private LoadVenue(String progressFile, int catalogue, int frames, long seed) throws Exception {
    this.catalogue = catalogue;
    this.frames = frames;
    this.seed = seed;
    this.progress = new Progress(Path.of(progressFile));
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setPort(0)
                    .setMaxWebSocketFrameSize(1 << 20))
            .requestHandler(this::upgrade);
    server.listen().toCompletionStage().toCompletableFuture().get();
  }

  /** Runs until its input ends. */
  public static void main(String[] arguments) throws Exception {
    LoadVenue venue =
        new LoadVenue(
            arguments[0],
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]),
            Long.parseLong(arguments[3]));
    Commands.serve(Integer.toString(venue.server.actualPort()), venue::handle);
  }

  private String handle(String command, List<String> arguments) throws Exception {
    switch (command) {
      case "saturate" -> {
        Window window = new Window(Long.parseLong(arguments.get(0)));
        for (VenueSession session : busy()) {
          session.saturate(load(session, false), window);
        }
      }
      case "pace" -> pace(Double.parseDouble(arguments.get(0)), false);
      case "stamped" -> pace(Double.parseDouble(arguments.get(0)), true);
      case "behind-markets" -> {
        for (VenueSession session : busy()) {
          session.paceBehind(
              Load.ofWholeMarkets(catalogue, seed, session.id()),
              load(session, true),
              Double.parseDouble(arguments.get(0)));
        }
      }
      case "stop" -> {
        for (VenueSession session : sessions) {
          session.stop();
        }
      }
      case "late" -> {
        return Long.toString(
            sessions.stream().mapToLong(VenueSession::worstLatenessNs).max().orElse(0) / 1_000);
      }
      default -> throw new IllegalArgumentException(command);
    }
    return "ok";
  }

  /** Each connection has its part of the pace, by its subscriptions. */
  private void pace(double rate, boolean stamped) {
    List<VenueSession> busy = busy();
    int all = busy.stream().mapToInt(VenueSession::weight).sum();
    for (VenueSession session : busy) {
      session.pace(load(session, stamped), rate * session.weight() / all);
    }
  }

  private List<VenueSession> busy() {
    return sessions.stream().filter(session -> session.weight() > 0).toList();
  }

  private Load load(VenueSession session, boolean stamped) {
    return session.load(
        stamped,
        () ->
            Load.of(
                new Load.Recipe(
                    List.copyOf(session.books()), // more may be subscribed meanwhile
                    List.copyOf(session.trades()),
                    session.hasMarkets(),
                    catalogue,
                    frames,
                    stamped,
                    seed),
                session.id()));
  }

  /** How far the load may run ahead of the clients. */
  final class Window {
    private final long ahead;
    private final long eventsBefore = progress.events();
    private final long countedBefore = counted.get();

    Window(long ahead) {
      this.ahead = ahead;
    }

    /** Events that may be sent now. */
    long room() {
      return ahead == 0
          ? Long.MAX_VALUE
          : ahead - (counted.get() - countedBefore) + (progress.events() - eventsBefore);
    }

    void sent(int events) {
      counted.addAndGet(events);
    }
  }

  private void upgrade(HttpServerRequest request) {
    request.toWebSocket().onSuccess(this::accept);
  }

  private void accept(ServerWebSocket socket) {
    VenueSession session = new VenueSession(socket);
    sessions.add(session);
    socket.closeHandler(
        closed -> {
          sessions.remove(session);
          session.abandon();
        });
    socket.textMessageHandler(text -> subscribe(session, new JsonObject(text)));
  }

  private void subscribe(VenueSession session, JsonObject request) {
    String channel = request.getString("channel");
    String id = request.getString("id");
    if (!"subscribe".equals(request.getString("type"))) {
      session.answer("unsubscribed", channel, id, null);
      session.unsubscribed(channel, id == null ? -1 : marketOf(id));
      return;
    }
    String state =
        switch (channel) {
          case "v4_markets" -> new MarketsLoad(catalogue, new SplittableRandom(seed)).state();
          case "v4_orderbook" -> Load.bookState(marketOf(id), seed);
          case "v4_trades" -> "{\"trades\":[]}";
          default -> throw new IllegalArgumentException(channel);
        };
    session.answer("subscribed", channel, id == null ? channel : id, state);
    session.subscribed(channel, id == null ? -1 : marketOf(id));
  }

  private int marketOf(String ticker) {
    for (int i = 0; i < catalogue; i++) {
      if (Market.of(i).ticker().equals(ticker)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no market " + ticker);
  }
}
