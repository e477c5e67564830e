package io.github.dydxgateway.upstream;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/** Reads the header {@code Retry-After}: seconds, or a date. */
final class RetryAfter {
  /** No server keeps the gateway away for longer, whatever it asks. */
  static final Duration LONGEST = Duration.ofMinutes(2);

  private RetryAfter() {}

  /**
   * How long a server asks to be left alone.
   *
   * @param headers of its answer; may be null
   * @return zero where it does not ask, or not understandably
   */
  static Duration in(MultiMap headers, Instant now) {
    String value = headers == null ? null : headers.get(HttpHeaders.RETRY_AFTER);
    if (value == null) {
      return Duration.ZERO;
    }
    Duration asked = durationOf(value.strip(), now);
    if (asked.isNegative()) {
      return Duration.ZERO;
    }
    return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }

  private static Duration durationOf(String value, Instant now) {
    try {
      return value.matches("\\d{1,9}")
          ? Duration.ofSeconds(Long.parseLong(value))
          : Duration.between(now, DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from));
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }
}
