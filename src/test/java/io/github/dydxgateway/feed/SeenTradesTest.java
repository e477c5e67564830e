package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Decimal;
import io.github.dydxgateway.indexer.IndexerTrade;
import io.github.dydxgateway.indexer.UnknownFields;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SeenTradesTest {
  private final SeenTrades seen = new SeenTrades();

  @Test
  void aTradeIsUnseenOnce() {
    assertThat(seen.isEmpty()).isTrue();
    assertThat(seen.unseenOf(trades(1, 3))).isEqualTo(trades(1, 3));
    assertThat(seen.unseenOf(trades(2, 4))).isEqualTo(trades(4, 4));
    assertThat(seen.hasSeenAnyOf(trades(4, 9))).isTrue();
    assertThat(seen.hasSeenAnyOf(trades(5, 9))).isFalse();
  }

  @Test
  void onlyTheLatestAreRemembered() {
    seen.unseenOf(trades(1, 20_000));
    assertThat(seen.hasSeenAnyOf(trades(1, 10_000))).isFalse();
    assertThat(seen.hasSeenAnyOf(trades(18_000, 18_000))).isTrue();
  }

  /** Live until {@code last}, then a state that reaches back by {@code back} trades. */
  @Property
  void afterAnInterruptionExactlyTheMissingTradesAreUnseen(
      @ForAll @IntRange(min = 1, max = 50) int last,
      @ForAll @IntRange(max = 20) int missed,
      @ForAll @IntRange(min = 1, max = 60) int back) {
    SeenTrades remembered = new SeenTrades();
    remembered.unseenOf(trades(3, Math.max(3, last)));
    int newest = Math.max(3, last) + missed;
    List<IndexerTrade> state = trades(Math.max(1, newest - back + 1), newest);
    List<IndexerTrade> expected = new ArrayList<>(state);
    expected.removeAll(trades(1, Math.max(3, last)));
    assertThat(remembered.unseenOfState(state)).isEqualTo(expected);
  }

  @Test
  void tradesOfTheLastBlockAreUnseenWhereverTheStateListsThem() {
    seen.unseenOf(List.of(trade("a", 7), trade("b", 8)));
    List<IndexerTrade> state =
        List.of(trade("a", 7), trade("c", 8), trade("b", 8), trade("d", 8), trade("e", 9));
    assertThat(seen.unseenOfState(state))
        .containsExactly(trade("c", 8), trade("d", 8), trade("e", 9));
  }

  @Test
  void ofABlockThatTheStateCutsOffOnlyTradesAfterTheFirstSeenAreUnseen() {
    seen.unseenOf(List.of(trade("b", 8), trade("d", 8)));
    List<IndexerTrade> state =
        List.of(trade("a", 8), trade("b", 8), trade("c", 8), trade("d", 8), trade("e", 8));
    assertThat(seen.unseenOfState(state)).containsExactly(trade("c", 8), trade("e", 8));
  }

  private static List<IndexerTrade> trades(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(id -> trade("t" + id, 0)).toList();
  }

  private static IndexerTrade trade(String id, long height) {
    return new IndexerTrade(
        id, "BUY", Decimal.of(1, 0), Decimal.of(1, 0), "LIMIT", 0, height, UnknownFields.NONE);
  }
}
