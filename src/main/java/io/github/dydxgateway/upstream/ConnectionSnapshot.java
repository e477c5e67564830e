package io.github.dydxgateway.upstream;

import java.util.Collection;
import java.util.OptionalLong;

/**
 * What a connection is doing, for status pages.
 *
 * @param number from 1; free numbers are used again
 * @param state its state
 * @param sessionId the venue's {@code connection_id} of the current or last session; empty before
 *     the first
 * @param lastReceiveTimeNs when anything was last received, pings included; nanoseconds since the
 *     Unix epoch, 0 never
 * @param lastReceiveNanos the same by {@link System#nanoTime}, for its age; meaningless before the
 *     first
 * @param subscriptionCount subscriptions placed on it
 * @param reconnectCount how often it became ACTIVE again after a loss
 * @param frameCount messages received, unreadable ones included
 * @param lastDisconnectReason for a person; empty if never lost
 */
public record ConnectionSnapshot(
    int number,
    ConnectionState state,
    String sessionId,
    long lastReceiveTimeNs,
    long lastReceiveNanos,
    int subscriptionCount,
    long reconnectCount,
    long frameCount,
    String lastDisconnectReason) {

  /**
   * How long ago anything was last received on any of them, in nanoseconds; a step of the wall
   * clock does not change it. Empty if nothing ever was.
   *
   * @param nowNanos by {@link System#nanoTime}
   */
  public static OptionalLong lastReceiveAgeNanos(
      Collection<ConnectionSnapshot> connections, long nowNanos) {
    return connections.stream()
        .filter(one -> one.lastReceiveTimeNs != 0)
        .mapToLong(one -> Math.max(0, nowNanos - one.lastReceiveNanos))
        .min();
  }
}
