package io.github.dydxgateway.upstream;

/**
 * What a connection is doing, for status pages.
 *
 * @param number from 1; free numbers are used again
 * @param state its state
 * @param sessionId the venue's {@code connection_id} of the current or last session; empty before
 *     the first
 * @param lastReceiveTimeNs when anything was last received, pings included; nanoseconds since the
 *     Unix epoch, 0 never
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
    int subscriptionCount,
    long reconnectCount,
    long frameCount,
    String lastDisconnectReason) {}
