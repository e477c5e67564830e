package io.github.dydxgateway.chaos;

import io.github.dydxgateway.testing.Places;
import io.github.dydxgateway.v1.Candle;
import io.github.dydxgateway.v1.Candles;
import io.github.dydxgateway.v1.Event;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Candles; one that was final changes no more. Not thread safe. */
final class CandlesContents implements TopicContents {
  /** As many as the venue and the gateway still have after a round. */
  private static final int COMPARED = 500;

  private final Consumer<String> problems;
  private final NavigableMap<Long, Held> candles = new TreeMap<>();

  CandlesContents(Consumer<String> problems) {
    this.problems = problems;
  }

  /** A candle as a client has it: open, high, low, close, base volume, USD volume. */
  record Held(List<BigDecimal> values, long trades, boolean isFinal) {}

  @Override
  public void joined() {
    candles.clear();
  }

  @Override
  public void gap() {}

  @Override
  public void snapshot(Event event) {
    update(event);
  }

  @Override
  public void update(Event event) {
    Candles message = event.getCandles();
    long previous = Long.MIN_VALUE;
    for (Candle candle : message.getCandlesList()) {
      if (candle.getStartTimeNs() <= previous) {
        problems.accept("candles of " + Places.of(event) + " are out of order");
      }
      previous = candle.getStartTimeNs();
      List<BigDecimal> values = new ArrayList<>();
      for (long price :
          new long[] {candle.getOpen(), candle.getHigh(), candle.getLow(), candle.getClose()}) {
        values.add(Decimals.of(price, message.getPriceScale()));
      }
      values.add(Decimals.of(candle.getBaseVolume(), message.getSizeScale()));
      values.add(Decimals.of(candle.getUsdVolume()));
      Held now = new Held(values, candle.getTradeCount(), candle.getIsFinal());
      Held before = candles.put(candle.getStartTimeNs(), now);
      if (before != null && before.isFinal && !before.equals(now)) {
        problems.accept("a final candle changed: " + before + " became " + now);
      }
    }
  }

  @Override
  public Map<Long, Held> holds() {
    Map<Long, Held> newest = new TreeMap<>();
    for (Map.Entry<Long, Held> entry : candles.descendingMap().entrySet()) {
      if (newest.size() == COMPARED) {
        break;
      }
      newest.put(entry.getKey(), entry.getValue());
    }
    return newest;
  }
}
