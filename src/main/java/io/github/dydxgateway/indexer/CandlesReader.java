package io.github.dydxgateway.indexer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads candles: {@code {"candles":[…]}} or a single candle. Not thread safe. */
final class CandlesReader implements ContentsReader {
  private final ExtraFields contentsExtras = new ExtraFields();
  private final CandleBuilder candle;

  CandlesReader(JsonCursor in) {
    candle = new CandleBuilder(in);
  }

  @Override
  public ChannelContents readInitialState(JsonCursor in) throws IOException {
    return readUpdate(in);
  }

  @Override
  public ChannelContents readUpdate(JsonCursor in) throws IOException {
    candle.begin();
    contentsExtras.clear();
    List<IndexerCandle> candles = null;
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      if (name.equals("candles")) {
        // Fields that came before it were not those of a candle.
        candle.moveExtrasTo(contentsExtras);
        candles = readCandles(in);
      } else if (candles == null) {
        candle.readField(in, name);
      } else {
        contentsExtras.keep(in, name);
      }
    }
    if (candles == null) {
      if (!candle.hasKnownFields()) {
        throw new UnexpectedShapeException("expected contents with candles or a candle, got none");
      }
      candles = List.of(candle.build());
    }
    return new ChannelContents.Candles(candles, contentsExtras.take());
  }

  private List<IndexerCandle> readCandles(JsonCursor in) throws IOException {
    in.expectArray("an array of candles");
    List<IndexerCandle> candles = new ArrayList<>();
    while (in.nextElement()) {
      in.expectObject("a candle");
      candle.begin();
      for (String name = in.nextField(); name != null; name = in.nextField()) {
        candle.readField(in, name);
      }
      candles.add(candle.build());
    }
    return Collections.unmodifiableList(candles);
  }
}
