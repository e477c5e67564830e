package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Divides records into messages, each with one scale for prices and one for sizes: usually one
 * message; several where a message would become too large, or where one record has so many digits
 * that others do not fit 64 bits at its scale.
 */
final class ScaledParts<R extends ScaledParts.ScaledRecord> {
  /** A record with the scales of the message that brought it. */
  interface ScaledRecord {
    int priceScale();

    int sizeScale();

    /** Prices, at their scale. */
    long[] prices();

    /** Size or volume, at its scale. */
    long amount();

    /** Most bytes that it takes in a message. */
    int bytes();
  }

  /** Makes a message of records, at scales that all of them fit. */
  interface Message<R> {
    Event.Builder of(List<R> records, Map<String, String> fields, int priceScale, int sizeScale);
  }

  private final Message<R> message;
  private final PartSize size;
  private final List<Event.Builder> events = new ArrayList<>(1);
  private final List<R> records = new ArrayList<>();
  private final Map<String, String> fields = new LinkedHashMap<>();
  private CommonScale price;
  private CommonScale amount;

  /**
   * @param priceScale of messages before their first record
   * @param sizeScale of messages before their first record
   * @param maxBytes a message is about so large at most, unless one record is larger
   */
  ScaledParts(Message<R> message, int priceScale, int sizeScale, int maxBytes) {
    this.message = message;
    this.size = new PartSize(maxBytes);
    begin(priceScale, sizeScale);
  }

  private void begin(int priceScale, int sizeScale) {
    price = new CommonScale(priceScale);
    amount = new CommonScale(sizeScale);
    size.begin(0);
  }

  void add(R record) {
    if (records.isEmpty()) {
      begin(record.priceScale(), record.sizeScale());
    }
    if (!price.fits(record.priceScale(), record.prices())
        || !amount.fits(record.sizeScale(), record.amount())
        || !size.add(record.bytes())) {
      end();
      begin(record.priceScale(), record.sizeScale());
      size.add(record.bytes());
    }
    price.add(record.priceScale(), record.prices());
    amount.add(record.sizeScale(), record.amount());
    records.add(record);
  }

  /** Adds a field that stands beside the records, after all of them. */
  void add(Map.Entry<String, String> field) {
    int bytes = ExtraFields.sizeOf(field);
    if (!size.add(bytes)) {
      end();
      begin(price.scale(), amount.scale());
      size.add(bytes);
    }
    fields.put(field.getKey(), field.getValue());
  }

  /** Ends the last message; all of them. */
  List<Event.Builder> end() {
    events.add(message.of(records, fields, price.scale(), amount.scale()));
    records.clear();
    fields.clear();
    return events;
  }
}
