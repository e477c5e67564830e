package io.github.dydxgateway.stream;

/** What a client can run into that is no matter of one topic. */
public enum ClientLimit {
  /** Streams served at once. */
  STREAMS("gateway.stream.max-streams"),
  /** Streams of one client. */
  STREAMS_PER_CLIENT("gateway.stream.max-streams-per-client"),
  /** Calls of one client that are no streams. */
  CALLS_PER_CLIENT("gateway.stream.max-calls-per-client"),
  /** Connections open at once. */
  CONNECTIONS("gateway.stream.max-connections"),
  /** Connections of one client. */
  CONNECTIONS_PER_CLIENT("gateway.stream.max-connections-per-client"),
  /** Time for a call to bring its request. */
  REQUEST_TIMEOUT("gateway.stream.request-timeout"),
  /** Time in which something must have been taken by the client. */
  STALL_TIMEOUT("gateway.stream.stall-timeout");

  private final String key;

  ClientLimit(String key) {
    this.key = key;
  }

  /** The configuration key, which refusals name. */
  public String key() {
    return key;
  }
}
