package io.github.dydxgateway.soak;

import io.github.dydxgateway.indexer.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.impl.WebSocketInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A venue that publishes thousands of frames a second for next to nothing, and goes away when told.
 * All its state belongs to one event loop; the methods may be called from any other thread and wait
 * for the answer.
 */
final class LoadVenue implements AutoCloseable {
  private static final long TICK_MILLIS = 10;
  private static final long SLOW_MILLIS = 1000;
  private static final int LARGEST_FRAME = 1 << 20;
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long PATIENCE_SECONDS = 30;

  private static final String TIME = "\"time\":\"2025-12-08T16:11:30.590Z\"";

  /** Most that is made up for after a stall, so that a pause of this process is no burst. */
  private static final double LONGEST_DEBT_SECONDS = 0.1;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Map<String, LoadMarket> byTicker = new LinkedHashMap<>();
  private final List<LoadMarket> markets;
  private final Set<Session> sessions = new HashSet<>();
  private final RateMeter attempts = new RateMeter();
  private final HttpServer server;
  private final int port;

  private Door door = Door.OPEN;
  private int booksPerSecond;
  private int tradesPerSecond;
  private double owedBooks;
  private double owedTrades;
  private long lastTickNs = System.nanoTime();
  private int nextBook;
  private int nextTrade;
  private long height = 1;
  private int sessionCount;
  private int mostSubscribesPerSecond;
  private long subscribes;

  /** What happens to who connects. */
  enum Door {
    /** Is let in. */
    OPEN,
    /** Gets a TCP reset. */
    RESET,
    /** Gets HTTP 502, as from a proxy whose server is away. */
    BAD_GATEWAY
  }

  /**
   * What the venue has seen.
   *
   * @param attempts TCP connections
   * @param mostAttemptsPerSecond in any second
   * @param subscribes in all
   * @param mostSubscribesPerSecond on one connection in any second
   */
  record Seen(
      long attempts, int mostAttemptsPerSecond, long subscribes, int mostSubscribesPerSecond) {}

  /** Listens on a free port of loopback; publishes nothing yet. */
  LoadVenue(int marketCount) {
    for (int i = 0; i < marketCount; i++) {
      String ticker = "M%02d-USD".formatted(i);
      byTicker.put(ticker, new LoadMarket(ticker));
    }
    markets = List.copyOf(byTicker.values());
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setPort(0)
                    .setMaxWebSocketFrameSize(LARGEST_FRAME)
                    .setMaxWebSocketMessageSize(LARGEST_FRAME))
            .connectionHandler(this::connected)
            .requestHandler(this::requested);
    await(server.listen());
    port = server.actualPort();
    call(
        () -> {
          vertx.setPeriodic(TICK_MILLIS, timer -> tick());
          vertx.setPeriodic(SLOW_MILLIS, timer -> slowTick());
          return null;
        });
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + port + "/v4/ws");
  }

  List<String> tickers() {
    return List.copyOf(byTicker.keySet());
  }

  /** Publishes so many frames a second of all markets together; zeros: nothing more. */
  void pace(int books, int trades) {
    call(
        () -> {
          booksPerSecond = books;
          tradesPerSecond = trades;
          return null;
        });
  }

  void door(Door next) {
    call(() -> door = next);
  }

  /** Closes all connections at once; 0 for a TCP reset. */
  void closeAll(int code) {
    call(
        () -> {
          List.copyOf(sessions).forEach(session -> session.close(code));
          return null;
        });
  }

  /** Numbers of the open connections. */
  List<Integer> sessions() {
    return call(() -> sessions.stream().map(session -> session.number).sorted().toList());
  }

  /** Closes one. */
  void close(int number, int code) {
    call(
        () -> {
          List.copyOf(sessions).stream()
              .filter(session -> session.number == number)
              .forEach(session -> session.close(code));
          return null;
        });
  }

  /** What it has seen since this was asked last. */
  Seen takeSeen() {
    return call(
        () -> {
          Seen seen =
              new Seen(attempts.count(), attempts.most(), subscribes, mostSubscribesPerSecond);
          attempts.clear();
          subscribes = 0;
          mostSubscribesPerSecond = 0;
          return seen;
        });
  }

  LoadMarket.Book book(String ticker) {
    return call(() -> byTicker.get(ticker).book());
  }

  long lastTrade(String ticker) {
    return call(() -> byTicker.get(ticker).lastTrade());
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  /** There is one event loop, so that every context is on it. */
  private <T> T call(Callable<T> action) {
    Promise<T> promise = Promise.promise();
    vertx.runOnContext(
        ignored -> {
          try {
            promise.complete(action.call());
          } catch (Exception e) {
            promise.fail(e);
          }
        });
    return await(promise.future());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the venue of the test failed", e);
    }
  }

  // ---- on the loop

  private void tick() {
    long now = System.nanoTime();
    double seconds = Math.min(LONGEST_DEBT_SECONDS, (now - lastTickNs) / 1e9);
    lastTickNs = now;
    for (owedBooks += seconds * booksPerSecond; owedBooks >= 1; owedBooks--) {
      LoadMarket market = markets.get(nextBook++ % markets.size());
      publish(Channel.ORDER_BOOK, market.ticker(), market.changeBook());
    }
    for (owedTrades += seconds * tradesPerSecond; owedTrades >= 1; owedTrades--) {
      LoadMarket market = markets.get(nextTrade++ % markets.size());
      publish(Channel.TRADES, market.ticker(), market.trade());
    }
  }

  private void slowTick() {
    if (booksPerSecond > 0) {
      height++;
      publish(Channel.BLOCK_HEIGHT, "", "{\"blockHeight\":\"" + height + "\"," + TIME + "}");
      String ticker = markets.get((int) (height % markets.size())).ticker();
      publish(
          Channel.MARKETS,
          "",
          """
          {"oraclePrices":{"%s":{"oraclePrice":"%d","effectiveAt":"2025-12-08T16:11:30.590Z",\
          "effectiveAtHeight":"%d","marketId":0}}}\
          """
              .formatted(ticker, 1000 + height % 100, height));
    }
  }

  private void publish(Channel channel, String id, String contents) {
    String key = key(channel, id);
    for (Session session : sessions) {
      if (session.subscribed.contains(key)) {
        session.data(channel, id, contents);
      }
    }
  }

  private static String key(Channel channel, String id) {
    return channel.wireName() + id;
  }

  private String initialState(Channel channel, String id) {
    return switch (channel) {
      case ORDER_BOOK -> byTicker.get(id).bookState();
      case TRADES -> byTicker.get(id).tradesState();
      case MARKETS ->
          markets.stream()
              .map(LoadMarket::definition)
              .collect(Collectors.joining(",", "{\"markets\":{", "}}"));
      case BLOCK_HEIGHT -> "{\"height\":\"" + height + "\"," + TIME + "}";
      default -> "{}";
    };
  }

  private void connected(HttpConnection connection) {
    attempts.mark(System.nanoTime());
    if (door == Door.RESET) {
      reset(((ConnectionBase) connection).channel());
    }
  }

  private static void reset(io.netty.channel.Channel channel) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    // Past Vert.x's handlers, which would say goodbye.
    channel.unsafe().close(channel.unsafe().voidPromise());
  }

  private void requested(HttpServerRequest request) {
    if (door == Door.BAD_GATEWAY) {
      request.response().setStatusCode(502).end();
    } else if (door == Door.OPEN) {
      request.toWebSocket().onSuccess(Session::new);
    }
  }

  /** One connection. */
  private final class Session {
    private final int number = ++sessionCount;
    private final ServerWebSocket socket;
    private final Set<String> subscribed = new HashSet<>();
    private final RateMeter rate = new RateMeter();
    private long messageId;

    Session(ServerWebSocket socket) {
      this.socket = socket;
      sessions.add(this);
      socket.exceptionHandler(ignored -> {}); // resets are part of the plan
      socket.closeHandler(ignored -> sessions.remove(this));
      socket.textMessageHandler(this::request);
      send("connected", "");
    }

    private void request(String text) {
      JsonObject request = new JsonObject(text);
      Channel channel = Channel.ofWireName(request.getString("channel"));
      String id = request.getString("id", "");
      if (request.getString("type").equals("unsubscribe")) {
        subscribed.remove(key(channel, id));
        send("unsubscribed", about(channel, channel.hasId() ? id : null));
        return;
      }
      subscribes++;
      rate.mark(System.nanoTime());
      mostSubscribesPerSecond = Math.max(mostSubscribesPerSecond, rate.most());
      if (channel.hasId() && !byTicker.containsKey(id)) {
        send(
            "error",
            ",\"message\":\"Invalid subscription id for channel: (%s-%s)\""
                .formatted(channel.wireName(), id));
        return;
      }
      subscribed.add(key(channel, id));
      send(
          "subscribed",
          about(channel, channel.hasId() ? id : channel.wireName())
              + ",\"contents\":"
              + initialState(channel, id));
    }

    private void data(Channel channel, String id, String contents) {
      send(
          "channel_data",
          about(channel, channel.hasId() ? id : null)
              + ",\"version\":\"1.0.0\",\"contents\":"
              + contents);
    }

    private String about(Channel channel, String id) {
      return ",\"channel\":\""
          + channel.wireName()
          + (id == null ? "\"" : "\",\"id\":\"" + id + "\"");
    }

    private void send(String type, String fields) {
      if (!socket.isClosed()) {
        socket.writeTextMessage(
            "{\"type\":\""
                + type
                + "\",\"connection_id\":\"session-"
                + number
                + "\",\"message_id\":"
                + messageId++
                + fields
                + "}");
      }
    }

    private void close(int code) {
      if (code == 0) {
        reset(((WebSocketInternal) socket).channelHandlerContext().channel());
      } else {
        socket.close((short) code, "{\"message\":\"Service restarting\"}");
      }
    }
  }

  /** How many came in any one second at most. */
  private static final class RateMeter {
    private final Deque<Long> lastSecond = new ArrayDeque<>();
    private long count;
    private int most;

    void mark(long nowNs) {
      count++;
      lastSecond.addLast(nowNs);
      while (nowNs - lastSecond.peekFirst() >= SECOND_NS) {
        lastSecond.removeFirst();
      }
      most = Math.max(most, lastSecond.size());
    }

    long count() {
      return count;
    }

    int most() {
      return most;
    }

    void clear() {
      count = 0;
      most = 0;
      lastSecond.clear();
    }
  }
}
