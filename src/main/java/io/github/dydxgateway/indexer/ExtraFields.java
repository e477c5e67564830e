package io.github.dydxgateway.indexer;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects the fields of one record that are kept as JSON text: those this version does not know
 * and, in records without a list of problems, those it could not read. A field that is null is as
 * one that is absent, as with known fields. Not thread safe.
 */
final class ExtraFields implements UnreadableValues {
  private Map<String, String> jsonByName = Map.of();

  /** Keeps and skips the value where the cursor stands, unless it is null. */
  void keep(JsonCursor in, String name) throws IOException {
    if (!in.isNull()) {
      keep(name, in.json());
    }
  }

  /** Keeps the JSON text of a value. */
  void keep(String name, String json) {
    if (jsonByName.isEmpty()) {
      jsonByName = new LinkedHashMap<>();
    }
    jsonByName.put(name, json);
  }

  @Override
  public void add(JsonCursor in, String expected) throws IOException {
    String json = in.json();
    keep(in.fieldName(), json);
  }

  /** Keeps what another collected, which begins anew. */
  void keepAllOf(ExtraFields other) {
    other.take().jsonByName().forEach(this::keep);
  }

  boolean isEmpty() {
    return jsonByName.isEmpty();
  }

  void clear() {
    jsonByName = Map.of();
  }

  /** What was collected; begins anew. */
  UnknownFields take() {
    Map<String, String> taken = jsonByName;
    jsonByName = Map.of();
    return taken.isEmpty()
        ? UnknownFields.NONE
        : new UnknownFields(Collections.unmodifiableMap(taken));
  }
}
