package io.github.dydxgateway.chaos;

import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** One connection through the proxy. Owned by the proxy's event loop. */
final class ChaosLink {
  private static final int[] CLOSE_CODES = {1001, 1008, 1011, 1012, 4000};

  private static final List<String> GARBAGE =
      List.of(
          "",
          "[]",
          "null",
          "{}",
          "\"connected\"",
          "{\"type\":\"news\",\"channel\":\"v4_trades\",\"id\":\"BTC-USD\",\"message_id\":1}",
          "{\"type\":\"channel_data\",\"channel\":\"v9_nothing\",\"id\":\"BTC-USD\",\"contents\":7}");
  private static final long LONGEST_HOLD_MILLIS = 150;
  private static final String CONTENTS = "\"contents\":";

  private final Vertx vertx;
  private final ChaosProxy proxy;
  private final NetSocket gateway;
  private final SplittableRandom random;
  private final VenueMessage.Reader reader = new VenueMessage.Reader();
  private final Deque<Due> waiting = new ArrayDeque<>();
  private final Deque<Late> late = new ArrayDeque<>();
  private NetSocket venue;
  private Buffer together;
  private int togetherLeft;
  private long holdUntilNanos;
  private boolean draining;
  private boolean mute;
  private boolean ended;

  ChaosLink(Vertx vertx, ChaosProxy proxy, NetSocket gateway, SplittableRandom random) {
    this.vertx = vertx;
    this.proxy = proxy;
    this.gateway = gateway;
    this.random = random;
  }

  /** Something to do to the gateway's socket, not before its time and in order. */
  private record Due(long nanos, Runnable action) {}

  /** A message held back until so many others have passed it. */
  private static final class Late {
    private final VenueMessage message;
    private int others;

    Late(VenueMessage message, int others) {
      this.message = message;
      this.others = others;
    }
  }

  void open(NetClient client, int port, String host) {
    switch (proxy.plan().opening(random)) {
      case SOUND -> {
        gateway.pause();
        client.connect(port, host).onSuccess(this::connected).onFailure(refused -> reset());
      }
      case RESET -> reset();
      case MUTE -> mute = true;
      case REFUSED -> {
        gateway.write("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
        gateway.end();
      }
    }
  }

  /** The gateway has closed its end. */
  void gatewayLeft() {
    ended = true;
    waiting.clear();
    reader.close();
    if (venue != null) {
      venue.close();
    }
  }

  private void connected(NetSocket socket) {
    if (ended) {
      socket.close();
      return;
    }
    venue = socket;
    venue.handler(this::fromVenue);
    venue.closeHandler(ignored -> later(gateway::end));
    gateway.handler(
        bytes -> {
          if (!mute && !ended) {
            venue.write(bytes);
          }
        });
    gateway.resume();
  }

  private void fromVenue(Buffer bytes) {
    if (mute || ended) {
      return;
    }
    List<VenueMessage> messages = new ArrayList<>();
    Buffer head = reader.head(bytes, messages);
    if (head != null) {
      write(head);
    }
    for (VenueMessage message : messages) {
      if (mute || ended) {
        return;
      }
      pass(message);
    }
  }

  private void pass(VenueMessage message) {
    Fault fault = proxy.plan().fault(random);
    if (fault == null || message.kind() != VenueMessage.Kind.TEXT) {
      send(message);
    } else if (happens(fault, message)) {
      proxy.plan().happened(fault);
    } else {
      send(message);
    }
    for (Late held : List.copyOf(late)) {
      if (held.message != message && --held.others <= 0) {
        release(held);
      }
    }
  }

  private void release(Late held) {
    if (late.remove(held)) {
      write(held.message.frame());
    }
  }

  /** Does the fault; false if it can't happen to this message. */
  private boolean happens(Fault fault, VenueMessage message) {
    switch (fault) {
      case DELAY -> {
        holdUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(5, 250));
        send(message);
      }
      case SPLIT -> split(message.frame());
      case FRAGMENT -> fragment(message);
      case COALESCE -> {
        togetherLeft = random.nextInt(2, 30);
        vertx.setTimer(LONGEST_HOLD_MILLIS, timer -> flushTogether());
        send(message);
      }
      case GARBAGE -> {
        write(VenueMessage.text(GARBAGE.get(random.nextInt(GARBAGE.size()))).frame());
        send(message);
      }
      case CUT_FIN -> end(gateway::end);
      case CUT_RST -> end(this::reset);
      case HALF_OPEN -> mute = true;
      case TORN_FRAME -> {
        Buffer frame = message.frame();
        write(frame.getBuffer(0, random.nextInt(1, frame.length())));
        end(this::reset);
      }
      case BAD_OPCODE -> {
        write(Buffer.buffer(new byte[] {(byte) 0x83, 0x01, 0x41}));
        end(gateway::end);
      }
      case CLOSE -> {
        int code = CLOSE_CODES[random.nextInt(CLOSE_CODES.length)];
        byte[] payload = "..{\"message\":\"Chaos\"}".getBytes(StandardCharsets.US_ASCII);
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        write(new VenueMessage(VenueMessage.Kind.CLOSE, payload).frame());
        end(gateway::end);
      }
      case BROKEN_JSON -> {
        int from = labelledContents(message);
        if (from < 0) {
          return false;
        }
        send(cut(message, random.nextInt(from, message.bytes().length - 1)));
      }
      case BAD_UTF8 -> {
        int from = labelledContents(message);
        if (from < 0) {
          return false;
        }
        byte[] bytes = message.bytes().clone();
        bytes[random.nextInt(from, bytes.length - 2)] = (byte) 0xFF;
        send(new VenueMessage(VenueMessage.Kind.TEXT, bytes));
      }
      case CHANGED_FIELD -> {
        String text = message.text();
        int price = text.indexOf("\"price\":\"");
        if (price < 0 || !text.contains("\"v4_trades\"") || !isData(text)) {
          return false;
        }
        send(VenueMessage.text(text.substring(0, price + 9) + "x" + text.substring(price + 9)));
      }
      case DROP -> {
        return isData(message.text());
      }
      case DUPLICATE -> {
        if (!isData(message.text())) {
          return false;
        }
        send(message);
        send(message);
      }
      case REORDER -> {
        if (!isData(message.text())) {
          return false;
        }
        Late held = new Late(message, random.nextInt(1, 6));
        late.add(held);
        vertx.setTimer(LONGEST_HOLD_MILLIS, timer -> release(held));
      }
      case UNREADABLE -> {
        if (!isData(message.text())) {
          return false;
        }
        send(cut(message, random.nextInt(0, 20)));
      }
    }
    return true;
  }

  private static boolean isData(String text) {
    return text.startsWith("{\"type\":\"channel_data\"")
        || text.startsWith("{\"type\":\"channel_batch_data\"");
  }

  /** Where the contents begin in a message whose channel and id stand before; -1 in others. */
  private static int labelledContents(VenueMessage message) {
    String text = message.text();
    int contents = text.indexOf(CONTENTS);
    int channel = text.indexOf("\"channel\":");
    int id = text.indexOf("\"id\":");
    boolean hasId = !text.contains("\"v4_markets\"");
    boolean labelled =
        isData(text)
            && channel >= 0
            && channel < contents
            && (!hasId || (id >= 0 && id < contents));
    return labelled ? contents + CONTENTS.length() : -1;
  }

  private static VenueMessage cut(VenueMessage message, int to) {
    return new VenueMessage(VenueMessage.Kind.TEXT, Arrays.copyOf(message.bytes(), to));
  }

  private void fragment(VenueMessage message) {
    int length = message.bytes().length;
    int at = random.nextInt(0, length);
    write(message.firstFrame(at));
    for (int parts = random.nextInt(1, 5); parts > 0; parts--) {
      if (random.nextBoolean()) {
        write(new VenueMessage(VenueMessage.Kind.PING, new byte[0]).frame());
      }
      int to = parts == 1 ? length : random.nextInt(at, length);
      write(message.nextFrame(at, to));
      at = to;
    }
  }

  private void split(Buffer frame) {
    int at = 0;
    for (int pieces = random.nextInt(4, 40); pieces > 0 && at < frame.length(); pieces--) {
      int to = Math.min(frame.length(), at + (pieces == 1 ? frame.length() : random.nextInt(1, 3)));
      write(frame.getBuffer(at, to));
      at = to;
    }
    write(frame.getBuffer(at, frame.length()));
  }

  private void send(VenueMessage message) {
    if (togetherLeft == 0) {
      write(message.frame());
      return;
    }
    together = (together == null ? Buffer.buffer() : together).appendBuffer(message.frame());
    if (--togetherLeft == 0) {
      flushTogether();
    }
  }

  private void flushTogether() {
    Buffer collected = together;
    together = null;
    togetherLeft = 0;
    if (collected != null) {
      later(() -> gateway.write(collected));
    }
  }

  private void write(Buffer bytes) {
    flushTogether();
    later(() -> gateway.write(bytes));
  }

  /** Ends the connection after what was written before; the venue's end goes with it. */
  private void end(Runnable how) {
    flushTogether();
    later(how);
    mute = true;
  }

  private void reset() {
    ((NetSocketInternal) gateway)
        .channelHandlerContext()
        .channel()
        .config()
        .setOption(ChannelOption.SO_LINGER, 0);
    gateway.close();
  }

  private void later(Runnable action) {
    if (ended) {
      return;
    }
    waiting.add(new Due(holdUntilNanos, action));
    if (!draining) {
      drain();
    }
  }

  /** Does one thing a turn, so that pieces leave as pieces. */
  private void drain() {
    draining = false;
    Due next = waiting.peek();
    if (next == null || ended) {
      return;
    }
    long nanos = next.nanos - System.nanoTime();
    draining = true;
    if (next.nanos != 0 && nanos > 0) {
      vertx.setTimer(TimeUnit.NANOSECONDS.toMillis(nanos) + 1, timer -> drain());
      return;
    }
    waiting.remove();
    next.action.run();
    if (waiting.isEmpty()) {
      draining = false;
    } else {
      vertx.runOnContext(ignored -> drain());
    }
  }
}
