package io.github.dydxgateway.indexer;

import java.io.IOException;

/** Reads orders, or the parts of them that the venue gave. Not thread safe. */
final class OrderReader implements RecordReader<IndexerOrder> {
  private final FieldValues values;

  OrderReader(FieldValues values) {
    this.values = values;
  }

  @Override
  public IndexerOrder read(JsonCursor in, String key) throws IOException {
    ExtraFields unknown = new ExtraFields();
    String id = null;
    String subaccountId = null;
    String clientId = null;
    Long clobPairId = null;
    String side = null;
    String size = null;
    String ticker = null;
    String price = null;
    String type = null;
    String timeInForce = null;
    Boolean postOnly = null;
    Boolean reduceOnly = null;
    String status = null;
    String orderFlags = null;
    String totalFilled = null;
    String totalOptimisticFilled = null;
    Long goodTilBlock = null;
    Long goodTilBlockTimeNs = null;
    String triggerPrice = null;
    Long updatedAtNs = null;
    Long updatedAtHeight = null;
    String removalReason = null;
    Long createdAtHeight = null;
    String clientMetadata = null;
    String duration = null;
    String interval = null;
    String priceTolerance = null;
    Long subaccountNumber = null;
    String builderAddress = null;
    String feePpm = null;
    String orderRouterAddress = null;
    Long createdAtNs = null;
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "id" -> id = values.text();
        case "subaccountId" -> subaccountId = values.repeatedText();
        case "clientId" -> clientId = values.text();
        case "clobPairId" -> clobPairId = values.natural();
        case "side" -> side = values.repeatedText();
        case "size" -> size = values.plainDecimal();
        case "ticker" -> ticker = values.repeatedText();
        case "price" -> price = values.plainDecimal();
        case "type" -> type = values.repeatedText();
        case "timeInForce" -> timeInForce = values.repeatedText();
        case "postOnly" -> postOnly = values.flag();
        case "reduceOnly" -> reduceOnly = values.flag();
        case "status" -> status = values.repeatedText();
        case "orderFlags" -> orderFlags = values.repeatedText();
        case "totalFilled" -> totalFilled = values.plainDecimal();
        case "totalOptimisticFilled" -> totalOptimisticFilled = values.plainDecimal();
        case "goodTilBlock" -> goodTilBlock = values.natural();
        case "goodTilBlockTime" -> goodTilBlockTimeNs = values.time();
        case "triggerPrice" -> triggerPrice = values.plainDecimal();
        case "updatedAt" -> updatedAtNs = values.time();
        case "updatedAtHeight" -> updatedAtHeight = values.natural();
        case "removalReason" -> removalReason = values.repeatedText();
        case "createdAtHeight" -> createdAtHeight = values.natural();
        case "clientMetadata" -> clientMetadata = values.repeatedText();
        case "duration" -> duration = values.repeatedText();
        case "interval" -> interval = values.repeatedText();
        case "priceTolerance" -> priceTolerance = values.repeatedText();
        case "builderAddress" -> builderAddress = values.repeatedText();
        case "feePpm" -> feePpm = values.plainDecimal();
        case "orderRouterAddress" -> orderRouterAddress = values.repeatedText();
        case "createdAt" -> createdAtNs = values.time();
        case "subaccountNumber" -> subaccountNumber = values.subaccountNumber();
        default -> unknown.keep(in, name);
      }
    }
    return new IndexerOrder(
        id,
        subaccountId,
        clientId,
        clobPairId,
        side,
        size,
        ticker,
        price,
        type,
        timeInForce,
        postOnly,
        reduceOnly,
        status,
        orderFlags,
        totalFilled,
        totalOptimisticFilled,
        goodTilBlock,
        goodTilBlockTimeNs,
        triggerPrice,
        updatedAtNs,
        updatedAtHeight,
        removalReason,
        createdAtHeight,
        clientMetadata,
        duration,
        interval,
        priceTolerance,
        subaccountNumber,
        builderAddress,
        feePpm,
        orderRouterAddress,
        createdAtNs,
        unknown.take());
  }
}
