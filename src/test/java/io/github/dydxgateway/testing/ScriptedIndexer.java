package io.github.dydxgateway.testing;

import io.github.dydxgateway.indexer.Channel;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;

/**
 * An Indexer for tests on {@code ws://127.0.0.1}: a real WebSocket server that records what every
 * connection asks for and does what the test says.
 *
 * <pre>{@code
 * try (ScriptedIndexer indexer = ScriptedIndexer.automatic()) {
 *   indexer.initialState(Channel.TRADES, "BTC-USD", "{\"trades\":[]}");
 *   ... connect something to indexer.uri() ...
 *   indexer.awaitSubscribed(Channel.TRADES, "BTC-USD");
 *   indexer.push(Channel.TRADES, "BTC-USD", "{\"trades\":[...]}");
 *   indexer.connection(0).close(1012, "{\"message\":\"Service restarting\"}");
 *   indexer.awaitConnection(1);
 * }
 * }</pre>
 *
 * {@link #automatic()} behaves as the venue does: it says {@code connected}, answers subscribes
 * with the initial states given (else with an empty one), refuses what goes beyond the limits, and
 * closes connections that subscribe to the same too often. {@link #manual()} only accepts
 * connections and records; the test sends everything by the {@link ScriptedConnection}s. {@link
 * #onUpgrade} decides what happens to an attempt to connect.
 *
 * <p>Thread safe. It has an event loop of its own, on which everything is sent in the order of the
 * calls. Waiting fails after ten seconds.
 */
public final class ScriptedIndexer implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MAX_FRAME_BYTES = 64 << 20;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final boolean automatic;
  private final boolean secure;
  private final HttpServer server;
  private final List<ScriptedConnection> connections = new CopyOnWriteArrayList<>();
  private final List<Long> attemptTimesNs = new CopyOnWriteArrayList<>();
  private final Map<String, String> initialStates = new ConcurrentHashMap<>();
  private final Map<String, String> errors = new ConcurrentHashMap<>();
  private final Map<Channel, Integer> limits = new EnumMap<>(Channel.class);
  private volatile MultiMap lastHeaders;
  private volatile boolean deafAfterSubscribes;
  private volatile IntFunction<Upgrade> upgrades = attempt -> Upgrade.ACCEPT;

  /** What happens to an attempt to connect. */
  public sealed interface Upgrade {
    /** The WebSocket is opened. */
    Upgrade ACCEPT = new Accept(true);

    /** The WebSocket is opened, but {@code connected} is never said. */
    Upgrade ACCEPT_SILENTLY = new Accept(false);

    /** The request is never answered. */
    Upgrade HANG = new Hang();

    /** The request is answered with this HTTP status. */
    static Upgrade refuse(int status) {
      return new Refuse(status, Map.of());
    }

    /** The request is answered with this HTTP status and header. */
    static Upgrade refuse(int status, String header, String value) {
      return new Refuse(status, Map.of(header, value));
    }

    /** The WebSocket is opened and TCP reset at once. */
    Upgrade RESET = new Reset();

    /** The WebSocket is opened and closed at once. */
    static Upgrade closeAtOnce(int code) {
      return new CloseAtOnce(code);
    }

    /** See {@link Upgrade#ACCEPT}. */
    record Accept(boolean saysConnected) implements Upgrade {}

    /** See {@link Upgrade#HANG}. */
    record Hang() implements Upgrade {}

    /** See {@link Upgrade#refuse}. */
    record Refuse(int status, Map<String, String> headers) implements Upgrade {}

    /** See {@link Upgrade#RESET}. */
    record Reset() implements Upgrade {}

    /** See {@link Upgrade#closeAtOnce}. */
    record CloseAtOnce(int code) implements Upgrade {}
  }

  private ScriptedIndexer(boolean automatic, SelfSignedStore store, String host, int port) {
    this.automatic = automatic;
    this.secure = store != null;
    for (Channel channel : Channel.values()) {
      limits.put(channel, channel.connectionLimit());
    }
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(host)
            .setPort(port)
            .setMaxWebSocketFrameSize(MAX_FRAME_BYTES)
            .setMaxWebSocketMessageSize(MAX_FRAME_BYTES);
    if (secure) {
      options
          .setSsl(true)
          .setKeyCertOptions(
              new PfxOptions().setPath(store.path().toString()).setPassword(store.password()));
    }
    server = vertx.createHttpServer(options).requestHandler(this::upgrade);
    await(server.listen());
  }

  /** A server that behaves as the venue does. */
  public static ScriptedIndexer automatic() {
    return automatic("127.0.0.1", 0);
  }

  /** As {@link #automatic()}, on this address and port; its {@link #uri} is another. */
  public static ScriptedIndexer automatic(String host, int port) {
    return new ScriptedIndexer(true, null, host, port);
  }

  /** As {@link #automatic()}, on {@code wss://localhost}. */
  public static ScriptedIndexer secure(SelfSignedStore store) {
    return new ScriptedIndexer(true, store, "127.0.0.1", 0);
  }

  /** A server that accepts connections, and else does nothing unless told. */
  public static ScriptedIndexer manual() {
    return new ScriptedIndexer(false, null, "127.0.0.1", 0);
  }

  /** Where it listens. */
  public URI uri() {
    return URI.create(
        (secure ? "wss://localhost:" : "ws://127.0.0.1:") + server.actualPort() + "/v4/ws");
  }

  // ---- what it does by itself

  /** Decides on each attempt to connect, by its number from 0. */
  public ScriptedIndexer onUpgrade(IntFunction<Upgrade> decision) {
    upgrades = decision;
    return this;
  }

  /** Whether a connection reads nothing any more, and answers no ping, once it is subscribed. */
  public ScriptedIndexer deafAfterSubscribes(boolean deaf) {
    deafAfterSubscribes = deaf;
    return this;
  }

  /** Sets the {@code contents} of {@code subscribed}; the id is empty on channels without ids. */
  public ScriptedIndexer initialState(Channel channel, String id, String contents) {
    initialStates.put(key(channel, id), contents);
    return this;
  }

  /**
   * Answers subscribes to this with an error until {@link #noError} is called.
   *
   * @param fields JSON fields of the error frame, such as {@code "message":"…"}
   */
  public ScriptedIndexer error(Channel channel, String id, String fields) {
    errors.put(key(channel, id), fields);
    return this;
  }

  /** Ends what {@link #error} began. */
  public ScriptedIndexer noError(Channel channel, String id) {
    errors.remove(key(channel, id));
    return this;
  }

  /** Allows this many subscriptions of the channel on one connection. */
  public ScriptedIndexer limit(Channel channel, int limit) {
    synchronized (limits) {
      limits.put(channel, limit);
    }
    return this;
  }

  /**
   * Sends a {@code channel_data} to every connection subscribed.
   *
   * @return to how many
   */
  public int push(Channel channel, String id, String contents) {
    int count = 0;
    for (ScriptedConnection connection : connections) {
      if (connection.isOpen() && connection.isSubscribed(channel, id)) {
        connection.pushData(channel, id, contents);
        count++;
      }
    }
    return count;
  }

  // ---- what it saw

  /** When each attempt to connect came, by {@link System#nanoTime()}. */
  public List<Long> attemptTimesNs() {
    return List.copyOf(attemptTimesNs);
  }

  /** Headers of the last attempt to connect; null before the first. */
  public MultiMap lastHeaders() {
    return lastHeaders;
  }

  /** All WebSockets ever opened, in order. */
  public List<ScriptedConnection> connections() {
    return List.copyOf(connections);
  }

  /** The WebSockets open now, in order. */
  public List<ScriptedConnection> openConnections() {
    return connections.stream().filter(ScriptedConnection::isOpen).toList();
  }

  /** The WebSocket of this number from 0; must exist. */
  public ScriptedConnection connection(int index) {
    return connections.get(index);
  }

  /** Waits for the WebSocket of this number from 0. */
  public ScriptedConnection awaitConnection(int index) {
    Awaitility.await("connection " + index)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> connections.size() > index);
    return connections.get(index);
  }

  /** Waits until an open connection is subscribed, in automatic mode; returns the first such. */
  public ScriptedConnection awaitSubscribed(Channel channel, String id) {
    return Awaitility.await("subscribed to " + key(channel, id))
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(
            () ->
                openConnections().stream()
                    .filter(c -> c.isSubscribed(channel, id))
                    .findFirst()
                    .orElse(null),
            found -> found != null);
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  // ---- for the connections

  boolean isAutomatic() {
    return automatic;
  }

  boolean isDeafAfterSubscribes() {
    return deafAfterSubscribes;
  }

  int limitOf(Channel channel) {
    synchronized (limits) {
      return limits.get(channel);
    }
  }

  String errorOf(Channel channel, String id) {
    return errors.get(key(channel, id));
  }

  String initialStateOf(Channel channel, String id) {
    String given = initialStates.get(key(channel, id));
    if (given != null) {
      return given;
    }
    return switch (channel) {
      case ORDER_BOOK -> "{\"bids\":[],\"asks\":[]}";
      case TRADES -> "{\"trades\":[]}";
      case CANDLES -> "{\"candles\":[]}";
      case MARKETS -> "{\"markets\":{}}";
      case BLOCK_HEIGHT -> "{\"height\":\"1\",\"time\":\"2024-01-01T00:00:00.000Z\"}";
      case SUBACCOUNTS, PARENT_SUBACCOUNTS -> "{}";
    };
  }

  static String key(Channel channel, String id) {
    return channel.wireName() + " " + id;
  }

  private void upgrade(HttpServerRequest request) {
    attemptTimesNs.add(System.nanoTime());
    lastHeaders = MultiMap.caseInsensitiveMultiMap().addAll(request.headers());
    Upgrade upgrade = upgrades.apply(attemptTimesNs.size() - 1);
    if (upgrade instanceof Upgrade.Refuse refuse) {
      refuse.headers().forEach(request.response()::putHeader);
      request.response().setStatusCode(refuse.status()).end();
    } else if (!(upgrade instanceof Upgrade.Hang)) {
      request
          .toWebSocket()
          .onSuccess(
              socket -> {
                ScriptedConnection connection =
                    new ScriptedConnection(this, vertx.getOrCreateContext(), socket);
                connections.add(connection);
                if (upgrade instanceof Upgrade.CloseAtOnce close) {
                  connection.close(close.code(), null);
                } else if (upgrade instanceof Upgrade.Reset) {
                  connection.abort();
                } else if (automatic && upgrade.equals(Upgrade.ACCEPT)) {
                  connection.sendConnected();
                }
              });
    }
  }

  private static void await(io.vertx.core.Future<?> future) {
    try {
      future.toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("Test server failed", e);
    }
  }
}
