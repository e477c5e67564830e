package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RhythmTest {
  private static final Duration LEAST = Duration.ofSeconds(60);

  private final Rhythm rhythm = new Rhythm();
  private long now = 1_000_000;

  private void beats(int count, Duration interval) {
    for (int i = 0; i < count; i++) {
      now += interval.toNanos();
      rhythm.beat(now);
    }
  }

  private boolean isSilentAfter(Duration quiet) {
    return rhythm.isSilent(now + quiet.toNanos(), LEAST);
  }

  @Test
  void whatNeverCameIsNotSilent() {
    assertThat(isSilentAfter(Duration.ofDays(1))).isFalse();
  }

  @Test
  void aFewUpdatesTellNothingAboutWhatIsUsual() {
    beats(20, Duration.ofSeconds(1));
    assertThat(isSilentAfter(Duration.ofHours(1))).isFalse();
    beats(1, Duration.ofSeconds(1));
    assertThat(isSilentAfter(Duration.ofHours(1))).isTrue();
  }

  @Test
  void shortSilencesOfAFastSubscriptionDoNotCount() {
    beats(1000, Duration.ofMillis(10));
    assertThat(isSilentAfter(LEAST)).isFalse();
    assertThat(isSilentAfter(LEAST.plusMillis(1))).isTrue();
  }

  @Test
  void aSlowSubscriptionMayBeQuietForTwentyOfItsIntervals() {
    beats(100, Duration.ofSeconds(10));
    assertThat(isSilentAfter(Duration.ofSeconds(199))).isFalse();
    assertThat(isSilentAfter(Duration.ofSeconds(201))).isTrue();
  }

  @Test
  void learnsThatItHasBecomeSlower() {
    beats(1000, Duration.ofMillis(100));
    beats(300, Duration.ofSeconds(30));
    assertThat(isSilentAfter(Duration.ofSeconds(500))).isFalse();
  }

  @Test
  void aPauseIsNoSilenceAndNoInterval() {
    beats(100, Duration.ofSeconds(1));
    rhythm.pause();
    assertThat(isSilentAfter(Duration.ofHours(1))).isFalse();
    now += Duration.ofHours(1).toNanos();
    rhythm.beat(now);
    assertThat(isSilentAfter(Duration.ofSeconds(59))).isFalse();
    assertThat(isSilentAfter(Duration.ofSeconds(61))).isTrue();
  }
}
