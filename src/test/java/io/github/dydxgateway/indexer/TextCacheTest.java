package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextCacheTest {
  private final TextCache cache = new TextCache();

  @Test
  void aKnownTextIsTheSameString() {
    assertThat(get("BTC-USD")).isEqualTo("BTC-USD").isSameAs(get("BTC-USD"));
    assertThat(get("")).isEmpty();
    assertThat(get("Żółw-USD")).isEqualTo("Żółw-USD").isSameAs(get("Żółw-USD"));
  }

  @Test
  void textsOfTheSameHashAreToldApart() {
    assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
    assertThat(get("Aa")).isEqualTo("Aa");
    assertThat(get("BB")).isEqualTo("BB").isSameAs(get("BB"));
  }

  @Test
  void longTextsAreNotKept() {
    String text = "x".repeat(TextCache.MAX_LENGTH + 1);
    assertThat(get(text)).isEqualTo(text).isNotSameAs(get(text));
  }

  @Test
  void aFloodOfTextsIsReadRightAndLeavesTheCacheWorking() {
    for (int i = 0; i < 100_000; i++) {
      assertThat(get("flood-" + i)).isEqualTo("flood-" + i);
    }
    assertThat(get("BTC-USD")).isSameAs(get("BTC-USD"));
  }

  @Test
  void aFloodOfChannelIdsIsReadRightAndLeavesTheCacheWorking() {
    ChannelIdCache channelIds = new ChannelIdCache();
    for (int i = 0; i < 100_000; i++) {
      assertThat(channelIds.get(Channel.TRADES, "flood-" + i))
          .isEqualTo(new ChannelId(Channel.TRADES, "flood-" + i));
    }
    assertThat(channelIds.get(Channel.TRADES, "BTC-USD"))
        .isSameAs(channelIds.get(Channel.TRADES, "BTC-USD"))
        .isNotEqualTo(channelIds.get(Channel.ORDER_BOOK, "BTC-USD"));
  }

  private String get(String text) {
    byte[] utf8 = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
    return cache.get(utf8, 1, utf8.length - 2);
  }
}
