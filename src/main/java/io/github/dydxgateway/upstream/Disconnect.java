package io.github.dydxgateway.upstream;

import java.time.Duration;

/**
 * One loss of a connection, or one failed attempt.
 *
 * @param detail for a person; safe to log
 * @param retryAfter shortest wait before another attempt, as the server asks; zero if it does not
 */
record Disconnect(DisconnectReason reason, String detail, Duration retryAfter) {
  Disconnect {
    detail = LogText.of(detail);
  }

  Disconnect(DisconnectReason reason, String detail) {
    this(reason, detail, Duration.ZERO);
  }

  @Override
  public String toString() {
    return detail;
  }
}
