package io.github.dydxgateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElapsedTimeTest {
  private static final long MILLI = 1_000_000;

  /** As the monotonic clock of a machine that has run for a while. */
  private long monotonic = 5_000_000 * MILLI;

  private long wall = 1_750_000_000_000L * MILLI;
  private final ElapsedTime elapsed = new ElapsedTime(() -> wall, () -> monotonic);

  private void pass(long millis) {
    monotonic += millis * MILLI;
    wall += millis * MILLI;
  }

  @Test
  void isTheTimeThatPassed() {
    long shown = wall;
    pass(7);

    assertThat(elapsed.since(shown)).isEqualTo(7 * MILLI);
    assertThat(elapsed.since(wall)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"P2D", "-P2D", "PT1H", "-PT1H", "PT1S", "-PT1S", "P20000D"})
  void aStepOfTheWallClockIsNoPartOfIt(Duration step) {
    elapsed.since(wall);
    pass(20);
    elapsed.since(wall);
    pass(5);
    long before = wall;
    pass(3);
    wall += step.toNanos();
    pass(4);
    long after = wall;
    pass(2);

    assertThat(elapsed.since(before)).isEqualTo(9 * MILLI);
    assertThat(elapsed.since(after)).isEqualTo(2 * MILLI);
    pass(500);
    assertThat(elapsed.since(before)).isEqualTo(509 * MILLI);
    assertThat(elapsed.since(after)).isEqualTo(502 * MILLI);
  }

  @Test
  void stepsThereAndBackAreNoPartOfIt() {
    List<Long> shown = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      shown.add(wall);
      pass(50);
      elapsed.since(wall);
      pass(50);
      wall += (i % 2 == 0 ? 1 : -1) * Duration.ofDays(2).toNanos();
    }

    for (int i = 0; i < 4; i++) {
      assertThat(elapsed.since(shown.get(i))).isEqualTo((400 - 100L * i) * MILLI);
    }
  }

  @Test
  void aWallClockThatIsSlewedIsFollowed() {
    for (int i = 0; i < 10_000; i++) {
      long shown = wall;
      pass(20);
      wall += MILLI / 100;
      assertThat(elapsed.since(shown)).isBetween(20 * MILLI, 21 * MILLI);
    }
  }

  @Test
  void aTimeThatTheWallClockCannotHaveShownIsNotKnown() {
    assertThat(elapsed.since(wall + Duration.ofDays(2).toNanos())).isEqualTo(ElapsedTime.UNKNOWN);
  }

  @Test
  void aStepPutsNoSampleIntoTheLatencyOfDelivery() {
    StreamCounters counters = new StreamCounters(elapsed);
    List<Long> samples = new ArrayList<>();
    counters.listen((kind, nanos) -> samples.add(nanos));
    counters.delivered(TopicKind.TRADES, 1, wall);
    pass(50);
    counters.delivered(TopicKind.TRADES, 1, wall);
    long received = wall;
    pass(1);
    wall += Duration.ofDays(2).toNanos();
    counters.delivered(TopicKind.TRADES, 1, received);
    long receivedLater = wall;
    wall -= Duration.ofDays(4).toNanos();
    pass(2);
    counters.delivered(TopicKind.TRADES, 1, receivedLater);

    assertThat(samples).containsExactly(0L, 0L, MILLI, 2 * MILLI);
  }
}
