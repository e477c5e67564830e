package io.github.dydxgateway.integration;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Contents of frames in the shape of the venue. */
final class Frames {
  static final String MARKETS =
      """
      {"markets":{%s,%s,"THIN-USD":{"clobPairId":"9","ticker":"THIN-USD","status":"ACTIVE","oraclePrice":null,
      "tickSize":"0.0001","stepSize":"1","marketType":"ISOLATED"}}}"""
          .formatted(market("BTC-USD", "1", "0.0001"), market("ETH-USD", "0.1", "0.001"));

  private Frames() {}

  private static String market(String ticker, String tickSize, String stepSize) {
    return """
        "%s":{"clobPairId":"0","ticker":"%s","status":"ACTIVE","oraclePrice":"89950.12345","priceChange24H":"-12.5",
        "volume24H":"163894023.044245577","trades24H":143820,"nextFundingRate":"4e-9","initialMarginFraction":"0.02",
        "maintenanceMarginFraction":"0.012","openInterest":"1891.473716288","atomicResolution":-10,
        "quantumConversionExponent":-9,"tickSize":"%s","stepSize":"%s","stepBaseQuantums":1000000,
        "subticksPerTick":100000,"marketType":"CROSS","openInterestLowerCap":"0","openInterestUpperCap":"0",
        "baseOpenInterest":"1891.4737","defaultFundingRate1H":"0"}"""
        .formatted(ticker, ticker, tickSize, stepSize);
  }

  /** Trades {@code from} to {@code to}, newest first as in an initial state. */
  static String tradesNewestFirst(int from, int to) {
    return trades(IntStream.rangeClosed(from, to).map(i -> from + to - i).mapToObj(Frames::trade));
  }

  /** Trades {@code from} to {@code to}, oldest first as in an update. */
  static String trades(int from, int to) {
    return trades(IntStream.rangeClosed(from, to).mapToObj(Frames::trade));
  }

  private static String trades(java.util.stream.Stream<String> trades) {
    return trades.collect(Collectors.joining(",", "{\"trades\":[", "]}"));
  }

  static String trade(int number) {
    return trade(number, "\"90000\"", "\"0.0001\"");
  }

  /** A trade with a price and size as JSON. */
  static String trade(int number, String price, String size) {
    return """
        {"id":"%024x","side":"%s","size":%s,"price":%s,"type":"LIMIT","createdAt":"2025-12-08T16:11:30.590Z",
        "createdAtHeight":"%d"}"""
        .formatted(number, number % 2 == 0 ? "BUY" : "SELL", size, price, 66_000_000 + number);
  }
}
