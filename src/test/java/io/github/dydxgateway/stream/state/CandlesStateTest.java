package io.github.dydxgateway.stream.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Candle;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Candles;
import io.github.dydxgateway.v1.SnapshotReason;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CandlesStateTest {
  private final CandlesState state =
      (CandlesState)
          TopicState.of(Topics.candles("BTC-USD", CandleResolution.CANDLE_RESOLUTION_1MIN));

  @Test
  void theThousandCandlesOfTheLatestStartsAreKept() {
    IntStream.range(0, 1_200).forEach(i -> add(0, candle(i, 1, true)));
    add(0, candle(3, 1, true));
    assertThat(snapshot().getCandlesList().stream().map(candle -> (int) candle.getStartTimeNs()))
        .containsExactlyElementsOf(IntStream.range(200, 1_200).boxed().toList());
  }

  @Test
  void aCandleWithTheSameStartReplacesTheOneBefore() {
    add(0, candle(60, 1, false), candle(120, 2, false));
    add(1, candle(60, 35, true));
    Candles candles = snapshot();
    assertThat(candles.getPriceScale()).isEqualTo(1);
    assertThat(candles.getCandlesList())
        .containsExactly(candle(60, 35, true), candle(120, 20, false));
  }

  private void add(int priceScale, Candle... candles) {
    state.add(
        Candles.newBuilder().setPriceScale(priceScale).addAllCandles(List.of(candles)).build(), 1);
  }

  private static Candle candle(long start, long price, boolean isFinal) {
    return Candle.newBuilder()
        .setStartTimeNs(start)
        .setOpen(price)
        .setHigh(price)
        .setLow(price)
        .setClose(price)
        .setIsFinal(isFinal)
        .build();
  }

  private Candles snapshot() {
    return state.snapshot(SnapshotReason.SNAPSHOT_REASON_JOIN, 1).get(0).getCandles();
  }
}
