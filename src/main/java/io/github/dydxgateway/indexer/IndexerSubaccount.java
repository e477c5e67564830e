package io.github.dydxgateway.indexer;

import java.util.List;

/**
 * State of a subaccount, or of a parent subaccount with its children: null is "not given". Decimals
 * are plain text, exactly as received.
 *
 * @param subaccountNumber of a parent, from {@code parentSubaccountNumber}
 * @param children of a parent; empty otherwise
 */
public record IndexerSubaccount(
    String address,
    Long subaccountNumber,
    String equity,
    String freeCollateral,
    List<IndexerPosition> openPerpetualPositions,
    List<IndexerAssetPosition> assetPositions,
    Boolean marginEnabled,
    Long updatedAtHeight,
    Long latestProcessedBlockHeight,
    List<IndexerSubaccount> children,
    UnknownFields unknownFields) {}
