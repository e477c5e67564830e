package io.github.dydxgateway.feed;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The book as the protocol page describes it, as plainly as can be: what was published, and beside
 * it the same uncrossed by the venue's rule.
 */
final class ReferenceBook {
  private final ClientBook published = new ClientBook();
  private final Map<BigDecimal, Sized> bids = new TreeMap<>(Comparator.reverseOrder());
  private final Map<BigDecimal, Sized> asks = new TreeMap<>();
  private int time;

  /** A size and when it was last published. */
  private record Sized(BigDecimal size, int time) {}

  void clear() {
    published.replace(io.github.dydxgateway.v1.OrderBookSnapshot.getDefaultInstance());
    bids.clear();
    asks.clear();
    beginFrame();
  }

  void beginFrame() {
    time++;
  }

  void set(boolean bid, String priceText, String sizeText) {
    BigDecimal price = new BigDecimal(priceText).stripTrailingZeros();
    BigDecimal size = new BigDecimal(sizeText).stripTrailingZeros();
    published.set(bid, price, size);
    Map<BigDecimal, Sized> side = bid ? bids : asks;
    if (size.signum() == 0) {
      side.remove(price);
    } else {
      side.put(price, new Sized(size, time));
    }
  }

  void uncross() {
    Optional<BigDecimal> bid = best(bids);
    Optional<BigDecimal> ask = best(asks);
    while (bid.isPresent() && ask.isPresent() && bid.get().compareTo(ask.get()) >= 0) {
      Sized bidLevel = bids.remove(bid.get());
      Sized askLevel = asks.remove(ask.get());
      if (bidLevel.time() > askLevel.time()) {
        bids.put(bid.get(), bidLevel);
      } else if (askLevel.time() > bidLevel.time()) {
        asks.put(ask.get(), askLevel);
      } else if (bidLevel.size().compareTo(askLevel.size()) > 0) {
        bids.put(bid.get(), new Sized(bidLevel.size().subtract(askLevel.size()), bidLevel.time()));
      } else if (askLevel.size().compareTo(bidLevel.size()) > 0) {
        asks.put(ask.get(), new Sized(askLevel.size().subtract(bidLevel.size()), askLevel.time()));
      }
      bid = best(bids);
      ask = best(asks);
    }
  }

  private static Optional<BigDecimal> best(Map<BigDecimal, Sized> side) {
    return side.keySet().stream().findFirst();
  }

  ClientBook published() {
    return published;
  }

  ClientBook uncrossed() {
    ClientBook book = new ClientBook();
    bids.forEach((price, level) -> book.set(true, price, level.size().stripTrailingZeros()));
    asks.forEach((price, level) -> book.set(false, price, level.size().stripTrailingZeros()));
    return book;
  }
}
