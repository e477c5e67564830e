package io.github.dydxgateway.feed;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.FrameReader;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.MalformedFrameException;
import io.github.dydxgateway.testing.Places;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Topic;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Each line is the contents of a frame, the first the initial state: whatever they are, a client
 * that was there from the start has the book of one that joins at the end, the uncrossed book never
 * crosses, and no sequence is left out.
 */
class OrderBookFeedFuzz {
  /** Whatever can't be normalised is logged, which is most of it. */
  private static final Logger LOG = Logger.getLogger(FeedCounters.class.getName());

  private static final ChannelId BOOK = new ChannelId(Channel.ORDER_BOOK, "BTC-USD");
  private static final int MOST_FRAMES = 50;

  static {
    LOG.setLevel(Level.OFF);
  }

  private final FrameReader reader = new FrameReader();

  @FuzzTest
  void anyFramesLeaveAllClientsWithTheSameBook(byte[] lines) {
    TestGateway gateway = TestGateway.withBtc();
    Reader raw = new Reader(gateway, Topics.rawOrderBook("BTC-USD"));
    Reader uncrossed = new Reader(gateway, Topics.orderBook("BTC-USD"));
    Reader quotes = new Reader(gateway, Topics.quotes("BTC-USD"));
    gateway.venue().initialState(Channel.ORDER_BOOK, "BTC-USD", "{}");
    String[] contents = new String(lines, StandardCharsets.UTF_8).split("\n", MOST_FRAMES + 1);
    for (int i = 0; i < Math.min(contents.length, MOST_FRAMES); i++) {
      String frame = frame(i, contents[i].replace('\'', '"'));
      if (isOfTheBook(frame)) {
        gateway.venue().frame(frame);
      }
      uncrossed.read();
      quotes.read();
      require(!uncrossed.book.isCrossed(), "crossed: " + uncrossed.book);
      require(quotes.book.equals(uncrossed.book.best()), quotes.book + " of " + uncrossed.book);
    }
    raw.read();
    checkSameAsOfOneThatJoins(gateway, raw);
    checkSameAsOfOneThatJoins(gateway, uncrossed);
    checkSameAsOfOneThatJoins(gateway, quotes);
  }

  /** The first and each eighth is an initial state, each other third is a batch. */
  private static String frame(int index, String contents) {
    String type =
        index % 8 == 0 ? "subscribed" : index % 3 == 0 ? "channel_batch_data" : "channel_data";
    return "{\"type\":\"%s\",\"message_id\":%d,\"channel\":\"v4_orderbook\",\"id\":\"BTC-USD\","
            .formatted(type, 1000 + index)
        + "\"contents\":"
        + contents
        + "}";
  }

  /** What stands in the line may have made another frame of it. */
  private boolean isOfTheBook(String frame) {
    byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
    try {
      IndexerFrame read = reader.read(bytes, 0, bytes.length);
      return (read instanceof IndexerFrame.Subscribed state && state.channelId().equals(BOOK))
          || (read instanceof IndexerFrame.ChannelData data && data.channelId().equals(BOOK));
    } catch (MalformedFrameException e) {
      return BOOK.equals(e.channelId());
    }
  }

  private static void checkSameAsOfOneThatJoins(TestGateway gateway, Reader reader) {
    Reader joining = new Reader(gateway, reader.topic);
    joining.read();
    require(joining.book.equals(reader.book), reader.book + " but new " + joining.book);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  /** A client that keeps the book. */
  private static final class Reader {
    private final Topic topic;
    private final RecordingClient client;
    private final ClientBook book = new ClientBook();
    private long last = -1;

    Reader(TestGateway gateway, Topic topic) {
      this.topic = topic;
      this.client = gateway.client(topic);
    }

    void read() {
      client.take().forEach(this::take);
    }

    private void take(Event event) {
      follow(event);
      switch (event.getPayloadCase()) {
        case SUBSCRIPTION_STATE, GAP -> {}
        case ORDER_BOOK_SNAPSHOT -> book.replace(event.getOrderBookSnapshot());
        case ORDER_BOOK_DELTA -> book.apply(event.getOrderBookDelta(), false);
        case QUOTE -> book.replace(event.getQuote());
        default -> throw new AssertionError(event);
      }
    }

    private void follow(Event event) {
      long sequence = event.getSequence();
      require(sequence == 0 || last < 0 || sequence == last + 1, sequence + " after " + last);
      if (Places.hasPlace(event)) {
        last = Places.of(event);
      }
    }
  }
}
