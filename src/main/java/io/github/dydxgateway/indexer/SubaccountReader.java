package io.github.dydxgateway.indexer;

import java.io.IOException;
import java.util.List;

/** Reads the state of subaccounts, and of parents with their children. Not thread safe. */
final class SubaccountReader implements RecordReader<IndexerSubaccount> {
  private final FieldValues values;
  private final RecordLists lists;
  private final PositionReader positions;
  private final AssetPositionReader assetPositions;

  SubaccountReader(FieldValues values, RecordLists lists) {
    this.values = values;
    this.lists = lists;
    this.positions = new PositionReader(values);
    this.assetPositions = new AssetPositionReader(values);
  }

  @Override
  public IndexerSubaccount read(JsonCursor in, String key) throws IOException {
    ExtraFields unknown = new ExtraFields();
    String address = null;
    Long subaccountNumber = null;
    String equity = null;
    String freeCollateral = null;
    List<IndexerPosition> openPerpetualPositions = List.of();
    List<IndexerAssetPosition> balances = List.of();
    Boolean marginEnabled = null;
    Long updatedAtHeight = null;
    Long latestProcessedBlockHeight = null;
    List<IndexerSubaccount> children = List.of();
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "address" -> address = values.repeatedText();
        case "subaccountNumber", "parentSubaccountNumber" ->
            subaccountNumber = values.subaccountNumber();
        case "equity" -> equity = values.plainDecimal();
        case "freeCollateral" -> freeCollateral = values.plainDecimal();
        case "openPerpetualPositions" -> openPerpetualPositions = lists.arrayOrMap(positions);
        case "assetPositions" -> balances = lists.arrayOrMap(assetPositions);
        case "marginEnabled" -> marginEnabled = values.flag();
        case "updatedAtHeight" -> updatedAtHeight = values.natural();
        case "latestProcessedBlockHeight" -> latestProcessedBlockHeight = values.natural();
        case "childSubaccounts" -> children = lists.arrayOrMap(this);
        default -> unknown.keep(in, name);
      }
    }
    return new IndexerSubaccount(
        address,
        subaccountNumber,
        equity,
        freeCollateral,
        openPerpetualPositions,
        balances,
        marginEnabled,
        updatedAtHeight,
        latestProcessedBlockHeight,
        children,
        unknown.take());
  }
}
