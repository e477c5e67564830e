package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The raw order book of one market: levels as published, a bid above an ask included. Owned by the
 * simulator's context.
 */
final class MarketBook {

  /** Levels of a side that an initial state may hold. */
  static final int SNAPSHOT_LEVELS = 100;

  private final String ticker;
  private final SimulatorRecord record;
  private final NavigableMap<BigDecimal, Level> bids = new TreeMap<>(Comparator.reverseOrder());
  private final NavigableMap<BigDecimal, Level> asks = new TreeMap<>();

  MarketBook(String ticker, SimulatorRecord record) {
    this.ticker = ticker;
    this.record = record;
  }

  /** A level as text. */
  record Level(String price, String size) {}

  /** Sets or, with size zero, removes a level. */
  void set(
      SimulatedBookSide side, BigDecimal price, BigDecimal size, Level text, BookChanges changes) {
    if (size.signum() == 0) {
      side(side).remove(price);
    } else {
      side(side).put(price, text);
    }
    record.level(ticker, side, price, size);
    changes.put(side, price, text);
  }

  /** Levels of a side, best first. */
  NavigableMap<BigDecimal, Level> side(SimulatedBookSide side) {
    return side == SimulatedBookSide.BID ? bids : asks;
  }

  boolean crossed() {
    return !bids.isEmpty() && !asks.isEmpty() && bids.firstKey().compareTo(asks.firstKey()) >= 0;
  }

  /** The initial state of the channel. */
  String snapshot() {
    JsonText json = new JsonText(8192).object();
    for (SimulatedBookSide side : SimulatedBookSide.values()) {
      json.array(side.wireName());
      side(side).values().stream()
          .limit(SNAPSHOT_LEVELS)
          .forEach(
              level ->
                  json.object()
                      .field("price", level.price())
                      .field("size", level.size())
                      .endObject());
      json.endArray();
    }
    return json.endObject().toString();
  }
}
