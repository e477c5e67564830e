package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.upstream.UpstreamSettings.BackoffSettings;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static BackoffSettings settings(long jitterMs) {
    return new BackoffSettings(
        Duration.ofMillis(250), Duration.ofSeconds(5), 2.0, Duration.ofMillis(jitterMs));
  }

  @Test
  void growsByTheFactorUpToTheCapAndStaysThere() {
    Backoff backoff = new Backoff(settings(0), new SplittableRandom(1));
    assertThat(
            java.util.stream.Stream.generate(backoff::next)
                .limit(8)
                .map(Duration::toMillis)
                .toList())
        .containsExactly(250L, 500L, 1000L, 2000L, 4000L, 5000L, 5000L, 5000L);
    for (int i = 0; i < 10_000; i++) {
      assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(5));
    }
  }

  @Test
  void resetBeginsAnew() {
    Backoff backoff = new Backoff(settings(0), new SplittableRandom(1));
    backoff.next();
    backoff.next();
    backoff.reset();
    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void addsARandomPartOfTheJitterBeyondTheCapToo() {
    Backoff backoff = new Backoff(settings(200), new SplittableRandom(7));
    for (int i = 0; i < 6; i++) {
      backoff.next();
    }
    long min = Long.MAX_VALUE;
    long max = 0;
    for (int i = 0; i < 1000; i++) {
      long ms = backoff.next().toMillis();
      min = Math.min(min, ms);
      max = Math.max(max, ms);
    }
    assertThat(min).isBetween(5000L, 5010L);
    assertThat(max).isBetween(5190L, 5200L);
  }
}
