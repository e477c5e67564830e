package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "7 | 7",
        "86400 | 120",
        "Thu, 01 Jan 2026 00:00:30 GMT | 30",
        "Thu, 01 Jan 2026 09:00:00 GMT | 120",
        "Wed, 31 Dec 2025 23:00:00 GMT | 0",
        "-5 | 0",
        "soon | 0",
        "99999999999999999999 | 0",
      })
  void isReadAsSecondsOrDateAndBounded(String value, long seconds) {
    assertThat(RetryAfter.in(MultiMap.caseInsensitiveMultiMap().add("retry-after", value), NOW))
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void withoutItNothingIsAsked() {
    assertThat(RetryAfter.in(null, NOW)).isZero();
    assertThat(RetryAfter.in(MultiMap.caseInsensitiveMultiMap(), NOW)).isZero();
  }
}
