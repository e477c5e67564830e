package io.github.dydxgateway.upstream;

/** State of a connection to the venue. */
public enum ConnectionState {
  /** Not yet connected since it was opened. */
  CONNECTING,
  /** The venue said {@code connected}: subscribing is possible. */
  ACTIVE,
  /** Lost, or the first attempt failed; trying again without end. */
  RECONNECTING,
  /** Closed by this side, for good. */
  CLOSED;

  /** Whether a connection may go from this state to the other. */
  boolean mayBecome(ConnectionState next) {
    return switch (this) {
      case CONNECTING, RECONNECTING -> next != CONNECTING && next != this;
      case ACTIVE -> next == RECONNECTING || next == CLOSED;
      case CLOSED -> false;
    };
  }
}
