/**
 * From the venue's frames to the contract's events: one feed for each subscription at the venue,
 * which normalises each frame once and publishes it to its topics. The order book lives here.
 *
 * <p>A feed belongs to one loop, that of the connection its subscription was first placed on. It
 * knows nothing of gRPC calls and sockets.
 */
package io.github.dydxgateway.feed;
