package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.Candle;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Candles;
import io.github.dydxgateway.v1.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The recent candles of an instrument and resolution, each with its last version. */
public final class CandlesState extends TopicState {
  /** Candles kept, those of the latest starts; as many as the venue's initial state holds. */
  public static final int MAX_CANDLES = 1000;

  private final NavigableMap<Long, ScaledCandle> candles = new TreeMap<>(Long::compareUnsigned);
  private final ExtraFields extras = new ExtraFields();
  private String instrumentId = "";
  private CandleResolution resolution = CandleResolution.CANDLE_RESOLUTION_UNSPECIFIED;
  private int priceScale;
  private int sizeScale;

  /** A candle with the scales of the message that brought it. */
  private record ScaledCandle(Candle candle, int priceScale, int sizeScale) {
    long[] prices() {
      return new long[] {candle.getOpen(), candle.getHigh(), candle.getLow(), candle.getClose()};
    }
  }

  CandlesState() {}

  /**
   * Applies candles that are new or have changed, and what came beside them; as a {@link Candles}
   * event.
   *
   * @param receiveTimeNs when their frame arrived, nanoseconds since the Unix epoch
   */
  public void add(Candles changed, long receiveTimeNs) {
    add(changed);
    applied(receiveTimeNs);
  }

  private void add(Candles message) {
    instrumentId = message.getInstrumentId();
    resolution = message.getResolution();
    priceScale = message.getPriceScale();
    sizeScale = message.getSizeScale();
    for (Candle candle : message.getCandlesList()) {
      candles.put(candle.getStartTimeNs(), new ScaledCandle(candle, priceScale, sizeScale));
    }
    while (candles.size() > MAX_CANDLES) {
      candles.pollFirstEntry();
    }
    extras.putAll(message.getExtraFieldsMap());
  }

  @Override
  void clear() {
    candles.clear();
    extras.clear();
  }

  @Override
  boolean fold(Event event) {
    if (!event.hasCandles()) {
      return false;
    }
    add(event.getCandles());
    return true;
  }

  @Override
  List<Event.Builder> payloads(int maxBytes) {
    Parts parts = new Parts(maxBytes);
    candles.values().forEach(parts::add);
    extras.all().entrySet().forEach(parts::add);
    return parts.end();
  }

  /** The messages of a snapshot. */
  private final class Parts {
    private final List<Event.Builder> events = new ArrayList<>(1);
    private final List<ScaledCandle> together = new ArrayList<>(candles.size());
    private final PartSize size;
    private Candles.Builder message;
    private CommonScale price;
    private CommonScale volume;

    Parts(int maxBytes) {
      size = new PartSize(maxBytes);
      begin(
          candles.isEmpty() ? priceScale : candles.firstEntry().getValue().priceScale,
          candles.isEmpty() ? sizeScale : candles.firstEntry().getValue().sizeScale);
    }

    private void begin(int ofPrice, int ofVolume) {
      message =
          Candles.newBuilder()
              .setInstrumentId(instrumentId)
              .setResolution(resolution)
              .setSnapshot(true);
      price = new CommonScale(ofPrice);
      volume = new CommonScale(ofVolume);
      size.begin(instrumentId.length());
    }

    void add(ScaledCandle one) {
      if (!price.fits(one.priceScale, one.prices())
          || !volume.fits(one.sizeScale, one.candle.getBaseVolume())
          || !size.add(PartSize.of(one.candle))) {
        flush();
        begin(one.priceScale, one.sizeScale);
        size.add(PartSize.of(one.candle));
      }
      price.add(one.priceScale, one.prices());
      volume.add(one.sizeScale, one.candle.getBaseVolume());
      together.add(one);
    }

    void add(Map.Entry<String, String> field) {
      int bytes = ExtraFields.sizeOf(field);
      if (!size.add(bytes)) {
        flush();
        begin(price.scale(), volume.scale());
        size.add(bytes);
      }
      message.putExtraFields(field.getKey(), field.getValue());
    }

    private void flush() {
      message.setPriceScale(price.scale()).setSizeScale(volume.scale());
      for (ScaledCandle one : together) {
        message.addCandles(scaled(one));
      }
      together.clear();
      events.add(Event.newBuilder().setCandles(message));
    }

    private Candle scaled(ScaledCandle one) {
      if (one.priceScale == price.scale() && one.sizeScale == volume.scale()) {
        return one.candle;
      }
      Candle candle = one.candle;
      return candle.toBuilder()
          .setOpen(FixedPoint.rescale(candle.getOpen(), one.priceScale, price.scale()))
          .setHigh(FixedPoint.rescale(candle.getHigh(), one.priceScale, price.scale()))
          .setLow(FixedPoint.rescale(candle.getLow(), one.priceScale, price.scale()))
          .setClose(FixedPoint.rescale(candle.getClose(), one.priceScale, price.scale()))
          .setBaseVolume(
              FixedPoint.rescale(candle.getBaseVolume(), one.sizeScale, volume.scale()))
          .build();
    }

    List<Event.Builder> end() {
      flush();
      return events;
    }
  }
}
