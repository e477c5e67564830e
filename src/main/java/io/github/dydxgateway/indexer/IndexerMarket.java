package io.github.dydxgateway.indexer;

import java.util.List;

/**
 * A market, or the part of it that changed: null is "not given". Decimals are plain text, exactly
 * as received.
 *
 * @param ticker the venue's name, {@code BTC-USD}
 * @param cleared names of the fields that came as null, known or not: they have no value any more
 * @param problems fields that could not be read and are left out
 */
public record IndexerMarket(
    String ticker,
    Long clobPairId,
    String status,
    String oraclePrice,
    String priceChange24H,
    String volume24H,
    Long trades24H,
    String nextFundingRate,
    String initialMarginFraction,
    String maintenanceMarginFraction,
    String openInterest,
    Long atomicResolution,
    Long quantumConversionExponent,
    String tickSize,
    String stepSize,
    Long stepBaseQuantums,
    Long subticksPerTick,
    String marketType,
    String openInterestLowerCap,
    String openInterestUpperCap,
    String baseOpenInterest,
    String defaultFundingRate1H,
    Long marketId,
    Long liquidityTierId,
    List<String> cleared,
    UnknownFields unknownFields,
    List<ChannelContents.FieldProblem> problems) {}
