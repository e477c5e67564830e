package io.github.dydxgateway.upstream;

/**
 * One loss of a connection, or one failed attempt.
 *
 * @param detail for a person; safe to log
 */
record Disconnect(DisconnectReason reason, String detail) {
  Disconnect {
    detail = LogText.of(detail);
  }

  @Override
  public String toString() {
    return detail;
  }
}
