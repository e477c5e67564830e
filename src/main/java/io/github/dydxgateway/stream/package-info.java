/**
 * Shared topics and their clients: the log of a topic, and each client's stream with its cursors.
 *
 * <p>It knows the gRPC contract's messages and nothing of dYdX, sockets or gRPC calls. A topic is
 * written by one thread, its loop; a stream is delivered by one thread, its {@link
 * io.github.dydxgateway.stream.DeliveryLoop}. Between them stand the topic's log, which is read
 * without locks, and one signal for each topic and loop.
 */
package io.github.dydxgateway.stream;
