package io.github.dydxgateway.indexer;

import java.io.IOException;

/** Reads balances, in a list or by symbol. Not thread safe. */
final class AssetPositionReader implements RecordReader<IndexerAssetPosition> {
  private final FieldValues values;

  AssetPositionReader(FieldValues values) {
    this.values = values;
  }

  @Override
  public IndexerAssetPosition read(JsonCursor in, String key) throws IOException {
    ExtraFields unknown = new ExtraFields();
    String id = null;
    String positionId = null;
    String symbol = null;
    String side = null;
    String size = null;
    String assetId = null;
    Long subaccountNumber = null;
    String address = null;
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "id" -> id = values.text();
        case "positionId" -> positionId = values.text();
        case "symbol" -> symbol = values.repeatedText();
        case "side" -> side = values.repeatedText();
        case "size" -> size = values.plainDecimal();
        case "assetId" -> assetId = values.repeatedText();
        case "address" -> address = values.repeatedText();
        case "subaccountNumber" -> subaccountNumber = values.subaccountNumber();
        default -> unknown.keep(in, name);
      }
    }
    return new IndexerAssetPosition(
        id == null ? positionId : id,
        symbol == null ? key : symbol,
        side,
        size,
        assetId,
        subaccountNumber,
        address,
        unknown.take());
  }
}
