package io.github.dydxgateway.indexer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads markets, or the parts of them that changed, by ticker. Not thread safe. */
final class MarketReader implements RecordReader<IndexerMarket> {
  private final FieldProblems problems;
  private final FieldValues values;

  MarketReader(JsonCursor in, FieldProblems problems) {
    this.problems = problems;
    this.values = new FieldValues(in, problems);
  }

  @Override
  public IndexerMarket read(JsonCursor in, String key) throws IOException {
    ExtraFields unknown = new ExtraFields();
    List<String> cleared = List.of();
    String ticker = null;
    Long clobPairId = null;
    String status = null;
    String oraclePrice = null;
    String priceChange24H = null;
    String volume24H = null;
    Long trades24H = null;
    String nextFundingRate = null;
    String initialMarginFraction = null;
    String maintenanceMarginFraction = null;
    String openInterest = null;
    Long atomicResolution = null;
    Long quantumConversionExponent = null;
    String tickSize = null;
    String stepSize = null;
    Long stepBaseQuantums = null;
    Long subticksPerTick = null;
    String marketType = null;
    String openInterestLowerCap = null;
    String openInterestUpperCap = null;
    String baseOpenInterest = null;
    String defaultFundingRate1H = null;
    Long marketId = null;
    Long liquidityTierId = null;
    if (!in.isObject()) {
      problems.add(in, "a market");
    } else {
      for (String name = in.nextField(); name != null; name = in.nextField()) {
        if (in.isNull()) {
          cleared = with(cleared, name);
          continue;
        }
        switch (name) {
          case "ticker" -> ticker = values.repeatedText();
          case "clobPairId" -> clobPairId = values.natural();
          case "status" -> status = values.repeatedText();
          case "oraclePrice" -> oraclePrice = values.plainDecimal();
          case "priceChange24H" -> priceChange24H = values.plainDecimal();
          case "volume24H" -> volume24H = values.plainDecimal();
          case "trades24H" -> trades24H = values.natural();
          case "nextFundingRate" -> nextFundingRate = values.plainDecimal();
          case "initialMarginFraction" -> initialMarginFraction = values.plainDecimal();
          case "maintenanceMarginFraction" -> maintenanceMarginFraction = values.plainDecimal();
          case "openInterest" -> openInterest = values.plainDecimal();
          case "atomicResolution" -> atomicResolution = values.integer();
          case "quantumConversionExponent" -> quantumConversionExponent = values.integer();
          case "tickSize" -> tickSize = values.plainDecimal();
          case "stepSize" -> stepSize = values.plainDecimal();
          case "stepBaseQuantums" -> stepBaseQuantums = values.natural();
          case "subticksPerTick" -> subticksPerTick = values.natural();
          case "marketType" -> marketType = values.repeatedText();
          case "openInterestLowerCap" -> openInterestLowerCap = values.plainDecimal();
          case "openInterestUpperCap" -> openInterestUpperCap = values.plainDecimal();
          case "baseOpenInterest" -> baseOpenInterest = values.plainDecimal();
          case "defaultFundingRate1H" -> defaultFundingRate1H = values.plainDecimal();
          case "marketId" -> marketId = values.natural();
          case "liquidityTierId" -> liquidityTierId = values.natural();
          case "id" -> in.skip(); // Ticker or number, by the server's age: says nothing new.
          default -> unknown.keep(in, name);
        }
      }
    }
    return new IndexerMarket(
        ticker == null ? key : ticker,
        clobPairId,
        status,
        oraclePrice,
        priceChange24H,
        volume24H,
        trades24H,
        nextFundingRate,
        initialMarginFraction,
        maintenanceMarginFraction,
        openInterest,
        atomicResolution,
        quantumConversionExponent,
        tickSize,
        stepSize,
        stepBaseQuantums,
        subticksPerTick,
        marketType,
        openInterestLowerCap,
        openInterestUpperCap,
        baseOpenInterest,
        defaultFundingRate1H,
        marketId,
        liquidityTierId,
        cleared,
        unknown.take(),
        problems.take());
  }

  static List<String> with(List<String> names, String name) {
    List<String> all = names.isEmpty() ? new ArrayList<>(2) : names;
    all.add(name);
    return all;
  }
}
