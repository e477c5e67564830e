package io.github.dydxgateway.indexer;

/**
 * An order, or the part of it that the venue gave: null is "not given". Decimals are plain text,
 * exactly as received; times are nanoseconds since the Unix epoch.
 */
public record IndexerOrder(
    String id,
    String subaccountId,
    String clientId,
    Long clobPairId,
    String side,
    String size,
    String ticker,
    String price,
    String type,
    String timeInForce,
    Boolean postOnly,
    Boolean reduceOnly,
    String status,
    String orderFlags,
    String totalFilled,
    String totalOptimisticFilled,
    Long goodTilBlock,
    Long goodTilBlockTimeNs,
    String triggerPrice,
    Long updatedAtNs,
    Long updatedAtHeight,
    String removalReason,
    Long createdAtHeight,
    String clientMetadata,
    String duration,
    String interval,
    String priceTolerance,
    Long subaccountNumber,
    UnknownFields unknownFields) {}
