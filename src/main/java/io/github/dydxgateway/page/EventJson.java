package io.github.dydxgateway.page;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.dydxgateway.stream.EventBatch;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.v1.Candle;
import io.github.dydxgateway.v1.Candles;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.Quote;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.Trade;
import io.github.dydxgateway.v1.Trades;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Events as the page's script reads them: the contract's names, enums without their prefix, the
 * lists of a snapshot cut to what a screen holds. Prices and sizes stay exact integers, as text,
 * beside their scales. An event of any other topic, an account's above all, is refused.
 */
final class EventJson {
  /** Trades of a snapshot that are worth showing. */
  static final int MOST_TRADES = 100;

  /** Candles of a snapshot that fit on a wide screen. */
  static final int MOST_CANDLES = 400;

  private EventJson() {}

  /**
   * The events of a message, each by itself.
   *
   * @throws IllegalArgumentException if the message is none of the contract, or holds an event that
   *     the page does not show
   */
  static List<byte[]> of(EventBatch message) {
    try {
      return SubscribeResponse.parseFrom(message.toByteArray()).getEventsList().stream()
          .map(EventJson::of)
          .toList();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a response message of the contract", e);
    }
  }

  private static byte[] of(Event event) {
    return JsonBytes.write(
        json -> {
          json.writeStartObject();
          JsonBytes.unsigned(json, "sequence", event.getSequence());
          JsonBytes.unsigned(json, "receive_time_ns", event.getReceiveTimeNs());
          if (event.hasSnapshotInfo()) {
            JsonBytes.unsigned(json, "as_of_sequence", event.getSnapshotInfo().getAsOfSequence());
            json.writeBooleanField("snapshot_last", event.getSnapshotInfo().getLast());
          }
          if (event.hasTopic()) {
            json.writeStringField("topic", kindOf(event.getTopic()));
          }
          writePayload(json, event);
          json.writeEndObject();
        });
  }

  /** The end of a stream that can't go on. */
  static byte[] of(TopicFailure failure) {
    return JsonBytes.write(
        json -> {
          json.writeStartObject();
          json.writeObjectFieldStart("failure");
          json.writeNumberField("code", failure.code());
          json.writeStringField("message", failure.message());
          json.writeBooleanField("retryable", failure.retryable());
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  private static String kindOf(Topic topic) {
    return topic.getKindCase().name().toLowerCase(Locale.ROOT);
  }

  private static void writePayload(JsonGenerator json, Event event) throws IOException {
    switch (event.getPayloadCase()) {
      case STREAM_OPENED -> {
        json.writeObjectFieldStart("stream_opened");
        json.writeStringField("epoch", event.getStreamOpened().getEpoch());
        json.writeStringField("gateway_version", event.getStreamOpened().getGatewayVersion());
        json.writeStringField("network", event.getStreamOpened().getNetwork());
        json.writeEndObject();
      }
      case HEARTBEAT -> {
        json.writeObjectFieldStart("heartbeat");
        json.writeEndObject();
      }
      case SUBSCRIPTION_STATE -> {
        json.writeObjectFieldStart("subscription_state");
        json.writeStringField(
            "state", without("STATE_", event.getSubscriptionState().getState().name()));
        json.writeStringField("reason", event.getSubscriptionState().getReason());
        json.writeEndObject();
      }
      case SUBSCRIPTION_ERROR -> {
        json.writeObjectFieldStart("subscription_error");
        json.writeNumberField("code", event.getSubscriptionError().getCode());
        json.writeStringField("message", event.getSubscriptionError().getMessage());
        json.writeBooleanField("retryable", event.getSubscriptionError().getRetryable());
        json.writeEndObject();
      }
      case GAP -> {
        json.writeObjectFieldStart("gap");
        JsonBytes.unsigned(
            json, "first_missing_sequence", event.getGap().getFirstMissingSequence());
        JsonBytes.unsigned(json, "last_missing_sequence", event.getGap().getLastMissingSequence());
        json.writeStringField("reason", without("GAP_REASON_", event.getGap().getReason().name()));
        json.writeEndObject();
      }
      case TRADES -> write(json, event.getTrades());
      case ORDER_BOOK_SNAPSHOT -> write(json, event.getOrderBookSnapshot());
      case ORDER_BOOK_DELTA -> write(json, event.getOrderBookDelta());
      case QUOTE -> write(json, event.getQuote());
      case CANDLES -> write(json, event.getCandles());
      default ->
          throw new IllegalArgumentException(
              "the page does not show " + event.getPayloadCase() + " events");
    }
  }

  private static void write(JsonGenerator json, Trades trades) throws IOException {
    startMarketData(json, "trades", trades.getPriceScale(), trades.getSizeScale());
    json.writeBooleanField("snapshot", trades.getSnapshot());
    json.writeArrayFieldStart("trades");
    for (Trade trade : newest(trades.getTradesList(), trades.getSnapshot(), MOST_TRADES)) {
      json.writeStartObject();
      json.writeStringField("trade_id", trade.getTradeId());
      json.writeStringField("side", without("SIDE_", trade.getSide().name()));
      JsonBytes.signed(json, "price", trade.getPrice());
      JsonBytes.signed(json, "size", trade.getSize());
      JsonBytes.unsigned(json, "event_time_ns", trade.getEventTimeNs());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, OrderBookSnapshot book) throws IOException {
    startMarketData(json, "order_book_snapshot", book.getPriceScale(), book.getSizeScale());
    writeLevels(json, "bids", book.getBidsList());
    writeLevels(json, "asks", book.getAsksList());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, OrderBookDelta book) throws IOException {
    startMarketData(json, "order_book_delta", book.getPriceScale(), book.getSizeScale());
    writeLevels(json, "bids", book.getBidsList());
    writeLevels(json, "asks", book.getAsksList());
    json.writeEndObject();
  }

  /** Each level as price and size. */
  private static void writeLevels(JsonGenerator json, String name, List<PriceLevel> levels)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (PriceLevel level : levels) {
      json.writeStartArray();
      json.writeString(Long.toString(level.getPrice()));
      json.writeString(Long.toString(level.getSize()));
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, Quote quote) throws IOException {
    startMarketData(json, "quote", quote.getPriceScale(), quote.getSizeScale());
    JsonBytes.signed(json, "bid_price", quote.getBidPrice());
    JsonBytes.signed(json, "bid_size", quote.getBidSize());
    JsonBytes.signed(json, "ask_price", quote.getAskPrice());
    JsonBytes.signed(json, "ask_size", quote.getAskSize());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Candles candles) throws IOException {
    startMarketData(json, "candles", candles.getPriceScale(), candles.getSizeScale());
    json.writeBooleanField("snapshot", candles.getSnapshot());
    json.writeArrayFieldStart("candles");
    for (Candle candle : newest(candles.getCandlesList(), candles.getSnapshot(), MOST_CANDLES)) {
      json.writeStartObject();
      JsonBytes.unsigned(json, "start_time_ns", candle.getStartTimeNs());
      JsonBytes.signed(json, "open", candle.getOpen());
      JsonBytes.signed(json, "high", candle.getHigh());
      JsonBytes.signed(json, "low", candle.getLow());
      JsonBytes.signed(json, "close", candle.getClose());
      JsonBytes.signed(json, "base_volume", candle.getBaseVolume());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void startMarketData(
      JsonGenerator json, String name, int priceScale, int sizeScale) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("price_scale", priceScale);
    json.writeNumberField("size_scale", sizeScale);
  }

  private static <T> List<T> newest(List<T> oldestFirst, boolean snapshot, int most) {
    int size = oldestFirst.size();
    return snapshot && size > most ? oldestFirst.subList(size - most, size) : oldestFirst;
  }

  static String without(String prefix, String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }
}
