package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.SubaccountSnapshot;
import io.github.dydxgateway.v1.SubaccountUpdate;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * A subaccount, or a parent subaccount with its children.
 *
 * <p>With several copies the first that tells an update wins; the same update of another is
 * dropped. Following one copy and giving a snapshot when it breaks off would lose the fills and
 * transfers that it had not told yet, since no state holds them. What clients may see: an update
 * that the venue words differently on two connections, as during its deployments, comes twice, but
 * no fill in it comes twice.
 */
final class SubaccountFeed extends Feed {
  /** Longer than two connections are apart. */
  private static final long APART_NANOS = 10_000_000_000L;

  /**
   * The venue batches for 250 ms, the updates of each child for themselves. The first batch of a
   * copy begins in the midst of others, so that one child met in it says nothing of another.
   */
  private static final long FIRST_BATCH_NANOS = 1_000_000_000L;

  private final String address;
  private final int subaccountNumber;
  private final String accountId;
  private SubaccountState state;
  private final ToldUpdates told = new ToldUpdates();
  private long lastReceiveTimeNs;

  /** What has changed since a state was asked for that will be compared; null if none was. */
  private AccountChanges changes;

  SubaccountFeed(
      String address,
      int subaccountNumber,
      String accountId,
      ChannelId channelId,
      Executor loop,
      ChannelSource source,
      FeedCounters counters,
      Redundancy redundancy) {
    super(channelId, loop, source, counters, redundancy);
    this.address = address;
    this.subaccountNumber = subaccountNumber;
    this.accountId = accountId;
  }

  @Override
  void takeState(int copy, IndexerFrame.Subscribed frame, long receiveTimeNs) {
    told.clear();
  }

  @Override
  void onFirstState(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    state = stateOf(frame);
    publishSnapshots();
    if (frame.contents() instanceof ChannelContents.SubaccountState contents) {
      reportProblems(contents.problems(), frame.messageId(), receiveTimeNs);
    }
  }

  private SubaccountState stateOf(IndexerFrame.Subscribed frame) {
    SubaccountState account = new SubaccountState(address, subaccountNumber, accountId);
    if (frame.contents() instanceof ChannelContents.SubaccountState contents) {
      account.take(contents.subaccount(), contents.blockHeight());
      contents.orders().forEach(order -> account.take(AccountMessages.order(order)));
    }
    return account;
  }

  @Override
  void onStateAgain(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    // Fills and transfers of the meantime are in no state; that they may be missing has to be said.
    publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, receiveTimeNs);
    onFirstState(frame, receiveTimeNs);
  }

  @Override
  boolean onUpdates(int copy, IndexerFrame.ChannelData frame, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    boolean anyNew = false;
    for (ChannelContents contents : frame.updates()) {
      if (contents instanceof ChannelContents.SubaccountChange change) {
        SubaccountUpdate update = update(change, numberOf(frame));
        if (isRedundant()) {
          update = told.newOf(copy, update, nanoTime());
          if (update == null) {
            continue;
          }
        }
        anyNew = true;
        take(update);
        if (changes != null) {
          changes.note(update);
        }
        for (Topic topic : topics()) {
          topic.publish(at(receiveTimeNs).setSubaccountUpdate(update));
        }
        reportProblems(change.problems(), frame.messageId(), receiveTimeNs);
      }
    }
    return anyNew;
  }

  private void take(SubaccountUpdate update) {
    if (channelId().channel() == Channel.PARENT_SUBACCOUNTS) {
      state.takeOfChild(update);
    } else {
      state.take(update);
    }
  }

  @Override
  boolean checksStates() {
    return true;
  }

  @Override
  void onCheckBegins() {
    changes = new AccountChanges();
  }

  @Override
  void onCheckEnds() {
    changes = null;
  }

  /**
   * Fills and transfers that were lost with what differs are in no state; so a Gap is published,
   * and the whole state after it.
   */
  @Override
  int onCheck(int copy, IndexerFrame.Subscribed frame, long receiveTimeNs) {
    SubaccountSnapshot present = state.snapshot();
    SubaccountSnapshot further = stateOf(frame).snapshot();
    if (present.getFound() && !further.getFound()) {
      return 0; // an account does not cease to exist: the venue's answer is no state
    }
    List<SubaccountUpdate> differences = changes.differences(present, further);
    if (!differences.isEmpty()) {
      differences.forEach(this::take);
      lastReceiveTimeNs = receiveTimeNs;
      publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, receiveTimeNs);
      publishSnapshots();
    }
    return differences.stream()
        .mapToInt(one -> one.getOrdersCount() + one.getPositionsCount() + one.getBalancesCount())
        .sum();
  }

  /**
   * Orders and positions told late would take the place of newer ones, and which of them are late
   * nobody knows: only a fresh state tells.
   */
  @Override
  void onLeaderLost(String reason) {
    restartCopies("another copy that was ahead: " + reason);
  }

  /**
   * Where a state stands among the updates of another copy is told by the first update that both
   * have, or by their having gone side by side for longer than they are apart.
   */
  @Override
  boolean isInStep(Copy copy) {
    return nanoTime() - copy.stateAtNanos() >= APART_NANOS || lastMet(telling(copy)) >= 0;
  }

  /** What was held of a copy, as far as meeting it tells where the copy stands. */
  private List<Copy.Held> telling(Copy copy) {
    List<Copy.Held> held = copy.held();
    if (channelId().channel() == Channel.PARENT_SUBACCOUNTS) {
      held.removeIf(one -> one.heldAtNanos() - copy.stateAtNanos() < FIRST_BATCH_NANOS);
    }
    return held;
  }

  @Override
  void onJoined(int copy, IndexerFrame.Subscribed state, long receiveTimeNs, List<Copy.Held> held) {
    told.restart(copy);
    int met = lastMet(held);
    for (int i = 0; i < held.size(); i++) {
      Copy.Held one = held.get(i);
      if (i > met && (met >= 0 || nanoTime() - one.heldAtNanos() < APART_NANOS)) {
        onUpdates(copy, one.frame(), one.receiveTimeNs());
      } else if (i == met) {
        takeUpFromMet(copy, one);
      } // else older than what clients have
    }
  }

  /** The last frame that holds an update which clients have; -1 if there is none. */
  private int lastMet(List<Copy.Held> held) {
    for (int i = held.size() - 1; i >= 0; i--) {
      if (lastMet(held.get(i).frame()) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private int lastMet(IndexerFrame.ChannelData frame) {
    for (int i = frame.updates().size() - 1; i >= 0; i--) {
      if (frame.updates().get(i) instanceof ChannelContents.SubaccountChange change
          && told.has(update(change, numberOf(frame)))) {
        return i;
      }
    }
    return -1;
  }

  /** The rest of a batch, from the update on that clients have. */
  private void takeUpFromMet(int copy, Copy.Held held) {
    IndexerFrame.ChannelData frame = held.frame();
    onUpdates(
        copy,
        new IndexerFrame.ChannelData(
            frame.messageId(),
            frame.channelId(),
            frame.subaccountNumber(),
            frame.updates().subList(lastMet(frame), frame.updates().size())),
        held.receiveTimeNs());
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
  void onUpdateLost(Copy copy) {
    copy.resync("an update of the subaccount could not be read");
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
