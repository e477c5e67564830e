package io.github.dydxgateway.indexer;

/**
 * A candle. Decimals are null where the venue gave null or nothing.
 *
 * @param startedAtNs nanoseconds since the Unix epoch; 0 where not given
 * @param usdVolume plain decimal text
 * @param trades number of trades
 * @param startingOpenInterest plain decimal text
 * @param orderbookMidPriceOpen plain decimal text
 * @param orderbookMidPriceClose plain decimal text
 */
public record IndexerCandle(
    long startedAtNs,
    Decimal open,
    Decimal high,
    Decimal low,
    Decimal close,
    Decimal baseTokenVolume,
    String usdVolume,
    long trades,
    String startingOpenInterest,
    String orderbookMidPriceOpen,
    String orderbookMidPriceClose,
    UnknownFields unknownFields) {}
