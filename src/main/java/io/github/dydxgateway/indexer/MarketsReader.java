package io.github.dydxgateway.indexer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads markets and oracle prices, both by ticker. Not thread safe. */
final class MarketsReader implements ContentsReader {
  private final FieldProblems problems = new FieldProblems();
  private final ExtraFields unknown = new ExtraFields();
  private final MarketReader markets;
  private final OraclePriceReader oraclePrices;
  private boolean hasMarkets;

  MarketsReader(JsonCursor in) {
    markets = new MarketReader(in, problems);
    oraclePrices = new OraclePriceReader(in, problems);
  }

  @Override
  public ChannelContents readInitialState(JsonCursor in) throws IOException {
    ChannelContents state = readUpdate(in);
    if (!hasMarkets) {
      throw new UnexpectedShapeException("expected contents with markets, got none");
    }
    return state;
  }

  @Override
  public ChannelContents readUpdate(JsonCursor in) throws IOException {
    problems.clear();
    unknown.clear();
    hasMarkets = false;
    List<IndexerMarket> marketList = new ArrayList<>();
    List<IndexerOraclePrice> oraclePriceList = new ArrayList<>();
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "markets", "trading" -> {
          hasMarkets |= in.isObject();
          readEntries(in, markets, marketList);
        }
        case "oraclePrices" -> readEntries(in, oraclePrices, oraclePriceList);
        default -> unknown.keep(in, name);
      }
    }
    return new ChannelContents.Markets(
        Collections.unmodifiableList(marketList),
        Collections.unmodifiableList(oraclePriceList),
        unknown.take());
  }

  private <T> void readEntries(JsonCursor in, RecordReader<T> reader, List<T> entries)
      throws IOException {
    if (in.isNull()) {
      return;
    }
    in.expectObject("an object with an entry for each ticker");
    for (String ticker = in.nextEntry(); ticker != null; ticker = in.nextEntry()) {
      entries.add(reader.read(in, ticker));
    }
  }
}
