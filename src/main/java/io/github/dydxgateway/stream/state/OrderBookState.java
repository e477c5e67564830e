package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.PriceLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An order book. Prices and sizes have the scales of the last snapshot, or larger ones where a
 * change needed them since.
 *
 * <p>A change is applied as an event, or level by level without an object for it:
 *
 * <pre>{@code
 * state.beginDelta(priceScale, sizeScale);
 * state.setBid(price, size);
 * state.setAsk(price, size);
 * state.end(receiveTimeNs);
 * }</pre>
 */
public final class OrderBookState extends TopicState {
  private final LevelSide bids = new LevelSide(true);
  private final LevelSide asks = new LevelSide(false);
  private final ExtraFields extras = new ExtraFields();
  private String instrumentId = "";
  private int priceScale;
  private int sizeScale;

  /** Scales of the levels that are being set. */
  private int fromPriceScale;

  private int fromSizeScale;

  OrderBookState() {}

  // ---- changes

  /** Begins a whole book, whose levels are set best first, in place of all levels and fields. */
  public void beginSnapshot(String instrument, int snapshotPriceScale, int snapshotSizeScale) {
    clear();
    beginPart(instrument, snapshotPriceScale, snapshotSizeScale);
  }

  private void beginPart(String instrument, int partPriceScale, int partSizeScale) {
    instrumentId = instrument;
    if (bids.count() == 0 && asks.count() == 0) {
      priceScale = partPriceScale;
      sizeScale = partSizeScale;
    }
    beginDelta(partPriceScale, partSizeScale);
  }

  /** Begins changed levels of these scales. */
  public void beginDelta(int deltaPriceScale, int deltaSizeScale) {
    fromPriceScale = deltaPriceScale;
    fromSizeScale = deltaSizeScale;
    if (deltaPriceScale > priceScale || deltaSizeScale > sizeScale) {
      raiseScales(Math.max(priceScale, deltaPriceScale), Math.max(sizeScale, deltaSizeScale));
    }
  }

  /**
   * Sets a bid without unknown fields; size 0 removes it.
   *
   * @param price with the scale that was begun with
   * @param size with the scale that was begun with
   */
  public void setBid(long price, long size) {
    set(bids, price, size);
  }

  /** Sets an ask; as {@link #setBid(long, long)}. */
  public void setAsk(long price, long size) {
    set(asks, price, size);
  }

  /**
   * Sets a bid; as {@link #setBid(long, long)}.
   *
   * @param fields unknown fields of the level, name to JSON text; not changed later
   */
  public void setBid(long price, long size, Map<String, String> fields) {
    set(bids, price, size, fields);
  }

  /** Sets an ask; as {@link #setBid(long, long, Map)}. */
  public void setAsk(long price, long size, Map<String, String> fields) {
    set(asks, price, size, fields);
  }

  /** Sets unknown fields that came beside the levels, name to JSON text. */
  public void putExtras(Map<String, String> fields) {
    extras.putAll(fields);
  }

  /**
   * Ends what was begun.
   *
   * @param receiveTimeNs when its frame arrived, nanoseconds since the Unix epoch
   */
  public void end(long receiveTimeNs) {
    endSnapshot();
    applied(receiveTimeNs);
  }

  private void set(LevelSide side, long price, long size, Map<String, String> fields) {
    set(side, price, size);
    if (!fields.isEmpty() && size != 0) {
      side.setExtras(FixedPoint.rescale(price, fromPriceScale, priceScale), fields);
    }
  }

  private void set(LevelSide side, long price, long size) {
    if (fromPriceScale == priceScale && fromSizeScale == sizeScale) {
      side.set(price, size);
    } else {
      rescaleAndSet(side, price, size);
    }
  }

  // ---- scales

  private void rescaleAndSet(LevelSide side, long price, long size) {
    if (!fits(price, size)) {
      makeRoom(price, size);
    }
    side.set(
        FixedPoint.rescale(price, fromPriceScale, priceScale),
        FixedPoint.rescale(size, fromSizeScale, sizeScale));
  }

  private boolean fits(long price, long size) {
    return FixedPoint.rescale(price, fromPriceScale, priceScale) != FixedPoint.OVERFLOW
        && FixedPoint.rescale(size, fromSizeScale, sizeScale) != FixedPoint.OVERFLOW;
  }

  /** Gives the book the smallest scales that all its levels and another can have. */
  private void makeRoom(long price, long size) {
    lowerScales();
    int toPrice = FixedPoint.smallestScale(price, fromPriceScale, 0);
    int toSize = size == 0 ? 0 : FixedPoint.smallestScale(size, fromSizeScale, 0);
    raiseScales(Math.max(priceScale, toPrice), Math.max(sizeScale, toSize));
    if (!fits(price, size)) {
      throw new ArithmeticException(
          "expected a level that fits 64 bits at the scales of the book, "
              + priceScale
              + " and "
              + sizeScale
              + "; got price "
              + price
              + " and size "
              + size
              + " at "
              + fromPriceScale
              + " and "
              + fromSizeScale);
    }
  }

  /** Does nothing where a level would overflow: that level may be removed by what follows. */
  private void raiseScales(int toPrice, int toSize) {
    if (bids.canRescale(priceScale, toPrice, sizeScale, toSize)
        && asks.canRescale(priceScale, toPrice, sizeScale, toSize)) {
      rescale(toPrice, toSize);
    }
  }

  private void lowerScales() {
    rescale(
        asks.smallestPriceScale(priceScale, bids.smallestPriceScale(priceScale, 0)),
        asks.smallestSizeScale(sizeScale, bids.smallestSizeScale(sizeScale, 0)));
  }

  private void rescale(int toPrice, int toSize) {
    bids.rescale(priceScale, toPrice, sizeScale, toSize);
    asks.rescale(priceScale, toPrice, sizeScale, toSize);
    priceScale = toPrice;
    sizeScale = toSize;
  }

  // ---- the present book

  /** Digits after the point in prices. */
  public int priceScale() {
    return priceScale;
  }

  /** Digits after the point in sizes. */
  public int sizeScale() {
    return sizeScale;
  }

  /** Number of bids. */
  public int bids() {
    return bids.count();
  }

  /** Number of asks. */
  public int asks() {
    return asks.count();
  }

  /** Price of the bid at a depth below {@link #bids}; 0 is the best. */
  public long bidPrice(int depth) {
    return bids.price(depth);
  }

  /** Size of the bid at a depth below {@link #bids}; 0 is the best. */
  public long bidSize(int depth) {
    return bids.size(depth);
  }

  /** Price of the ask at a depth below {@link #asks}; 0 is the best. */
  public long askPrice(int depth) {
    return asks.price(depth);
  }

  /** Size of the ask at a depth below {@link #asks}; 0 is the best. */
  public long askSize(int depth) {
    return asks.size(depth);
  }

  // ---- events

  @Override
  protected void clear() {
    bids.beginSnapshot();
    asks.beginSnapshot();
    extras.clear();
  }

  @Override
  protected void endSnapshot() {
    bids.endSnapshot();
    asks.endSnapshot();
  }

  @Override
  protected boolean fold(Event event) {
    if (event.hasOrderBookSnapshot()) {
      OrderBookSnapshot part = event.getOrderBookSnapshot();
      beginPart(part.getInstrumentId(), part.getPriceScale(), part.getSizeScale());
      part.getBidsList().forEach(level -> set(bids, level));
      part.getAsksList().forEach(level -> set(asks, level));
      extras.putAll(part.getExtraFieldsMap());
      return true;
    }
    if (event.hasOrderBookDelta()) {
      OrderBookDelta delta = event.getOrderBookDelta();
      beginDelta(delta.getPriceScale(), delta.getSizeScale());
      endSnapshot();
      delta.getBidsList().forEach(level -> set(bids, level));
      delta.getAsksList().forEach(level -> set(asks, level));
      extras.putAll(delta.getExtraFieldsMap());
      return true;
    }
    return false;
  }

  private void set(LevelSide side, PriceLevel level) {
    set(side, level.getPrice(), level.getSize(), level.getExtraFieldsMap());
  }

  /** The parts hold the bids best first, then the asks best first. */
  @Override
  protected List<Event.Builder> payloads(int maxBytes) {
    return payloads(maxBytes, 0);
  }

  @Override
  protected List<Event.Builder> payloads(int maxBytes, int mostLevels) {
    int most = mostLevels == 0 ? Integer.MAX_VALUE : mostLevels;
    Parts parts = new Parts(maxBytes);
    for (int depth = 0; depth < Math.min(most, bids.count()); depth++) {
      parts.addBid(level(bids, depth));
    }
    for (int depth = 0; depth < Math.min(most, asks.count()); depth++) {
      parts.addAsk(level(asks, depth));
    }
    extras.all().entrySet().forEach(parts::add);
    return parts.end();
  }

  private static PriceLevel level(LevelSide side, int depth) {
    long price = side.price(depth);
    return PriceLevel.newBuilder()
        .setPrice(price)
        .setSize(side.size(depth))
        .putAllExtraFields(side.extras(price))
        .build();
  }

  /** The messages of a snapshot. */
  private final class Parts {
    private final List<Event.Builder> events = new ArrayList<>(1);
    private final PartSize size;
    private OrderBookSnapshot.Builder message;

    Parts(int maxBytes) {
      size = new PartSize(maxBytes);
      begin();
    }

    private void begin() {
      message =
          OrderBookSnapshot.newBuilder()
              .setInstrumentId(instrumentId)
              .setPriceScale(priceScale)
              .setSizeScale(sizeScale);
      size.begin(instrumentId.length());
    }

    private void makeRoom(int bytes) {
      if (!size.add(bytes)) {
        events.add(Event.newBuilder().setOrderBookSnapshot(message));
        begin();
        size.add(bytes);
      }
    }

    void addBid(PriceLevel level) {
      makeRoom(PartSize.of(level));
      message.addBids(level);
    }

    void addAsk(PriceLevel level) {
      makeRoom(PartSize.of(level));
      message.addAsks(level);
    }

    void add(Map.Entry<String, String> field) {
      makeRoom(ExtraFields.sizeOf(field));
      message.putExtraFields(field.getKey(), field.getValue());
    }

    List<Event.Builder> end() {
      events.add(Event.newBuilder().setOrderBookSnapshot(message));
      return events;
    }
  }
}
