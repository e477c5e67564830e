/**
 * Shared topics and their clients: a topic's sequence and replay ring, and each client's bounded
 * outbox.
 *
 * <p>It knows the gRPC contract's messages and nothing of dYdX, sockets or gRPC calls. A topic is
 * written by one thread, its loop; an outbox is drained by one thread, its sink's loop; between
 * them stand only the topic's {@link io.github.dydxgateway.stream.ReplayRing} and a queue of
 * signals.
 */
package io.github.dydxgateway.stream;
