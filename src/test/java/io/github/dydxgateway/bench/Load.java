package io.github.dydxgateway.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The load of one connection as whole WebSocket frames, made before it is sent. Only digits change
 * when it is: message ids and trade ids, so that the same bytes can be sent again and again and no
 * event is taken for one seen before, and the time in a stamped load.
 *
 * <p>Used by one thread at a time.
 */
final class Load {
  /** Digits of a stamp: a one, then nanoseconds of a clock that goes round after 1,000 seconds. */
  static final int STAMP_DIGITS = 13;

  static final long STAMP_ROUND_NS = 1_000_000_000_000L;

  private static final String STAMP = "1".repeat(STAMP_DIGITS);

  /** Message ids have as many digits, for they are written over each other. */
  static final long FIRST_MESSAGE_ID = 1_000_000_000L;

  private static final String MESSAGE_ID = Long.toString(FIRST_MESSAGE_ID);
  private static final int TRADE_DIGITS = 16;
  private static final String TRADE_ID = "03f89a55" + "0".repeat(TRADE_DIGITS);
  private static final int NONE = -1;

  private final byte[] bytes;
  private final int[] ends;
  private final int[] messageIds;
  private final int[] tradeIds;
  private final int[] stamps;
  private final boolean[] counted;
  private int next;

  private Load(
      byte[] bytes, int[] ends, int[] messageIds, int[] tradeIds, int[] stamps, boolean[] counted) {
    this.bytes = bytes;
    this.ends = ends;
    this.messageIds = messageIds;
    this.tradeIds = tradeIds;
    this.stamps = stamps;
    this.counted = counted;
  }

  /** What the load is made of. */
  record Recipe(
      List<Integer> books,
      List<Integer> trades,
      boolean markets,
      int catalogue,
      int frames,
      boolean stamped,
      long seed) {}

  /** Initial state of a book that updates of the same seed go with. */
  static String bookState(int market, long seed) {
    return book(market, seed).state();
  }

  private static BookLoad book(int market, long seed) {
    return new BookLoad(
        Market.of(market), Market.levels(market), new SplittableRandom(seed + market));
  }

  /** Makes a load of 85 % book updates, 12 % trades and 3 % markets, of what there is of these. */
  static Load of(Recipe recipe, String connectionId) {
    SplittableRandom random = new SplittableRandom(recipe.seed);
    Map<Integer, BookLoad> books = new HashMap<>();
    for (int market : recipe.books) {
      books.put(market, book(market, recipe.seed));
    }
    MarketsLoad markets = new MarketsLoad(recipe.catalogue, random);
    int bookWeight = recipe.books.isEmpty() ? 0 : 85;
    int tradeWeight = recipe.trades.isEmpty() ? 0 : 12;
    int marketsWeight = recipe.markets ? 3 : 0;
    Maker maker = new Maker(connectionId);
    for (int i = 0; i < recipe.frames; i++) {
      int draw = random.nextInt(bookWeight + tradeWeight + marketsWeight);
      if (draw < bookWeight) {
        int market = busier(recipe.books, random);
        String update = books.get(market).update(recipe.stamped ? STAMP : null);
        maker.add("v4_orderbook", Market.of(market).ticker(), update, true);
      } else if (draw < bookWeight + tradeWeight) {
        Market market = Market.of(busier(recipe.trades, random));
        maker.add("v4_trades", market.ticker(), trade(market, random), true);
      } else {
        maker.add("v4_markets", null, markets.update(), false);
      }
    }
    books.forEach(
        (market, book) ->
            book.restore()
                .forEach(
                    update -> maker.add("v4_orderbook", Market.of(market).ticker(), update, true)));
    return maker.load();
  }

  /** Frames with every field of every market, several so that each changes something. */
  static Load ofWholeMarkets(int catalogue, long seed, String connectionId) {
    MarketsLoad markets = new MarketsLoad(catalogue, new SplittableRandom(seed));
    Maker maker = new Maker(connectionId);
    for (int i = 0; i < 4; i++) {
      maker.add("v4_markets", null, markets.wholeUpdate(), false);
    }
    return maker.load();
  }

  /** The first ones are busier, as on mainnet. */
  private static int busier(List<Integer> markets, SplittableRandom random) {
    int size = markets.size();
    return markets.get(Math.min(random.nextInt(size), random.nextInt(size)));
  }

  private static String trade(Market market, SplittableRandom random) {
    boolean buy = random.nextBoolean();
    return """
    {"trades":[{"id":"%s","side":"%s","size":"%s","price":"%s","type":"LIMIT",\
    "createdAt":"2025-12-08T16:11:30.590Z","createdAtHeight":"66624085"}]}\
    """
        .formatted(
            TRADE_ID,
            buy ? "BUY" : "SELL",
            market.size(1 + random.nextInt(5_000)),
            market.price(!buy, random.nextInt(3)));
  }

  private static final class Maker {
    private final String connectionId;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<int[]> frames = new ArrayList<>();

    Maker(String connectionId) {
      this.connectionId = connectionId;
    }

    void add(String channel, String id, String contents, boolean isCounted) {
      String json =
          "{\"type\":\"channel_data\",\"connection_id\":\""
              + connectionId
              + "\",\"message_id\":"
              + MESSAGE_ID
              + ",\"channel\":\""
              + channel
              + (id == null ? "" : "\",\"id\":\"" + id)
              + "\",\"version\":\"1.0.0\",\"contents\":"
              + contents
              + "}";
      byte[] header = header(json.length());
      bytes.writeBytes(header);
      int start = bytes.size();
      bytes.writeBytes(json.getBytes(StandardCharsets.US_ASCII));
      frames.add(
          new int[] {
            bytes.size(),
            start + json.indexOf(MESSAGE_ID),
            find(json, TRADE_ID, start + TRADE_ID.length() - TRADE_DIGITS),
            find(json, "\"" + STAMP + "\"", start + 1),
            isCounted ? 1 : 0
          });
    }

    private static int find(String json, String text, int offset) {
      int at = json.indexOf(text);
      return at < 0 ? NONE : at + offset;
    }

    /** Of a final text frame from the server, which is not masked. */
    private static byte[] header(int length) {
      byte text = (byte) 0x81;
      if (length < 126) {
        return new byte[] {text, (byte) length};
      }
      if (length < 1 << 16) {
        return new byte[] {text, 126, (byte) (length >> 8), (byte) length};
      }
      return new byte[] {
        text,
        127,
        0,
        0,
        0,
        0,
        (byte) (length >> 24),
        (byte) (length >> 16),
        (byte) (length >> 8),
        (byte) length
      };
    }

    Load load() {
      boolean[] counted = new boolean[frames.size()];
      for (int i = 0; i < counted.length; i++) {
        counted[i] = frames.get(i)[4] == 1;
      }
      return new Load(bytes.toByteArray(), column(0), column(1), column(2), column(3), counted);
    }

    private int[] column(int index) {
      return frames.stream().mapToInt(frame -> frame[index]).toArray();
    }
  }

  int frames() {
    return ends.length;
  }

  /**
   * The frame to begin with: the one after the last that was sent. Those before would change
   * nothing in books that have not changed since, and so make no events.
   */
  int next() {
    return next;
  }

  void goOnAt(int frame) {
    next = frame;
  }

  byte[] bytes() {
    return bytes;
  }

  int start(int frame) {
    return frame == 0 ? 0 : ends[frame - 1];
  }

  int end(int frame) {
    return ends[frame];
  }

  /** Whether the frame makes one event of a book or of trades. */
  boolean isCounted(int frame) {
    return counted[frame];
  }

  boolean isStamped(int frame) {
    return stamps[frame] != NONE;
  }

  /** Gives a frame the connection's next message id; to be called just before it is sent. */
  void number(int frame, long messageId) {
    digits(messageIds[frame], MESSAGE_ID.length(), messageId);
    if (tradeIds[frame] != NONE) {
      digits(tradeIds[frame], TRADE_DIGITS, messageId);
    }
  }

  /** Puts the time into a stamped frame. */
  void stamp(int frame, long nanos) {
    if (stamps[frame] != NONE) {
      digits(stamps[frame], STAMP_DIGITS, STAMP_ROUND_NS + Math.floorMod(nanos, STAMP_ROUND_NS));
    }
  }

  private void digits(int offset, int count, long value) {
    long rest = value;
    for (int i = offset + count - 1; i >= offset; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
