package io.github.dydxgateway.stream;

/**
 * What a stream says of the gateway when it opens.
 *
 * @param epoch names this life of the sequences
 * @param version of the gateway
 * @param network the venue's network: {@code mainnet}, {@code testnet}, {@code simulator} or {@code
 *     custom}
 * @param upstreamHost host of the venue's WebSocket
 */
public record StreamIdentity(String epoch, String version, String network, String upstreamHost) {}
