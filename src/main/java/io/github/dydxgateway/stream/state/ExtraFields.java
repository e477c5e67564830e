package io.github.dydxgateway.stream.state;

import com.google.protobuf.CodedOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Fields of the venue that this version does not know, beside a message's records: name to JSON.
 */
final class ExtraFields {
  /** More names are not kept: a field is a part of the venue's protocol, and those are few. */
  static final int MAX_NAMES = 1000;

  private static final int OVERHEAD_BYTES = 8;

  private final Map<String, String> jsonByName = new LinkedHashMap<>();

  void clear() {
    jsonByName.clear();
  }

  /** Sets the last values of fields. */
  void putAll(Map<String, String> fields) {
    if (fields.isEmpty()) {
      return;
    }
    fields.forEach(
        (name, json) -> {
          if (jsonByName.size() < MAX_NAMES || jsonByName.containsKey(name)) {
            jsonByName.put(name, json);
          }
        });
  }

  /** The last value of each. */
  Map<String, String> all() {
    return jsonByName;
  }

  /** Most bytes that a field takes in a message. */
  static int sizeOf(Map.Entry<String, String> field) {
    return OVERHEAD_BYTES
        + CodedOutputStream.computeStringSizeNoTag(field.getKey())
        + CodedOutputStream.computeStringSizeNoTag(field.getValue());
  }
}
