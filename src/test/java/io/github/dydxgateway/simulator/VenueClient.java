package io.github.dydxgateway.simulator;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A client that keeps every frame it gets. Thread-safe. */
final class VenueClient {

  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final WebSocket socket;
  private final List<JsonObject> frames = new CopyOnWriteArrayList<>();
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final List<Buffer> binaries = new CopyOnWriteArrayList<>();
  private final AtomicInteger continuations = new AtomicInteger();
  private volatile boolean closed;

  private VenueClient(WebSocket socket) {
    this.socket = socket;
    socket.frameHandler(
        frame -> {
          if (frame.isContinuation()) {
            continuations.incrementAndGet();
          }
        });
    socket.textMessageHandler(this::receive);
    socket.binaryMessageHandler(binaries::add);
    socket.exceptionHandler(e -> {});
    socket.closeHandler(nothing -> closed = true);
  }

  static Future<VenueClient> tryConnect(Vertx vertx, URI uri) {
    WebSocketClientOptions options =
        new WebSocketClientOptions()
            .setMaxFrameSize(16 * 1024 * 1024)
            .setMaxMessageSize(16 * 1024 * 1024)
            .setClosingTimeout(1);
    WebSocketConnectOptions target =
        new WebSocketConnectOptions()
            .setHost(uri.getHost())
            .setPort(uri.getPort())
            .setURI(uri.getPath());
    // Off a Vert.x context, its client may lose a frame that comes with the answer to the upgrade.
    Promise<VenueClient> connected = Promise.promise();
    vertx
        .getOrCreateContext()
        .runOnContext(
            nothing ->
                vertx
                    .createWebSocketClient(options)
                    .connect(target)
                    .map(VenueClient::new)
                    .onComplete(connected));
    return connected.future();
  }

  static VenueClient connect(Vertx vertx, IndexerSimulator simulator) {
    return get(tryConnect(vertx, simulator.uri()));
  }

  /** Connects and waits for the greeting. */
  static VenueClient greeted(Vertx vertx, IndexerSimulator simulator) {
    VenueClient client = connect(vertx, simulator);
    client.awaitFrame("connected");
    return client;
  }

  static <T> T get(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(5, java.util.concurrent.TimeUnit.SECONDS)
        .join();
  }

  private void receive(String text) {
    texts.add(text);
    try {
      frames.add(new JsonObject(text));
    } catch (DecodeException e) {
      // Garbage stays among the texts.
    }
  }

  void send(String text) {
    get(socket.writeTextMessage(text));
  }

  void subscribe(String channel, String id) {
    send(request("subscribe", channel, id).encode());
  }

  void subscribeBatched(String channel, String id) {
    send(request("subscribe", channel, id).put("batched", true).encode());
  }

  void unsubscribe(String channel, String id) {
    send(request("unsubscribe", channel, id).encode());
  }

  /** Subscribes and waits for the initial state. */
  JsonObject subscribed(String channel, String id) {
    subscribe(channel, id);
    return awaitFrame(
        frame ->
            frame.getString("type").equals("subscribed")
                && frame.getString("channel").equals(channel)
                && (id == null || id.equals(frame.getString("id"))));
  }

  private static JsonObject request(String type, String channel, String id) {
    JsonObject request = new JsonObject().put("type", type).put("channel", channel);
    return id == null ? request : request.put("id", id);
  }

  JsonObject awaitFrame(String type) {
    return awaitFrame(frame -> frame.getString("type").equals(type));
  }

  JsonObject awaitFrame(Predicate<JsonObject> wanted) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> frames.stream().filter(wanted).findFirst().orElse(null), Objects::nonNull);
  }

  void awaitClosed() {
    await().atMost(PATIENCE).until(() -> closed);
  }

  /** Waits until all that was sent before has arrived: the answer to a harmless request. */
  void settle() {
    long before = count("unsubscribed");
    unsubscribe("v4_trades", "NOBODY-USD");
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> count("unsubscribed") > before);
  }

  long count(String type) {
    return frames.stream().filter(frame -> type.equals(frame.getString("type"))).count();
  }

  List<JsonObject> data(String channel) {
    return frames.stream()
        .filter(frame -> frame.getString("type").startsWith("channel_"))
        .filter(frame -> frame.getString("channel").equals(channel))
        .toList();
  }

  List<JsonObject> frames() {
    return frames;
  }

  List<String> texts() {
    return texts;
  }

  List<Buffer> binaries() {
    return binaries;
  }

  int continuations() {
    return continuations.get();
  }

  boolean isClosed() {
    return closed;
  }

  WebSocket socket() {
    return socket;
  }
}
