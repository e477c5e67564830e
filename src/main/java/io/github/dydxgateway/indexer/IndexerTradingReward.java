package io.github.dydxgateway.indexer;

/**
 * A trading reward.
 *
 * @param tradingReward plain decimal text, exactly as received; null where not given
 * @param createdAtNs nanoseconds since the Unix epoch; 0 where not given
 * @param createdAtHeight 0 where not given
 */
public record IndexerTradingReward(
    String tradingReward, long createdAtNs, long createdAtHeight, UnknownFields unknownFields) {}
