package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.util.random.RandomGenerator;

/** The statistics that {@code v4_markets} gives of one market. Owned by the simulator's context. */
final class MarketFigures {

  private final RandomGenerator random;
  private BigDecimal oraclePrice;
  private BigDecimal volume;
  private long trades;
  private BigDecimal openInterest;
  private BigDecimal nextFundingRate;
  private BigDecimal priceChange;

  MarketFigures(RandomGenerator random, MarketSpec spec, BigDecimal oraclePrice) {
    this.random = random;
    this.oraclePrice = oraclePrice;
    this.volume = BigDecimal.valueOf(random.nextLong(100_000_000_000L), 4);
    this.trades = random.nextLong(150_000);
    this.openInterest = spec.stepSize().multiply(BigDecimal.valueOf(random.nextLong(9_000_000)));
    this.nextFundingRate = BigDecimal.valueOf(random.nextLong(-9_000, 9_000), 9);
    this.priceChange = spec.tickSize().multiply(BigDecimal.valueOf(random.nextLong(-900, 900)));
  }

  void trade(BigDecimal price, BigDecimal size, boolean opens) {
    volume = volume.add(price.multiply(size));
    trades++;
    openInterest = opens ? openInterest.add(size) : openInterest.subtract(size).max(size);
  }

  /** Null for a market that has none yet. */
  BigDecimal oraclePrice() {
    return oraclePrice;
  }

  void setOraclePrice(BigDecimal price) {
    if (oraclePrice != null) {
      priceChange = priceChange.add(price).subtract(oraclePrice);
    }
    oraclePrice = price;
  }

  BigDecimal openInterest() {
    return openInterest;
  }

  /** All of them. */
  void write(JsonText json) {
    json.field("oraclePrice", oraclePrice == null ? null : VenueNumber.ragged(oraclePrice))
        .field("priceChange24H", VenueNumber.text(priceChange))
        .field("volume24H", VenueNumber.ragged(volume))
        .field("trades24H", trades)
        .field("nextFundingRate", VenueNumber.text(nextFundingRate))
        .field("openInterest", VenueNumber.ragged(openInterest));
  }

  /** Some of them, as updates have them; the funding rate moves on the way. */
  void writeSome(JsonText json) {
    if (random.nextBoolean()) {
      nextFundingRate = nextFundingRate.add(BigDecimal.valueOf(random.nextLong(-99, 100), 9));
      json.field("nextFundingRate", VenueNumber.text(nextFundingRate));
    }
    if (random.nextBoolean()) {
      json.field("volume24H", VenueNumber.ragged(volume)).field("trades24H", trades);
      json.field("priceChange24H", VenueNumber.text(priceChange));
    }
    json.field("openInterest", VenueNumber.ragged(openInterest))
        .field("baseOpenInterest", VenueNumber.ragged(openInterest));
  }
}
