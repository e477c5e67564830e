package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/** One market: its book, trades, candles and figures. Owned by the simulator's context. */
final class SimulatedMarket {

  private static final int BUSY_HISTORY = 1000;
  private static final int QUIET_HISTORY = 60;
  private static final int BUSY_LEVELS = 40;
  private static final int QUIET_LEVELS = 15;
  private static final int LARGE_CAP_TIER = 0;
  private static final int SMALL_CAP_TIER = 1;
  private static final int ISOLATED_TIER = 4;

  private final MarketSpec spec;
  private final SplittableRandom random;
  private final SimulatorRecord record;
  private final MarketBook book;
  private final BookMaker maker;
  private final TradeTape tape;
  private final MarketFigures figures;
  private final SimulatedTopic bookTopic;
  private final Map<CandleResolution, CandleSeries> candles = new EnumMap<>(CandleResolution.class);
  private MarketStatus status;
  private boolean moved;

  SimulatedMarket(
      MarketSpec spec,
      SplittableRandom random,
      SimulatorRecord record,
      Instant start,
      MarketStatus status,
      boolean knownPrice) {
    this.spec = spec;
    this.random = random;
    this.record = record;
    this.status = status;
    record.market(spec.ticker());
    this.book = new MarketBook(spec.ticker(), record);
    this.maker = new BookMaker(book, random.split(), spec);
    this.tape = new TradeTape(spec.ticker(), record);
    this.figures = new MarketFigures(random.split(), spec, knownPrice ? maker.mid() : null);
    this.bookTopic = new SimulatedTopic(SimulatedChannel.ORDERBOOK, spec.ticker());
    for (CandleResolution resolution : CandleResolution.values()) {
      candles.put(
          resolution, new CandleSeries(spec, resolution, random.nextLong(), maker.mid(), start));
    }
  }

  /** The state of a market that has been there for long: a book and past trades. */
  void settle(BlockClock block) {
    maker.open(busy() ? BUSY_LEVELS : QUIET_LEVELS);
    int count = busy() ? BUSY_HISTORY : QUIET_HISTORY;
    for (int i = count; i > 0; i--) {
      Instant time = block.time().minusSeconds(i);
      long height = block.height() - i;
      String id = BlockClock.eventId(height, spec.clobPairId());
      tape.history(trade(id, random.nextBoolean(), "LIMIT", SimulatedClock.iso(time), height));
    }
  }

  /** A first book for a market just listed. */
  void openBook(Publisher publisher) {
    publish(maker.open(QUIET_LEVELS), publisher);
  }

  /** Whether it is one of the three that nearly always move. */
  boolean busy() {
    return spec.clobPairId() < 3;
  }

  /** Lets the makers move. */
  void move(Publisher publisher) {
    moved = true;
    publish(maker.move(), publisher);
  }

  /** The trades that takers make in a block. */
  void takersTrade(BlockClock block) {
    if (!moved || !status.trades()) {
      return;
    }
    int count = random.nextInt(busy() ? 1 : 0, 4);
    for (int i = 0; i < count; i++) {
      boolean buys = random.nextBoolean();
      add(block, trade(block.nextEventId(), buys, tradeType(), block.timeText(), block.height()));
    }
  }

  /** A trade that somebody else decided on, at the price where takers trade now. */
  SimulatorRecord.Trade trade(BlockClock block, boolean buys, BigDecimal size, String type) {
    SimulatorRecord.Trade trade =
        new SimulatorRecord.Trade(
            block.nextEventId(),
            buys ? "BUY" : "SELL",
            VenueNumber.text(maker.takerPrice(buys)),
            VenueNumber.text(size),
            type,
            block.timeText(),
            block.height());
    add(block, trade);
    return trade;
  }

  /** Publishes the trades of the block under way and what follows from them. */
  void publishTrades(Publisher publisher) {
    if (!tape.blockHasTrades()) {
      return;
    }
    tape.publish(publisher);
    candles.forEach(
        (resolution, series) -> {
          record.candle(spec.ticker(), resolution.wireName(), series.newest());
          SimulatedTopic topic = candleTopic(resolution);
          if (publisher.wanted(topic)) {
            publisher.publish(Publication.of(topic, series.newestJson()));
          }
        });
  }

  /** Whether makers moved since the last call. */
  boolean takeMoved() {
    boolean was = moved;
    moved = false;
    return was;
  }

  void publishRawTrade(SimulatorRecord.Trade trade, boolean keep, Publisher publisher) {
    if (keep) {
      tape.add(trade);
      tape.publish(publisher);
    } else {
      tape.publishUnkept(trade, publisher);
    }
  }

  void publish(BookChanges changes, Publisher publisher) {
    if (!changes.isEmpty() && publisher.wanted(bookTopic)) {
      publisher.publish(Publication.of(bookTopic, changes.toJson()));
    }
  }

  MarketSpec spec() {
    return spec;
  }

  MarketStatus status() {
    return status;
  }

  void setStatus(MarketStatus status) {
    this.status = status;
  }

  MarketBook book() {
    return book;
  }

  BookMaker maker() {
    return maker;
  }

  TradeTape tape() {
    return tape;
  }

  MarketFigures figures() {
    return figures;
  }

  String candles(CandleResolution resolution) {
    return candles.get(resolution).snapshot();
  }

  /** What never changes, except by {@link BookMaker#changeTickSize}. */
  void writeDefinition(JsonText json) {
    json.field("clobPairId", Integer.toString(spec.clobPairId()))
        .field("ticker", spec.ticker())
        .field("status", status.name())
        .field("initialMarginFraction", busy() ? "0.02" : "0.05")
        .field("maintenanceMarginFraction", busy() ? "0.012" : "0.03")
        .field("atomicResolution", spec.atomicResolution())
        .field("quantumConversionExponent", MarketSpec.QUANTUM_CONVERSION_EXPONENT)
        .field("stepSize", VenueNumber.text(spec.stepSize()))
        .field("stepBaseQuantums", MarketSpec.STEP_BASE_QUANTUMS)
        .field("marketType", spec.isolated() ? "ISOLATED" : "CROSS")
        .field("liquidityTierId", liquidityTier())
        .field("baseOpenInterest", VenueNumber.text(figures.openInterest()));
    writeTickSize(json);
    if (!busy()) {
      json.field("openInterestLowerCap", "20000000").field("openInterestUpperCap", "50000000");
    }
    if (spec.isolated()) {
      json.field("defaultFundingRate1H", "0.0000125");
    }
  }

  private int liquidityTier() {
    if (busy()) {
      return LARGE_CAP_TIER;
    }
    return spec.isolated() ? ISOLATED_TIER : SMALL_CAP_TIER;
  }

  void writeTickSize(JsonText json) {
    json.field("tickSize", VenueNumber.text(maker.tickSize()))
        .field("subticksPerTick", spec.subticksPerTick(maker.tickSize()));
  }

  private void add(BlockClock block, SimulatorRecord.Trade trade) {
    tape.add(trade);
    BigDecimal price = new BigDecimal(trade.price());
    BigDecimal size = new BigDecimal(trade.size());
    figures.trade(price, size, random.nextBoolean());
    for (CandleSeries series : candles.values()) {
      series.trade(block.time(), price, size, figures.openInterest(), maker.mid());
    }
  }

  private SimulatorRecord.Trade trade(
      String id, boolean buys, String type, String createdAt, long height) {
    BigDecimal size = spec.stepSize().multiply(BigDecimal.valueOf(random.nextLong(1, 2000)));
    return new SimulatorRecord.Trade(
        id,
        buys ? "BUY" : "SELL",
        VenueNumber.ragged(maker.takerPrice(buys)),
        VenueNumber.ragged(size),
        type,
        createdAt,
        height);
  }

  private String tradeType() {
    return switch (random.nextInt(40)) {
      case 0 -> "LIQUIDATED";
      case 1 -> "DELEVERAGED";
      case 2 -> "TWAP_SUBORDER";
      default -> "LIMIT";
    };
  }

  private SimulatedTopic candleTopic(CandleResolution resolution) {
    return new SimulatedTopic(
        SimulatedChannel.CANDLES, spec.ticker() + "/" + resolution.wireName());
  }
}
