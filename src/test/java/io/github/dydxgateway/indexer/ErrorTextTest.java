package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.IndexerError.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "Invalid subscription id for channel: (v4_trades-FOO-USD)"
            + "|INVALID_SUBSCRIPTION_ID|TRADES|FOO-USD",
        "Invalid subscription id for channel: (v4_candles-BTC-USD/2MIN)"
            + "|INVALID_SUBSCRIPTION_ID|CANDLES|BTC-USD/2MIN",
        "Invalid subscription id for channel: (v4_parent_subaccounts-dydx1x/999)"
            + "|INVALID_SUBSCRIPTION_ID|PARENT_SUBACCOUNTS|dydx1x/999",
        "Per-connection subscription limit reached for v4_trades (limit=32)."
            + "|CONNECTION_LIMIT|TRADES|-",
        "Too many subscribe attempts for channel v4_trades-BTC-USD."
            + "|TOO_MANY_SUBSCRIBES|TRADES|BTC-USD",
        "Too many subscribe attempts for channel v4_markets-v4_markets."
            + "|TOO_MANY_SUBSCRIBES|MARKETS|''",
        "Internal error, could not fetch data for subscription: v4_orderbook."
            + "|INTERNAL|ORDER_BOOK|-",
        "Invalid subscribe message: already subscribed (v4_trades-BTC-USD)"
            + "|ALREADY_SUBSCRIBED|TRADES|BTC-USD",
        "Invalid channel: v5_trades|INVALID_REQUEST|-|-",
        "Invalid id: undefined|INVALID_REQUEST|-|-",
        "Invalid message: could not parse|INVALID_REQUEST|-|-",
        "Too many invalid messages. Please reconnect.|INVALID_REQUEST|-|-",
        "Something new|INVALID_REQUEST|-|-",
        "''|INVALID_REQUEST|-|-"
      })
  void textsOfTheVenueAreUnderstood(String message, Kind kind, Channel channel, String id) {
    assertThat(ErrorText.understand(message, null, null))
        .isEqualTo(new IndexerError(kind, message, channel, id));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NEW301-USD",
        "A-PERP",
        "A B-USD",
        "A)B (C)-USD",
        ")",
        "raydium,4k3Dyj/WETH-USD",
        "\"QUOTED\"-USD",
        "Ünïcode-\u6f22\u5b57-USD",
        "v4_orderbook-BTC-USD",
        "(v4_trades-X)",
        "A. B-USD"
      })
  void anIdMayHoldAnything(String id) {
    assertThat(
            ErrorText.understand(
                "Invalid subscription id for channel: (v4_trades-" + id + ")", null, null))
        .extracting(IndexerError::kind, IndexerError::channel, IndexerError::id)
        .containsExactly(Kind.INVALID_SUBSCRIPTION_ID, Channel.TRADES, id);
    assertThat(
            ErrorText.understand(
                    "Invalid subscription id for channel: (v4_candles-" + id + "/1MIN)", null, null)
                .id())
        .isEqualTo(id + "/1MIN");
    assertThat(
            ErrorText.understand(
                    "Too many subscribe attempts for channel v4_trades-"
                        + id
                        + ". Please reconnect and try again.",
                    null,
                    null)
                .id())
        .isEqualTo(id);
  }

  @Test
  void fieldsWinOverTheText() {
    IndexerError error =
        ErrorText.understand(
            "Internal error, could not fetch data for subscription: v4_orderbook.",
            Channel.TRADES,
            "ETH-USD");
    assertThat(error.kind()).isEqualTo(Kind.INTERNAL);
    assertThat(error.channel()).isEqualTo(Channel.TRADES);
    assertThat(error.id()).isEqualTo("ETH-USD");
  }

  @Test
  void anIdInTheTextCompletesAChannelField() {
    String text = "Too many subscribe attempts for channel v4_trades-BTC-USD.";
    assertThat(ErrorText.understand(text, Channel.TRADES, null).id()).isEqualTo("BTC-USD");
    assertThat(ErrorText.understand(text, Channel.ORDER_BOOK, null).id()).isNull();
  }

  @Test
  void anUnknownTextAboutASubscriptionIsARefusal() {
    String text = "Because you appear to be a resident of a restricted place …";
    assertThat(ErrorText.understand(text, Channel.SUBACCOUNTS, "dydx1x/0").kind())
        .isEqualTo(Kind.REFUSED);
    assertThat(ErrorText.understand(text, Channel.MARKETS, null).kind()).isEqualTo(Kind.REFUSED);
    assertThat(ErrorText.understand(text, Channel.SUBACCOUNTS, null).kind())
        .isEqualTo(Kind.INVALID_REQUEST);
  }

  @Test
  void longTextsAreCut() {
    assertThat(ErrorText.understand("x".repeat(10_000), null, null).message()).hasSize(500);
  }
}
