package io.github.dydxgateway.indexer;

import static io.github.dydxgateway.indexer.Reading.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
  private static final ChannelId TRADES = new ChannelId(Channel.TRADES, "BTC-USD");

  @Test
  void readsTheFirstFrameOfAConnection() throws MalformedFrameException {
    assertThat(frame(SampleFrames.CONNECTED)).isEqualTo(new IndexerFrame.Connected(0, "c-1"));
  }

  @Test
  void readsTheEndOfASubscription() throws MalformedFrameException {
    assertThat(frame(SampleFrames.UNSUBSCRIBED))
        .isEqualTo(new IndexerFrame.Unsubscribed(7, TRADES));
    assertThat(frame("{\"type\":\"unsubscribed\",\"message_id\":3,\"channel\":\"v4_markets\"}"))
        .isEqualTo(new IndexerFrame.Unsubscribed(3, ChannelId.of(Channel.MARKETS)));
  }

  @Test
  void readsErrors() throws MalformedFrameException {
    assertThat(frame(SampleFrames.ERROR))
        .isEqualTo(
            new IndexerFrame.Failed(
                7,
                new IndexerError(
                    IndexerError.Kind.INTERNAL,
                    "Internal error, could not fetch data for subscription: v4_orderbook.",
                    Channel.ORDER_BOOK,
                    "BTC-USD")));
  }

  @Test
  void anErrorIsNotLostForTheShapeOfItsMessage() throws MalformedFrameException {
    assertThat(frame("{\"type\":\"error\",\"message\":{\"code\": 5}}"))
        .isEqualTo(
            new IndexerFrame.Failed(
                -1,
                new IndexerError(IndexerError.Kind.INVALID_REQUEST, "{\"code\": 5}", null, null)));
    assertThat(frame("{\"type\":\"error\"}")).isInstanceOf(IndexerFrame.Failed.class);
  }

  @Test
  void readsAnInitialStateOfEachChannel() throws MalformedFrameException {
    assertState(SampleFrames.BOOK_STATE, Channel.ORDER_BOOK, ChannelContents.OrderBook.class);
    assertState(SampleFrames.TRADES_STATE, Channel.TRADES, ChannelContents.Trades.class);
    assertState(SampleFrames.CANDLES_STATE, Channel.CANDLES, ChannelContents.Candles.class);
    assertState(SampleFrames.MARKETS_STATE, Channel.MARKETS, ChannelContents.Markets.class);
    assertState(SampleFrames.BLOCK_STATE, Channel.BLOCK_HEIGHT, ChannelContents.BlockHeight.class);
    assertState(
        SampleFrames.SUBACCOUNT_STATE, Channel.SUBACCOUNTS, ChannelContents.SubaccountState.class);
    assertState(
        SampleFrames.PARENT_STATE,
        Channel.PARENT_SUBACCOUNTS,
        ChannelContents.SubaccountState.class);
  }

  private static void assertState(
      Map<String, String> fields, Channel channel, Class<? extends ChannelContents> contents)
      throws MalformedFrameException {
    IndexerFrame.Subscribed state = (IndexerFrame.Subscribed) frame(fields);
    assertThat(state.messageId()).isEqualTo(42);
    assertThat(state.channelId().channel()).isEqualTo(channel);
    assertThat(state.contents()).isInstanceOf(contents);
  }

  @Test
  void aBatchHoldsItsUpdatesInTheVenuesOrder() throws MalformedFrameException {
    IndexerFrame.ChannelData batch = (IndexerFrame.ChannelData) frame(SampleFrames.BOOK_BATCH);
    assertThat(batch.updates()).hasSize(3);
    assertThat(((ChannelContents.OrderBook) batch.updates().get(0)).bids().count()).isEqualTo(1);
    assertThat(((ChannelContents.OrderBook) batch.updates().get(1)).asks().count()).isEqualTo(1);
    assertThat(((ChannelContents.OrderBook) batch.updates().get(2)).asks())
        .isSameAs(BookLevels.NONE);
    IndexerFrame.ChannelData empty =
        (IndexerFrame.ChannelData)
            frame(SampleFrames.with(SampleFrames.BOOK_BATCH, "contents", "[]"));
    assertThat(empty.updates()).isEmpty();
  }

  @Test
  void channelsWithoutIdsHaveNoneWhateverTheVenueSends() throws MalformedFrameException {
    for (String id : new String[] {"\"v4_markets\"", "\"\"", "null"}) {
      IndexerFrame.Subscribed state =
          (IndexerFrame.Subscribed) frame(SampleFrames.with(SampleFrames.MARKETS_STATE, "id", id));
      assertThat(state.channelId()).isEqualTo(ChannelId.of(Channel.MARKETS));
    }
    IndexerFrame.ChannelData update = (IndexerFrame.ChannelData) frame(SampleFrames.MARKETS_UPDATE);
    assertThat(update.channelId()).isEqualTo(ChannelId.of(Channel.MARKETS));
  }

  @Test
  void anUpdateOfAParentNamesTheChild() throws MalformedFrameException {
    assertThat(((IndexerFrame.ChannelData) frame(SampleFrames.PARENT_UPDATE)).subaccountNumber())
        .isEqualTo(128);
    assertThat(((IndexerFrame.ChannelData) frame(SampleFrames.BOOK_UPDATE)).subaccountNumber())
        .isEqualTo(-1);
  }

  @Test
  void unknownTypesAndChannelsAreToldNotThrown() throws MalformedFrameException {
    assertThat(frame("{\"contents\":{\"a\":[1]},\"type\":\"pong\",\"message_id\":5}"))
        .isEqualTo(new IndexerFrame.Unknown(5, "type 'pong'"));
    assertThat(
            frame(SampleFrames.channelFrame("channel_data", "v5_options", "X", "[\"anything\"]")))
        .isEqualTo(new IndexerFrame.Unknown(42, "type 'channel_data', channel 'v5_options'"));
    assertThat(frame("{\"type\":\"" + "x".repeat(5000) + "\"}"))
        .isInstanceOfSatisfying(
            IndexerFrame.Unknown.class, unknown -> assertThat(unknown.description()).hasSize(200));
  }

  @Test
  void framesOfATypeToComeMayGiveKnownFieldsAnotherShape() throws MalformedFrameException {
    assertThat(
            frame(
                "{\"id\":{},\"channel\":[1],\"message_id\":\"x\",\"subaccountNumber\":-1,"
                    + "\"connection_id\":true,\"type\":\"pong\"}"))
        .isEqualTo(new IndexerFrame.Unknown(-1, "type 'pong'"));
  }

  @Test
  void numbersInPlaceOfStringsAndTheReverseAreRead() throws MalformedFrameException {
    String json =
        "{\"type\":\"unsubscribed\",\"channel\":\"v4_trades\",\"id\":17,\"message_id\":\"5\"}";
    assertThat(frame(json))
        .isEqualTo(new IndexerFrame.Unsubscribed(5, new ChannelId(Channel.TRADES, "17")));
  }

  @Test
  void aFrameWithoutMessageIdHasMinusOne() throws MalformedFrameException {
    assertThat(frame("{\"type\":\"connected\",\"connection_id\":\"c\"}").messageId()).isEqualTo(-1);
  }

  @Test
  void theChannelIdOfAKnownSubscriptionIsTheSameObject() throws MalformedFrameException {
    FrameReader reader = new FrameReader();
    byte[] bytes = SampleFrames.bytes(SampleFrames.json(SampleFrames.BOOK_UPDATE));
    IndexerFrame.ChannelData first = (IndexerFrame.ChannelData) reader.read(bytes, 0, bytes.length);
    IndexerFrame.ChannelData second =
        (IndexerFrame.ChannelData) reader.read(bytes, 0, bytes.length);
    assertThat(first.channelId()).isSameAs(second.channelId());
  }

  @Test
  void aReaderGoesOnAfterAMalformedFrame() throws MalformedFrameException {
    FrameReader reader = new FrameReader();
    for (Map<String, String> good : SampleFrames.ALL) {
      String json = SampleFrames.json(good);
      for (int end = 1; end < json.length(); end += 7) {
        byte[] broken = SampleFrames.bytes(json.substring(0, end));
        assertThatThrownBy(() -> reader.read(broken, 0, broken.length))
            .isInstanceOf(MalformedFrameException.class);
      }
      byte[] bytes = SampleFrames.bytes(json);
      assertThat(reader.read(bytes, 0, bytes.length))
          .usingRecursiveComparison()
          .isEqualTo(frame(good));
    }
  }

  @Test
  void aPlaceOutsideTheBufferIsTheCallersMistake() {
    assertThatThrownBy(() -> new FrameReader().read(new byte[3], 1, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
