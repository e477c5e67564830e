package io.github.dydxgateway.stream.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.SnapshotReason;
import io.github.dydxgateway.v1.Trade;
import io.github.dydxgateway.v1.Trades;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TradesStateTest {
  private final TradesState state = (TradesState) TopicState.of(Topics.trades("BTC-USD"));

  @Test
  void theLastThousandTradesAreKept() {
    IntStream.range(0, 1_500).forEach(i -> add(0, 0, trade("t" + i, i + 1, 1)));
    assertThat(ids())
        .containsExactlyElementsOf(IntStream.range(500, 1_500).mapToObj(i -> "t" + i).toList());
  }

  @Test
  void aTradeOfAnEarlierBlockStandsBeforeThoseOfLaterBlocks() {
    add(0, 0, trade("a", 1, 1), trade("b", 3, 1), trade("c", 4, 1));
    add(0, 0, trade("late", 2, 1), trade("same", 3, 1), trade("unknown", 0, 1));
    assertThat(ids()).containsExactly("a", "late", "b", "same", "c", "unknown");
  }

  @Test
  void tradesOfSeveralScalesShareTheLargest() {
    add(0, 1, trade("a", 1, 7));
    add(2, 0, trade("b", 1, 725));
    Trades trades = snapshot().get(0);
    assertThat(trades.getPriceScale()).isEqualTo(2);
    assertThat(trades.getSizeScale()).isEqualTo(1);
    assertThat(trades.getTrades(0).getPrice()).isEqualTo(700);
    assertThat(trades.getTrades(1).getPrice()).isEqualTo(725);
    assertThat(trades.getTrades(1).getSize()).isEqualTo(10);
  }

  @Test
  void aTradeThatDoesNotFitAtTheScaleOfOthersIsInAnotherEvent() {
    add(0, 0, trade("a", 1, Long.MAX_VALUE));
    add(1, 0, trade("b", 1, 5));
    add(0, 0, trade("c", 1, 6));
    List<Trades> parts = snapshot();
    assertThat(parts.stream().map(Trades::getTradesCount)).containsExactly(1, 2);
    assertThat(parts.get(0).getTrades(0).getPrice()).isEqualTo(Long.MAX_VALUE);
    assertThat(parts.get(1).getPriceScale()).isEqualTo(1);
    assertThat(parts.get(1).getTrades(1).getPrice()).isEqualTo(60);
  }

  private void add(int priceScale, int sizeScale, Trade... trades) {
    state.add(
        Trades.newBuilder()
            .setPriceScale(priceScale)
            .setSizeScale(sizeScale)
            .addAllTrades(List.of(trades))
            .build(),
        1);
  }

  private static Trade trade(String id, long block, long price) {
    return Trade.newBuilder()
        .setTradeId(id)
        .setBlockHeight(block)
        .setPrice(price)
        .setSize(1)
        .build();
  }

  private List<Trades> snapshot() {
    return state.snapshot(SnapshotReason.SNAPSHOT_REASON_JOIN, 1).stream()
        .map(Event.Builder::getTrades)
        .toList();
  }

  private List<String> ids() {
    return snapshot().stream()
        .flatMap(trades -> trades.getTradesList().stream())
        .map(Trade::getTradeId)
        .toList();
  }
}
