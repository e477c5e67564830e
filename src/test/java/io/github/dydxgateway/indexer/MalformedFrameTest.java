package io.github.dydxgateway.indexer;

import static io.github.dydxgateway.indexer.Reading.malformed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedFrameTest {
  private static final ChannelId TRADES = new ChannelId(Channel.TRADES, "BTC-USD");
  private static final String LABEL_AFTER =
      ",\"type\":\"channel_data\",\"channel\":\"v4_trades\",\"id\":\"BTC-USD\",\"message_id\":9}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "5",
        "\"text\"",
        "{",
        "{}",
        "{}{}",
        "{\"type\":null}",
        "{\"type\":{}}",
        "{\"type\":\"channel_data\"}",
        "{\"type\":\"channel_data\",\"channel\":\"v4_trades\",\"id\":\"A\"}",
        "{\"type\":\"channel_data\",\"channel\":\"v4_trades\",\"contents\":{\"trades\":[]}}",
        "{\"type\":\"channel_data\",\"channel\":5.5,\"id\":[],\"contents\":{}}",
        "{\"type\":\"unsubscribed\",\"channel\":\"v4_trades\",\"id\":\"\"}",
        "{\"type\":\"connected\",\"message_id\":\"x\"}",
        "{\"type\":\"connected\",\"subaccountNumber\":-1}",
        "{\"type\":\"connected\",\"subaccountNumber\":2147483648}",
        "{\"type\":\"connected\",\"message_id\":1.5}",
        "{\"type\":\"connected\",\"message_id\":99999999999999999999}",
        "{\"type\":\"connected\",\"type\":\"connected\"}",
        "{\"type\":\"connected\"} x",
        "{\"type\":\"connected\"}{\"type\":\"connected\"}",
        "{'type':'connected'}",
        "{\"type\":\"connected\",\"a\":01}"
      })
  void whatIsNoFrameIsMalformed(String text) {
    assertThat(malformed(text)).hasMessageStartingWith("expected");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "\"text\"",
        "5",
        "[]",
        "{}",
        "{\"trades\":null}",
        "{\"trades\":{}}",
        "{\"trades\":[5]}",
        "{\"trades\":[{}],\"trades\":[[]]}"
      })
  void contentsOfAWrongShapeNameWhatIsLostWhereverItStands(String contents) {
    assertLabel(malformed("{\"contents\":" + contents + LABEL_AFTER));
    assertLabel(
        malformed(
            "{\"type\":\"channel_data\",\"channel\":\"v4_trades\",\"contents\":"
                + contents
                + LABEL_AFTER.replace("\"type\":\"channel_data\",\"channel\":\"v4_trades\",", "")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"trades\":[{\"id\":nul}]}",
        "{\"trades\":[{\"id\":\"\u0001\"}]}",
        "{\"trades\":[{\"id\":\"\\x\",\"message_id\":1}]}",
        "{\"trades\":[{\"id\":00}]}",
        "{\"trades\":[,]}"
      })
  void brokenJsonNamesWhatIsLostWhereItCanBeFound(String contents) {
    assertLabel(malformed("{\"contents\":" + contents + LABEL_AFTER));
  }

  @Test
  void aTruncatedFrameNamesWhatCameBefore() {
    String json = SampleFrames.json(SampleFrames.TRADES_STATE);
    MalformedFrameException problem = malformed(json.substring(0, json.length() - 20));
    assertThat(problem.channelId()).isEqualTo(TRADES);
    assertThat(problem.messageId()).isEqualTo(42);
  }

  @Test
  void escapedNamesAreFoundToo() {
    MalformedFrameException problem =
        malformed(
            "{\"contents\":5,\"type\":\"channel_data\",\"ch\\u0061nnel\":\"v4\\u005fcandles\","
                + "\"id\":\"BTC-USD\\/1MIN\",\"message_id\":\"9\"}");
    assertThat(problem.channelId()).isEqualTo(new ChannelId(Channel.CANDLES, "BTC-USD/1MIN"));
    assertThat(problem.messageId()).isEqualTo(9);
  }

  @Test
  void fieldsWithinContentsAreNotMistakenForThoseOfTheFrame() {
    MalformedFrameException problem =
        malformed("{\"contents\":{\"trades\":5,\"id\":\"X\",\"message_id\":1}" + LABEL_AFTER);
    assertLabel(problem);
  }

  @Test
  void aChannelWithoutIdsIsNamedWithoutOne() {
    MalformedFrameException problem =
        malformed(SampleFrames.with(SampleFrames.MARKETS_STATE, "contents", "{\"markets\":[]}"));
    assertThat(problem.channelId()).isEqualTo(ChannelId.of(Channel.MARKETS));
    assertThat(problem)
        .hasMessage("expected an object with an entry for each ticker at markets, got []");
  }

  @Test
  void theReasonSaysWhatWasExpectedWhereAndWhatCame() {
    assertThat(
            malformed(
                SampleFrames.with(
                    SampleFrames.TRADES_STATE, "contents", "{\"trades\":[{},{},\"no\"]}")))
        .hasMessage("expected a trade at trades[2], got \"no\"");
  }

  @Test
  void theReasonIsShortHoweverLongTheFrame() {
    String huge = "\"" + "x".repeat(100_000) + "\"";
    MalformedFrameException problem =
        malformed(SampleFrames.with(SampleFrames.TRADES_STATE, "contents", huge));
    assertThat(problem.getMessage()).hasSizeLessThan(310);
    assertThat(problem.channelId()).isEqualTo(TRADES);
  }

  @Test
  void deepNestingIsMalformed() {
    String deep = "[".repeat(100_000);
    assertThat(malformed("{\"contents\":" + deep)).isNotNull();
    assertThat(malformed("{\"a\":" + "[".repeat(70) + "]".repeat(70) + LABEL_AFTER))
        .satisfies(MalformedFrameTest::assertLabel);
  }

  @Test
  void hugeNamesAreMalformed() {
    assertLabel(malformed("{\"" + "n".repeat(100_000) + "\":5" + LABEL_AFTER));
  }

  @Test
  void moreElementsThanAnyFrameHoldsAreMalformed() {
    String levels = "[],".repeat(JsonCursor.MAX_ELEMENTS) + "[]";
    MalformedFrameException problem =
        malformed(
            SampleFrames.with(SampleFrames.BOOK_UPDATE, "contents", "{\"bids\":[" + levels + "]}"));
    assertThat(problem).hasMessageContaining("at most 200000 elements");
    assertThat(problem.messageId()).isEqualTo(42);
  }

  @Test
  void moreUnknownFieldsThanAnyFrameHoldsAreMalformed() {
    StringBuilder fields = new StringBuilder("{\"trades\":[{\"id\":\"1\"");
    for (int i = 0; i <= JsonCursor.MAX_ELEMENTS; i++) {
      fields.append(",\"f").append(i).append("\":1");
    }
    assertThat(malformed(SampleFrames.with(SampleFrames.TRADES_UPDATE, "contents", fields + "}]}")))
        .satisfies(problem -> assertThat(problem.channelId()).isEqualTo(TRADES));
  }

  @Test
  void onlyTheAnswerToASubscribeIsAnInitialState() {
    assertThat(malformed(SampleFrames.json(SampleFrames.TRADES_STATE) + "x").isInitialState())
        .isTrue();
    assertThat(malformed(SampleFrames.json(SampleFrames.TRADES_UPDATE) + "x").isInitialState())
        .isFalse();
    assertThat(malformed("{\"a\":{\"type\":\"subscribed\"}" + LABEL_AFTER + "x").isInitialState())
        .isFalse();
  }

  @Test
  void onlyUtf8IsRead() {
    String json = SampleFrames.json(SampleFrames.CONNECTED);
    for (byte[] bytes :
        new byte[][] {
          json.getBytes(StandardCharsets.UTF_16),
          json.getBytes(StandardCharsets.UTF_16LE),
          json.getBytes(StandardCharsets.UTF_16BE),
          "{\"type\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1)
        }) {
      assertThatThrownBy(() -> new FrameReader().read(bytes, 0, bytes.length))
          .isInstanceOf(MalformedFrameException.class);
    }
  }

  private static void assertLabel(MalformedFrameException problem) {
    assertThat(problem).isNotNull();
    assertThat(problem.channelId()).isEqualTo(TRADES);
    assertThat(problem.messageId()).isEqualTo(9);
  }
}
