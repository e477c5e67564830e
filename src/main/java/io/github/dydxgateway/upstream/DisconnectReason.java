package io.github.dydxgateway.upstream;

/** Why a connection was lost or could not be made; few values, so it may label a metric. */
public enum DisconnectReason {
  /** The venue closed normally. */
  CLOSE_1000,
  /** The venue is going away. */
  CLOSE_1001,
  /** The venue's rate limit was broken. */
  CLOSE_1008,
  /** The venue missed our answer to its ping, or failed. */
  CLOSE_1011,
  /** The venue's service restarts. */
  CLOSE_1012,
  /** The venue could not send to us. */
  CLOSE_4000,
  /** The venue closed with any other code. */
  CLOSE_OTHER,
  /** No connection: name not found, refused, TLS. */
  CONNECT_FAILED,
  /** The proxy could not be reached, or refused. */
  PROXY_FAILED,
  /** The server answered the WebSocket upgrade with another HTTP status. */
  UPGRADE_REFUSED,
  /** The venue's {@code connected} did not come in time. */
  TIMEOUT,
  /** A frame was longer than allowed. */
  FRAME_TOO_LONG,
  /** The bytes received break the WebSocket protocol. */
  PROTOCOL_VIOLATION,
  /** Nothing was received for too long. */
  HEARTBEAT,
  /** The connection, or the session on it, ended without a close frame. */
  RESET;

  static DisconnectReason ofCloseCode(int code) {
    return switch (code) {
      case 1000 -> CLOSE_1000;
      case 1001 -> CLOSE_1001;
      case 1008 -> CLOSE_1008;
      case 1011 -> CLOSE_1011;
      case 1012 -> CLOSE_1012;
      case 4000 -> CLOSE_4000;
      default -> CLOSE_OTHER;
    };
  }
}
