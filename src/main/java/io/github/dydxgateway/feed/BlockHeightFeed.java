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

/**
 * Blocks of the chain, each height once and rising. An update whose height is far from the last one
 * is not published: its copy is subscribed again, and the next initial state decides. So neither a
 * single wrong height nor a chain that starts again silences the topic.
 */
final class BlockHeightFeed extends Feed {
  /** No two consecutive heights are further apart, unless one is wrong or the chain is another. */
  private static final long MOST_APART = 1_000;

  private final List<SubaccountFeed> accounts = new ArrayList<>();
  private ChannelContents.BlockHeight last;

  /** Whether the last height is far from the one before it; accounts do not receive it. */
  private boolean isUnconfirmed;

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
              if (last != null && !isUnconfirmed) {
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
        && (now.height() - last.height() > 1 || isFar(now))) {
      // The venue sent these while nobody listened, and does not send them again.
      publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, receiveTimeNs);
      publish(now, receiveTimeNs);
    } else {
      publishIfHigher(frame.contents(), receiveTimeNs);
    }
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
      if (contents instanceof ChannelContents.BlockHeight now && isFar(now)) {
        report(frame.messageId(), "height " + now.height() + " after " + last.height());
        resync(copy, "its height is far from the last one");
      } else if (!publishIfHigher(contents, receiveTimeNs)) {
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
            && state.height() - last.height() <= 1
            && !isFar(state));
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
    publish(now, receiveTimeNs);
    return true;
  }

  private boolean isFar(ChannelContents.BlockHeight now) {
    return last != null && Math.abs(now.height() - last.height()) > MOST_APART;
  }

  private void publish(ChannelContents.BlockHeight now, long receiveTimeNs) {
    isUnconfirmed = isFar(now);
    last = now;
    noteEventTime(now.timeNs(), receiveTimeNs);
    lastReceiveTimeNs = receiveTimeNs;
    topics().forEach(topic -> snapshot(topic).forEach(topic::publish));
    if (!isUnconfirmed) {
      accounts.forEach(account -> account.onBlock(now.height(), receiveTimeNs));
    }
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
