package io.github.dydxgateway.grpc;

/**
 * Why the gateway ends a call, as {@code google.rpc.ErrorInfo.reason} has it. Clients rely on the
 * names; {@code docs/errors.md} lists them.
 */
enum ErrorReason {
  /** The call carries no token, or one that is not valid. */
  TOKEN_REQUIRED,
  /** The token has expired. */
  TOKEN_EXPIRED,
  /** The token or the configuration does not allow what the call asks for. */
  NOT_ALLOWED,
  /** The venue lists no such instrument. */
  INSTRUMENT_NOT_FOUND,
  /** The session has the topic already. */
  ALREADY_SUBSCRIBED,
  /** The venue refuses the topic. */
  REFUSED_BY_VENUE,
  /** A limit of the configuration is reached; {@code limit} names its key where there is one. */
  LIMIT_REACHED,
  /** The client reads too slowly; {@code ResumeInfo} names the points to resume from. */
  CLIENT_TOO_SLOW,
  /** The gateway serves another network than {@code expected_network}. */
  NETWORK_MISMATCH,
  /** This version does not serve what the contract defines. */
  NOT_IN_THIS_VERSION,
  /** The gateway stops. */
  STOPPING,
  /** The venue's state is not known yet. */
  NOT_CONNECTED,
  /** Something is temporarily not available. */
  TEMPORARILY_UNAVAILABLE,
  /** A fault in the gateway. */
  INTERNAL
}
