package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.instrument.InstrumentId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListedInstrumentsTest {
  private final InstrumentCache instruments = new InstrumentCache();
  private final ListedInstruments listed = new ListedInstruments(instruments);

  @ParameterizedTest
  @ValueSource(strings = {"NEW301-USD", "A/B-USD", "A B)-USD", "X-PERP", "\u6f22-USD"})
  void marketDataOfAListedInstrumentIsListedWhateverItsTicker(String ticker) {
    instruments.putIncomplete(new InstrumentId(ticker));
    instruments.markLoaded();
    assertThat(listed.test(new ChannelId(Channel.TRADES, ticker))).isTrue();
    assertThat(listed.test(new ChannelId(Channel.ORDER_BOOK, ticker))).isTrue();
    assertThat(listed.test(new ChannelId(Channel.CANDLES, ticker + "/1MIN"))).isTrue();
    assertThat(listed.test(new ChannelId(Channel.CANDLES, ticker + "/1DAY"))).isTrue();
  }

  @Test
  void nothingElseIs() {
    assertThat(listed.test(new ChannelId(Channel.TRADES, "NEW301-USD"))).isFalse();
    instruments.putIncomplete(new InstrumentId("NEW301-USD"));
    instruments.markLoaded();
    assertThat(listed.test(new ChannelId(Channel.TRADES, "OTHER-USD"))).isFalse();
    assertThat(listed.test(new ChannelId(Channel.CANDLES, "NEW301-USD/2MIN"))).isFalse();
    assertThat(listed.test(new ChannelId(Channel.CANDLES, "NEW301-USD"))).isFalse();
    assertThat(listed.test(new ChannelId(Channel.SUBACCOUNTS, "NEW301-USD"))).isFalse();
    assertThat(listed.test(ChannelId.of(Channel.MARKETS))).isFalse();
  }
}
