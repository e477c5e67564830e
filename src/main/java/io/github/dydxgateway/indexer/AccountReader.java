package io.github.dydxgateway.indexer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads contents of subaccounts and of parent subaccounts. Not thread safe. */
final class AccountReader implements ContentsReader {
  private final FieldProblems problems = new FieldProblems();
  private final FieldValues values;
  private final RecordLists lists;
  private final SubaccountReader subaccounts;
  private final OrderReader orders;
  private final FillReader fills;
  private final PositionReader positions;
  private final AssetPositionReader assetPositions;
  private final TransferReader transfers;
  private final TradingRewardReader tradingRewards;

  AccountReader(JsonCursor in) {
    values = new FieldValues(in, problems);
    lists = new RecordLists(in, problems);
    subaccounts = new SubaccountReader(values, lists);
    orders = new OrderReader(values);
    fills = new FillReader(values, new EventIdReader(in, problems));
    positions = new PositionReader(values);
    assetPositions = new AssetPositionReader(values);
    transfers = new TransferReader(problems, values);
    tradingRewards = new TradingRewardReader(values);
  }

  @Override
  public ChannelContents readInitialState(JsonCursor in) throws IOException {
    problems.clear();
    IndexerSubaccount subaccount = null;
    List<IndexerOrder> orderList = List.of();
    boolean hasOrders = false;
    long blockHeight = 0;
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "subaccount" -> subaccount = readSubaccount(in);
        case "orders" -> {
          hasOrders = in.isArray();
          orderList = lists.array(orders);
        }
        case "blockHeight" -> blockHeight = values.naturalOrZero();
        case "errors" -> throw in.unexpected("a state");
        default -> in.skip();
      }
    }
    return new ChannelContents.SubaccountState(
        subaccount, orderList, hasOrders, blockHeight, problems.take());
  }

  private IndexerSubaccount readSubaccount(JsonCursor in) throws IOException {
    if (in.isObject()) {
      return subaccounts.read(in, null);
    }
    if (!in.isNull()) {
      // Null here would say that the venue knows no such account.
      throw in.unexpected("an object");
    }
    return null;
  }

  @Override
  public ChannelContents readUpdate(JsonCursor in) throws IOException {
    problems.clear();
    ExtraFields unknown = new ExtraFields();
    List<IndexerOrder> orderList = List.of();
    List<IndexerFill> fillList = List.of();
    List<IndexerPosition> positionList = List.of();
    List<IndexerAssetPosition> assetPositionList = List.of();
    List<IndexerTransfer> transferList = List.of();
    List<IndexerTradingReward> rewardList = List.of();
    long blockHeight = 0;
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "orders" -> orderList = lists.array(orders);
        case "fills" -> fillList = lists.array(fills);
        case "perpetualPositions" -> positionList = lists.array(positions);
        case "assetPositions" -> assetPositionList = lists.array(assetPositions);
        case "transfers" -> transferList = lists.arrayOrOne(transfers);
        case "tradingReward", "tradingRewards" ->
            rewardList = joined(rewardList, lists.arrayOrOne(tradingRewards));
        case "blockHeight" -> blockHeight = values.naturalOrZero();
        default -> unknown.keep(in, name);
      }
    }
    return new ChannelContents.SubaccountChange(
        orderList,
        fillList,
        positionList,
        assetPositionList,
        transferList,
        rewardList,
        blockHeight,
        unknown.take(),
        problems.take());
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    if (first.isEmpty()) {
      return second;
    }
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return List.copyOf(all);
  }
}
