package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.IndexerAssetPosition;
import io.github.dydxgateway.indexer.IndexerFill;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.IndexerOrder;
import io.github.dydxgateway.indexer.IndexerPosition;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.v1.AssetPosition;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Fill;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.Order;
import io.github.dydxgateway.v1.PerpetualPosition;
import io.github.dydxgateway.v1.SubaccountSnapshot;
import io.github.dydxgateway.v1.SubaccountUpdate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * A subaccount, or a parent subaccount with its children.
 *
 * <p>What the venue sends again or late is not published again, whether on one connection or on
 * several: see {@link AccountUpdateFilter}. Short-term orders end with their last block; since the
 * venue sends nothing of it to an account that is quiet, the height comes from {@link
 * BlockHeightFeed} as well.
 *
 * <p>With several copies the first that tells an update wins; the same update of another is
 * dropped. Following one copy and giving a snapshot when it breaks off would lose the fills and
 * transfers that it had not told yet, since no state holds them. What clients may see: an update
 * that the venue words differently on two connections, as during its deployments, comes twice, but
 * no fill in it comes twice.
 */
final class SubaccountFeed extends Feed {
  /**
   * The venue batches for 250 ms, the updates of each child for themselves. The first batch of a
   * copy begins in the midst of others, so that one child met in it says nothing of another.
   */
  private static final long FIRST_BATCH_NANOS = 1_000_000_000L;

  private final String address;
  private final int subaccountNumber;
  private final String accountId;
  private final SeenUpdates seen = new SeenUpdates();
  private final AccountOrders orders = new AccountOrders();
  private final AccountUpdateFilter filter = new AccountUpdateFilter(orders);
  private final ChildSubaccounts children;
  private SubaccountState state;
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
    this.children = new ChildSubaccounts(address, subaccountNumber);
  }

  /**
   * An account does not cease to exist, nor do its orders without a list of those that are left.
   */
  @Override
  String problemOf(IndexerFrame.Subscribed frame) {
    if (state == null || !(frame.contents() instanceof ChannelContents.SubaccountState contents)) {
      return null;
    }
    if (contents.subaccount() == null && state.snapshot().getFound()) {
      return "the venue's answer has no state of an account that has one";
    }
    return !contents.hasOrders() && !orders.open().isEmpty()
        ? "the venue's answer has no orders of an account that has some"
        : null;
  }

  @Override
  void takeState(int copy, IndexerFrame.Subscribed frame, long receiveTimeNs) {
    seen.clear();
  }

  @Override
  void onFirstState(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    state = new SubaccountState(address, subaccountNumber, accountId);
    orders.restart();
    if (frame.contents() instanceof ChannelContents.SubaccountState contents) {
      state.take(contents.subaccount(), contents.blockHeight());
      for (Order order : ordersOf(contents)) {
        orders.addOfState(order, contents.blockHeight());
      }
    }
    publishSnapshots();
    if (frame.contents() instanceof ChannelContents.SubaccountState contents) {
      reportProblems(contents.problems(), frame.messageId(), receiveTimeNs);
    }
  }

  /** The orders of a state, each of which names its child where the account is a parent. */
  private List<Order> ordersOf(ChannelContents.SubaccountState contents) {
    return contents.orders().stream()
        .map(order -> orderOfState(AccountMessages.order(order)))
        .toList();
  }

  @Override
  void onStateAgain(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    // Fills and transfers of the meantime are in no state; that they may be missing has to be said.
    publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, receiveTimeNs);
    onFirstState(frame, receiveTimeNs);
  }

  /** An order of a parent's state names its child, or the venue's id of it. */
  private Order orderOfState(Order order) {
    if (!isParent() || order.hasSubaccountNumber()) {
      return order;
    }
    Integer number = children.numberOf(order.getSubaccountId());
    return number == null ? order : AccountMessages.ofChild(order, number);
  }

  @Override
  boolean onUpdates(int copy, IndexerFrame.ChannelData frame, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    filter.beginFrame();
    boolean anyNew = false;
    for (ChannelContents contents : frame.updates()) {
      if (contents instanceof ChannelContents.SubaccountChange change) {
        SubaccountUpdate update = update(change, numberOf(frame));
        if (isRedundant() && !seen.isNew(copy, update, nanoTime())) {
          continue;
        }
        SubaccountUpdate news = filter.newOf(update, state);
        noteRepeated(filter.dropped());
        if (news == null) {
          continue;
        }
        anyNew = true;
        take(news);
        if (changes != null) {
          changes.note(news);
        }
        publish(news, receiveTimeNs);
        reportProblems(change.problems(), frame.messageId(), receiveTimeNs);
      }
    }
    expireOrders(state.blockHeight(), receiveTimeNs);
    return anyNew;
  }

  private void publish(SubaccountUpdate update, long receiveTimeNs) {
    for (Topic topic : topics()) {
      topic.publish(at(receiveTimeNs).setSubaccountUpdate(update));
    }
  }

  // ---- orders that end with a block

  /**
   * A new block of the chain. Any thread.
   *
   * @param height of the block
   * @param receiveTimeNs when it arrived, nanoseconds since the Unix epoch
   */
  void onBlock(long height, long receiveTimeNs) {
    loop().execute(() -> expireOrders(height, receiveTimeNs));
  }

  /** Not while updates may be missing: the venue's next state shows how orders ended meanwhile. */
  private void expireOrders(long height, long receiveTimeNs) {
    List<Order> expired = isLive() ? orders.expire(height) : List.of();
    if (expired.isEmpty()) {
      return;
    }
    Map<Integer, SubaccountUpdate.Builder> updates = new TreeMap<>();
    for (Order order : expired) {
      int number = order.hasSubaccountNumber() ? order.getSubaccountNumber() : subaccountNumber;
      updates
          .computeIfAbsent(number, child -> emptyUpdate(child).setBlockHeight(height))
          .addOrders(order);
    }
    lastReceiveTimeNs = receiveTimeNs;
    for (SubaccountUpdate.Builder builder : updates.values()) {
      SubaccountUpdate update = builder.build();
      take(update);
      publish(update, receiveTimeNs);
    }
  }

  // ---- further states of the venue

  private void take(SubaccountUpdate update) {
    if (isParent()) {
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

  /** A state of the venue without the orders that are known to have ended: it may be behind. */
  private SubaccountSnapshot furtherState(IndexerFrame.Subscribed frame) {
    SubaccountState further = new SubaccountState(address, subaccountNumber, accountId);
    List<Order> listed = List.of();
    if (frame.contents() instanceof ChannelContents.SubaccountState contents) {
      further.take(contents.subaccount(), contents.blockHeight());
      listed = ordersOf(contents);
    }
    SubaccountSnapshot.Builder snapshot = further.snapshot();
    listed.stream().filter(order -> !orders.hasEnded(order)).forEach(snapshot::addOrders);
    return snapshot.build();
  }

  private SubaccountSnapshot snapshot() {
    return state.snapshot().addAllOrders(orders.open()).build();
  }

  /**
   * Fills and transfers that were lost with what differs are in no state; so a Gap is published,
   * and the whole state after it.
   */
  @Override
  int onCheck(int copy, IndexerFrame.Subscribed frame, long receiveTimeNs) {
    SubaccountSnapshot present = snapshot();
    SubaccountSnapshot further = furtherState(frame);
    if (problemOf(frame) != null) {
      return 0; // an account does not cease to exist: the venue's answer is no state
    }
    List<SubaccountUpdate> differences = changes.differences(present, further);
    if (!differences.isEmpty()) {
      for (SubaccountUpdate difference : differences) {
        if (difference.getPositionsCount() + difference.getBalancesCount() > 0) {
          take(difference);
        } else {
          state.takeHeight(0); // the orders of a parent are not those of one child
        }
        difference
            .getOrdersList()
            .forEach(order -> orders.correct(order, further.getBlockHeight()));
      }
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
    return nanoTime() - copy.stateAtNanos() >= Redundancy.APART_NANOS
        || lastMet(telling(copy)) >= 0;
  }

  /** What was held of a copy, as far as meeting it tells where the copy stands. */
  private List<Copy.Held> telling(Copy copy) {
    List<Copy.Held> held = copy.held();
    if (isParent()) {
      held.removeIf(one -> one.heldAtNanos() - copy.stateAtNanos() < FIRST_BATCH_NANOS);
    }
    return held;
  }

  @Override
  void onJoined(int copy, IndexerFrame.Subscribed state, long receiveTimeNs, List<Copy.Held> held) {
    seen.restart(copy);
    int met = lastMet(held);
    for (int i = 0; i < held.size(); i++) {
      Copy.Held one = held.get(i);
      if (i > met && (met >= 0 || nanoTime() - one.heldAtNanos() < Redundancy.APART_NANOS)) {
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
          && seen.has(update(change, numberOf(frame)))) {
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

  private boolean isParent() {
    return channelId().channel() == Channel.PARENT_SUBACCOUNTS;
  }

  private SubaccountUpdate.Builder emptyUpdate(int number) {
    return SubaccountUpdate.newBuilder()
        .setAddress(address)
        .setSubaccountNumber(number)
        .setAccountId(accountId);
  }

  /** On a parent's channel all that belongs to a child names it. */
  private SubaccountUpdate update(ChannelContents.SubaccountChange change, int number) {
    boolean isParent = isParent();
    SubaccountUpdate.Builder update =
        emptyUpdate(number)
            .setBlockHeight(change.blockHeight())
            .putAllExtraFields(change.unknownFields().jsonByName());
    for (IndexerOrder one : change.orders()) {
      Order order = AccountMessages.order(one);
      update.addOrders(isParent ? AccountMessages.ofChild(order, number) : order);
    }
    for (IndexerFill one : change.fills()) {
      Fill fill = AccountMessages.fill(one);
      update.addFills(isParent ? AccountMessages.ofChild(fill, number) : fill);
    }
    for (IndexerPosition one : change.positions()) {
      PerpetualPosition position = AccountMessages.position(one);
      update.addPositions(isParent ? AccountMessages.ofChild(position, number) : position);
    }
    for (IndexerAssetPosition one : change.assetPositions()) {
      AssetPosition balance = AccountMessages.balance(one);
      update.addBalances(isParent ? AccountMessages.ofChild(balance, number) : balance);
    }
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
        : List.of(at(lastReceiveTimeNs).setSubaccountSnapshot(snapshot()));
  }
}
