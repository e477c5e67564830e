package io.github.dydxgateway.indexer;

import java.io.IOException;

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
    if (in.isObject()) {
      for (String name = in.nextField(); name != null; name = in.nextField()) {
        switch (name) {
          case "oraclePrice" -> oraclePrice = values.plainDecimal();
          case "effectiveAt" -> effectiveAtNs = values.timeOrZero();
          case "effectiveAtHeight" -> effectiveAtHeight = values.integer();
          case "marketId" -> marketId = values.integer();
          default -> in.skip();
        }
      }
    } else {
      problems.add(in, "an oracle price");
    }
    return new IndexerOraclePrice(
        key, oraclePrice, effectiveAtNs, effectiveAtHeight, marketId, problems.take());
  }
}
