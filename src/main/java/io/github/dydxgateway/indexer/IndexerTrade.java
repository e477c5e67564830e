package io.github.dydxgateway.indexer;

/**
 * A trade. Price and size are null where the venue gave null or nothing.
 *
 * @param id null on very old servers
 * @param side the venue's text, {@code BUY} or {@code SELL}
 * @param type the venue's text, such as {@code LIMIT}
 * @param createdAtNs nanoseconds since the Unix epoch; 0 where not given
 * @param createdAtHeight 0 where not given
 */
public record IndexerTrade(
    String id,
    String side,
    Decimal price,
    Decimal size,
    String type,
    long createdAtNs,
    long createdAtHeight,
    UnknownFields unknownFields) {}
