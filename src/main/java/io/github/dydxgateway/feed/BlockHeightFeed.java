package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.v1.BlockHeight;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** Blocks of the chain, each height once and rising. */
final class BlockHeightFeed extends Feed {
  private final List<SubaccountFeed> accounts = new ArrayList<>();
  private ChannelContents.BlockHeight last;
  private long lastReceiveTimeNs;

  BlockHeightFeed(
      Executor loop, ChannelSource source, FeedCounters counters, Redundancy redundancy) {
    super(ChannelId.of(Channel.BLOCK_HEIGHT), loop, source, counters, redundancy);
  }

  /** An account that receives each height from now on, and the present one. Any thread. */
  void follow(SubaccountFeed account) {
    loop()
        .execute(
            () -> {
              accounts.add(account);
              if (last != null) {
                account.onBlock(last.height(), lastReceiveTimeNs);
              }
            });
  }

  /** An account that receives no more heights. Any thread. */
  void unfollow(SubaccountFeed account) {
    loop().execute(() -> accounts.remove(account));
  }

  @Override
  void onFirstState(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    publishIfHigher(frame.contents(), receiveTimeNs);
  }

  @Override
  void onStateAgain(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    if (last != null
        && frame.contents() instanceof ChannelContents.BlockHeight now
        && now.height() > last.height() + 1) {
      // The venue sent these while nobody listened, and does not send them again.
      publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, receiveTimeNs);
    }
    publishIfHigher(frame.contents(), receiveTimeNs);
  }

  /** Blocks come once. */
  @Override
  boolean nextStateHoldsLost() {
    return false;
  }

  @Override
  boolean onUpdates(int copy, IndexerFrame.ChannelData frame, long receiveTimeNs) {
    ChannelContents.BlockHeight before = last;
    for (ChannelContents contents : frame.updates()) {
      if (!publishIfHigher(contents, receiveTimeNs)) {
        noteRepeated(1);
      }
    }
    return last != before;
  }

  /** Not if blocks between are yet to come from another copy. */
  @Override
  boolean isInStep(Copy copy) {
    return last == null
        || (copy.initialState().contents() instanceof ChannelContents.BlockHeight state
            && state.height() <= last.height() + 1);
  }

  @Override
  void onJoined(int copy, IndexerFrame.Subscribed state, long receiveTimeNs, List<Copy.Held> held) {
    publishIfHigher(state.contents(), receiveTimeNs);
    held.forEach(one -> onUpdates(copy, one.frame(), one.receiveTimeNs()));
  }

  /** False if the height is not above the last one: the venue has repeated it or stepped back. */
  private boolean publishIfHigher(ChannelContents contents, long receiveTimeNs) {
    if (!(contents instanceof ChannelContents.BlockHeight now)
        || (last != null && now.height() <= last.height())) {
      return false;
    }
    last = now;
    noteEventTime(now.timeNs(), receiveTimeNs);
    lastReceiveTimeNs = receiveTimeNs;
    publishSnapshots();
    accounts.forEach(account -> account.onBlock(now.height(), receiveTimeNs));
    return true;
  }

  @Override
  List<Event.Builder> snapshot(Topic topic) {
    return last == null
        ? List.of()
        : List.of(
            at(lastReceiveTimeNs)
                .setBlockHeight(
                    BlockHeight.newBuilder()
                        .setHeight(last.height())
                        .setBlockTimeNs(last.timeNs())
                        .putAllExtraFields(last.unknownFields().jsonByName())));
  }
}
