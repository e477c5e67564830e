package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.util.List;
import java.util.NavigableMap;
import java.util.random.RandomGenerator;

/**
 * The market makers of one market: they move its mid price and their orders around it. Now and then
 * a bid meets asks that their owner has not withdrawn yet, and the book is crossed for one to three
 * moves. Prices are counted in ticks and sizes in steps, so nothing is ever rounded. Owned by the
 * simulator's context.
 */
final class BookMaker {

  private static final int MOST_LEVELS = 90;
  private static final int LEAST_LEVELS = 12;
  private static final int CROSSING_ONE_IN = 60;
  private static final long LOWEST_MID = 200;

  private final MarketBook book;
  private final RandomGenerator random;
  private final BigDecimal stepSize;
  private BigDecimal tickSize;
  private long mid;
  private int crossedMoves;

  BookMaker(MarketBook book, RandomGenerator random, MarketSpec spec) {
    this.book = book;
    this.random = random;
    this.stepSize = spec.stepSize();
    this.tickSize = spec.tickSize();
    this.mid = spec.startTicks();
  }

  /** Fills an empty book. */
  BookChanges open(int levels) {
    BookChanges changes = new BookChanges();
    for (int i = 0; i < levels; i++) {
      place(SimulatedBookSide.BID, mid - 1 - 2L * i - random.nextInt(2), changes);
      place(SimulatedBookSide.ASK, mid + 1 + 2L * i + random.nextInt(2), changes);
    }
    return changes;
  }

  /** One move of the market. */
  BookChanges move() {
    BookChanges changes = new BookChanges();
    if (book.crossed()) {
      stayCrossed(changes);
      return changes;
    }
    walk();
    withdraw(SimulatedBookSide.BID, changes);
    withdraw(SimulatedBookSide.ASK, changes);
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      changeOne(changes);
    }
    keepDepth(SimulatedBookSide.BID, changes);
    keepDepth(SimulatedBookSide.ASK, changes);
    if (random.nextInt(CROSSING_ONE_IN) == 0) {
      cross(changes);
    }
    return changes;
  }

  /** The mid price. */
  BigDecimal mid() {
    return price(mid);
  }

  /** The mid price in ticks. */
  long midTicks() {
    return mid;
  }

  /** Where a taker of the given side trades. */
  BigDecimal takerPrice(boolean buys) {
    return price(mid + (buys ? 1 : -1));
  }

  BigDecimal tickSize() {
    return tickSize;
  }

  /** A new grid: later orders are on it, those that rest keep their price until withdrawn. */
  void changeTickSize(BigDecimal newTickSize) {
    BigDecimal ticks = mid().divideToIntegralValue(newTickSize);
    mid = Math.max(LOWEST_MID, ticks.longValueExact());
    tickSize = newTickSize;
  }

  private void walk() {
    int reach = random.nextInt(8) == 0 ? 6 : 2;
    mid = Math.max(LOWEST_MID, mid + random.nextInt(-reach, reach + 1));
  }

  /** Takes orders away that the mid price has reached. */
  private void withdraw(SimulatedBookSide side, BookChanges changes) {
    NavigableMap<BigDecimal, MarketBook.Level> levels = book.side(side);
    for (BigDecimal price : List.copyOf(levels.headMap(mid(), true).keySet())) {
      remove(side, price, changes);
    }
  }

  private void changeOne(BookChanges changes) {
    SimulatedBookSide side = random.nextBoolean() ? SimulatedBookSide.BID : SimulatedBookSide.ASK;
    int distance = 1 + random.nextInt(10) * random.nextInt(1, 8);
    long ticks = side == SimulatedBookSide.BID ? mid - distance : mid + distance;
    if (random.nextInt(4) == 0) {
      // Often a level that nobody was told of: the venue does send such removals.
      remove(side, price(ticks), changes);
    } else {
      place(side, ticks, changes);
    }
  }

  private void keepDepth(SimulatedBookSide side, BookChanges changes) {
    NavigableMap<BigDecimal, MarketBook.Level> levels = book.side(side);
    while (levels.size() > MOST_LEVELS) {
      remove(side, levels.lastKey(), changes);
    }
    for (int i = 1; levels.size() < LEAST_LEVELS; i++) {
      place(side, side == SimulatedBookSide.BID ? mid - i : mid + i, changes);
    }
  }

  private void cross(BookChanges changes) {
    SimulatedBookSide newcomer =
        random.nextBoolean() ? SimulatedBookSide.BID : SimulatedBookSide.ASK;
    BigDecimal met = book.side(newcomer.opposite()).firstKey();
    BigDecimal beyond = tickSize.multiply(BigDecimal.valueOf(random.nextInt(3)));
    BigDecimal price = newcomer == SimulatedBookSide.BID ? met.add(beyond) : met.subtract(beyond);
    if (price.signum() > 0) {
      put(newcomer, price, changes);
      crossedMoves = random.nextInt(1, 4);
    }
  }

  private void stayCrossed(BookChanges changes) {
    if (--crossedMoves > 0) {
      SimulatedBookSide side = random.nextBoolean() ? SimulatedBookSide.BID : SimulatedBookSide.ASK;
      put(side, book.side(side).lastKey(), changes);
      return;
    }
    SimulatedBookSide loser = random.nextBoolean() ? SimulatedBookSide.BID : SimulatedBookSide.ASK;
    while (book.crossed()) {
      remove(loser, book.side(loser).firstKey(), changes);
    }
    keepDepth(loser, changes);
    // What keepDepth put near the mid price may meet the order that crossed.
    while (book.crossed()) {
      remove(loser.opposite(), book.side(loser.opposite()).firstKey(), changes);
    }
  }

  private void place(SimulatedBookSide side, long ticks, BookChanges changes) {
    if (ticks > 0) {
      put(side, price(ticks), changes);
    }
  }

  private void put(SimulatedBookSide side, BigDecimal price, BookChanges changes) {
    long steps = (long) random.nextInt(1, 30) << random.nextInt(7);
    BigDecimal size = stepSize.multiply(BigDecimal.valueOf(steps));
    MarketBook.Level text =
        new MarketBook.Level(VenueNumber.ragged(price), VenueNumber.ragged(size));
    book.set(side, price.stripTrailingZeros(), size, text, changes);
  }

  private void remove(SimulatedBookSide side, BigDecimal price, BookChanges changes) {
    String zero = random.nextInt(4) == 0 ? "0.0" : "0";
    MarketBook.Level text = new MarketBook.Level(VenueNumber.ragged(price), zero);
    book.set(side, price.stripTrailingZeros(), BigDecimal.ZERO, text, changes);
  }

  private BigDecimal price(long ticks) {
    return tickSize.multiply(BigDecimal.valueOf(ticks));
  }
}
