package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Quote;
import java.util.List;

/** The last best bid and ask of an instrument. */
public final class QuotesState extends TopicState {
  private String instrumentId = "";
  private int priceScale;
  private int sizeScale;
  private long bidPrice;
  private long bidSize;
  private long askPrice;
  private long askSize;

  QuotesState() {}

  /**
   * Sets the last quote; as {@link Quote}, without an object for it.
   *
   * @param newBidSize 0: there is no bid
   * @param newAskSize 0: there is no ask
   * @param receiveTimeNs when its frame arrived, nanoseconds since the Unix epoch
   */
  public void set(
      String instrument,
      int newPriceScale,
      int newSizeScale,
      long newBidPrice,
      long newBidSize,
      long newAskPrice,
      long newAskSize,
      long receiveTimeNs) {
    set(instrument, newPriceScale, newSizeScale, newBidPrice, newBidSize, newAskPrice, newAskSize);
    applied(receiveTimeNs);
  }

  private void set(
      String instrument,
      int newPriceScale,
      int newSizeScale,
      long newBidPrice,
      long newBidSize,
      long newAskPrice,
      long newAskSize) {
    instrumentId = instrument;
    priceScale = newPriceScale;
    sizeScale = newSizeScale;
    bidPrice = newBidPrice;
    bidSize = newBidSize;
    askPrice = newAskPrice;
    askSize = newAskSize;
  }

  @Override
  protected void clear() {
    set("", 0, 0, 0, 0, 0, 0);
  }

  @Override
  protected boolean fold(Event event) {
    if (!event.hasQuote()) {
      return false;
    }
    Quote quote = event.getQuote();
    set(
        quote.getInstrumentId(),
        quote.getPriceScale(),
        quote.getSizeScale(),
        quote.getBidPrice(),
        quote.getBidSize(),
        quote.getAskPrice(),
        quote.getAskSize());
    return true;
  }

  @Override
  protected List<Event.Builder> payloads(int maxBytes) {
    return List.of(
        Event.newBuilder()
            .setQuote(
                Quote.newBuilder()
                    .setInstrumentId(instrumentId)
                    .setPriceScale(priceScale)
                    .setSizeScale(sizeScale)
                    .setBidPrice(bidPrice)
                    .setBidSize(bidSize)
                    .setAskPrice(askPrice)
                    .setAskSize(askSize)));
  }
}
