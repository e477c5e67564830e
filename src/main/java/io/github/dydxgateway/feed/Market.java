package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.Decimal;
import io.github.dydxgateway.indexer.IndexerMarket;
import io.github.dydxgateway.indexer.IndexerOraclePrice;
import io.github.dydxgateway.instrument.Instrument;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.v1.MarketUpdate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * All that is known of one market, put together from the parts in which the venue tells it. Not
 * thread safe.
 */
final class Market {
  private final InstrumentId id;
  private final io.github.dydxgateway.v1.Instrument.Builder definition;
  private final MarketUpdate.Builder statistics;
  private final List<String> problems = new ArrayList<>();
  private Instrument instrument;

  /** Whether the definition may have changed since the instrument was last made. */
  private boolean definitionTold;

  Market(InstrumentId id) {
    this.id = id;
    this.definition =
        io.github.dydxgateway.v1.Instrument.newBuilder()
            .setInstrumentId(id.canonical())
            .setTicker(id.ticker())
            .setBaseAsset(id.baseAsset())
            .setQuoteAsset(id.quoteAsset());
    this.statistics = MarketUpdate.newBuilder().setInstrumentId(id.canonical());
  }

  InstrumentId id() {
    return id;
  }

  /** The instrument as last made; null while too little is known. */
  Instrument instrument() {
    return instrument;
  }

  /** All statistics known. */
  MarketUpdate statistics(boolean snapshot) {
    return statistics.clone().setSnapshot(snapshot).build();
  }

  /**
   * Takes up what the venue told.
   *
   * @return the statistics that changed; null if none did
   */
  MarketUpdate take(IndexerMarket part) {
    takeDefinition(part);
    MarketUpdate before = statistics.build();
    take(part.oraclePrice(), statistics::setOraclePrice);
    take(part.nextFundingRate(), statistics::setNextFundingRate);
    take(part.openInterest(), statistics::setOpenInterest);
    take(part.baseOpenInterest(), statistics::setBaseOpenInterest);
    take(part.priceChange24H(), statistics::setPriceChange24H);
    take(part.volume24H(), statistics::setVolume24H);
    take(part.trades24H(), statistics::setTrades24H);
    if (part.status() != null) {
      statistics.setStatus(definition.getStatus()).setStatusRaw(definition.getStatusRaw());
    }
    return changeSince(before);
  }

  /**
   * Takes up an oracle price; price, time and height belong together and are told together.
   *
   * @return what was told; null if nothing was
   */
  MarketUpdate take(IndexerOraclePrice price) {
    if (price.marketId() != null
        && !(definition.hasMarketId() && definition.getMarketId() == price.marketId().intValue())) {
      define(price.marketId(), value -> definition.setMarketId(value.intValue()));
    }
    if (price.oraclePrice() == null
        && price.effectiveAtNs() == 0
        && price.effectiveAtHeight() == null) {
      return null;
    }
    MarketUpdate.Builder change = MarketUpdate.newBuilder().setInstrumentId(id.canonical());
    if (price.oraclePrice() != null) {
      change.setOraclePrice(price.oraclePrice());
      statistics.setOraclePrice(price.oraclePrice());
    }
    if (price.effectiveAtNs() != 0) {
      change.setOracleTimeNs(price.effectiveAtNs());
      statistics.setOracleTimeNs(price.effectiveAtNs());
    }
    if (price.effectiveAtHeight() != null) {
      change.setOracleBlockHeight(price.effectiveAtHeight());
      statistics.setOracleBlockHeight(price.effectiveAtHeight());
    }
    return change.build();
  }

  /**
   * Takes up all that is known of it elsewhere.
   *
   * @return the statistics that changed; null if none did
   */
  MarketUpdate take(Market other) {
    definition.mergeFrom(other.definition.build());
    definition.setStatusRaw(other.definition.getStatusRaw());
    definition.setMarketTypeRaw(other.definition.getMarketTypeRaw());
    MarketUpdate before = statistics.build();
    statistics.mergeFrom(other.statistics.build());
    if (other.statistics.hasStatus()) {
      statistics.setStatusRaw(other.statistics.getStatusRaw());
    }
    definitionTold = true;
    return changeSince(before);
  }

  /** The same, to go on by itself. */
  Market copy() {
    Market copy = new Market(id);
    copy.take(this);
    return copy;
  }

  private void takeDefinition(IndexerMarket part) {
    define(part.clobPairId(), value -> definition.setClobPairId(value.intValue()));
    if (part.status() != null) {
      define(VenueEnums.instrumentStatus(part.status()), definition::setStatus);
      definition.setStatusRaw(VenueEnums.rawOf(definition.getStatusValue(), part.status()));
    }
    if (part.marketType() != null) {
      define(VenueEnums.marketType(part.marketType()), definition::setMarketType);
      definition.setMarketTypeRaw(
          VenueEnums.rawOf(definition.getMarketTypeValue(), part.marketType()));
    }
    takeStep("tickSize", part.tickSize(), definition::setTickSize, definition::setPriceScale);
    takeStep("stepSize", part.stepSize(), definition::setStepSize, definition::setSizeScale);
    define(part.initialMarginFraction(), definition::setInitialMarginFraction);
    define(part.maintenanceMarginFraction(), definition::setMaintenanceMarginFraction);
    define(part.openInterestLowerCap(), definition::setOpenInterestLowerCap);
    define(part.openInterestUpperCap(), definition::setOpenInterestUpperCap);
    define(part.atomicResolution(), value -> definition.setAtomicResolution(value.intValue()));
    define(
        part.quantumConversionExponent(),
        value -> definition.setQuantumConversionExponent(value.intValue()));
    define(part.stepBaseQuantums(), definition::setStepBaseQuantums);
    define(part.subticksPerTick(), definition::setSubticksPerTick);
    define(part.defaultFundingRate1H(), definition::setDefaultFundingRate1H);
    define(part.marketId(), value -> definition.setMarketId(value.intValue()));
    if (!part.unknownFields().isEmpty()) {
      define(part.unknownFields().jsonByName(), definition::putAllExtraFields);
    }
  }

  private <T> void define(T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
      definitionTold = true;
    }
  }

  private static <T> void take(T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }

  /** Field by field: whatever goes through all fields of any message is many times slower. */
  private MarketUpdate changeSince(MarketUpdate before) {
    MarketUpdate.Builder change = MarketUpdate.newBuilder().setInstrumentId(id.canonical());
    boolean changed = false;
    if (statistics.hasOraclePrice()
        && !(before.hasOraclePrice()
            && before.getOraclePrice().equals(statistics.getOraclePrice()))) {
      change.setOraclePrice(statistics.getOraclePrice());
      changed = true;
    }
    if (statistics.hasNextFundingRate()
        && !(before.hasNextFundingRate()
            && before.getNextFundingRate().equals(statistics.getNextFundingRate()))) {
      change.setNextFundingRate(statistics.getNextFundingRate());
      changed = true;
    }
    if (statistics.hasOpenInterest()
        && !(before.hasOpenInterest()
            && before.getOpenInterest().equals(statistics.getOpenInterest()))) {
      change.setOpenInterest(statistics.getOpenInterest());
      changed = true;
    }
    if (statistics.hasBaseOpenInterest()
        && !(before.hasBaseOpenInterest()
            && before.getBaseOpenInterest().equals(statistics.getBaseOpenInterest()))) {
      change.setBaseOpenInterest(statistics.getBaseOpenInterest());
      changed = true;
    }
    if (statistics.hasPriceChange24H()
        && !(before.hasPriceChange24H()
            && before.getPriceChange24H().equals(statistics.getPriceChange24H()))) {
      change.setPriceChange24H(statistics.getPriceChange24H());
      changed = true;
    }
    if (statistics.hasVolume24H()
        && !(before.hasVolume24H() && before.getVolume24H().equals(statistics.getVolume24H()))) {
      change.setVolume24H(statistics.getVolume24H());
      changed = true;
    }
    if (statistics.hasOracleTimeNs()
        && !(before.hasOracleTimeNs()
            && before.getOracleTimeNs() == statistics.getOracleTimeNs())) {
      change.setOracleTimeNs(statistics.getOracleTimeNs());
      changed = true;
    }
    if (statistics.hasOracleBlockHeight()
        && !(before.hasOracleBlockHeight()
            && before.getOracleBlockHeight() == statistics.getOracleBlockHeight())) {
      change.setOracleBlockHeight(statistics.getOracleBlockHeight());
      changed = true;
    }
    if (statistics.hasTrades24H()
        && !(before.hasTrades24H() && before.getTrades24H() == statistics.getTrades24H())) {
      change.setTrades24H(statistics.getTrades24H());
      changed = true;
    }
    if (statistics.hasStatus()
        && !(before.hasStatus()
            && before.getStatus() == statistics.getStatus()
            && before.getStatusRaw().equals(statistics.getStatusRaw()))) {
      change.setStatus(statistics.getStatus()).setStatusRaw(statistics.getStatusRaw());
      changed = true;
    }
    return changed ? change.build() : null;
  }

  /** Takes up a tick or step size and the scale that follows from it, unless it can be neither. */
  private void takeStep(
      String field, String value, Consumer<String> setter, IntConsumer scaleSetter) {
    if (value == null) {
      return;
    }
    BigDecimal step = new BigDecimal(value);
    int scale = Math.max(0, step.stripTrailingZeros().scale());
    if (step.signum() <= 0 || scale > Decimal.MAX_SCALE) {
      problems.add(
          field
              + " must be positive and have at most "
              + Decimal.MAX_SCALE
              + " digits after the point, got "
              + value);
    } else {
      define(value, setter);
      scaleSetter.accept(scale);
    }
  }

  /** What could not be taken up since the last call. */
  List<String> takeProblems() {
    if (problems.isEmpty()) {
      return List.of();
    }
    List<String> taken = List.copyOf(problems);
    problems.clear();
    return taken;
  }

  /** Makes the instrument anew; whether it is complete and differs from the last one. */
  boolean refreshInstrument() {
    if (!definitionTold
        || definition.getTickSize().isEmpty()
        || definition.getStepSize().isEmpty()) {
      return false;
    }
    definitionTold = false;
    io.github.dydxgateway.v1.Instrument now = definition.build();
    if (instrument != null && instrument.definition().equals(now)) {
      return false;
    }
    instrument = new Instrument(id, now.getPriceScale(), now.getSizeScale(), now);
    return true;
  }
}
