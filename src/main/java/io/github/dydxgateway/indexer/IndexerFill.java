package io.github.dydxgateway.indexer;

/**
 * A fill: null is "not given". Decimals are plain text, exactly as received; times are nanoseconds
 * since the Unix epoch.
 *
 * @param eventId as received, or lower-case hex where the venue gave a Buffer object
 * @param ticker from {@code ticker}, or {@code market} of older servers
 */
public record IndexerFill(
    String id,
    String subaccountId,
    String side,
    String liquidity,
    String type,
    Long clobPairId,
    String size,
    String price,
    String quoteAmount,
    String fee,
    String eventId,
    String transactionHash,
    long createdAtNs,
    long createdAtHeight,
    String orderId,
    String ticker,
    String clientMetadata,
    String builderAddress,
    String builderFee,
    String orderRouterAddress,
    String orderRouterFee,
    String affiliateRevShare,
    String positionSizeBefore,
    String positionSideBefore,
    String entryPriceBefore,
    Long subaccountNumber,
    UnknownFields unknownFields) {}
