package io.github.dydxgateway.indexer;

import java.util.Map;

/**
 * Fields of the venue that this version does not know.
 *
 * @param jsonByName JSON text by field name, in the venue's order
 */
public record UnknownFields(Map<String, String> jsonByName) {
  /** No unknown fields. */
  public static final UnknownFields NONE = new UnknownFields(Map.of());

  public boolean isEmpty() {
    return jsonByName.isEmpty();
  }
}
