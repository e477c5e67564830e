package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Trade;
import io.github.dydxgateway.v1.Trades;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
  private record ScaledTrade(Trade trade, int priceScale, int sizeScale) {
    boolean hasBlock() {
      return trade.getBlockHeight() != 0;
    }

    boolean isBefore(ScaledTrade other) {
      return trade.getBlockHeight() < other.trade.getBlockHeight();
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
  void clear() {
    trades.clear();
    extras.clear();
  }

  @Override
  boolean fold(Event event) {
    if (!event.hasTrades()) {
      return false;
    }
    add(event.getTrades());
    return true;
  }

  @Override
  List<Event.Builder> payloads(int maxBytes) {
    Parts parts = new Parts(maxBytes);
    trades.forEach(parts::add);
    extras.all().entrySet().forEach(parts::add);
    return parts.end();
  }

  /** The messages of a snapshot. */
  private final class Parts {
    private final List<Event.Builder> events = new ArrayList<>(1);
    private final List<ScaledTrade> together = new ArrayList<>(trades.size());
    private final PartSize size;
    private Trades.Builder message;
    private CommonScale price;
    private CommonScale amount;

    Parts(int maxBytes) {
      size = new PartSize(maxBytes);
      begin(
          trades.isEmpty() ? priceScale : trades.getFirst().priceScale,
          trades.isEmpty() ? sizeScale : trades.getFirst().sizeScale);
    }

    private void begin(int ofPrice, int ofSize) {
      message = Trades.newBuilder().setInstrumentId(instrumentId).setSnapshot(true);
      price = new CommonScale(ofPrice);
      amount = new CommonScale(ofSize);
      size.begin(instrumentId.length());
    }

    void add(ScaledTrade one) {
      if (!price.fits(one.priceScale, one.trade.getPrice())
          || !amount.fits(one.sizeScale, one.trade.getSize())
          || !size.add(PartSize.of(one.trade))) {
        flush();
        begin(one.priceScale, one.sizeScale);
        size.add(PartSize.of(one.trade));
      }
      price.add(one.priceScale, one.trade.getPrice());
      amount.add(one.sizeScale, one.trade.getSize());
      together.add(one);
    }

    void add(Map.Entry<String, String> field) {
      int bytes = ExtraFields.sizeOf(field);
      if (!size.add(bytes)) {
        flush();
        begin(price.scale(), amount.scale());
        size.add(bytes);
      }
      message.putExtraFields(field.getKey(), field.getValue());
    }

    private void flush() {
      message.setPriceScale(price.scale()).setSizeScale(amount.scale());
      for (ScaledTrade one : together) {
        message.addTrades(scaled(one));
      }
      together.clear();
      events.add(Event.newBuilder().setTrades(message));
    }

    private Trade scaled(ScaledTrade one) {
      return one.priceScale == price.scale() && one.sizeScale == amount.scale()
          ? one.trade
          : one.trade.toBuilder()
              .setPrice(FixedPoint.rescale(one.trade.getPrice(), one.priceScale, price.scale()))
              .setSize(FixedPoint.rescale(one.trade.getSize(), one.sizeScale, amount.scale()))
              .build();
    }

    List<Event.Builder> end() {
      flush();
      return events;
    }
  }
}
