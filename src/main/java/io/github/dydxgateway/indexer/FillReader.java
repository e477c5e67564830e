package io.github.dydxgateway.indexer;

import java.io.IOException;

/** Reads fills. Not thread safe. */
final class FillReader implements RecordReader<IndexerFill> {
  private final FieldValues values;
  private final EventIdReader eventIds;

  FillReader(FieldValues values, EventIdReader eventIds) {
    this.values = values;
    this.eventIds = eventIds;
  }

  @Override
  public IndexerFill read(JsonCursor in, String key) throws IOException {
    ExtraFields unknown = new ExtraFields();
    String id = null;
    String subaccountId = null;
    String side = null;
    String liquidity = null;
    String type = null;
    Long clobPairId = null;
    String size = null;
    String price = null;
    String quoteAmount = null;
    String fee = null;
    String eventId = null;
    String transactionHash = null;
    long createdAtNs = 0;
    long createdAtHeight = 0;
    String orderId = null;
    String ticker = null;
    String market = null;
    String clientMetadata = null;
    String builderAddress = null;
    String builderFee = null;
    String orderRouterAddress = null;
    String orderRouterFee = null;
    String affiliateRevShare = null;
    String positionSizeBefore = null;
    String positionSideBefore = null;
    String entryPriceBefore = null;
    Long subaccountNumber = null;
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "id" -> id = values.text();
        case "subaccountId" -> subaccountId = values.repeatedText();
        case "side" -> side = values.repeatedText();
        case "liquidity" -> liquidity = values.repeatedText();
        case "type" -> type = values.repeatedText();
        case "clobPairId" -> clobPairId = values.natural();
        case "size" -> size = values.plainDecimal();
        case "price" -> price = values.plainDecimal();
        case "quoteAmount" -> quoteAmount = values.plainDecimal();
        case "fee" -> fee = values.plainDecimal();
        case "eventId" -> eventId = eventIds.read(in);
        case "transactionHash" -> transactionHash = values.text();
        case "createdAt" -> createdAtNs = values.timeOrZero();
        case "createdAtHeight" -> createdAtHeight = values.naturalOrZero();
        case "orderId" -> orderId = values.text();
        case "ticker" -> ticker = values.repeatedText();
        case "clientMetadata" -> clientMetadata = values.repeatedText();
        case "builderAddress" -> builderAddress = values.repeatedText();
        case "builderFee" -> builderFee = values.plainDecimal();
        case "orderRouterAddress" -> orderRouterAddress = values.repeatedText();
        case "orderRouterFee" -> orderRouterFee = values.plainDecimal();
        case "affiliateRevShare" -> affiliateRevShare = values.plainDecimal();
        case "positionSizeBefore" -> positionSizeBefore = values.plainDecimal();
        case "positionSideBefore" -> positionSideBefore = values.repeatedText();
        case "entryPriceBefore" -> entryPriceBefore = values.plainDecimal();
        case "subaccountNumber" -> subaccountNumber = values.subaccountNumber();
        case "market" -> market = values.repeatedText(); // The ticker, of older servers.
        default -> unknown.keep(in, name);
      }
    }
    return new IndexerFill(
        id,
        subaccountId,
        side,
        liquidity,
        type,
        clobPairId,
        size,
        price,
        quoteAmount,
        fee,
        eventId,
        transactionHash,
        createdAtNs,
        createdAtHeight,
        orderId,
        ticker == null ? market : ticker,
        clientMetadata,
        builderAddress,
        builderFee,
        orderRouterAddress,
        orderRouterFee,
        affiliateRevShare,
        positionSizeBefore,
        positionSideBefore,
        entryPriceBefore,
        subaccountNumber,
        unknown.take());
  }
}
