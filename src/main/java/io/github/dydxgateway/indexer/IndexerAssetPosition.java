package io.github.dydxgateway.indexer;

/**
 * A balance: null is "not given".
 *
 * @param id the venue's id of the position ({@code id} or {@code positionId}), where it gives one
 * @param size plain decimal text, exactly as received
 */
public record IndexerAssetPosition(
    String id,
    String symbol,
    String side,
    String size,
    String assetId,
    Long subaccountNumber,
    String address,
    UnknownFields unknownFields) {}
