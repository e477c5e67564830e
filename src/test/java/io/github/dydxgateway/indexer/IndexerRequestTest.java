package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IndexerRequestTest {

  @Test
  void subscribeNamesChannelIdAndBatching() {
    ChannelId trades = new ChannelId(Channel.TRADES, "BTC-USD");
    assertThat(IndexerRequest.subscribe(trades, false))
        .isEqualTo(
            """
            {"type":"subscribe","channel":"v4_trades","id":"BTC-USD","batched":false}""");
    assertThat(IndexerRequest.subscribe(trades, true)).endsWith(",\"batched\":true}");
  }

  @Test
  void unsubscribeNamesChannelAndId() {
    assertThat(IndexerRequest.unsubscribe(new ChannelId(Channel.CANDLES, "BTC-USD/1MIN")))
        .isEqualTo(
            """
            {"type":"unsubscribe","channel":"v4_candles","id":"BTC-USD/1MIN"}""");
  }

  @Test
  void channelsWithoutIdsSendNone() {
    assertThat(IndexerRequest.subscribe(ChannelId.of(Channel.MARKETS), true))
        .isEqualTo(
            """
            {"type":"subscribe","channel":"v4_markets","batched":true}""");
    assertThat(IndexerRequest.unsubscribe(ChannelId.of(Channel.BLOCK_HEIGHT)))
        .isEqualTo(
            """
            {"type":"unsubscribe","channel":"v4_block_height"}""");
  }

  @Test
  void idsAreEscaped() {
    assertThat(IndexerRequest.unsubscribe(new ChannelId(Channel.TRADES, "a\"b\\c\nd")))
        .contains("\"id\":\"a\\\"b\\\\c\\nd\"");
  }
}
