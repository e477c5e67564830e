package io.github.dydxgateway.testing;

import com.google.protobuf.TextFormat;
import io.github.dydxgateway.v1.Candle;
import io.github.dydxgateway.v1.Candles;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Instruments;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.Quote;
import io.github.dydxgateway.v1.SubaccountSnapshot;
import io.github.dydxgateway.v1.Trade;
import io.github.dydxgateway.v1.Trades;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the events of a snapshot hold, as text: equal for two snapshots of the same state, whatever
 * their division into events, their scales, and their order where it means nothing.
 */
public final class SnapshotContents {
  private final List<String> inOrder = new ArrayList<>();
  private final List<String> asks = new ArrayList<>();
  private final TreeSet<String> unordered = new TreeSet<>();
  private final Map<String, String> extras = new TreeMap<>();

  private SnapshotContents() {}

  /** Of the events that have a payload of a snapshot; the others are left out. */
  public static List<String> of(List<Event> events) {
    SnapshotContents contents = new SnapshotContents();
    events.forEach(contents::add);
    List<String> lines = new ArrayList<>(contents.inOrder);
    lines.addAll(contents.asks);
    lines.addAll(contents.unordered);
    contents.extras.forEach((name, json) -> lines.add("extra " + name + " " + json));
    return lines;
  }

  private void add(Event event) {
    switch (event.getPayloadCase()) {
      case TRADES -> add(event.getTrades());
      case ORDER_BOOK_SNAPSHOT -> add(event.getOrderBookSnapshot());
      case QUOTE -> add(event.getQuote());
      case CANDLES -> add(event.getCandles());
      case INSTRUMENTS -> add(event.getInstruments());
      case MARKET_UPDATE -> unordered.add("market " + text(event.getMarketUpdate()));
      case BLOCK_HEIGHT -> inOrder.add("block " + text(event.getBlockHeight()));
      case SUBACCOUNT_SNAPSHOT -> add("", event.getSubaccountSnapshot());
      default -> {}
    }
  }

  private static String text(com.google.protobuf.MessageOrBuilder message) {
    return TextFormat.printer().emittingSingleLine(true).printToString(message);
  }

  private static String decimal(long unscaled, int scale) {
    return BigDecimal.valueOf(unscaled, scale).stripTrailingZeros().toPlainString();
  }

  private void add(Trades trades) {
    unordered.add("trades of " + trades.getInstrumentId() + " " + trades.getSnapshot());
    for (Trade trade : trades.getTradesList()) {
      inOrder.add(
          "trade %s at %s: %s"
              .formatted(
                  decimal(trade.getSize(), trades.getSizeScale()),
                  decimal(trade.getPrice(), trades.getPriceScale()),
                  text(trade.toBuilder().clearPrice().clearSize())));
    }
    extras.putAll(trades.getExtraFieldsMap());
  }

  private void add(OrderBookSnapshot book) {
    unordered.add("book of " + book.getInstrumentId());
    book.getBidsList().forEach(level -> inOrder.add("bid " + text(level, book)));
    book.getAsksList().forEach(level -> asks.add("ask " + text(level, book)));
    extras.putAll(book.getExtraFieldsMap());
  }

  private static String text(PriceLevel level, OrderBookSnapshot book) {
    return decimal(level.getSize(), book.getSizeScale())
        + " at "
        + decimal(level.getPrice(), book.getPriceScale())
        + " "
        + new TreeMap<>(level.getExtraFieldsMap());
  }

  private void add(Quote quote) {
    inOrder.add(
        "quote of %s bid %s at %s ask %s at %s"
            .formatted(
                quote.getInstrumentId(),
                decimal(quote.getBidSize(), quote.getSizeScale()),
                decimal(quote.getBidPrice(), quote.getPriceScale()),
                decimal(quote.getAskSize(), quote.getSizeScale()),
                decimal(quote.getAskPrice(), quote.getPriceScale())));
  }

  private void add(Candles candles) {
    unordered.add(
        "candles of %s %s %s"
            .formatted(candles.getInstrumentId(), candles.getResolution(), candles.getSnapshot()));
    for (Candle candle : candles.getCandlesList()) {
      inOrder.add(
          "candle %s %s %s %s volume %s: %s"
              .formatted(
                  decimal(candle.getOpen(), candles.getPriceScale()),
                  decimal(candle.getHigh(), candles.getPriceScale()),
                  decimal(candle.getLow(), candles.getPriceScale()),
                  decimal(candle.getClose(), candles.getPriceScale()),
                  decimal(candle.getBaseVolume(), candles.getSizeScale()),
                  text(
                      candle.toBuilder()
                          .clearOpen()
                          .clearHigh()
                          .clearLow()
                          .clearClose()
                          .clearBaseVolume())));
    }
    extras.putAll(candles.getExtraFieldsMap());
  }

  private void add(Instruments instruments) {
    unordered.add("instruments " + instruments.getSnapshot());
    instruments.getInstrumentsList().forEach(one -> unordered.add("instrument " + text(one)));
    instruments.getRemovedList().forEach(one -> unordered.add("removed " + text(one)));
    extras.putAll(instruments.getExtraFieldsMap());
  }

  private void add(String of, SubaccountSnapshot account) {
    String name = of + "/" + account.getSubaccountNumber();
    SubaccountSnapshot header =
        account.toBuilder()
            .clearPositions()
            .clearBalances()
            .clearOrders()
            .clearChildren()
            .clearExtraFields()
            .build();
    SubaccountSnapshot identity =
        SubaccountSnapshot.newBuilder()
            .setAddress(account.getAddress())
            .setSubaccountNumber(account.getSubaccountNumber())
            .setAccountId(account.getAccountId())
            .build();
    String known = name + " account ";
    if (!header.equals(identity) || unordered.stream().noneMatch(one -> one.startsWith(known))) {
      unordered.add(known + text(header));
    }
    account.getPositionsList().forEach(one -> unordered.add(name + " position " + text(one)));
    account.getBalancesList().forEach(one -> unordered.add(name + " balance " + text(one)));
    account.getOrdersList().forEach(one -> unordered.add(name + " order " + text(one)));
    account.getChildrenList().forEach(child -> add(name, child));
    account.getExtraFieldsMap().forEach((field, json) -> extras.put(name + " " + field, json));
  }
}
