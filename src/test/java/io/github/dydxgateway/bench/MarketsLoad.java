package io.github.dydxgateway.bench;

import java.util.SplittableRandom;

/** What the load says of the markets themselves. */
final class MarketsLoad {
  private final int count;
  private final SplittableRandom random;

  MarketsLoad(int count, SplittableRandom random) {
    this.count = count;
    this.random = random;
  }

  /** Contents of {@code subscribed}. */
  String state() {
    return "{\"markets\":" + all() + "}";
  }

  /** Contents of an update with every field of every market. */
  String wholeUpdate() {
    return "{\"trading\":" + all() + "}";
  }

  private String all() {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < count; i++) {
      json.append(i == 0 ? "" : ",").append(definition(i));
    }
    return json.append('}').toString();
  }

  private String definition(int index) {
    Market market = Market.of(index);
    return """
    "%s":{"clobPairId":"%d","ticker":"%s","status":"ACTIVE","oraclePrice":"%s",\
    "priceChange24H":"%d.5","volume24H":"%d.123456","trades24H":%d,\
    "nextFundingRate":"0.00000%d","initialMarginFraction":"0.05",\
    "maintenanceMarginFraction":"0.03","openInterest":"%d.001","atomicResolution":-10,\
    "quantumConversionExponent":-9,"tickSize":"%s","stepSize":"%s",\
    "stepBaseQuantums":1000000,"subticksPerTick":100000,"marketType":"CROSS",\
    "openInterestLowerCap":"0","openInterestUpperCap":"0","baseOpenInterest":"%d.1234",\
    "defaultFundingRate1H":"0"}\
    """
        .formatted(
            market.ticker(),
            index,
            market.ticker(),
            market.price(true, 0) + (market.price(true, 0).contains(".") ? "" : ".") + digits(5),
            random.nextInt(900),
            random.nextInt(90_000_000),
            random.nextInt(90_000),
            100 + random.nextInt(900),
            random.nextInt(9_000),
            market.tick().toPlainString(),
            market.step().toPlainString(),
            random.nextInt(9_000));
  }

  /** Contents of an update: mostly oracle prices of a few markets, else statistics of one. */
  String update() {
    StringBuilder json = new StringBuilder();
    if (random.nextInt(4) == 0) {
      return json.append("{\"trading\":{\"")
          .append(Market.of(random.nextInt(count)).ticker())
          .append("\":{\"trades24H\":")
          .append(random.nextInt(90_000))
          .append(",\"volume24H\":\"")
          .append(random.nextInt(90_000_000))
          .append(".123456\",\"openInterest\":\"")
          .append(random.nextInt(9_000))
          .append(".01\"}}}")
          .toString();
    }
    json.append("{\"oraclePrices\":{");
    int first = random.nextInt(count);
    for (int i = 0; i < Math.min(count, 1 + random.nextInt(3)); i++) {
      int index = (first + i) % count;
      Market market = Market.of(index);
      String price = market.price(true, random.nextInt(9));
      json.append(i == 0 ? "" : ",")
          .append('"')
          .append(market.ticker())
          .append("\":{\"oraclePrice\":\"")
          .append(price)
          .append(price.contains(".") ? "" : ".")
          .append(digits(5))
          .append(
              "\",\"effectiveAt\":\"2025-12-08T16:11:30.590Z\",\"effectiveAtHeight\":\"66624085\",\"marketId\":")
          .append(index)
          .append('}');
    }
    return json.append("}}").toString();
  }

  private String digits(int count) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < count; i++) {
      digits.append((char) ('1' + random.nextInt(9)));
    }
    return digits.toString();
  }
}
