package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderBookReaderTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"bids\":[{\"price\":\"28194\",\"size\":\"4.76\"},{\"size\":\"0.0\",\"price\":\"1e2\"}]}",
        "{\"bids\":[[\"28194\",\"4.76\"],[\"1e2\",\"0.0\"]]}",
        "{\"bids\":[[28194,4.76],[1e2,0.0]]}",
        "{\"new\":{},\"bids\":[[\"28194\",\"4.76\",\"5\",{}],{\"price\":100,\"size\":0,\"n\":[]}]}"
      })
  void levelsMayBeObjectsOrPairs(String contents) throws MalformedFrameException {
    for (BookLevels bids : new BookLevels[] {state(contents).bids(), update(contents).bids()}) {
      assertThat(bids.count()).isEqualTo(2);
      assertLevel(bids, 0, 28194, 0, 476, 2);
      assertLevel(bids, 1, 100, 0, 0, 0);
    }
  }

  @Test
  void aMissingSideHasNoLevels() throws MalformedFrameException {
    assertThat(update("{\"bids\":[]}").bids()).isSameAs(BookLevels.NONE);
    assertThat(update("{\"bids\":null}").asks()).isSameAs(BookLevels.NONE);
    assertThat(state("{\"bids\":[]}").asks()).isSameAs(BookLevels.NONE);
  }

  @Test
  void aBadSizeCostsOnlyItsLevelAndKeepsThePrice() throws MalformedFrameException {
    BookLevels asks =
        update(
                """
                {"asks":[["1","2"],["3","x"],["4"],["5",null],["6","-1"],["7",{}],
                 ["8.5","123456789012345678901234567890"],["9","1"]]}""")
            .asks();
    assertThat(asks.count()).isEqualTo(8);
    assertLevel(asks, 0, 1, 0, 2, 0);
    assertThat(asks.problem(1)).isEqualTo("size expected to be a decimal, got \"x\"");
    assertThat(asks.problem(2)).isEqualTo("size is missing");
    assertThat(asks.problem(3)).isEqualTo("size is missing");
    assertThat(asks.problem(4)).isEqualTo("size expected at least 0, got \"-1\"");
    assertThat(asks.problem(5)).isEqualTo("size expected to be a decimal, got {}");
    assertThat(asks.problem(6)).startsWith("size expected to fit 64 bits");
    assertThat(asks.price(6)).isEqualTo(85);
    assertThat(asks.priceScale(6)).isEqualTo(1);
    assertThat(asks.size(6)).isEqualTo(-1);
    assertLevel(asks, 7, 9, 0, 1, 0);
  }

  @Test
  void aBadPriceCostsOnlyItsLevel() throws MalformedFrameException {
    BookLevels asks =
        update("{\"asks\":[[null,\"2\"],[\"\",\"1\"],[],{},5,null,[\"-1\",\"1\"],[\"9\",\"1\"]]}")
            .asks();
    assertThat(asks.count()).isEqualTo(8);
    for (int i = 0; i < 7; i++) {
      assertThat(asks.problem(i)).isNotNull();
      assertThat(asks.price(i)).isEqualTo(-1);
    }
    assertThat(asks.problem(4)).isEqualTo("expected a level, got 5");
    assertLevel(asks, 7, 9, 0, 1, 0);
  }

  @Test
  void aKnownBookUpdateAllocatesLittle() throws MalformedFrameException {
    FrameReader reader = new FrameReader();
    byte[] bytes = SampleFrames.bytes(SampleFrames.json(SampleFrames.BOOK_UPDATE));
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 2_000; i++) {
      reader.read(bytes, 0, bytes.length);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1_000; i++) {
      reader.read(bytes, 0, bytes.length);
    }
    // Jackson's parser and its contexts make up most of it.
    assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 1_000).isLessThan(2_000);
  }

  private static void assertLevel(
      BookLevels levels, int index, long price, int priceScale, long size, int sizeScale) {
    assertThat(levels.price(index)).isEqualTo(price);
    assertThat(levels.priceScale(index)).isEqualTo(priceScale);
    assertThat(levels.size(index)).isEqualTo(size);
    assertThat(levels.sizeScale(index)).isEqualTo(sizeScale);
    assertThat(levels.problem(index)).isNull();
  }

  private static ChannelContents.OrderBook state(String contents) throws MalformedFrameException {
    return Reading.state(ChannelContents.OrderBook.class, "v4_orderbook", contents);
  }

  private static ChannelContents.OrderBook update(String contents) throws MalformedFrameException {
    return Reading.update(ChannelContents.OrderBook.class, "v4_orderbook", contents);
  }
}
