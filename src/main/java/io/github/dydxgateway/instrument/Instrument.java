package io.github.dydxgateway.instrument;

/**
 * An instrument of which enough is known to publish its market data. Immutable.
 *
 * @param priceScale digits after the point of prices, from the tick size
 * @param sizeScale digits after the point of sizes, from the step size
 * @param definition all that clients are told
 */
public record Instrument(
    InstrumentId id,
    int priceScale,
    int sizeScale,
    io.github.dydxgateway.v1.Instrument definition) {}
