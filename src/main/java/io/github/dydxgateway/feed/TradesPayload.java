package io.github.dydxgateway.feed;

import com.google.protobuf.CodedOutputStream;
import io.github.dydxgateway.indexer.IndexerTrade;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.EventPayload;
import io.github.dydxgateway.stream.state.TopicState;
import io.github.dydxgateway.stream.state.TradesState;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Trade;
import io.github.dydxgateway.v1.Trades;
import java.io.IOException;
import java.util.List;

/** A Trades message. The trades must not change. */
final class TradesPayload implements EventPayload {
  private final InstrumentId instrument;
  private final List<IndexerTrade> trades;
  private final CommonScale price;
  private final CommonScale size;
  private final int[] tradeSizes;
  private int messageSize;

  /**
   * @param price scale of all prices
   * @param size scale of all sizes
   */
  TradesPayload(
      InstrumentId instrument, List<IndexerTrade> trades, CommonScale price, CommonScale size) {
    this.instrument = instrument;
    this.trades = trades;
    this.price = price;
    this.size = size;
    this.tradeSizes = new int[trades.size()];
  }

  /** Number of trades. */
  int count() {
    return trades.size();
  }

  /** As object, which only a snapshot is. */
  Trades message(boolean snapshot) {
    Trades.Builder message =
        Trades.newBuilder()
            .setInstrumentId(instrument.canonical())
            .setPriceScale(price.scale())
            .setSizeScale(size.scale())
            .setSnapshot(snapshot);
    for (IndexerTrade trade : trades) {
      int side = VenueEnums.side(trade.side()).getNumber();
      int type = VenueEnums.tradeType(trade.type()).getNumber();
      message
          .addTradesBuilder()
          .setTradeId(idOf(trade))
          .setSideValue(side)
          .setPrice(price.scaled(trade.price()))
          .setSize(size.scaled(trade.size()))
          .setTypeValue(type)
          .setEventTimeNs(trade.createdAtNs())
          .setBlockHeight(trade.createdAtHeight())
          .setTypeRaw(VenueEnums.rawOf(type, trade.type()))
          .setSideRaw(VenueEnums.rawOf(side, trade.side()))
          .putAllExtraFields(trade.unknownFields().jsonByName());
    }
    return message.build();
  }

  private static String idOf(IndexerTrade trade) {
    return trade.id() == null ? "" : trade.id();
  }

  @Override
  public void applyTo(TopicState state, long receiveTimeNs) {
    ((TradesState) state).add(message(false), receiveTimeNs);
  }

  @Override
  public int serializedSize() {
    messageSize =
        MessageFields.sizeOfBytes(Trades.INSTRUMENT_ID_FIELD_NUMBER, instrument.canonicalUtf8())
            + MessageFields.sizeOfUint32(Trades.PRICE_SCALE_FIELD_NUMBER, price.scale())
            + MessageFields.sizeOfUint32(Trades.SIZE_SCALE_FIELD_NUMBER, size.scale());
    for (int i = 0; i < tradeSizes.length; i++) {
      tradeSizes[i] = sizeOf(trades.get(i));
      messageSize += MessageFields.sizeOfMessage(Trades.TRADES_FIELD_NUMBER, tradeSizes[i]);
    }
    return MessageFields.sizeOfMessage(Event.TRADES_FIELD_NUMBER, messageSize);
  }

  private int sizeOf(IndexerTrade trade) {
    int side = VenueEnums.side(trade.side()).getNumber();
    int type = VenueEnums.tradeType(trade.type()).getNumber();
    return MessageFields.sizeOfString(Trade.TRADE_ID_FIELD_NUMBER, idOf(trade))
        + MessageFields.sizeOfEnum(Trade.SIDE_FIELD_NUMBER, side)
        + MessageFields.sizeOfSint64(Trade.PRICE_FIELD_NUMBER, price.scaled(trade.price()))
        + MessageFields.sizeOfSint64(Trade.SIZE_FIELD_NUMBER, size.scaled(trade.size()))
        + MessageFields.sizeOfEnum(Trade.TYPE_FIELD_NUMBER, type)
        + MessageFields.sizeOfFixed64(Trade.EVENT_TIME_NS_FIELD_NUMBER, trade.createdAtNs())
        + MessageFields.sizeOfUint64(Trade.BLOCK_HEIGHT_FIELD_NUMBER, trade.createdAtHeight())
        + MessageFields.sizeOfString(
            Trade.TYPE_RAW_FIELD_NUMBER, VenueEnums.rawOf(type, trade.type()))
        + MessageFields.sizeOfString(
            Trade.SIDE_RAW_FIELD_NUMBER, VenueEnums.rawOf(side, trade.side()))
        + MessageFields.sizeOfMap(
            Trade.EXTRA_FIELDS_FIELD_NUMBER, trade.unknownFields().jsonByName());
  }

  @Override
  public void writeTo(CodedOutputStream out) throws IOException {
    MessageFields.beginMessage(out, Event.TRADES_FIELD_NUMBER, messageSize);
    MessageFields.writeBytes(out, Trades.INSTRUMENT_ID_FIELD_NUMBER, instrument.canonicalUtf8());
    MessageFields.writeUint32(out, Trades.PRICE_SCALE_FIELD_NUMBER, price.scale());
    MessageFields.writeUint32(out, Trades.SIZE_SCALE_FIELD_NUMBER, size.scale());
    for (int i = 0; i < tradeSizes.length; i++) {
      MessageFields.beginMessage(out, Trades.TRADES_FIELD_NUMBER, tradeSizes[i]);
      write(out, trades.get(i));
    }
  }

  private void write(CodedOutputStream out, IndexerTrade trade) throws IOException {
    int side = VenueEnums.side(trade.side()).getNumber();
    int type = VenueEnums.tradeType(trade.type()).getNumber();
    MessageFields.writeString(out, Trade.TRADE_ID_FIELD_NUMBER, idOf(trade));
    MessageFields.writeEnum(out, Trade.SIDE_FIELD_NUMBER, side);
    MessageFields.writeSint64(out, Trade.PRICE_FIELD_NUMBER, price.scaled(trade.price()));
    MessageFields.writeSint64(out, Trade.SIZE_FIELD_NUMBER, size.scaled(trade.size()));
    MessageFields.writeEnum(out, Trade.TYPE_FIELD_NUMBER, type);
    MessageFields.writeFixed64(out, Trade.EVENT_TIME_NS_FIELD_NUMBER, trade.createdAtNs());
    MessageFields.writeUint64(out, Trade.BLOCK_HEIGHT_FIELD_NUMBER, trade.createdAtHeight());
    MessageFields.writeString(
        out, Trade.TYPE_RAW_FIELD_NUMBER, VenueEnums.rawOf(type, trade.type()));
    MessageFields.writeString(
        out, Trade.SIDE_RAW_FIELD_NUMBER, VenueEnums.rawOf(side, trade.side()));
    MessageFields.writeMap(
        out, Trade.EXTRA_FIELDS_FIELD_NUMBER, trade.unknownFields().jsonByName());
  }
}
