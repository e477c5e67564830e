package io.github.dydxgateway.feed;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.github.dydxgateway.indexer.Decimal;
import io.github.dydxgateway.indexer.IndexerMarket;
import io.github.dydxgateway.indexer.IndexerOraclePrice;
import io.github.dydxgateway.instrument.Instrument;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.v1.MarketUpdate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    MarketUpdate.Builder change = MarketUpdate.newBuilder().setInstrumentId(id.canonical());
    take(price.oraclePrice(), change::setOraclePrice);
    if (price.effectiveAtNs() != 0) {
      change.setOracleTimeNs(price.effectiveAtNs());
    }
    take(price.effectiveAtHeight(), change::setOracleBlockHeight);
    MarketUpdate update = change.build();
    statistics.mergeFrom(update);
    if (price.marketId() != null) {
      definition.setMarketId(price.marketId().intValue());
    }
    return update.getAllFields().size() > 1 ? update : null;
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
    return changeSince(before);
  }

  /** The same, to go on by itself. */
  Market copy() {
    Market copy = new Market(id);
    copy.take(this);
    return copy;
  }

  private void takeDefinition(IndexerMarket part) {
    take(part.clobPairId(), value -> definition.setClobPairId(value.intValue()));
    if (part.status() != null) {
      definition.setStatus(VenueEnums.instrumentStatus(part.status()));
      definition.setStatusRaw(VenueEnums.rawOf(definition.getStatusValue(), part.status()));
    }
    if (part.marketType() != null) {
      definition.setMarketType(VenueEnums.marketType(part.marketType()));
      definition.setMarketTypeRaw(
          VenueEnums.rawOf(definition.getMarketTypeValue(), part.marketType()));
    }
    takeStep("tickSize", part.tickSize(), definition::setTickSize, definition::setPriceScale);
    takeStep("stepSize", part.stepSize(), definition::setStepSize, definition::setSizeScale);
    take(part.initialMarginFraction(), definition::setInitialMarginFraction);
    take(part.maintenanceMarginFraction(), definition::setMaintenanceMarginFraction);
    take(part.openInterestLowerCap(), definition::setOpenInterestLowerCap);
    take(part.openInterestUpperCap(), definition::setOpenInterestUpperCap);
    take(part.atomicResolution(), value -> definition.setAtomicResolution(value.intValue()));
    take(
        part.quantumConversionExponent(),
        value -> definition.setQuantumConversionExponent(value.intValue()));
    take(part.stepBaseQuantums(), definition::setStepBaseQuantums);
    take(part.subticksPerTick(), definition::setSubticksPerTick);
    take(part.defaultFundingRate1H(), definition::setDefaultFundingRate1H);
    take(part.marketId(), value -> definition.setMarketId(value.intValue()));
    definition.putAllExtraFields(part.unknownFields().jsonByName());
  }

  private static <T> void take(T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }

  private MarketUpdate changeSince(MarketUpdate before) {
    MarketUpdate now = statistics.build();
    if (now.equals(before)) {
      return null;
    }
    MarketUpdate.Builder change = now.toBuilder();
    Map<FieldDescriptor, Object> fieldsBefore = before.getAllFields();
    now.getAllFields()
        .forEach(
            (field, value) -> {
              if (field.getNumber() != MarketUpdate.INSTRUMENT_ID_FIELD_NUMBER
                  && value.equals(fieldsBefore.get(field))) {
                change.clearField(field);
              }
            });
    if (change.hasStatus() || !change.getStatusRaw().isEmpty()) {
      change.setStatus(now.getStatus()).setStatusRaw(now.getStatusRaw());
    }
    return change.build();
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
      setter.accept(value);
      scaleSetter.accept(scale);
    }
  }

  /** What could not be taken up since the last call. */
  List<String> takeProblems() {
    List<String> taken = List.copyOf(problems);
    problems.clear();
    return taken;
  }

  /** Makes the instrument anew; whether it is complete and differs from the last one. */
  boolean refreshInstrument() {
    if (definition.getTickSize().isEmpty() || definition.getStepSize().isEmpty()) {
      return false;
    }
    io.github.dydxgateway.v1.Instrument now = definition.build();
    if (instrument != null && instrument.definition().equals(now)) {
      return false;
    }
    instrument = new Instrument(id, now.getPriceScale(), now.getSizeScale(), now);
    return true;
  }
}
