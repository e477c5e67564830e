package io.github.dydxgateway.indexer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads trades. Not thread safe. */
final class TradesReader implements ContentsReader {
  private final ExtraFields contentsExtras = new ExtraFields();
  private final ExtraFields extras = new ExtraFields();
  private final FieldValues values;

  TradesReader(JsonCursor in) {
    values = new FieldValues(in, extras);
  }

  @Override
  public ChannelContents readInitialState(JsonCursor in) throws IOException {
    return readUpdate(in);
  }

  @Override
  public ChannelContents readUpdate(JsonCursor in) throws IOException {
    contentsExtras.clear();
    List<IndexerTrade> trades = null;
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      if (name.equals("trades")) {
        trades = readTrades(in);
      } else {
        contentsExtras.keep(in, name);
      }
    }
    if (trades == null) {
      throw new UnexpectedShapeException("expected contents with trades, got none");
    }
    return new ChannelContents.Trades(trades, contentsExtras.take());
  }

  private List<IndexerTrade> readTrades(JsonCursor in) throws IOException {
    in.expectArray("an array of trades");
    List<IndexerTrade> trades = new ArrayList<>();
    while (in.nextElement()) {
      in.expectObject("a trade");
      trades.add(readTrade(in));
    }
    return Collections.unmodifiableList(trades);
  }

  private IndexerTrade readTrade(JsonCursor in) throws IOException {
    extras.clear();
    String id = null;
    String side = null;
    Decimal price = null;
    Decimal size = null;
    String type = null;
    long createdAtNs = 0;
    long createdAtHeight = 0;
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "id" -> id = values.text();
        case "side" -> side = values.repeatedText();
        case "price" -> price = values.decimal();
        case "size" -> size = values.decimal();
        case "type" -> type = values.repeatedText();
        case "createdAt" -> createdAtNs = values.timeOrZero();
        case "createdAtHeight" -> createdAtHeight = values.naturalOrZero();
        default -> extras.keep(in, name);
      }
    }
    return new IndexerTrade(
        id, side, price, size, type, createdAtNs, createdAtHeight, extras.take());
  }
}
