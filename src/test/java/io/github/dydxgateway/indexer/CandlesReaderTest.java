package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CandlesReaderTest {

  @Test
  void readsEveryFieldOfACandle() throws MalformedFrameException {
    IndexerCandle candle = update(SampleFrames.candle()).get(0);
    assertThat(candle.startedAtNs()).isEqualTo(1_680_635_340_000_000_000L);
    assertThat(candle.low()).hasToString("1.5");
    assertThat(candle.high()).hasToString("3");
    assertThat(candle.open()).hasToString("2");
    assertThat(candle.close()).hasToString("2.5");
    assertThat(candle.baseTokenVolume()).hasToString("10");
    assertThat(candle.usdVolume()).isEqualTo("25.50");
    assertThat(candle.trades()).isEqualTo(12);
    assertThat(candle.startingOpenInterest()).isEqualTo("0.7");
    assertThat(candle.orderbookMidPriceOpen()).isEqualTo("2.01");
    assertThat(candle.orderbookMidPriceClose()).isNull();
    assertThat(candle.unknownFields()).isSameAs(UnknownFields.NONE);
  }

  @Test
  void oneCandleOrAListIsReadWhicheverTheFrameHas() throws MalformedFrameException {
    String list = "{\"candles\":[" + SampleFrames.candle() + ",{\"open\":\"1\"}]}";
    assertThat(state(list)).hasSize(2);
    assertThat(update(list)).hasSize(2);
    assertThat(state(SampleFrames.candle())).hasSize(1);
    assertThat(state("{\"candles\":[]}")).isEmpty();
    assertThat(update("{\"new\":1,\"candles\":[{\"open\":\"1\"}],\"other\":2}").get(0))
        .satisfies(candle -> assertThat(candle.unknownFields().isEmpty()).isTrue());
  }

  @Test
  void nothingOfACandleIsCarriedOverToTheNext() throws MalformedFrameException {
    List<IndexerCandle> candles =
        state("{\"candles\":[" + SampleFrames.candle() + ",{\"x\":1},{}]}");
    assertThat(candles.get(2))
        .isEqualTo(
            new IndexerCandle(
                0, null, null, null, null, null, null, 0, null, null, null, UnknownFields.NONE));
  }

  @Test
  void whatCannotBeReadSurvivesAmongTheUnknownFields() throws MalformedFrameException {
    IndexerCandle candle =
        update(
                """
                {"startedAt":5,"trades":"many","usdVolume":"1e999","open":"x","close":"1",
                 "new":{"a":1}}""")
            .get(0);
    assertThat(candle.startedAtNs()).isZero();
    assertThat(candle.trades()).isZero();
    assertThat(candle.usdVolume()).isNull();
    assertThat(candle.open().isRepresentable()).isFalse();
    assertThat(candle.close()).hasToString("1");
    assertThat(candle.unknownFields().jsonByName())
        .isEqualTo(
            Map.of(
                "startedAt", "5",
                "trades", "\"many\"",
                "usdVolume", "\"1e999\"",
                "new", "{\"a\":1}"));
  }

  @Test
  void contentsWithoutAnyOfACandleAreMalformed() {
    for (String contents : new String[] {"{}", "{\"new\":1}", "{\"candles\":{}}"}) {
      assertThat(
              Reading.malformed(
                  SampleFrames.with(SampleFrames.CANDLES_UPDATE, "contents", contents)))
          .isNotNull();
    }
  }

  private static List<IndexerCandle> state(String contents) throws MalformedFrameException {
    return Reading.state(ChannelContents.Candles.class, "v4_candles", contents).candles();
  }

  private static List<IndexerCandle> update(String contents) throws MalformedFrameException {
    return Reading.update(ChannelContents.Candles.class, "v4_candles", contents).candles();
  }
}
