package io.github.dydxgateway.testing;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.github.dydxgateway.v1.BlockHeight;
import io.github.dydxgateway.v1.Candle;
import io.github.dydxgateway.v1.Candles;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Gap;
import io.github.dydxgateway.v1.Instrument;
import io.github.dydxgateway.v1.MarketUpdate;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.Quote;
import io.github.dydxgateway.v1.RemovedInstrument;
import io.github.dydxgateway.v1.SubscriptionError;
import io.github.dydxgateway.v1.SubscriptionState;
import io.github.dydxgateway.v1.Trade;
import io.github.dydxgateway.v1.Trades;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Tells an event in one line, so that a test can say what a client gets. A number has as many
 * digits after the point as the message's scale says; sequences are left out.
 */
public final class EventText {
  private EventText() {}

  /** Such as {@code delta bids 27000.1=0.500 asks 27000.3=0.000}. */
  public static String of(Event event) {
    return switch (event.getPayloadCase()) {
      case SUBSCRIPTION_STATE -> state(event.getSubscriptionState());
      case SUBSCRIPTION_ERROR -> error(event.getSubscriptionError());
      case GAP -> gap(event.getGap());
      default -> payload(event);
    };
  }

  private static String state(SubscriptionState state) {
    String name = state.getState().name().substring("STATE_".length());
    return state.getReason().isEmpty() ? name : name + ": " + state.getReason();
  }

  private static String error(SubscriptionError error) {
    return "error "
        + error.getCode()
        + (error.getRetryable() ? " retryable: " : ": ")
        + error.getMessage();
  }

  private static String gap(Gap gap) {
    return "gap " + gap.getReason().name().substring("GAP_REASON_".length());
  }

  private static String payload(Event event) {
    return switch (event.getPayloadCase()) {
      case TRADES -> trades(event.getTrades());
      case ORDER_BOOK_SNAPSHOT ->
          "book"
              + levels(
                  event.getOrderBookSnapshot().getBidsList(),
                  event.getOrderBookSnapshot().getAsksList(),
                  event.getOrderBookSnapshot().getPriceScale(),
                  event.getOrderBookSnapshot().getSizeScale());
      case ORDER_BOOK_DELTA ->
          "delta"
              + levels(
                  event.getOrderBookDelta().getBidsList(),
                  event.getOrderBookDelta().getAsksList(),
                  event.getOrderBookDelta().getPriceScale(),
                  event.getOrderBookDelta().getSizeScale());
      case QUOTE -> quote(event.getQuote());
      case CANDLES -> candles(event.getCandles());
      case INSTRUMENTS ->
          (event.getInstruments().getSnapshot() ? "all instruments" : "instruments")
              + event.getInstruments().getRemovedList().stream()
                  .map(EventText::removed)
                  .collect(Collectors.joining())
              + event.getInstruments().getInstrumentsList().stream()
                  .map(EventText::instrument)
                  .collect(Collectors.joining());
      case MARKET_UPDATE -> marketUpdate(event.getMarketUpdate());
      case BLOCK_HEIGHT -> block(event.getBlockHeight());
      case SUBACCOUNT_SNAPSHOT -> "subaccount " + text(event.getSubaccountSnapshot());
      case SUBACCOUNT_UPDATE -> "change " + text(event.getSubaccountUpdate());
      default -> text(event);
    };
  }

  private static String removed(RemovedInstrument removed) {
    return " -"
        + removed.getInstrumentId()
        + (removed.getRenamedTo().isEmpty() ? "" : ">" + removed.getRenamedTo());
  }

  private static String trades(Trades trades) {
    StringBuilder text = new StringBuilder(trades.getSnapshot() ? "recent trades" : "trades");
    for (Trade trade : trades.getTradesList()) {
      text.append(' ')
          .append(trade.getTradeId())
          .append(':')
          .append(decimal(trade.getSize(), trades.getSizeScale()))
          .append('@')
          .append(decimal(trade.getPrice(), trades.getPriceScale()));
    }
    return text.toString();
  }

  private static String levels(
      List<PriceLevel> bids, List<PriceLevel> asks, int priceScale, int sizeScale) {
    StringBuilder text = new StringBuilder(" bids");
    bids.forEach(level -> text.append(' ').append(level(level, priceScale, sizeScale)));
    text.append(" asks");
    asks.forEach(level -> text.append(' ').append(level(level, priceScale, sizeScale)));
    return text.toString();
  }

  private static String level(PriceLevel level, int priceScale, int sizeScale) {
    return decimal(level.getPrice(), priceScale) + "=" + decimal(level.getSize(), sizeScale);
  }

  private static String quote(Quote quote) {
    return "quote "
        + decimal(quote.getBidSize(), quote.getSizeScale())
        + "@"
        + decimal(quote.getBidPrice(), quote.getPriceScale())
        + " "
        + decimal(quote.getAskSize(), quote.getSizeScale())
        + "@"
        + decimal(quote.getAskPrice(), quote.getPriceScale());
  }

  private static String candles(Candles candles) {
    StringBuilder text = new StringBuilder(candles.getSnapshot() ? "recent candles" : "candles");
    for (Candle candle : candles.getCandlesList()) {
      text.append(' ')
          .append(candle.getStartTimeNs() / 60_000_000_000L % 60)
          .append(candle.getIsFinal() ? "!" : "")
          .append(':')
          .append(decimal(candle.getOpen(), candles.getPriceScale()))
          .append('/')
          .append(decimal(candle.getHigh(), candles.getPriceScale()))
          .append('/')
          .append(decimal(candle.getLow(), candles.getPriceScale()))
          .append('/')
          .append(decimal(candle.getClose(), candles.getPriceScale()))
          .append('*')
          .append(decimal(candle.getBaseVolume(), candles.getSizeScale()));
    }
    return text.toString();
  }

  private static String instrument(Instrument instrument) {
    return " "
        + instrument.getTicker()
        + "("
        + instrument.getStatus().name().substring("INSTRUMENT_STATUS_".length())
        + instrument.getStatusRaw()
        + ",tick "
        + instrument.getTickSize()
        + ",step "
        + instrument.getStepSize()
        + ")";
  }

  private static String marketUpdate(MarketUpdate update) {
    return (update.getSnapshot() ? "market " : "market change ")
        + text(update.toBuilder().clearSnapshot().build());
  }

  private static String block(BlockHeight block) {
    return "block " + block.getHeight();
  }

  private static String text(Message message) {
    return TextFormat.printer().emittingSingleLine(true).printToString(message).trim();
  }

  /** As many digits after the point as the scale says. */
  public static String decimal(long unscaled, int scale) {
    return BigDecimal.valueOf(unscaled, scale).toPlainString();
  }
}
