package io.github.dydxgateway.chaos;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Quote;
import java.math.BigDecimal;
import java.util.List;

/** The best bid and ask: bid price and size, ask price and size. Not thread safe. */
final class QuoteContents implements TopicContents {
  private List<BigDecimal> quote = List.of();

  @Override
  public void joined() {}

  @Override
  public void gap() {}

  @Override
  public void snapshot(Event event) {
    Quote now = event.getQuote();
    quote =
        List.of(
            Decimals.of(now.getBidPrice(), now.getPriceScale()),
            Decimals.of(now.getBidSize(), now.getSizeScale()),
            Decimals.of(now.getAskPrice(), now.getPriceScale()),
            Decimals.of(now.getAskSize(), now.getSizeScale()));
  }

  @Override
  public void update(Event event) {
    snapshot(event);
  }

  @Override
  public List<BigDecimal> holds() {
    return quote;
  }
}
