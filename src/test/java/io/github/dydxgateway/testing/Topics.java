package io.github.dydxgateway.testing;

import io.github.dydxgateway.v1.BlockHeightTopic;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.CandlesTopic;
import io.github.dydxgateway.v1.MarketsTopic;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.github.dydxgateway.v1.ParentSubaccountTopic;
import io.github.dydxgateway.v1.QuotesTopic;
import io.github.dydxgateway.v1.SubaccountTopic;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TradesTopic;

/** Topics by the venue's names. */
public final class Topics {
  private Topics() {}

  /** {@code BTC-USD-PERP.DYDX} of {@code BTC-USD}. */
  public static String canonical(String ticker) {
    return ticker + "-PERP.DYDX";
  }

  public static Topic trades(String ticker) {
    return Topic.newBuilder()
        .setTrades(TradesTopic.newBuilder().setInstrumentId(canonical(ticker)))
        .build();
  }

  public static Topic orderBook(String ticker) {
    return Topic.newBuilder()
        .setOrderBook(OrderBookTopic.newBuilder().setInstrumentId(canonical(ticker)))
        .build();
  }

  public static Topic rawOrderBook(String ticker) {
    return Topic.newBuilder()
        .setOrderBook(OrderBookTopic.newBuilder().setInstrumentId(canonical(ticker)).setRaw(true))
        .build();
  }

  public static Topic quotes(String ticker) {
    return Topic.newBuilder()
        .setQuotes(QuotesTopic.newBuilder().setInstrumentId(canonical(ticker)))
        .build();
  }

  public static Topic candles(String ticker, CandleResolution resolution) {
    return Topic.newBuilder()
        .setCandles(
            CandlesTopic.newBuilder().setInstrumentId(canonical(ticker)).setResolution(resolution))
        .build();
  }

  public static Topic markets() {
    return Topic.newBuilder().setMarkets(MarketsTopic.getDefaultInstance()).build();
  }

  public static Topic market(String ticker) {
    return Topic.newBuilder()
        .setMarkets(MarketsTopic.newBuilder().setInstrumentId(canonical(ticker)))
        .build();
  }

  public static Topic blockHeight() {
    return Topic.newBuilder().setBlockHeight(BlockHeightTopic.getDefaultInstance()).build();
  }

  public static Topic subaccount(String address, int number) {
    return Topic.newBuilder()
        .setSubaccount(SubaccountTopic.newBuilder().setAddress(address).setSubaccountNumber(number))
        .build();
  }

  public static Topic parentSubaccount(String address, int number) {
    return Topic.newBuilder()
        .setParentSubaccount(
            ParentSubaccountTopic.newBuilder().setAddress(address).setSubaccountNumber(number))
        .build();
  }
}
