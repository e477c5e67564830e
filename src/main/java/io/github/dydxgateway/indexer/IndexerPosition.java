package io.github.dydxgateway.indexer;

/**
 * A perpetual position: null is "not given". Decimals are plain text, exactly as received; times
 * are nanoseconds since the Unix epoch.
 *
 * @param id the venue's id of the position ({@code id} or {@code positionId}), where it gives one
 */
public record IndexerPosition(
    String id,
    String market,
    String status,
    String side,
    String size,
    String maxSize,
    String entryPrice,
    String exitPrice,
    String realizedPnl,
    String unrealizedPnl,
    Long createdAtNs,
    Long createdAtHeight,
    Long closedAtNs,
    String sumOpen,
    String sumClose,
    String netFunding,
    Long subaccountNumber,
    String address,
    UnknownFields unknownFields) {}
