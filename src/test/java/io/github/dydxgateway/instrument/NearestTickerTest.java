package io.github.dydxgateway.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTickerTest {
  @ParameterizedTest
  @CsvSource({
    "BTC-USD, BTC-USD, 0",
    "BTC-UDS, BTC-USD, 1",
    "BTC-USDT, BTC-USD, 1",
    "BTCUSD, BTC-USD, 1",
    "TBC-UDS, BTC-USD, 2",
    "CA, ABC, 3",
    "ETH-USD, BTC-USD, 2",
  })
  void countsInsertionsDeletionsReplacementsAndSwapsOfNeighbours(String a, String b, int count) {
    assertThat(NearestTicker.distance(a, b, 9)).isEqualTo(count);
    assertThat(NearestTicker.distance(b, a, count)).isEqualTo(count);
  }

  @Property(tries = 500)
  void withinItsBoundTheDistanceIsThatWithoutABound(
      @ForAll("texts") String a, @ForAll("texts") String b, @ForAll("bounds") int bound) {
    int unbounded = NearestTicker.distance(a, b, 20);
    assertThat(NearestTicker.distance(a, b, bound)).isEqualTo(Math.min(unbounded, bound + 1));
    assertThat(NearestTicker.distance(b, a, 20)).isEqualTo(unbounded);
    assertThat(unbounded).isEqualTo(reference(a, b));
  }

  /** Optimal string alignment by its recursive definition. */
  private static int reference(String a, String b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.length() + b.length();
    }
    String restA = a.substring(1);
    String restB = b.substring(1);
    if (a.charAt(0) == b.charAt(0)) {
      return reference(restA, restB);
    }
    int least =
        1 + Math.min(reference(restA, restB), Math.min(reference(restA, b), reference(a, restB)));
    if (a.length() > 1
        && b.length() > 1
        && a.charAt(0) == b.charAt(1)
        && a.charAt(1) == b.charAt(0)) {
      least = Math.min(least, 1 + reference(a.substring(2), b.substring(2)));
    }
    return least;
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("AB-").ofMaxLength(6);
  }

  @Provide
  Arbitrary<Integer> bounds() {
    return Arbitraries.integers().between(0, 4);
  }

  @Test
  void ofEquallyNearTickersTheFirstByNameIsSuggested() {
    assertThat(NearestTicker.of("BT-USD", List.of("BTC-USD", "BAT-USD", "BIT-USD")))
        .isEqualTo("BAT-USD");
    assertThat(NearestTicker.of("BTC", List.of("BTC-USDC", "BTC-USD"))).isEqualTo("BTC-USD");
  }

  @Test
  void aLongerTickerMayHaveMoreMistakes() {
    List<String> listed = List.of("FARTCOIN-USD", "SOL-USD");
    assertThat(NearestTicker.of("FRATCION-USD", listed)).isEqualTo("FARTCOIN-USD");
    assertThat(NearestTicker.of("SLO-UDS", listed)).isNull();
  }

  @Test
  void aLongNameIsNotCompared() {
    String long33 = "X".repeat(33);
    assertThat(NearestTicker.of(long33, List.of(long33))).isNull();
    assertThat(
            NearestTicker.of(
                long33,
                () -> {
                  throw new AssertionError("compared");
                }))
        .isNull();
  }
}
