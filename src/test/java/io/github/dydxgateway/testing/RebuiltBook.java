package io.github.dydxgateway.testing;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.PriceLevel;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A book as a client rebuilds it from a snapshot and deltas, reading the scales of each message.
 * Not thread safe.
 */
public final class RebuiltBook {
  private final NavigableMap<BigDecimal, BigDecimal> bids =
      new TreeMap<>(Comparator.<BigDecimal>naturalOrder().reversed());
  private final NavigableMap<BigDecimal, BigDecimal> asks = new TreeMap<>();
  private long sequence = -1;

  /** The book after these events, up to and with a sequence. */
  public static RebuiltBook of(List<Event> events, long lastSequence) {
    RebuiltBook book = new RebuiltBook();
    for (Event event : events) {
      if (Places.of(event) <= lastSequence) {
        book.apply(event);
      }
    }
    return book;
  }

  /** The book of one snapshot. */
  public static RebuiltBook of(OrderBookSnapshot snapshot) {
    RebuiltBook book = new RebuiltBook();
    book.replace(snapshot);
    return book;
  }

  /** Applies an event of the book's topic; those that are no book only have their place. */
  public void apply(Event event) {
    if (event.getSequence() != 0) {
      if (sequence >= 0 && event.getSequence() != sequence + 1) {
        throw new AssertionError("after " + sequence + " came " + event.getSequence());
      }
      sequence = event.getSequence();
    }
    if (event.hasOrderBookSnapshot()) {
      replace(event.getOrderBookSnapshot());
      sequence = Places.of(event);
    } else if (event.hasOrderBookDelta()) {
      OrderBookDelta delta = event.getOrderBookDelta();
      set(bids, delta.getBidsList(), delta.getPriceScale(), delta.getSizeScale());
      set(asks, delta.getAsksList(), delta.getPriceScale(), delta.getSizeScale());
    }
  }

  private void replace(OrderBookSnapshot snapshot) {
    bids.clear();
    asks.clear();
    set(bids, snapshot.getBidsList(), snapshot.getPriceScale(), snapshot.getSizeScale());
    set(asks, snapshot.getAsksList(), snapshot.getPriceScale(), snapshot.getSizeScale());
  }

  private static void set(
      NavigableMap<BigDecimal, BigDecimal> side,
      List<PriceLevel> levels,
      int priceScale,
      int sizeScale) {
    for (PriceLevel level : levels) {
      BigDecimal price = BigDecimal.valueOf(level.getPrice(), priceScale).stripTrailingZeros();
      BigDecimal size = BigDecimal.valueOf(level.getSize(), sizeScale).stripTrailingZeros();
      if (size.signum() == 0) {
        side.remove(price);
      } else {
        side.put(price, size);
      }
    }
  }

  /** Bids, best first. */
  public NavigableMap<BigDecimal, BigDecimal> bids() {
    return bids;
  }

  /** Asks, best first. */
  public NavigableMap<BigDecimal, BigDecimal> asks() {
    return asks;
  }

  /** Whether a bid stands at or above an ask. */
  public boolean isCrossed() {
    return !bids.isEmpty() && !asks.isEmpty() && bids.firstKey().compareTo(asks.firstKey()) >= 0;
  }

  @Override
  public String toString() {
    return "bids " + bids + " asks " + asks;
  }
}
