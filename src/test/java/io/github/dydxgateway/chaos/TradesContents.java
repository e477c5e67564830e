package io.github.dydxgateway.chaos;

import io.github.dydxgateway.testing.Places;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Trade;
import io.github.dydxgateway.v1.Trades;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Trades, which come once each and in order. Not thread safe, but for {@link Known}. */
final class TradesContents implements TopicContents {
  private final OnceInOrder order = new OnceInOrder();
  private final Known known;
  private final Consumer<String> problems;
  private String newest = "";

  TradesContents(Known known, Consumer<String> problems) {
    this.known = known;
    this.problems = problems;
  }

  /** A trade as a client has it. */
  record Seen(String id, String side, BigDecimal price, BigDecimal size, long blockHeight) {}

  /** All trades that any client has got, each once, so that a long run does not fill the memory. */
  static final class Known {
    private final Map<String, Seen> byId = new ConcurrentHashMap<>();

    Map<String, Seen> byId() {
      return byId;
    }
  }

  @Override
  public void joined() {
    order.joined();
  }

  @Override
  public void gap() {
    order.gap();
  }

  @Override
  public void snapshot(Event event) {
    order.snapshot(Places.of(event), ids(event.getTrades()));
  }

  @Override
  public void update(Event event) {
    order.update(Places.of(event), ids(event.getTrades()));
  }

  private List<String> ids(Trades trades) {
    List<String> ids = new ArrayList<>(trades.getTradesCount());
    for (Trade trade : trades.getTradesList()) {
      Seen seen =
          new Seen(
              trade.getTradeId(),
              trade.getSide().name(),
              Decimals.of(trade.getPrice(), trades.getPriceScale()),
              Decimals.of(trade.getSize(), trades.getSizeScale()),
              trade.getBlockHeight());
      Seen first = known.byId.putIfAbsent(seen.id, seen);
      if (first != null && !first.equals(seen)) {
        problems.accept("came as " + seen + ", to somebody else as " + first);
      }
      newest = first == null ? seen.id : first.id;
      ids.add(newest);
    }
    return ids;
  }

  @Override
  public Object holds() {
    return newest;
  }

  Known known() {
    return known;
  }

  OnceInOrder order() {
    return order;
  }
}
