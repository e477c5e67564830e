package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.IndexerAssetPosition;
import io.github.dydxgateway.indexer.IndexerFill;
import io.github.dydxgateway.indexer.IndexerOrder;
import io.github.dydxgateway.indexer.IndexerPosition;
import io.github.dydxgateway.indexer.IndexerTradingReward;
import io.github.dydxgateway.indexer.IndexerTransfer;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.v1.AssetPosition;
import io.github.dydxgateway.v1.Fill;
import io.github.dydxgateway.v1.Order;
import io.github.dydxgateway.v1.PerpetualPosition;
import io.github.dydxgateway.v1.TradingReward;
import io.github.dydxgateway.v1.Transfer;
import io.github.dydxgateway.v1.TransferParty;
import java.util.function.Consumer;

/**
 * The contract's messages about accounts, field by field from the venue's. What the venue did not
 * give stays unset.
 */
final class AccountMessages {
  private AccountMessages() {}

  static Order order(IndexerOrder from) {
    Order.Builder to = Order.newBuilder().putAllExtraFields(from.unknownFields().jsonByName());
    set(from.id(), to::setOrderId);
    set(from.clientId(), to::setClientId);
    to.setSide(VenueEnums.side(from.side()));
    to.setSideRaw(VenueEnums.rawOf(to.getSideValue(), from.side()));
    set(from.price(), to::setPrice);
    set(from.size(), to::setSize);
    set(from.totalFilled(), to::setTotalFilled);
    to.setStatus(VenueEnums.orderStatus(from.status()));
    to.setStatusRaw(VenueEnums.rawOf(to.getStatusValue(), from.status()));
    to.setType(VenueEnums.orderType(from.type()));
    to.setTypeRaw(VenueEnums.rawOf(to.getTypeValue(), from.type()));
    to.setTimeInForce(VenueEnums.timeInForce(from.timeInForce()));
    to.setTimeInForceRaw(VenueEnums.rawOf(to.getTimeInForceValue(), from.timeInForce()));
    setInstrument(from.ticker(), to::setInstrumentId);
    set(from.subaccountId(), to::setSubaccountId);
    set(from.clobPairId(), to::setClobPairId);
    set(from.postOnly(), to::setPostOnly);
    set(from.reduceOnly(), to::setReduceOnly);
    set(from.orderFlags(), to::setOrderFlags);
    set(from.totalOptimisticFilled(), to::setTotalOptimisticFilled);
    set(from.goodTilBlock(), to::setGoodTilBlock);
    set(from.goodTilBlockTimeNs(), to::setGoodTilBlockTimeNs);
    set(from.triggerPrice(), to::setTriggerPrice);
    set(from.updatedAtNs(), to::setUpdatedAtNs);
    set(from.updatedAtHeight(), to::setUpdatedAtHeight);
    set(from.removalReason(), to::setRemovalReason);
    set(from.createdAtHeight(), to::setCreatedAtHeight);
    set(from.clientMetadata(), to::setClientMetadata);
    set(from.duration(), to::setDuration);
    set(from.interval(), to::setInterval);
    set(from.priceTolerance(), to::setPriceTolerance);
    setInt(from.subaccountNumber(), to::setSubaccountNumber);
    set(from.builderAddress(), to::setBuilderAddress);
    set(from.feePpm(), to::setFeePpm);
    set(from.orderRouterAddress(), to::setOrderRouterAddress);
    set(from.createdAtNs(), to::setCreatedAtNs);
    return to.build();
  }

  static Fill fill(IndexerFill from) {
    Fill.Builder to =
        Fill.newBuilder()
            .setEventTimeNs(from.createdAtNs())
            .setBlockHeight(from.createdAtHeight())
            .putAllExtraFields(from.unknownFields().jsonByName());
    set(from.id(), to::setFillId);
    set(from.orderId(), to::setOrderId);
    setInstrument(from.ticker(), to::setInstrumentId);
    to.setSide(VenueEnums.side(from.side()));
    to.setSideRaw(VenueEnums.rawOf(to.getSideValue(), from.side()));
    to.setLiquidity(VenueEnums.liquidity(from.liquidity()));
    to.setLiquidityRaw(VenueEnums.rawOf(to.getLiquidityValue(), from.liquidity()));
    to.setType(VenueEnums.fillType(from.type()));
    to.setTypeRaw(VenueEnums.rawOf(to.getTypeValue(), from.type()));
    set(from.price(), to::setPrice);
    set(from.size(), to::setSize);
    set(from.quoteAmount(), to::setQuoteAmount);
    set(from.fee(), to::setFee);
    set(from.subaccountId(), to::setSubaccountId);
    set(from.clobPairId(), to::setClobPairId);
    set(from.eventId(), to::setEventId);
    set(from.transactionHash(), to::setTransactionHash);
    set(from.clientMetadata(), to::setClientMetadata);
    set(from.builderAddress(), to::setBuilderAddress);
    set(from.builderFee(), to::setBuilderFee);
    set(from.orderRouterAddress(), to::setOrderRouterAddress);
    set(from.orderRouterFee(), to::setOrderRouterFee);
    set(from.affiliateRevShare(), to::setAffiliateRevShare);
    set(from.positionSizeBefore(), to::setPositionSizeBefore);
    to.setPositionSideBefore(VenueEnums.positionSide(from.positionSideBefore()));
    to.setPositionSideBeforeRaw(
        VenueEnums.rawOf(to.getPositionSideBeforeValue(), from.positionSideBefore()));
    set(from.entryPriceBefore(), to::setEntryPriceBefore);
    setInt(from.subaccountNumber(), to::setSubaccountNumber);
    return to.build();
  }

  static PerpetualPosition position(IndexerPosition from) {
    PerpetualPosition.Builder to =
        PerpetualPosition.newBuilder().putAllExtraFields(from.unknownFields().jsonByName());
    setInstrument(from.market(), to::setInstrumentId);
    to.setStatus(VenueEnums.positionStatus(from.status()));
    to.setStatusRaw(VenueEnums.rawOf(to.getStatusValue(), from.status()));
    to.setSide(VenueEnums.positionSide(from.side()));
    to.setSideRaw(VenueEnums.rawOf(to.getSideValue(), from.side()));
    set(from.size(), to::setSize);
    set(from.maxSize(), to::setMaxSize);
    set(from.entryPrice(), to::setEntryPrice);
    set(from.exitPrice(), to::setExitPrice);
    set(from.realizedPnl(), to::setRealizedPnl);
    set(from.unrealizedPnl(), to::setUnrealizedPnl);
    set(from.createdAtNs(), to::setCreatedAtNs);
    set(from.createdAtHeight(), to::setCreatedAtHeight);
    set(from.closedAtNs(), to::setClosedAtNs);
    set(from.sumOpen(), to::setSumOpen);
    set(from.sumClose(), to::setSumClose);
    set(from.netFunding(), to::setNetFunding);
    setInt(from.subaccountNumber(), to::setSubaccountNumber);
    set(from.id(), to::setPositionId);
    set(from.address(), to::setAddress);
    return to.build();
  }

  static AssetPosition balance(IndexerAssetPosition from) {
    AssetPosition.Builder to =
        AssetPosition.newBuilder().putAllExtraFields(from.unknownFields().jsonByName());
    set(from.symbol(), to::setSymbol);
    to.setSide(VenueEnums.positionSide(from.side()));
    to.setSideRaw(VenueEnums.rawOf(to.getSideValue(), from.side()));
    set(from.size(), to::setSize);
    set(from.assetId(), to::setAssetId);
    setInt(from.subaccountNumber(), to::setSubaccountNumber);
    set(from.id(), to::setPositionId);
    set(from.address(), to::setAddress);
    return to.build();
  }

  static Transfer transfer(IndexerTransfer from) {
    Transfer.Builder to =
        Transfer.newBuilder()
            .setEventTimeNs(from.createdAtNs())
            .setBlockHeight(from.createdAtHeight())
            .putAllExtraFields(from.unknownFields().jsonByName());
    if (from.sender() != null) {
      to.setSender(party(from.sender()));
    }
    if (from.recipient() != null) {
      to.setRecipient(party(from.recipient()));
    }
    set(from.symbol(), to::setSymbol);
    set(from.size(), to::setSize);
    to.setType(VenueEnums.transferType(from.type()));
    to.setTypeRaw(VenueEnums.rawOf(to.getTypeValue(), from.type()));
    set(from.transactionHash(), to::setTransactionHash);
    return to.build();
  }

  private static TransferParty party(IndexerTransfer.Party from) {
    TransferParty.Builder to = TransferParty.newBuilder();
    set(from.address(), to::setAddress);
    setInt(from.subaccountNumber(), to::setSubaccountNumber);
    return to.build();
  }

  static TradingReward reward(IndexerTradingReward from) {
    TradingReward.Builder to =
        TradingReward.newBuilder()
            .setEventTimeNs(from.createdAtNs())
            .setBlockHeight(from.createdAtHeight())
            .putAllExtraFields(from.unknownFields().jsonByName());
    set(from.tradingReward(), to::setAmount);
    return to.build();
  }

  /** An order of a child subaccount, which names the child. */
  static Order ofChild(Order order, int number) {
    return order.hasSubaccountNumber()
        ? order
        : order.toBuilder().setSubaccountNumber(number).build();
  }

  /** A fill of a child subaccount, which names the child. */
  static Fill ofChild(Fill fill, int number) {
    return fill.hasSubaccountNumber() ? fill : fill.toBuilder().setSubaccountNumber(number).build();
  }

  /** A position of a child subaccount, which names the child. */
  static PerpetualPosition ofChild(PerpetualPosition position, int number) {
    return position.hasSubaccountNumber()
        ? position
        : position.toBuilder().setSubaccountNumber(number).build();
  }

  /** A balance of a child subaccount, which names the child. */
  static AssetPosition ofChild(AssetPosition balance, int number) {
    return balance.hasSubaccountNumber()
        ? balance
        : balance.toBuilder().setSubaccountNumber(number).build();
  }

  /** The canonical id of a ticker; a text that can't be one is passed on as it came. */
  private static void setInstrument(String ticker, Consumer<String> setter) {
    if (ticker != null) {
      setter.accept(new InstrumentId(ticker).canonical());
    }
  }

  private static <T> void set(T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }

  /** Only of numbers that their reader has refused where they are larger. */
  private static void setInt(Long value, Consumer<Integer> setter) {
    if (value != null) {
      setter.accept(Math.toIntExact(value));
    }
  }
}
