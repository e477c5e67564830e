package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The reader has no limit of its own beside that of the connection. */
class LongFrameTest {
  private static final int LONG = 20 << 20;

  private static IndexerFrame read(String channel, String id, String contents) throws Exception {
    byte[] frame =
        ("{\"type\":\"subscribed\",\"message_id\":1,\"channel\":\"%s\",\"id\":\"%s\",\"contents\":%s}"
                .formatted(channel, id, contents))
            .getBytes(StandardCharsets.UTF_8);
    assertThat(frame).hasSizeGreaterThan(LONG);
    return new FrameReader().read(frame, 0, frame.length);
  }

  private static String repeated(String element) {
    return (element + ",").repeat(LONG / element.length()) + element;
  }

  @Test
  void aBookOfAMillionLevelsIsRead() throws Exception {
    IndexerFrame frame =
        read(
            "v4_orderbook",
            "BTC-USD",
            "{\"bids\":[" + repeated("[\"27773.5\",\"1.98\"]") + "],\"asks\":[]}");
    ChannelContents.OrderBook book =
        (ChannelContents.OrderBook) ((IndexerFrame.Subscribed) frame).contents();
    assertThat(book.bids().count()).isGreaterThan(1_000_000);
  }

  @Test
  void tradesOfTwentyMegabytesAreRead() throws Exception {
    IndexerFrame frame =
        read(
            "v4_trades",
            "BTC-USD",
            "{\"trades\":["
                + repeated("{\"id\":\"1\",\"side\":\"BUY\",\"size\":\"1\",\"price\":\"2\"}")
                + "]}");
    assertThat(((ChannelContents.Trades) ((IndexerFrame.Subscribed) frame).contents()).trades())
        .hasSizeGreaterThan(400_000);
  }

  @Test
  void anAccountOfTwentyMegabytesIsReadWithItsUnknownFields() throws Exception {
    String order =
        "{\"id\":\"o\",\"clientId\":\"1\",\"status\":\"OPEN\",\"orderFlags\":\"64\",\"ticker\":\"BTC-USD\","
            + "\"newA\":\"aaaaaaaa\",\"newB\":\"bbbbbbbb\",\"newC\":\"cccccccc\",\"newD\":\"dddddddd\"}";
    IndexerFrame frame =
        read("v4_subaccounts", "dydx1x/0", "{\"orders\":[" + repeated(order) + "]}");
    ChannelContents.SubaccountState state =
        (ChannelContents.SubaccountState) ((IndexerFrame.Subscribed) frame).contents();
    assertThat(state.orders()).hasSizeGreaterThan(100_000);
    assertThat(state.problems()).isEmpty();
  }
}
