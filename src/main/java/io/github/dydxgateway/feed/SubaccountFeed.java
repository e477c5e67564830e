package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.SubaccountUpdate;
import java.util.List;
import java.util.concurrent.Executor;

/** A subaccount, or a parent subaccount with its children. */
final class SubaccountFeed extends Feed {
  private final String address;
  private final int subaccountNumber;
  private final String accountId;
  private SubaccountState state;
  private long lastReceiveTimeNs;

  SubaccountFeed(
      String address,
      int subaccountNumber,
      String accountId,
      ChannelId channelId,
      Executor loop,
      ChannelSource source,
      FeedCounters counters) {
    super(channelId, loop, source, counters);
    this.address = address;
    this.subaccountNumber = subaccountNumber;
    this.accountId = accountId;
  }

  @Override
  void onFirstState(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    state = new SubaccountState(address, subaccountNumber, accountId);
    if (frame.contents() instanceof ChannelContents.SubaccountState contents) {
      state.take(contents.subaccount(), contents.blockHeight());
      contents.orders().forEach(order -> state.take(AccountMessages.order(order)));
      publishSnapshots();
      reportProblems(contents.problems(), frame.messageId(), receiveTimeNs);
    } else {
      publishSnapshots();
    }
  }

  @Override
  void onStateAgain(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    // Fills and transfers of the meantime are in no state; that they may be missing has to be said.
    publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, receiveTimeNs);
    onFirstState(frame, receiveTimeNs);
  }

  @Override
  void onUpdates(IndexerFrame.ChannelData frame, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    for (ChannelContents contents : frame.updates()) {
      if (contents instanceof ChannelContents.SubaccountChange change) {
        SubaccountUpdate update = update(change, numberOf(frame));
        if (channelId().channel() == Channel.PARENT_SUBACCOUNTS) {
          state.takeOfChild(update);
        } else {
          state.take(update);
        }
        for (Topic topic : topics()) {
          topic.publish(at(receiveTimeNs).setSubaccountUpdate(update));
        }
        reportProblems(change.problems(), frame.messageId(), receiveTimeNs);
      }
    }
  }

  /** An account may rest for days between two busy minutes. */
  @Override
  boolean hasRhythm() {
    return false;
  }

  private int numberOf(IndexerFrame.ChannelData frame) {
    return frame.subaccountNumber() >= 0 ? frame.subaccountNumber() : subaccountNumber;
  }

  private SubaccountUpdate update(ChannelContents.SubaccountChange change, int number) {
    SubaccountUpdate.Builder update =
        SubaccountUpdate.newBuilder()
            .setAddress(address)
            .setSubaccountNumber(number)
            .setAccountId(accountId)
            .setBlockHeight(change.blockHeight())
            .putAllExtraFields(change.unknownFields().jsonByName());
    change.orders().forEach(order -> update.addOrders(AccountMessages.order(order)));
    change.fills().forEach(fill -> update.addFills(AccountMessages.fill(fill)));
    change.positions().forEach(one -> update.addPositions(AccountMessages.position(one)));
    change.assetPositions().forEach(one -> update.addBalances(AccountMessages.balance(one)));
    change.transfers().forEach(one -> update.addTransfers(AccountMessages.transfer(one)));
    change.tradingRewards().forEach(one -> update.addTradingRewards(AccountMessages.reward(one)));
    return update.build();
  }

  /** A lost update may have been an order or a position: only a fresh state tells. */
  @Override
  void onUpdateLost() {
    resync("an update of the subaccount could not be read");
  }

  private void reportProblems(
      List<ChannelContents.FieldProblem> problems, long messageId, long receiveTimeNs) {
    problems.forEach(
        problem -> reportLost(messageId, problem.field() + " " + problem.problem(), receiveTimeNs));
  }

  @Override
  List<Event.Builder> snapshot(Topic topic) {
    return state == null
        ? List.of()
        : List.of(at(lastReceiveTimeNs).setSubaccountSnapshot(state.snapshot()));
  }
}
