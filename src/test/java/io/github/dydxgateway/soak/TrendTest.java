package io.github.dydxgateway.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dydxgateway.soak.Trend.Point;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrendTest {
  @Test
  void steadyGrowthIsSeenThroughASawtooth() {
    List<Point> points =
        IntStream.range(0, 100).mapToObj(i -> new Point(i, 50 + 0.1 * i + 5 * (i % 2))).toList();
    assertThat(Trend.rise(points)).isCloseTo(9.9, within(0.5));
  }

  @Test
  void flatIsFlat() {
    assertThat(Trend.rise(List.of(new Point(0, 7), new Point(1, 7), new Point(5, 7)))).isZero();
  }

  @Test
  void singlePointDoesNotRise() {
    assertThat(Trend.rise(List.of(new Point(3, 7)))).isZero();
  }
}
