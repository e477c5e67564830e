package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The candles of one market at one resolution: they follow its trades. What lies before the first
 * trade is made up when somebody first asks for it. Owned by the simulator's context.
 */
final class CandleSeries {

  private static final int MOST_CANDLES = 1000;

  private final String ticker;
  private final CandleResolution resolution;
  private final long historySeed;
  private final BigDecimal tickSize;
  private final BigDecimal stepSize;
  private final BigDecimal firstPrice;
  private final Instant firstStart;
  private final Deque<Candle> candles = new ArrayDeque<>();
  private boolean historyMade;

  CandleSeries(
      MarketSpec spec,
      CandleResolution resolution,
      long historySeed,
      BigDecimal firstPrice,
      Instant start) {
    this.ticker = spec.ticker();
    this.resolution = resolution;
    this.historySeed = historySeed;
    this.tickSize = spec.tickSize();
    this.stepSize = spec.stepSize();
    this.firstPrice = firstPrice;
    this.firstStart = resolution.startOf(start);
  }

  /** Adds a trade to the candle of its time. */
  void trade(
      Instant time, BigDecimal price, BigDecimal size, BigDecimal openInterest, BigDecimal mid) {
    Instant start = resolution.startOf(time);
    if (candles.isEmpty() || candles.getLast().startedAt.isBefore(start)) {
      append(new Candle(start, price, openInterest, mid));
    }
    candles.getLast().add(price, size, mid);
  }

  /** The newest candle as JSON; there must have been a trade. */
  String newestJson() {
    JsonText json = new JsonText();
    candles.getLast().write(json, ticker, resolution);
    return json.toString();
  }

  /** The newest candle for the record; there must have been a trade. */
  SimulatorRecord.Candle newest() {
    return candles.getLast().forRecord();
  }

  /** The initial state of the channel: newest first. */
  String snapshot() {
    makeHistory();
    JsonText json = new JsonText(300 * candles.size()).object().array("candles");
    for (Iterator<Candle> newestFirst = candles.descendingIterator(); newestFirst.hasNext(); ) {
      newestFirst.next().write(json, ticker, resolution);
    }
    return json.endArray().endObject().toString();
  }

  private void append(Candle candle) {
    candles.addLast(candle);
    if (candles.size() > MOST_CANDLES) {
      candles.removeFirst();
    }
  }

  private void makeHistory() {
    if (historyMade) {
      return;
    }
    historyMade = true;
    RandomGenerator random = new SplittableRandom(historySeed);
    BigDecimal close = firstPrice;
    Instant start = firstStart;
    while (candles.size() < MOST_CANDLES) {
      start = start.minusSeconds(resolution.seconds());
      Candle candle = Candle.madeUp(start, close, tickSize, stepSize, random);
      candles.addFirst(candle);
      close = candle.open;
    }
  }

  /** One candle, while it grows. */
  private static final class Candle {
    private final Instant startedAt;
    private final BigDecimal open;
    private final BigDecimal startingOpenInterest;
    private final BigDecimal midOpen;
    private BigDecimal midClose;
    private BigDecimal low;
    private BigDecimal high;
    private BigDecimal close;
    private BigDecimal baseVolume = BigDecimal.ZERO;
    private BigDecimal usdVolume = BigDecimal.ZERO;
    private int trades;

    Candle(Instant startedAt, BigDecimal open, BigDecimal openInterest, BigDecimal mid) {
      this.startedAt = startedAt;
      this.open = open;
      this.startingOpenInterest = openInterest;
      this.midOpen = mid;
      this.midClose = mid;
      this.low = open;
      this.high = open;
      this.close = open;
    }

    static Candle madeUp(
        Instant startedAt,
        BigDecimal close,
        BigDecimal tickSize,
        BigDecimal stepSize,
        RandomGenerator random) {
      BigDecimal drift = tickSize.multiply(BigDecimal.valueOf(random.nextInt(-20, 21)));
      BigDecimal open = close.add(drift);
      if (open.signum() <= 0) {
        open = close;
      }
      // Older servers leave the mid prices out; a quarter of the history does as well.
      BigDecimal mid = random.nextInt(4) == 0 ? null : open;
      BigDecimal openInterest = stepSize.multiply(BigDecimal.valueOf(random.nextInt(9_000_000)));
      Candle candle = new Candle(startedAt, open, openInterest, mid);
      int count = random.nextInt(2, 12);
      for (int i = 0; i < count; i++) {
        BigDecimal wick = tickSize.multiply(BigDecimal.valueOf(random.nextInt(12)));
        BigDecimal price = i == count - 1 ? close : close.max(open).add(wick);
        candle.add(price, stepSize.multiply(BigDecimal.valueOf(random.nextInt(1, 900))), mid);
      }
      return candle;
    }

    void add(BigDecimal price, BigDecimal size, BigDecimal mid) {
      low = low.min(price);
      high = high.max(price);
      close = price;
      midClose = mid;
      baseVolume = baseVolume.add(size);
      usdVolume = usdVolume.add(price.multiply(size));
      trades++;
    }

    SimulatorRecord.Candle forRecord() {
      return new SimulatorRecord.Candle(
          SimulatedClock.iso(startedAt),
          VenueNumber.ragged(open),
          VenueNumber.ragged(high),
          VenueNumber.ragged(low),
          VenueNumber.ragged(close),
          VenueNumber.ragged(baseVolume),
          VenueNumber.ragged(usdVolume),
          trades);
    }

    void write(JsonText json, String ticker, CandleResolution resolution) {
      json.object()
          .field("startedAt", SimulatedClock.iso(startedAt))
          .field("ticker", ticker)
          .field("resolution", resolution.wireName())
          .field("low", VenueNumber.ragged(low))
          .field("high", VenueNumber.ragged(high))
          .field("open", VenueNumber.ragged(open))
          .field("close", VenueNumber.ragged(close))
          .field("baseTokenVolume", VenueNumber.ragged(baseVolume))
          .field("usdVolume", VenueNumber.ragged(usdVolume))
          .field("trades", trades)
          .field("startingOpenInterest", VenueNumber.ragged(startingOpenInterest));
      if (midOpen != null) {
        json.field("orderbookMidPriceOpen", VenueNumber.text(midOpen))
            .field("orderbookMidPriceClose", VenueNumber.text(midClose));
      }
      json.endObject();
    }
  }
}
