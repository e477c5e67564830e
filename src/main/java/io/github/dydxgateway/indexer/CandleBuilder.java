package io.github.dydxgateway.indexer;

import java.io.IOException;

/**
 * A candle being read, field by field: whether contents are a candle or a list of them shows only
 * when their fields come. Not thread safe.
 */
final class CandleBuilder {
  private final ExtraFields extras = new ExtraFields();
  private final FieldValues values;
  private boolean hasKnownFields;
  private long startedAtNs;
  private Decimal open;
  private Decimal high;
  private Decimal low;
  private Decimal close;
  private Decimal baseTokenVolume;
  private String usdVolume;
  private long trades;
  private String startingOpenInterest;
  private String orderbookMidPriceOpen;
  private String orderbookMidPriceClose;

  CandleBuilder(JsonCursor in) {
    values = new FieldValues(in, extras);
  }

  void begin() {
    extras.clear();
    hasKnownFields = false;
    startedAtNs = 0;
    open = null;
    high = null;
    low = null;
    close = null;
    baseTokenVolume = null;
    usdVolume = null;
    trades = 0;
    startingOpenInterest = null;
    orderbookMidPriceOpen = null;
    orderbookMidPriceClose = null;
  }

  void readField(JsonCursor in, String name) throws IOException {
    boolean known = true;
    switch (name) {
      case "startedAt" -> startedAtNs = values.timeOrZero();
      case "open" -> open = values.decimal();
      case "high" -> high = values.decimal();
      case "low" -> low = values.decimal();
      case "close" -> close = values.decimal();
      case "baseTokenVolume" -> baseTokenVolume = values.decimal();
      case "usdVolume" -> usdVolume = values.plainDecimal();
      case "trades" -> trades = values.naturalOrZero();
      case "startingOpenInterest" -> startingOpenInterest = values.plainDecimal();
      case "orderbookMidPriceOpen" -> orderbookMidPriceOpen = values.plainDecimal();
      case "orderbookMidPriceClose" -> orderbookMidPriceClose = values.plainDecimal();
      case "id", "ticker", "resolution" -> in.skip();
      default -> {
        known = false;
        extras.keep(in, name);
      }
    }
    hasKnownFields |= known;
  }

  void moveExtrasTo(ExtraFields others) {
    others.keepAllOf(extras);
  }

  boolean hasKnownFields() {
    return hasKnownFields;
  }

  IndexerCandle build() {
    return new IndexerCandle(
        startedAtNs,
        open,
        high,
        low,
        close,
        baseTokenVolume,
        usdVolume,
        trades,
        startingOpenInterest,
        orderbookMidPriceOpen,
        orderbookMidPriceClose,
        extras.take());
  }
}
