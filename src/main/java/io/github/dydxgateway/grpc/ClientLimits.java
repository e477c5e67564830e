package io.github.dydxgateway.grpc;

import java.time.Duration;

/**
 * What one client may hold of the gRPC server, and all of them. Made before the configuration is
 * checked, so it takes any values.
 *
 * @param maxStreams streams of one client at once
 * @param maxCalls calls of one client at once that are no streams
 * @param maxConnections connections of all clients at once
 * @param maxConnectionsPerClient connections of one client at once
 * @param requestTimeout how long a call may take to bring its request
 * @param stallTimeout how long a client may take to read the end of a call
 */
public record ClientLimits(
    int maxStreams,
    int maxCalls,
    int maxConnections,
    int maxConnectionsPerClient,
    Duration requestTimeout,
    Duration stallTimeout) {

  /** All calls that a client may have, and one more, so that it is told so. */
  int maxCallsPerConnection() {
    return (int) Math.max(1, Math.min(1 << 24, 1L + maxStreams + maxCalls));
  }
}
