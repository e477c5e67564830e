package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The levels that one update changes; the last size of a level counts. Not thread-safe. */
final class BookChanges {

  private final Map<SimulatedBookSide, Map<BigDecimal, MarketBook.Level>> levels =
      new EnumMap<>(SimulatedBookSide.class);

  void put(SimulatedBookSide side, BigDecimal price, MarketBook.Level level) {
    levels.computeIfAbsent(side, key -> new LinkedHashMap<>()).put(price, level);
  }

  boolean isEmpty() {
    return levels.isEmpty();
  }

  /** {@code {"bids":[["27773","1.98"]]}}. */
  String toJson() {
    JsonText json = new JsonText().object();
    levels.forEach(
        (side, changed) -> {
          json.array(side.wireName());
          changed.values().forEach(level -> pair(json, level.price(), level.size()));
          json.endArray();
        });
    return json.endObject().toString();
  }

  static void pair(JsonText json, String price, String size) {
    json.array().value(price).value(size).endArray();
  }
}
