package io.github.dydxgateway.indexer;

import java.io.IOException;

/** Reads perpetual positions, in a list or by market. Not thread safe. */
final class PositionReader implements RecordReader<IndexerPosition> {
  private final FieldValues values;

  PositionReader(FieldValues values) {
    this.values = values;
  }

  @Override
  public IndexerPosition read(JsonCursor in, String key) throws IOException {
    ExtraFields unknown = new ExtraFields();
    String id = null;
    String positionId = null;
    String market = null;
    String ticker = null;
    String status = null;
    String side = null;
    String size = null;
    String maxSize = null;
    String entryPrice = null;
    String exitPrice = null;
    String realizedPnl = null;
    String unrealizedPnl = null;
    Long createdAtNs = null;
    Long createdAtHeight = null;
    Long closedAtNs = null;
    String sumOpen = null;
    String sumClose = null;
    String netFunding = null;
    Long subaccountNumber = null;
    String address = null;
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "id" -> id = values.text();
        case "positionId" -> positionId = values.text();
        case "market" -> market = values.repeatedText();
        case "ticker" -> ticker = values.repeatedText();
        case "status" -> status = values.repeatedText();
        case "side" -> side = values.repeatedText();
        case "size" -> size = values.plainDecimal();
        case "maxSize" -> maxSize = values.plainDecimal();
        case "entryPrice" -> entryPrice = values.plainDecimal();
        case "exitPrice" -> exitPrice = values.plainDecimal();
        case "realizedPnl" -> realizedPnl = values.plainDecimal();
        case "unrealizedPnl" -> unrealizedPnl = values.plainDecimal();
        case "createdAt" -> createdAtNs = values.time();
        case "createdAtHeight" -> createdAtHeight = values.natural();
        case "closedAt" -> closedAtNs = values.time();
        case "sumOpen" -> sumOpen = values.plainDecimal();
        case "sumClose" -> sumClose = values.plainDecimal();
        case "netFunding" -> netFunding = values.plainDecimal();
        case "address" -> address = values.repeatedText();
        case "subaccountNumber" -> subaccountNumber = values.subaccountNumber();
        default -> unknown.keep(in, name);
      }
    }
    return new IndexerPosition(
        id == null ? positionId : id,
        firstGiven(market, ticker, key),
        status,
        side,
        size,
        maxSize,
        entryPrice,
        exitPrice,
        realizedPnl,
        unrealizedPnl,
        createdAtNs,
        createdAtHeight,
        closedAtNs,
        sumOpen,
        sumClose,
        netFunding,
        subaccountNumber,
        address,
        unknown.take());
  }

  private static String firstGiven(String market, String ticker, String key) {
    if (market != null) {
      return market;
    }
    return ticker != null ? ticker : key;
  }
}
