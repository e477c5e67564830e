package io.github.dydxgateway.indexer;

import java.util.List;

/**
 * The contents of a frame, by channel. Text the venue did not give is null, lists are never null.
 * Decimals of market data are {@link Decimal}s; decimals of accounts and statistics are text in
 * plain notation with exactly the digits received. Times are nanoseconds since the Unix epoch, 0
 * where not given. A field that this version does not know is kept as JSON text with its record,
 * unless it is null.
 */
public sealed interface ChannelContents {

  /**
   * Levels of an order book: all of them in an initial state, the changed ones in an update.
   *
   * @param unknownFields what this version does not know, beside the levels
   */
  record OrderBook(BookLevels bids, BookLevels asks, UnknownFields unknownFields)
      implements ChannelContents {}

  /**
   * Trades in the venue's order: an initial state comes newest first.
   *
   * @param unknownFields what this version does not know, beside the trades
   */
  record Trades(List<IndexerTrade> trades, UnknownFields unknownFields)
      implements ChannelContents {}

  /**
   * Candles in the venue's order: an initial state comes newest first, an update holds one.
   *
   * @param unknownFields what this version does not know, beside the candles
   */
  record Candles(List<IndexerCandle> candles, UnknownFields unknownFields)
      implements ChannelContents {}

  /**
   * Markets (all in an initial state, parts of the changed ones in an update) and oracle prices.
   *
   * @param unknownFields what this version does not know, beside them
   */
  record Markets(
      List<IndexerMarket> markets,
      List<IndexerOraclePrice> oraclePrices,
      UnknownFields unknownFields)
      implements ChannelContents {}

  /**
   * A block: height and time in nanoseconds since the Unix epoch.
   *
   * @param unknownFields what this version does not know
   */
  record BlockHeight(long height, long timeNs, UnknownFields unknownFields)
      implements ChannelContents {

    /** A block without unknown fields. */
    public BlockHeight(long height, long timeNs) {
      this(height, timeNs, UnknownFields.NONE);
    }
  }

  /**
   * Initial state of a subaccount or parent subaccount.
   *
   * @param subaccount null where the venue knows none (it was never funded); of a parent it holds
   *     the children
   * @param orders orders that may still be filled
   * @param hasOrders whether the venue gave a list of orders, be it empty
   * @param blockHeight 0 where not given
   * @param problems fields that could not be read and are left out
   */
  record SubaccountState(
      IndexerSubaccount subaccount,
      List<IndexerOrder> orders,
      boolean hasOrders,
      long blockHeight,
      List<FieldProblem> problems)
      implements ChannelContents {}

  /**
   * Update of a subaccount or of a child of a parent subaccount.
   *
   * @param blockHeight 0 where not given
   * @param unknownFields what this version does not know
   * @param problems fields that could not be read and are left out
   */
  record SubaccountChange(
      List<IndexerOrder> orders,
      List<IndexerFill> fills,
      List<IndexerPosition> positions,
      List<IndexerAssetPosition> assetPositions,
      List<IndexerTransfer> transfers,
      List<IndexerTradingReward> tradingRewards,
      long blockHeight,
      UnknownFields unknownFields,
      List<FieldProblem> problems)
      implements ChannelContents {}

  /**
   * A field that was left out because its value could not be read.
   *
   * @param field where it stood, such as {@code orders[2].price}
   * @param problem what was expected and what came, at most 200 characters
   */
  record FieldProblem(String field, String problem) {}
}
