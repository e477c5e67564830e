package io.github.dydxgateway.testing;

import io.github.dydxgateway.indexer.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.WebSocketInternal;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/**
 * One WebSocket of a {@link ScriptedIndexer}, seen from the server. Thread safe; what is sent goes
 * out in the order of the calls.
 */
public final class ScriptedConnection {
  private final ScriptedIndexer indexer;
  private final Context context;
  private final ServerWebSocket socket;
  private final String id = UUID.randomUUID().toString();
  private final AtomicLong nextMessageId = new AtomicLong();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<String> subscribed = ConcurrentHashMap.newKeySet();
  private final Set<String> batched = ConcurrentHashMap.newKeySet();
  private final AtomicLong pongs = new AtomicLong();
  private final Map<String, Deque<Long>> subscribeTimes = new HashMap<>(); // on the loop only
  private volatile boolean open = true;
  private volatile boolean silent;
  private volatile int closeCode = -1;

  ScriptedConnection(ScriptedIndexer indexer, Context context, ServerWebSocket socket) {
    this.indexer = indexer;
    this.context = context;
    this.socket = socket;
    socket.closeHandler(
        ignored -> {
          Short code = socket.closeStatusCode();
          closeCode = code == null ? -1 : code;
          open = false;
        });
    socket.exceptionHandler(ignored -> {}); // aborted connections are part of the tests
    socket.pongHandler(ignored -> pongs.incrementAndGet());
    socket.textMessageHandler(this::request);
  }

  /**
   * A request of the client.
   *
   * @param timeNs when it came, by {@link System#nanoTime()}
   * @param text as it came
   */
  public record Request(long timeNs, String text) {
    /** The {@code type}; empty where it has none. */
    public String type() {
      return json().getString("type", "");
    }

    /** The {@code channel}, in the venue's words. */
    public String channel() {
      return json().getString("channel", "");
    }

    /** The {@code id}; empty where it has none. */
    public String id() {
      return json().getString("id", "");
    }

    /** Whether batches are asked for. */
    public boolean batched() {
      return Boolean.TRUE.equals(json().getValue("batched"));
    }

    private JsonObject json() {
      try {
        return new JsonObject(text);
      } catch (DecodeException e) {
        return new JsonObject();
      }
    }

    /** Type, channel and id with spaces between. */
    public String summary() {
      return (type() + " " + channel() + " " + id()).trim();
    }
  }

  // ---- what it saw

  /** All requests, in order. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** All requests as {@code subscribe v4_trades BTC-USD}, in order. */
  public List<String> requestSummaries() {
    return requests.stream().map(Request::summary).toList();
  }

  /** Waits until there are this many requests; returns the last of them. */
  public Request awaitRequest(int count) {
    Awaitility.await(count + " requests")
        .atMost(ScriptedIndexer.PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> requests.size() >= count);
    return requests.get(count - 1);
  }

  /** Whether the client is subscribed, in automatic mode. */
  public boolean isSubscribed(Channel channel, String subscriptionId) {
    return subscribed.contains(ScriptedIndexer.key(channel, subscriptionId));
  }

  /** How many subscriptions of this channel there are, in automatic mode. */
  public long subscribedCount(Channel channel) {
    return subscribed.stream().filter(key -> key.startsWith(channel.wireName() + " ")).count();
  }

  /** Whether it is not closed, by neither side. */
  public boolean isOpen() {
    return open;
  }

  /** The code of the client's close frame; -1 if there was none. */
  public int closeCode() {
    return closeCode;
  }

  /** How many pongs came. */
  public long pongs() {
    return pongs.get();
  }

  /** The {@code connection_id}. */
  public String id() {
    return id;
  }

  // ---- what the test sends

  /** Sends the first frame of a session. */
  public void sendConnected() {
    send(frame("connected", ""));
  }

  /** Sends {@code subscribed} and counts the client as subscribed. */
  public void sendSubscribed(Channel channel, String subscriptionId, String contents) {
    subscribed.add(ScriptedIndexer.key(channel, subscriptionId));
    send(frame("subscribed", about(channel, subscriptionId, true) + contents(contents)));
  }

  /**
   * Sends one update, subscribed or not: a {@code channel_data}, or a {@code channel_batch_data}
   * with one element where the client asked for batches. The venue leaves out the id of markets.
   */
  public void pushData(Channel channel, String subscriptionId, String contents) {
    boolean inBatch = batched.contains(ScriptedIndexer.key(channel, subscriptionId));
    send(
        frame(
            inBatch ? "channel_batch_data" : "channel_data",
            about(channel, subscriptionId, false)
                + ",\"version\":\"1.0.0\""
                + contents(inBatch ? "[" + contents + "]" : contents)));
  }

  /** Sends an {@code error} with these JSON fields, such as {@code "message":"…"}. */
  public void sendError(String fields) {
    send(frame("error", "," + fields));
  }

  /** A frame of the venue with the next message_id. Fields begin with a comma, or are empty. */
  public String frame(String type, String fields) {
    return frame(type, nextMessageId.getAndIncrement(), fields);
  }

  /** A frame of the venue with this message_id. Fields begin with a comma, or are empty. */
  public String frame(String type, long messageId, String fields) {
    return "{\"type\":\"%s\",\"connection_id\":\"%s\",\"message_id\":%d%s}"
        .formatted(type, id, messageId, fields);
  }

  /** Takes the next message_id, as a request does. */
  public long takeMessageId() {
    return nextMessageId.getAndIncrement();
  }

  /** Sends a text frame, whatever is in it. */
  public void send(String text) {
    context.runOnContext(ignored -> write(text));
  }

  /** Sends a text frame of these bytes, whatever they are. */
  public void send(byte[] bytes) {
    sendFrame(WebSocketFrameType.TEXT, bytes, true);
  }

  /** Sends one message cut into frames of at most this many bytes; pings go in between. */
  public void sendFragmented(String text, int frameBytes) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < bytes.length; from += frameBytes) {
      int to = Math.min(bytes.length, from + frameBytes);
      sendFrame(
          from == 0 ? WebSocketFrameType.TEXT : WebSocketFrameType.CONTINUATION,
          Arrays.copyOfRange(bytes, from, to),
          to == bytes.length);
      if (to < bytes.length) {
        ping();
      }
    }
  }

  private void sendFrame(WebSocketFrameType type, byte[] bytes, boolean isFinal) {
    context.runOnContext(
        ignored -> {
          if (!socket.isClosed()) {
            socket.writeFrame(new WebSocketFrameImpl(type, bytes, isFinal));
          }
        });
  }

  /** Sends a ping. */
  public void ping() {
    context.runOnContext(
        ignored -> {
          if (!socket.isClosed()) {
            socket.writeFrame(WebSocketFrame.pingFrame(Buffer.buffer("p")));
          }
        });
  }

  /** Closes with this code; the reason may be null. */
  public void close(int code, String reason) {
    context.runOnContext(
        ignored -> {
          if (!socket.isClosed()) {
            socket.close((short) code, reason);
          }
        });
  }

  /** Resets TCP, without a close frame. */
  public void abort() {
    context.runOnContext(
        ignored -> {
          ChannelHandlerContext netty = ((WebSocketInternal) socket).channelHandlerContext();
          netty.channel().config().setOption(ChannelOption.SO_LINGER, 0);
          var unused = netty.close(); // past Vert.x's handler, which would send a close frame
        });
  }

  /** Reads nothing any more, as the end of a link that has died: not even pings are answered. */
  public void stopReading() {
    context.runOnContext(
        ignored ->
            ((WebSocketInternal) socket)
                .channelHandlerContext()
                .channel()
                .config()
                .setAutoRead(false));
  }

  /** Says nothing by itself any more; what the test sends still goes out. */
  public void goSilent() {
    silent = true;
  }

  // ---- automatic mode, on the loop

  private void request(String text) {
    Request request = new Request(System.nanoTime(), text);
    requests.add(request);
    if (!indexer.isAutomatic() || silent) {
      return;
    }
    Channel channel = Channel.ofWireName(request.channel());
    if (channel == null) {
      sendError("\"message\":\"Invalid channel: " + request.channel() + "\"");
      return;
    }
    if (indexer.isDeafAfterSubscribes() && request.type().equals("subscribe")) {
      stopReading();
    }
    switch (request.type()) {
      case "subscribe" -> subscribe(channel, request);
      case "unsubscribe" -> {
        subscribed.remove(ScriptedIndexer.key(channel, request.id()));
        write(frame("unsubscribed", about(channel, request.id(), false)));
      }
      default -> sendError("\"message\":\"Invalid message\"");
    }
  }

  private void subscribe(Channel channel, Request request) {
    String key = ScriptedIndexer.key(channel, request.id());
    String wireId = channel.hasId() ? request.id() : channel.wireName();
    String error = indexer.errorOf(channel, request.id());
    if (isTooOften(key, request.timeNs())) {
      writeError(
          "\"message\":\"Too many subscribe attempts for channel "
              + channel.wireName()
              + "-"
              + wireId
              + ". Please reconnect and try again.\"");
      socket.close((short) 1008, "{\"message\":\"Rate limited\"}");
    } else if (error != null) {
      writeError(error);
    } else if (subscribed.contains(key)) {
      writeError(
          "\"message\":\"Invalid subscribe message: already subscribed ("
              + channel.wireName()
              + "-"
              + wireId
              + ")\""
              + about(channel, request.id(), true));
    } else if (subscribedCount(channel) >= indexer.limitOf(channel)) {
      writeError(
          "\"message\":\"Per-connection subscription limit reached for "
              + channel.wireName()
              + " (limit="
              + indexer.limitOf(channel)
              + ").\"");
    } else {
      subscribed.add(key);
      if (request.batched()) {
        batched.add(key);
      } else {
        batched.remove(key);
      }
      write(
          frame(
              "subscribed",
              about(channel, request.id(), true)
                  + contents(indexer.initialStateOf(channel, request.id()))));
    }
  }

  private boolean isTooOften(String key, long timeNs) {
    Deque<Long> times = subscribeTimes.computeIfAbsent(key, ignored -> new ArrayDeque<>());
    while (!times.isEmpty() && timeNs - times.peekFirst() >= TimeUnit.SECONDS.toNanos(1)) {
      times.removeFirst();
    }
    times.addLast(timeNs);
    return times.size() > 2;
  }

  private void writeError(String fields) {
    write(frame("error", "," + fields));
  }

  private void write(String text) {
    if (!socket.isClosed()) {
      socket.writeTextMessage(text);
    }
  }

  private static String contents(String json) {
    return ",\"contents\":" + json;
  }

  /** The venue names channels without ids by the channel, in initial states and errors only. */
  private static String about(Channel channel, String subscriptionId, boolean named) {
    String wireId = channel.hasId() ? subscriptionId : named ? channel.wireName() : null;
    return ",\"channel\":\""
        + channel.wireName()
        + "\""
        + (wireId == null ? "" : ",\"id\":" + Json.encode(wireId));
  }
}
