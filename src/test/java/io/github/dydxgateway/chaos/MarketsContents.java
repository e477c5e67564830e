package io.github.dydxgateway.chaos;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.MarketUpdate;
import io.github.dydxgateway.v1.RemovedInstrument;
import java.util.Map;
import java.util.TreeMap;

/** Definitions and statistics of markets, by canonical id. Not thread safe. */
final class MarketsContents implements TopicContents {
  private final Map<String, Map<String, String>> statistics = new TreeMap<>();
  private final Map<String, String> definitions = new TreeMap<>();

  @Override
  public void joined() {
    statistics.clear();
    definitions.clear();
  }

  @Override
  public void gap() {}

  @Override
  public void snapshot(Event event) {
    if (event.hasMarketUpdate()) {
      statistics.remove(event.getMarketUpdate().getInstrumentId());
    }
    update(event);
  }

  @Override
  public void update(Event event) {
    for (RemovedInstrument removed : event.getInstruments().getRemovedList()) {
      definitions.remove(removed.getInstrumentId());
      statistics.remove(removed.getInstrumentId());
    }
    event
        .getInstruments()
        .getInstrumentsList()
        .forEach(
            instrument -> definitions.put(instrument.getInstrumentId(), instrument.toString()));
    if (event.hasMarketUpdate()) {
      MarketUpdate change = event.getMarketUpdate();
      Map<String, String> held =
          statistics.computeIfAbsent(change.getInstrumentId(), id -> new TreeMap<>());
      for (Map.Entry<FieldDescriptor, Object> field : change.getAllFields().entrySet()) {
        switch (field.getKey().getNumber()) {
          case MarketUpdate.SNAPSHOT_FIELD_NUMBER,
              MarketUpdate.EXTRA_FIELDS_FIELD_NUMBER,
              MarketUpdate.CLEARED_FIELDS_FIELD_NUMBER -> {}
          default -> held.put(field.getKey().getName(), field.getValue().toString());
        }
      }
      change.getExtraFieldsMap().forEach((name, json) -> held.put("extra_fields." + name, json));
      change.getClearedFieldsList().forEach(held::remove);
    }
  }

  /** Statistics by instrument and name of the field. */
  Map<String, Map<String, String>> statistics() {
    return statistics;
  }

  @Override
  public Object holds() {
    return statistics + " " + definitions;
  }
}
