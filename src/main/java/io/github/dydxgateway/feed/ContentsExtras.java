package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.UnknownFields;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fields that stand in a channel's contents beside its records and that this version does not
 * know, with their last values. Not thread safe.
 */
final class ContentsExtras {
  /** More are not kept: a field is a part of the venue's protocol, and those are few. */
  static final int MOST = 1000;

  private final Map<String, String> jsonByName = new LinkedHashMap<>();

  /**
   * Notes the fields of contents.
   *
   * @param earlier changed already and not published yet
   * @return the earlier, with those of the contents that are new or differ from their last value
   */
  Map<String, String> changed(UnknownFields fields, Map<String, String> earlier) {
    if (fields.isEmpty()) {
      return earlier;
    }
    Map<String, String> changed = new LinkedHashMap<>(earlier);
    fields
        .jsonByName()
        .forEach(
            (name, json) -> {
              boolean hasRoom = jsonByName.size() < MOST || jsonByName.containsKey(name);
              if (!hasRoom || !json.equals(jsonByName.put(name, json))) {
                changed.put(name, json);
              }
            });
    return changed;
  }

  /** The last value of each. */
  Map<String, String> all() {
    return jsonByName;
  }
}
