package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Instrument;
import io.github.dydxgateway.v1.Instruments;
import io.github.dydxgateway.v1.MarketUpdate;
import io.github.dydxgateway.v1.RemovedInstrument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Definitions and statistics of the instruments that a topic covers. */
public final class MarketsState extends TopicState {
  private static final String EXTRA = "extra_fields.";

  private final Map<String, Instrument> instruments = new TreeMap<>();
  private final Map<String, MarketUpdate> statistics = new TreeMap<>();
  private final ExtraFields extras = new ExtraFields();

  MarketsState() {}

  /**
   * Removes and sets definitions; as an {@link Instruments} event.
   *
   * @param receiveTimeNs when the frame arrived, nanoseconds since the Unix epoch
   */
  public void change(Instruments definitions, long receiveTimeNs) {
    change(definitions);
    applied(receiveTimeNs);
  }

  /**
   * Changes statistics of a market; as a {@link MarketUpdate} event.
   *
   * @param receiveTimeNs when the frame arrived, nanoseconds since the Unix epoch
   */
  public void change(MarketUpdate update, long receiveTimeNs) {
    change(update);
    applied(receiveTimeNs);
  }

  private void change(Instruments definitions) {
    for (RemovedInstrument removed : definitions.getRemovedList()) {
      instruments.remove(removed.getInstrumentId());
      statistics.remove(removed.getInstrumentId());
    }
    for (Instrument instrument : definitions.getInstrumentsList()) {
      instruments.put(instrument.getInstrumentId(), instrument);
    }
    extras.putAll(definitions.getExtraFieldsMap());
  }

  private void change(MarketUpdate update) {
    statistics.merge(
        update.getInstrumentId(),
        update.toBuilder().clearClearedFields().clearSnapshot().build(),
        (before, change) -> merged(before, change, update.getClearedFieldsList()));
  }

  private static MarketUpdate merged(
      MarketUpdate before, MarketUpdate change, List<String> cleared) {
    MarketUpdate.Builder now = before.toBuilder();
    if (change.hasStatus()) {
      now.clearStatusRaw();
    }
    now.mergeFrom(change);
    cleared.forEach(field -> clear(now, field));
    return now.build();
  }

  private static void clear(MarketUpdate.Builder statistics, String field) {
    switch (field) {
      case "oracle_price" -> statistics.clearOraclePrice();
      case "oracle_time_ns" -> statistics.clearOracleTimeNs();
      case "oracle_block_height" -> statistics.clearOracleBlockHeight();
      case "next_funding_rate" -> statistics.clearNextFundingRate();
      case "open_interest" -> statistics.clearOpenInterest();
      case "base_open_interest" -> statistics.clearBaseOpenInterest();
      case "price_change_24h" -> statistics.clearPriceChange24H();
      case "volume_24h" -> statistics.clearVolume24H();
      case "trades_24h" -> statistics.clearTrades24H();
      case "status" -> statistics.clearStatus().clearStatusRaw();
      default -> {
        if (field.startsWith(EXTRA)) {
          statistics.removeExtraFields(field.substring(EXTRA.length()));
        }
      }
    }
  }

  @Override
  protected void clear() {
    instruments.clear();
    statistics.clear();
    extras.clear();
  }

  @Override
  protected boolean fold(Event event) {
    if (event.hasInstruments()) {
      change(event.getInstruments());
      return true;
    }
    if (event.hasMarketUpdate()) {
      change(event.getMarketUpdate());
      return true;
    }
    return false;
  }

  @Override
  protected List<Event.Builder> payloads(int maxBytes) {
    List<Event.Builder> events = new ArrayList<>(1 + statistics.size());
    PartSize size = new PartSize(maxBytes);
    Instruments.Builder definitions = begin(size);
    for (Instrument instrument : instruments.values()) {
      if (!size.add(PartSize.of(instrument))) {
        events.add(Event.newBuilder().setInstruments(definitions));
        definitions = begin(size);
        size.add(PartSize.of(instrument));
      }
      definitions.addInstruments(instrument);
    }
    for (Map.Entry<String, String> field : extras.all().entrySet()) {
      if (!size.add(ExtraFields.sizeOf(field))) {
        events.add(Event.newBuilder().setInstruments(definitions));
        definitions = begin(size);
        size.add(ExtraFields.sizeOf(field));
      }
      definitions.putExtraFields(field.getKey(), field.getValue());
    }
    events.add(Event.newBuilder().setInstruments(definitions));
    for (MarketUpdate market : statistics.values()) {
      events.add(Event.newBuilder().setMarketUpdate(market.toBuilder().setSnapshot(true)));
    }
    return events;
  }

  private static Instruments.Builder begin(PartSize size) {
    size.begin(0);
    return Instruments.newBuilder().setSnapshot(true);
  }
}
