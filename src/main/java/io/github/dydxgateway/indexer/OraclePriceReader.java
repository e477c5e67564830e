package io.github.dydxgateway.indexer;

import java.io.IOException;
import java.util.List;

/** Reads oracle prices by ticker. Not thread safe. */
final class OraclePriceReader implements RecordReader<IndexerOraclePrice> {
  private final FieldProblems problems;
  private final FieldValues values;

  OraclePriceReader(JsonCursor in, FieldProblems problems) {
    this.problems = problems;
    this.values = new FieldValues(in, problems);
  }

  @Override
  public IndexerOraclePrice read(JsonCursor in, String key) throws IOException {
    String oraclePrice = null;
    long effectiveAtNs = 0;
    Long effectiveAtHeight = null;
    Long marketId = null;
    ExtraFields unknown = new ExtraFields();
    List<String> cleared = List.of();
    if (in.isObject()) {
      for (String name = in.nextField(); name != null; name = in.nextField()) {
        if (in.isNull()) {
          cleared = MarketReader.with(cleared, name);
          continue;
        }
        switch (name) {
          case "oraclePrice" -> oraclePrice = values.plainDecimal();
          case "effectiveAt" -> effectiveAtNs = values.timeOrZero();
          case "effectiveAtHeight" -> effectiveAtHeight = values.natural();
          case "marketId" -> marketId = values.natural();
          default -> unknown.keep(in, name);
        }
      }
    } else {
      problems.add(in, "an oracle price");
    }
    return new IndexerOraclePrice(
        key,
        oraclePrice,
        effectiveAtNs,
        effectiveAtHeight,
        marketId,
        cleared,
        unknown.take(),
        problems.take());
  }
}
