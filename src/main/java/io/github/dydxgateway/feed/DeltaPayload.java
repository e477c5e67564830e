package io.github.dydxgateway.feed;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.EventPayload;
import io.github.dydxgateway.stream.state.OrderBookState;
import io.github.dydxgateway.stream.state.TopicState;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.OrderBookDelta;
import java.io.IOException;
import java.util.Map;

/** An OrderBookDelta. Filled anew for each event: book updates are most of the traffic. */
final class DeltaPayload implements EventPayload {
  private final DeltaLevels bids = new DeltaLevels(OrderBookDelta.BIDS_FIELD_NUMBER);
  private final DeltaLevels asks = new DeltaLevels(OrderBookDelta.ASKS_FIELD_NUMBER);
  private ByteString instrumentId = ByteString.EMPTY;
  private int priceScale;
  private int sizeScale;
  private Map<String, String> extras = Map.of();
  private int size;

  /**
   * Begins another, without levels.
   *
   * @param newExtras what came beside the levels
   */
  void begin(
      InstrumentId instrument, int newPriceScale, int newSizeScale, Map<String, String> newExtras) {
    extras = newExtras;
    instrumentId = instrument.canonicalUtf8();
    priceScale = newPriceScale;
    sizeScale = newSizeScale;
    bids.clear();
    asks.clear();
  }

  /** Changed bids, to be added from the highest down. */
  DeltaLevels bids() {
    return bids;
  }

  /** Changed asks, to be added from the lowest up. */
  DeltaLevels asks() {
    return asks;
  }

  boolean isEmpty() {
    return bids.isEmpty() && asks.isEmpty() && extras.isEmpty();
  }

  @Override
  public void applyTo(TopicState state, long receiveTimeNs) {
    OrderBookState book = (OrderBookState) state;
    book.beginDelta(priceScale, sizeScale);
    for (int i = 0; i < bids.count(); i++) {
      book.setBid(bids.price(i), bids.size(i), bids.extras(i));
    }
    for (int i = 0; i < asks.count(); i++) {
      book.setAsk(asks.price(i), asks.size(i), asks.extras(i));
    }
    book.putExtras(extras);
    book.end(receiveTimeNs);
  }

  @Override
  public int serializedSize() {
    size =
        MessageFields.sizeOfBytes(OrderBookDelta.INSTRUMENT_ID_FIELD_NUMBER, instrumentId)
            + MessageFields.sizeOfUint32(OrderBookDelta.PRICE_SCALE_FIELD_NUMBER, priceScale)
            + MessageFields.sizeOfUint32(OrderBookDelta.SIZE_SCALE_FIELD_NUMBER, sizeScale)
            + bids.serializedSize()
            + asks.serializedSize()
            + MessageFields.sizeOfMap(OrderBookDelta.EXTRA_FIELDS_FIELD_NUMBER, extras);
    return MessageFields.sizeOfMessage(Event.ORDER_BOOK_DELTA_FIELD_NUMBER, size);
  }

  @Override
  public void writeTo(CodedOutputStream out) throws IOException {
    MessageFields.beginMessage(out, Event.ORDER_BOOK_DELTA_FIELD_NUMBER, size);
    MessageFields.writeBytes(out, OrderBookDelta.INSTRUMENT_ID_FIELD_NUMBER, instrumentId);
    MessageFields.writeUint32(out, OrderBookDelta.PRICE_SCALE_FIELD_NUMBER, priceScale);
    MessageFields.writeUint32(out, OrderBookDelta.SIZE_SCALE_FIELD_NUMBER, sizeScale);
    bids.writeTo(out);
    asks.writeTo(out);
    MessageFields.writeMap(out, OrderBookDelta.EXTRA_FIELDS_FIELD_NUMBER, extras);
  }
}
