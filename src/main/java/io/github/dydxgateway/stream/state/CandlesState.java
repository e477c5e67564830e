package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.Candle;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Candles;
import io.github.dydxgateway.v1.Event;
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
  private record ScaledCandle(Candle candle, int priceScale, int sizeScale)
      implements ScaledParts.ScaledRecord {
    @Override
    public long[] prices() {
      return new long[] {candle.getOpen(), candle.getHigh(), candle.getLow(), candle.getClose()};
    }

    @Override
    public long amount() {
      return candle.getBaseVolume();
    }

    @Override
    public int bytes() {
      return PartSize.of(candle);
    }

    Candle at(int toPriceScale, int toSizeScale) {
      return priceScale == toPriceScale && sizeScale == toSizeScale
          ? candle
          : candle.toBuilder()
              .setOpen(FixedPoint.rescale(candle.getOpen(), priceScale, toPriceScale))
              .setHigh(FixedPoint.rescale(candle.getHigh(), priceScale, toPriceScale))
              .setLow(FixedPoint.rescale(candle.getLow(), priceScale, toPriceScale))
              .setClose(FixedPoint.rescale(candle.getClose(), priceScale, toPriceScale))
              .setBaseVolume(FixedPoint.rescale(candle.getBaseVolume(), sizeScale, toSizeScale))
              .build();
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
  protected void clear() {
    candles.clear();
    extras.clear();
  }

  @Override
  protected boolean fold(Event event) {
    if (!event.hasCandles()) {
      return false;
    }
    add(event.getCandles());
    return true;
  }

  @Override
  protected List<Event.Builder> payloads(int maxBytes) {
    ScaledParts<ScaledCandle> parts =
        new ScaledParts<>(this::message, priceScale, sizeScale, maxBytes);
    candles.values().forEach(parts::add);
    extras.all().entrySet().forEach(parts::add);
    return parts.end();
  }

  private Event.Builder message(
      List<ScaledCandle> part, Map<String, String> fields, int toPriceScale, int toSizeScale) {
    Candles.Builder message =
        Candles.newBuilder()
            .setInstrumentId(instrumentId)
            .setResolution(resolution)
            .setPriceScale(toPriceScale)
            .setSizeScale(toSizeScale)
            .setSnapshot(true)
            .putAllExtraFields(fields);
    part.forEach(one -> message.addCandles(one.at(toPriceScale, toSizeScale)));
    return Event.newBuilder().setCandles(message);
  }
}
