package io.github.dydxgateway.feed;

import com.google.protobuf.CodedOutputStream;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.EventPayload;
import io.github.dydxgateway.stream.state.FixedPoint;
import io.github.dydxgateway.stream.state.QuotesState;
import io.github.dydxgateway.stream.state.TopicState;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Quote;
import java.io.IOException;

/**
 * A Quote, at the scales of its message. Immutable.
 *
 * @param bidSize 0: there is no bid
 * @param askSize 0: there is no ask
 */
record QuotePayload(
    InstrumentId instrument,
    int priceScale,
    int sizeScale,
    long bidPrice,
    long bidSize,
    long askPrice,
    long askSize)
    implements EventPayload {

  /** Whether both have the same prices and sizes, whatever their scales. */
  boolean saysTheSameAs(QuotePayload other) {
    int price = Math.max(priceScale, other.priceScale);
    int size = Math.max(sizeScale, other.sizeScale);
    return areSame(bidPrice, priceScale, other.bidPrice, other.priceScale, price)
        && areSame(askPrice, priceScale, other.askPrice, other.priceScale, price)
        && areSame(bidSize, sizeScale, other.bidSize, other.sizeScale, size)
        && areSame(askSize, sizeScale, other.askSize, other.sizeScale, size);
  }

  boolean hasScalesOf(QuotePayload other) {
    return priceScale == other.priceScale && sizeScale == other.sizeScale;
  }

  /** A value that does not fit at the larger scale differs from one that has it. */
  private static boolean areSame(long one, int oneScale, long other, int otherScale, int scale) {
    return FixedPoint.rescale(one, oneScale, scale) == FixedPoint.rescale(other, otherScale, scale);
  }

  /** As object, for snapshots. */
  Quote message() {
    return Quote.newBuilder()
        .setInstrumentId(instrument.canonical())
        .setPriceScale(priceScale)
        .setSizeScale(sizeScale)
        .setBidPrice(bidPrice)
        .setBidSize(bidSize)
        .setAskPrice(askPrice)
        .setAskSize(askSize)
        .build();
  }

  @Override
  public void applyTo(TopicState state, long receiveTimeNs) {
    ((QuotesState) state)
        .set(
            instrument.canonical(),
            priceScale,
            sizeScale,
            bidPrice,
            bidSize,
            askPrice,
            askSize,
            receiveTimeNs);
  }

  @Override
  public int serializedSize() {
    return MessageFields.sizeOfMessage(Event.QUOTE_FIELD_NUMBER, sizeOfQuote());
  }

  private int sizeOfQuote() {
    return MessageFields.sizeOfBytes(Quote.INSTRUMENT_ID_FIELD_NUMBER, instrument.canonicalUtf8())
        + MessageFields.sizeOfUint32(Quote.PRICE_SCALE_FIELD_NUMBER, priceScale)
        + MessageFields.sizeOfUint32(Quote.SIZE_SCALE_FIELD_NUMBER, sizeScale)
        + MessageFields.sizeOfSint64(Quote.BID_PRICE_FIELD_NUMBER, bidPrice)
        + MessageFields.sizeOfSint64(Quote.BID_SIZE_FIELD_NUMBER, bidSize)
        + MessageFields.sizeOfSint64(Quote.ASK_PRICE_FIELD_NUMBER, askPrice)
        + MessageFields.sizeOfSint64(Quote.ASK_SIZE_FIELD_NUMBER, askSize);
  }

  @Override
  public void writeTo(CodedOutputStream out) throws IOException {
    MessageFields.beginMessage(out, Event.QUOTE_FIELD_NUMBER, sizeOfQuote());
    MessageFields.writeBytes(out, Quote.INSTRUMENT_ID_FIELD_NUMBER, instrument.canonicalUtf8());
    MessageFields.writeUint32(out, Quote.PRICE_SCALE_FIELD_NUMBER, priceScale);
    MessageFields.writeUint32(out, Quote.SIZE_SCALE_FIELD_NUMBER, sizeScale);
    MessageFields.writeSint64(out, Quote.BID_PRICE_FIELD_NUMBER, bidPrice);
    MessageFields.writeSint64(out, Quote.BID_SIZE_FIELD_NUMBER, bidSize);
    MessageFields.writeSint64(out, Quote.ASK_PRICE_FIELD_NUMBER, askPrice);
    MessageFields.writeSint64(out, Quote.ASK_SIZE_FIELD_NUMBER, askSize);
  }
}
