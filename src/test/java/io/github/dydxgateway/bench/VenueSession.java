package io.github.dydxgateway.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.impl.WebSocketInternal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * One connection of the {@link LoadVenue}. The load goes out by a thread of its own, as bytes that
 * are frames already, past Vert.x's encoder.
 */
final class VenueSession {
  private static final int CHUNK_BYTES = 64 << 10;
  private static final long NAP_NS = 20_000;
  private static final long STOP_MS = 5_000;

  private final ServerWebSocket socket;
  private final ChannelHandlerContext netty;
  private final String id = UUID.randomUUID().toString();
  private final CopyOnWriteArrayList<Integer> books = new CopyOnWriteArrayList<>();
  private final CopyOnWriteArrayList<Integer> trades = new CopyOnWriteArrayList<>();
  private final Map<String, Load> loads = new ConcurrentHashMap<>();

  /** Subscribes are answered by the event loop, while no load is sent. */
  private final AtomicLong messageIds = new AtomicLong(Load.FIRST_MESSAGE_ID);

  private volatile boolean markets;
  private volatile boolean running;
  private volatile long worstLatenessNs;
  private Thread sender;

  VenueSession(ServerWebSocket socket) {
    this.socket = socket;
    this.netty = ((WebSocketInternal) socket).channelHandlerContext();
    socket.writeTextMessage(
        "{\"type\":\"connected\",\"connection_id\":\""
            + id
            + "\",\"message_id\":"
            + messageIds.getAndIncrement()
            + "}");
  }

  String id() {
    return id;
  }

  List<Integer> books() {
    return books;
  }

  List<Integer> trades() {
    return trades;
  }

  boolean hasMarkets() {
    return markets;
  }

  /** Its part of the load. */
  int weight() {
    return books.size() + trades.size();
  }

  void answer(String type, String channel, String subscription, String contents) {
    socket.writeTextMessage(
        "{\"type\":\""
            + type
            + "\",\"connection_id\":\""
            + id
            + "\",\"message_id\":"
            + messageIds.getAndIncrement()
            + ",\"channel\":\""
            + channel
            + (subscription == null ? "\"" : "\",\"id\":\"" + subscription + "\"")
            + (contents == null ? "" : ",\"contents\":" + contents)
            + "}");
  }

  void subscribed(String channel, int market) {
    loads.clear(); // what is told of a book now begins with its initial state
    switch (channel) {
      case "v4_orderbook" -> books.addIfAbsent(market);
      case "v4_trades" -> trades.addIfAbsent(market);
      default -> markets = true;
    }
  }

  void unsubscribed(String channel, Integer market) {
    switch (channel) {
      case "v4_orderbook" -> books.remove(market);
      case "v4_trades" -> trades.remove(market);
      default -> markets = false;
    }
  }

  /** The load for what is subscribed now, made once. */
  Load load(boolean stamped, Supplier<Load> make) {
    return loads.computeIfAbsent(stamped + " " + books + trades + markets, ignored -> make.get());
  }

  void saturate(Load load, LoadVenue.Window window) {
    start(() -> sendAsTaken(load, window));
  }

  void pace(Load load, double rate) {
    start(() -> sendAtPace(null, load, rate));
  }

  /** Each stamped frame goes out right behind one of the other load. */
  void paceBehind(Load first, Load load, double rate) {
    start(() -> sendAtPace(first, load, rate));
  }

  private void start(Runnable sending) {
    running = true;
    worstLatenessNs = 0;
    sender = new Thread(sending, "sender");
    sender.setDaemon(true);
    sender.start();
  }

  void stop() throws InterruptedException {
    running = false;
    if (sender != null) {
      sender.join(STOP_MS);
      sender = null;
    }
  }

  void abandon() {
    running = false;
  }

  long worstLatenessNs() {
    return worstLatenessNs;
  }

  private void sendAsTaken(Load load, LoadVenue.Window window) {
    Channel channel = netty.channel();
    int next = load.next();
    while (running) {
      long room = window.room();
      if (room <= 0 || !channel.isWritable()) {
        LockSupport.parkNanos(NAP_NS);
        continue;
      }
      int from = next;
      int events = 0;
      while (next < load.frames()
          && load.end(next) - load.start(from) <= CHUNK_BYTES
          && events < room) {
        load.number(next, messageIds.getAndIncrement());
        events += load.isCounted(next) ? 1 : 0;
        next++;
      }
      write(load, from, next);
      netty.flush();
      window.sent(events);
      next = next == load.frames() ? 0 : next;
    }
    load.goOnAt(next);
  }

  /** Never waits for the other side: what it does not take waits here, and its time counts. */
  private void sendAtPace(Load first, Load load, double rate) {
    double nanosPerFrame = 1e9 / rate;
    long begin = System.nanoTime();
    int next = load.next();
    for (long sent = 0; running; ) {
      long now = System.nanoTime();
      long due = (long) ((now - begin) / nanosPerFrame) + 1;
      if (due > sent) {
        worstLatenessNs = Math.max(worstLatenessNs, now - begin - (long) (sent * nanosPerFrame));
      }
      for (; sent < due; sent++) {
        if (first != null) {
          int whole = (int) (sent % first.frames());
          first.number(whole, messageIds.getAndIncrement());
          write(first, whole, whole + 1);
          while (!load.isStamped(next)) {
            next = (next + 1) % load.frames();
          }
        }
        load.number(next, messageIds.getAndIncrement());
        load.stamp(next, System.nanoTime());
        write(load, next, next + 1);
        next = (next + 1) % load.frames();
      }
      netty.flush();
      LockSupport.parkNanos(Math.max(1, (long) (begin + sent * nanosPerFrame) - System.nanoTime()));
    }
    load.goOnAt(next);
  }

  private void write(Load load, int from, int to) {
    int start = load.start(from);
    int length = load.end(to - 1) - start;
    ByteBuf chunk = ByteBufAllocator.DEFAULT.directBuffer(length);
    chunk.writeBytes(load.bytes(), start, length);
    var unused = netty.write(chunk);
  }
}
