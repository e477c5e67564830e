/**
 * Connections to the venue: their life, heartbeat, reconnects and pace, and the pool that places
 * subscriptions on them.
 *
 * <p>{@link io.github.dydxgateway.upstream.ConnectionPool} is the way in. Each connection is a
 * Vert.x verticle whose state is touched by its own event loop only; frames go from its socket to
 * the listener of the subscription without a lock, and without a hop where the listener lives on
 * the same loop. It knows the venue's wire language and Vert.x, nothing else.
 */
package io.github.dydxgateway.upstream;
