/**
 * The venue's wire language: channels, requests, frames and their reader from bytes.
 *
 * <p>Plain Java: it knows nothing of connections. The three small interfaces {@link
 * io.github.dydxgateway.indexer.ChannelSource}, {@link
 * io.github.dydxgateway.indexer.ChannelListener} and {@link
 * io.github.dydxgateway.indexer.ChannelSubscription} stand here because those who offer channels
 * and those who use them share nothing else.
 */
package io.github.dydxgateway.indexer;
