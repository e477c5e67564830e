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
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * All that is known of one market, put together from the parts in which the venue sends it: its
 * definition, and its statistics, which include whatever this version does not know. Not thread
 * safe.
 */
final class Market {
  /** Begins the names of unknown fields of oracle prices. */
  private static final String OF_ORACLE_PRICE = "oraclePrices.";

  private static final String EXTRA = "extra_fields.";

  private final InstrumentId id;
  private io.github.dydxgateway.v1.Instrument.Builder definition;
  private MarketUpdate.Builder statistics;
  private final List<String> problems = new ArrayList<>();
  private Instrument instrument;

  /** Whether the definition may have changed since the instrument was last made. */
  private boolean definitionTouched;

  private long namedAtNanos;
  private boolean namedByUpdate;

  Market(InstrumentId id) {
    this.id = id;
    this.definition = named(io.github.dydxgateway.v1.Instrument.newBuilder());
    this.statistics = MarketUpdate.newBuilder().setInstrumentId(id.canonical());
  }

  private io.github.dydxgateway.v1.Instrument.Builder named(
      io.github.dydxgateway.v1.Instrument.Builder builder) {
    return builder
        .setInstrumentId(id.canonical())
        .setTicker(id.ticker())
        .setBaseAsset(id.baseAsset())
        .setQuoteAsset(id.quoteAsset());
  }

  InstrumentId id() {
    return id;
  }

  /** What the venue knows it by, whatever its ticker; null while it has not said. */
  Long clobPairId() {
    return definition.hasClobPairId() ? (Long) definition.getClobPairId() : null;
  }

  /** Since when clients know it by this name, by the feed's clock. */
  long namedAtNanos() {
    return namedAtNanos;
  }

  /** Whether an update was the first to use that name, so that a state may be older. */
  boolean isNamedByUpdate() {
    return namedByUpdate;
  }

  void setNamed(long nanos, boolean byUpdate) {
    namedAtNanos = nanos;
    namedByUpdate = byUpdate;
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
   * Applies what the venue sent; a field that came as null has no value any more.
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
    if (!part.unknownFields().isEmpty()) {
      statistics.putAllExtraFields(part.unknownFields().jsonByName());
    }
    for (String field : part.cleared()) {
      clear(field);
    }
    return changeSince(before);
  }

  /**
   * Applies the venue's whole state of the market: what is not in it has no value any more, but for
   * what the venue sends in updates alone.
   *
   * @return the statistics that changed; null if none did
   */
  MarketUpdate takeState(IndexerMarket state) {
    Market whole = new Market(id);
    whole.take(state);
    problems.addAll(whole.takeProblems());
    return replaceWith(whole);
  }

  /**
   * Applies an oracle price; price, time and height belong together and are published together.
   *
   * @return what came; null if nothing did
   */
  MarketUpdate take(IndexerOraclePrice price) {
    if (price.marketId() != null
        && !(definition.hasMarketId() && definition.getMarketId() == price.marketId())) {
      define(price.marketId(), definition::setMarketId);
    }
    MarketUpdate before = statistics.build();
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
    price
        .unknownFields()
        .jsonByName()
        .forEach((name, json) -> statistics.putExtraFields(OF_ORACLE_PRICE + name, json));
    for (String field : price.cleared()) {
      switch (field) {
        case "oraclePrice" -> statistics.clearOraclePrice();
        case "effectiveAt" -> statistics.clearOracleTimeNs();
        case "effectiveAtHeight" -> statistics.clearOracleBlockHeight();
        case "marketId" -> clear(field);
        default -> statistics.removeExtraFields(OF_ORACLE_PRICE + field);
      }
    }
    MarketUpdate changed = changeSince(before);
    if (changed != null) {
      change.mergeFrom(changed);
    }
    return changed == null
            && price.oraclePrice() == null
            && price.effectiveAtNs() == 0
            && price.effectiveAtHeight() == null
        ? null
        : change.build();
  }

  /**
   * Applies all that is known of it elsewhere, in place of what is known here. What the venue sends
   * in updates alone, and what an instrument can't be without, stays where the other lacks it.
   *
   * @return the statistics that changed; null if none did
   */
  MarketUpdate replaceWith(Market other) {
    io.github.dydxgateway.v1.Instrument.Builder newDefinition = named(other.definition.clone());
    if (newDefinition.getTickSize().isEmpty()) {
      newDefinition.setTickSize(definition.getTickSize()).setPriceScale(definition.getPriceScale());
    }
    if (newDefinition.getStepSize().isEmpty()) {
      newDefinition.setStepSize(definition.getStepSize()).setSizeScale(definition.getSizeScale());
    }
    if (!newDefinition.hasMarketId() && definition.hasMarketId()) {
      newDefinition.setMarketId(definition.getMarketId());
    }
    MarketUpdate before = statistics.build();
    MarketUpdate.Builder now = other.statistics.clone().setInstrumentId(id.canonical());
    if (now.getOraclePrice().equals(before.getOraclePrice())) {
      keepOracleOf(before, now);
    }
    definition = newDefinition;
    statistics = now;
    definitionTouched = true;
    return changeSince(before);
  }

  /** When the price took effect is in no state, but it is the same price. */
  private static void keepOracleOf(MarketUpdate before, MarketUpdate.Builder now) {
    if (!now.hasOracleTimeNs() && before.hasOracleTimeNs()) {
      now.setOracleTimeNs(before.getOracleTimeNs());
    }
    if (!now.hasOracleBlockHeight() && before.hasOracleBlockHeight()) {
      now.setOracleBlockHeight(before.getOracleBlockHeight());
    }
    before
        .getExtraFieldsMap()
        .forEach(
            (name, json) -> {
              if (name.startsWith(OF_ORACLE_PRICE) && !now.containsExtraFields(name)) {
                now.putExtraFields(name, json);
              }
            });
  }

  /** The same market under another name. */
  Market renamed(InstrumentId newId) {
    Market renamed = new Market(newId);
    renamed.replaceWith(this);
    renamed.problems.addAll(problems);
    return renamed;
  }

  /** Fills in what is not known here from what is known there. */
  void addMissingFrom(Market other) {
    definition = named(other.definition.clone().mergeFrom(definition.build()));
    statistics =
        other.statistics.clone().mergeFrom(statistics.build()).setInstrumentId(id.canonical());
    definitionTouched = true;
  }

  /** The same, to go on by itself. */
  Market copy() {
    return renamed(id);
  }

  private void takeDefinition(IndexerMarket part) {
    define(part.clobPairId(), definition::setClobPairId);
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
    define(part.atomicResolution(), definition::setAtomicResolution);
    define(part.quantumConversionExponent(), definition::setQuantumConversionExponent);
    define(part.stepBaseQuantums(), definition::setStepBaseQuantums);
    define(part.subticksPerTick(), definition::setSubticksPerTick);
    define(part.defaultFundingRate1H(), definition::setDefaultFundingRate1H);
    define(part.marketId(), definition::setMarketId);
    define(part.liquidityTierId(), definition::setLiquidityTierId);
  }

  /** Clears a field of the venue, of whichever side it is. */
  private void clear(String field) {
    switch (field) {
      case "oraclePrice" -> statistics.clearOraclePrice();
      case "nextFundingRate" -> statistics.clearNextFundingRate();
      case "openInterest" -> statistics.clearOpenInterest();
      case "baseOpenInterest" -> statistics.clearBaseOpenInterest();
      case "priceChange24H" -> statistics.clearPriceChange24H();
      case "volume24H" -> statistics.clearVolume24H();
      case "trades24H" -> statistics.clearTrades24H();
      default -> {
        if (clearDefinition(field)) {
          definitionTouched = true;
        } else {
          statistics.removeExtraFields(field);
        }
      }
    }
  }

  /** Clears a field of the definition; false if it is none. */
  private boolean clearDefinition(String field) {
    switch (field) {
      case "clobPairId" -> definition.clearClobPairId();
      case "status" -> {
        definition.clearStatus().clearStatusRaw();
        statistics.clearStatus().clearStatusRaw();
      }
      case "marketType" -> definition.clearMarketType().clearMarketTypeRaw();
      case "tickSize" -> noteNeeded(field, definition.getTickSize());
      case "stepSize" -> noteNeeded(field, definition.getStepSize());
      case "initialMarginFraction" -> definition.clearInitialMarginFraction();
      case "maintenanceMarginFraction" -> definition.clearMaintenanceMarginFraction();
      case "openInterestLowerCap" -> definition.clearOpenInterestLowerCap();
      case "openInterestUpperCap" -> definition.clearOpenInterestUpperCap();
      case "atomicResolution" -> definition.clearAtomicResolution();
      case "quantumConversionExponent" -> definition.clearQuantumConversionExponent();
      case "stepBaseQuantums" -> definition.clearStepBaseQuantums();
      case "subticksPerTick" -> definition.clearSubticksPerTick();
      case "defaultFundingRate1H" -> definition.clearDefaultFundingRate1H();
      case "marketId" -> definition.clearMarketId();
      case "liquidityTierId" -> definition.clearLiquidityTierId();
      case "id", "ticker" -> {}
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Without tick and step size nothing of the market can be expressed. */
  private void noteNeeded(String field, String known) {
    if (!known.isEmpty()) {
      problems.add(field + " must not be null once it is known; " + known + " is kept");
    }
  }

  private <T> void define(T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
      definitionTouched = true;
    }
  }

  private static <T> void take(T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }

  /** Field by field: whatever goes through all fields of any message is many times slower. */
  private MarketUpdate changeSince(MarketUpdate before) {
    MarketUpdate.Builder now = statistics;
    MarketUpdate.Builder change = MarketUpdate.newBuilder().setInstrumentId(id.canonical());
    boolean changed = false;
    if (now.hasOraclePrice() != before.hasOraclePrice()
        || !now.getOraclePrice().equals(before.getOraclePrice())) {
      changed = true;
      note(
          change,
          now.hasOraclePrice(),
          "oracle_price",
          (to, from) -> to.setOraclePrice(from.getOraclePrice()));
    }
    if (now.hasNextFundingRate() != before.hasNextFundingRate()
        || !now.getNextFundingRate().equals(before.getNextFundingRate())) {
      changed = true;
      note(
          change,
          now.hasNextFundingRate(),
          "next_funding_rate",
          (to, from) -> to.setNextFundingRate(from.getNextFundingRate()));
    }
    if (now.hasOpenInterest() != before.hasOpenInterest()
        || !now.getOpenInterest().equals(before.getOpenInterest())) {
      changed = true;
      note(
          change,
          now.hasOpenInterest(),
          "open_interest",
          (to, from) -> to.setOpenInterest(from.getOpenInterest()));
    }
    if (now.hasBaseOpenInterest() != before.hasBaseOpenInterest()
        || !now.getBaseOpenInterest().equals(before.getBaseOpenInterest())) {
      changed = true;
      note(
          change,
          now.hasBaseOpenInterest(),
          "base_open_interest",
          (to, from) -> to.setBaseOpenInterest(from.getBaseOpenInterest()));
    }
    if (now.hasPriceChange24H() != before.hasPriceChange24H()
        || !now.getPriceChange24H().equals(before.getPriceChange24H())) {
      changed = true;
      note(
          change,
          now.hasPriceChange24H(),
          "price_change_24h",
          (to, from) -> to.setPriceChange24H(from.getPriceChange24H()));
    }
    if (now.hasVolume24H() != before.hasVolume24H()
        || !now.getVolume24H().equals(before.getVolume24H())) {
      changed = true;
      note(
          change,
          now.hasVolume24H(),
          "volume_24h",
          (to, from) -> to.setVolume24H(from.getVolume24H()));
    }
    if (now.hasOracleTimeNs() != before.hasOracleTimeNs()
        || now.getOracleTimeNs() != before.getOracleTimeNs()) {
      changed = true;
      note(
          change,
          now.hasOracleTimeNs(),
          "oracle_time_ns",
          (to, from) -> to.setOracleTimeNs(from.getOracleTimeNs()));
    }
    if (now.hasOracleBlockHeight() != before.hasOracleBlockHeight()
        || now.getOracleBlockHeight() != before.getOracleBlockHeight()) {
      changed = true;
      note(
          change,
          now.hasOracleBlockHeight(),
          "oracle_block_height",
          (to, from) -> to.setOracleBlockHeight(from.getOracleBlockHeight()));
    }
    if (now.hasTrades24H() != before.hasTrades24H()
        || now.getTrades24H() != before.getTrades24H()) {
      changed = true;
      note(
          change,
          now.hasTrades24H(),
          "trades_24h",
          (to, from) -> to.setTrades24H(from.getTrades24H()));
    }
    if (now.hasStatus() != before.hasStatus()
        || now.getStatusValue() != before.getStatusValue()
        || !now.getStatusRaw().equals(before.getStatusRaw())) {
      changed = true;
      note(
          change,
          now.hasStatus(),
          "status",
          (to, from) -> to.setStatus(from.getStatus()).setStatusRaw(from.getStatusRaw()));
    }
    if (now.getExtraFieldsCount() + before.getExtraFieldsCount() > 0) {
      changed |= noteExtraFields(before.getExtraFieldsMap(), change);
    }
    return changed ? change.build() : null;
  }

  /** Adds a field that differs to a change: its value, or that it has none. */
  private void note(
      MarketUpdate.Builder change,
      boolean present,
      String name,
      BiConsumer<MarketUpdate.Builder, MarketUpdate.Builder> setter) {
    if (present) {
      setter.accept(change, statistics);
    } else {
      change.addClearedFields(name);
    }
  }

  private boolean noteExtraFields(Map<String, String> before, MarketUpdate.Builder change) {
    Map<String, String> now = statistics.getExtraFieldsMap();
    if (now.equals(before)) {
      return false;
    }
    now.forEach(
        (name, json) -> {
          if (!json.equals(before.get(name))) {
            change.putExtraFields(name, json);
          }
        });
    for (String name : before.keySet()) {
      if (!now.containsKey(name)) {
        change.addClearedFields(EXTRA + name);
      }
    }
    return true;
  }

  /** Applies a tick or step size and the scale that follows from it, unless it can be neither. */
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

  /** What could not be applied since the last call. */
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
    if (!definitionTouched
        || definition.getTickSize().isEmpty()
        || definition.getStepSize().isEmpty()) {
      return false;
    }
    definitionTouched = false;
    io.github.dydxgateway.v1.Instrument now = definition.build();
    if (instrument != null && instrument.definition().equals(now)) {
      return false;
    }
    instrument = new Instrument(id, now.getPriceScale(), now.getSizeScale(), now);
    return true;
  }
}
