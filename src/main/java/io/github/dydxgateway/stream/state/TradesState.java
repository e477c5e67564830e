package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Trade;
import io.github.dydxgateway.v1.Trades;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * The recent trades of an instrument, in the order of their blocks: a trade that comes after trades
 * of later blocks stands before them.
 */
public final class TradesState extends TopicState {
  /** Trades kept; as many as the venue's initial state holds. */
  public static final int MAX_TRADES = 1000;

  private final Deque<ScaledTrade> trades = new ArrayDeque<>(MAX_TRADES);
  private final ExtraFields extras = new ExtraFields();
  private String instrumentId = "";
  private int priceScale;
  private int sizeScale;

  /** A trade with the scales of the message that brought it. */
  private record ScaledTrade(Trade trade, int priceScale, int sizeScale)
      implements ScaledParts.ScaledRecord {
    boolean hasBlock() {
      return trade.getBlockHeight() != 0;
    }

    boolean isBefore(ScaledTrade other) {
      return trade.getBlockHeight() < other.trade.getBlockHeight();
    }

    @Override
    public long[] prices() {
      return new long[] {trade.getPrice()};
    }

    @Override
    public long amount() {
      return trade.getSize();
    }

    @Override
    public int bytes() {
      return PartSize.of(trade);
    }

    Trade at(int toPriceScale, int toSizeScale) {
      return priceScale == toPriceScale && sizeScale == toSizeScale
          ? trade
          : trade.toBuilder()
              .setPrice(FixedPoint.rescale(trade.getPrice(), priceScale, toPriceScale))
              .setSize(FixedPoint.rescale(trade.getSize(), sizeScale, toSizeScale))
              .build();
    }
  }

  TradesState() {}

  /**
   * Applies new trades, oldest first, and what came beside them; as a {@link Trades} event.
   *
   * @param receiveTimeNs when their frame arrived, nanoseconds since the Unix epoch
   */
  public void add(Trades newTrades, long receiveTimeNs) {
    add(newTrades);
    applied(receiveTimeNs);
  }

  private void add(Trades message) {
    instrumentId = message.getInstrumentId();
    priceScale = message.getPriceScale();
    sizeScale = message.getSizeScale();
    for (Trade trade : message.getTradesList()) {
      add(new ScaledTrade(trade, priceScale, sizeScale));
    }
    extras.putAll(message.getExtraFieldsMap());
  }

  private void add(ScaledTrade trade) {
    if (trades.size() == MAX_TRADES) {
      trades.removeFirst();
    }
    if (!trade.hasBlock() || trades.isEmpty() || !trade.isBefore(trades.getLast())) {
      trades.addLast(trade);
      return;
    }
    Deque<ScaledTrade> later = new ArrayDeque<>();
    while (!trades.isEmpty() && trade.isBefore(trades.getLast())) {
      later.addFirst(trades.removeLast());
    }
    trades.addLast(trade);
    trades.addAll(later);
  }

  @Override
  protected void clear() {
    trades.clear();
    extras.clear();
  }

  @Override
  protected boolean fold(Event event) {
    if (!event.hasTrades()) {
      return false;
    }
    add(event.getTrades());
    return true;
  }

  @Override
  protected List<Event.Builder> payloads(int maxBytes) {
    ScaledParts<ScaledTrade> parts =
        new ScaledParts<>(this::message, priceScale, sizeScale, maxBytes);
    trades.forEach(parts::add);
    extras.all().entrySet().forEach(parts::add);
    return parts.end();
  }

  private Event.Builder message(
      List<ScaledTrade> part, Map<String, String> fields, int toPriceScale, int toSizeScale) {
    Trades.Builder message =
        Trades.newBuilder()
            .setInstrumentId(instrumentId)
            .setPriceScale(toPriceScale)
            .setSizeScale(toSizeScale)
            .setSnapshot(true)
            .putAllExtraFields(fields);
    part.forEach(one -> message.addTrades(one.at(toPriceScale, toSizeScale)));
    return Event.newBuilder().setTrades(message);
  }
}
