package io.github.dydxgateway.indexer;

import java.io.IOException;

/** Reads trading rewards. Not thread safe. */
final class TradingRewardReader implements RecordReader<IndexerTradingReward> {
  private final FieldValues values;

  TradingRewardReader(FieldValues values) {
    this.values = values;
  }

  @Override
  public IndexerTradingReward read(JsonCursor in, String key) throws IOException {
    ExtraFields unknown = new ExtraFields();
    String tradingReward = null;
    long createdAtNs = 0;
    long createdAtHeight = 0;
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "tradingReward" -> tradingReward = values.plainDecimal();
        case "createdAt" -> createdAtNs = values.timeOrZero();
        case "createdAtHeight" -> createdAtHeight = values.naturalOrZero();
        default -> unknown.keep(in, name);
      }
    }
    return new IndexerTradingReward(tradingReward, createdAtNs, createdAtHeight, unknown.take());
  }
}
