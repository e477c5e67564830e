package io.github.dydxgateway.indexer;

import java.util.List;

/**
 * An oracle price of a market.
 *
 * @param oraclePrice plain decimal text; null where the venue gave null or nothing
 * @param effectiveAtNs nanoseconds since the Unix epoch; 0 where not given
 * @param effectiveAtHeight null where not given
 * @param marketId null where not given
 * @param cleared names of the fields that came as null, known or not: they have no value any more
 * @param problems fields that could not be read and are left out
 */
public record IndexerOraclePrice(
    String ticker,
    String oraclePrice,
    long effectiveAtNs,
    Long effectiveAtHeight,
    Long marketId,
    List<String> cleared,
    UnknownFields unknownFields,
    List<ChannelContents.FieldProblem> problems) {}
