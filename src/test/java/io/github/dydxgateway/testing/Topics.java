package io.github.dydxgateway.testing;

import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Topic;

/** Canonical topics, by the venue's names. */
public final class Topics {
  private Topics() {}

  /** {@code BTC-USD-PERP.DYDX} of {@code BTC-USD}. */
  public static String canonical(String ticker) {
    return ticker + "-PERP.DYDX";
  }

  public static Topic trades(String ticker) {
    return GatewayClient.trades(canonical(ticker));
  }

  public static Topic orderBook(String ticker) {
    return GatewayClient.book(canonical(ticker));
  }

  public static Topic rawOrderBook(String ticker) {
    return GatewayClient.rawBook(canonical(ticker));
  }

  public static Topic quotes(String ticker) {
    return GatewayClient.quotes(canonical(ticker));
  }

  public static Topic candles(String ticker, CandleResolution resolution) {
    return GatewayClient.candles(canonical(ticker), resolution);
  }

  public static Topic markets() {
    return GatewayClient.markets();
  }

  public static Topic market(String ticker) {
    return GatewayClient.markets(canonical(ticker));
  }

  public static Topic blockHeight() {
    return GatewayClient.blockHeight();
  }

  public static Topic subaccount(String address, int number) {
    return GatewayClient.subaccount(address, number);
  }

  public static Topic parentSubaccount(String address, int number) {
    return GatewayClient.parentSubaccount(address, number);
  }
}
