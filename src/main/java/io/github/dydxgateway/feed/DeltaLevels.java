package io.github.dydxgateway.feed;

import com.google.protobuf.CodedOutputStream;
import io.github.dydxgateway.indexer.UnknownFields;
import io.github.dydxgateway.v1.PriceLevel;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** The levels of one side of a delta, at its scales, best first. Filled anew for each delta. */
final class DeltaLevels {
  private final int field;
  private long[] prices = new long[16];
  private long[] sizes = new long[16];

  /** By level; null where no level has any. */
  private UnknownFields[] extras;

  private int count;

  /**
   * @param field of {@link io.github.dydxgateway.v1.OrderBookDelta} that holds them
   */
  DeltaLevels(int field) {
    this.field = field;
  }

  void clear() {
    count = 0;
    extras = null;
  }

  /** Adds fields to the last level. */
  void addExtras(UnknownFields fields) {
    if (extras == null) {
      extras = new UnknownFields[prices.length];
    } else if (extras.length < count) {
      extras = Arrays.copyOf(extras, prices.length);
    }
    extras[count - 1] = fields;
  }

  /** Unknown fields of a level, name to JSON text. */
  Map<String, String> extras(int index) {
    return extras == null || index >= extras.length || extras[index] == null
        ? Map.of()
        : extras[index].jsonByName();
  }

  void add(long price, long size) {
    if (count == prices.length) {
      prices = Arrays.copyOf(prices, count * 2);
      sizes = Arrays.copyOf(sizes, count * 2);
    }
    prices[count] = price;
    sizes[count] = size;
    count++;
  }

  int count() {
    return count;
  }

  long price(int index) {
    return prices[index];
  }

  long size(int index) {
    return sizes[index];
  }

  boolean isEmpty() {
    return count == 0;
  }

  int serializedSize() {
    int size = 0;
    for (int i = 0; i < count; i++) {
      size += MessageFields.sizeOfMessage(field, sizeOfLevel(i));
    }
    return size;
  }

  void writeTo(CodedOutputStream out) throws IOException {
    for (int i = 0; i < count; i++) {
      MessageFields.beginMessage(out, field, sizeOfLevel(i));
      MessageFields.writeSint64(out, PriceLevel.PRICE_FIELD_NUMBER, prices[i]);
      MessageFields.writeSint64(out, PriceLevel.SIZE_FIELD_NUMBER, sizes[i]);
      if (extras != null) {
        MessageFields.writeMap(out, PriceLevel.EXTRA_FIELDS_FIELD_NUMBER, extras(i));
      }
    }
  }

  private int sizeOfLevel(int index) {
    return MessageFields.sizeOfSint64(PriceLevel.PRICE_FIELD_NUMBER, prices[index])
        + MessageFields.sizeOfSint64(PriceLevel.SIZE_FIELD_NUMBER, sizes[index])
        + (extras == null
            ? 0
            : MessageFields.sizeOfMap(PriceLevel.EXTRA_FIELDS_FIELD_NUMBER, extras(index)));
  }
}
