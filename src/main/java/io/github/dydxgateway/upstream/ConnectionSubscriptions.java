package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelListener.Refusal;
import io.github.dydxgateway.indexer.IndexerError;
import io.github.dydxgateway.indexer.IndexerFrame.ChannelData;
import io.github.dydxgateway.indexer.IndexerFrame.Failed;
import io.github.dydxgateway.indexer.IndexerFrame.Subscribed;
import io.github.dydxgateway.indexer.IndexerFrame.Unsubscribed;
import io.github.dydxgateway.indexer.IndexerRequest;
import io.github.dydxgateway.indexer.MalformedFrameException;
import io.github.dydxgateway.upstream.Subscription.State;
import io.github.dydxgateway.upstream.UpstreamObserver.DropReason;
import io.github.dydxgateway.upstream.UpstreamObserver.RetryReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * All subscriptions of one connection: what is wanted, what was asked for, what the venue said.
 * Kept through reconnects. Touched by the connection's loop only; knows time only as the given
 * nanoseconds.
 */
final class ConnectionSubscriptions {
  /** What {@link #owedSinceNs} returns while the venue owes no answer. */
  static final long NOTHING_OWED = Long.MAX_VALUE;

  private static final Logger LOG = Logger.getLogger(ConnectionSubscriptions.class);

  private final String name;
  private final UpstreamSettings settings;
  private final SubscribePacer pacer;
  private final LongSupplier nanoTime;
  private final Wire wire;
  private final Placement placement;
  private final Predicate<ChannelId> listed;
  private final UpstreamObserver observer;
  private final LogThrottle venueErrors = new LogThrottle(Duration.ofSeconds(1));
  private final LogThrottle losses = new LogThrottle(Duration.ofSeconds(10));
  private final MessageIds messageIds = new MessageIds();
  private final Map<ChannelId, Subscription> byId = new HashMap<>();
  private final TreeSet<Subscription> inOrder = new TreeSet<>(Subscription.ORDER);

  /** Unsubscribes sent in this session and not confirmed yet. */
  private final Map<ChannelId, Integer> unconfirmed = new HashMap<>();

  private boolean inSession;
  private long owedSinceNs = NOTHING_OWED;
  private long sentCount;
  private long lastReceiveTimeNs;

  /**
   * @param listed whether the venue lists the instrument of a subscription, so that an instance
   *     which does not know it yet will
   */
  ConnectionSubscriptions(
      String name,
      UpstreamSettings settings,
      SubscribePacer pacer,
      LongSupplier nanoTime,
      Wire wire,
      Placement placement,
      Predicate<ChannelId> listed,
      UpstreamObserver observer) {
    this.name = name;
    this.settings = settings;
    this.pacer = pacer;
    this.nanoTime = nanoTime;
    this.wire = wire;
    this.placement = placement;
    this.listed = listed;
    this.observer = observer;
  }

  /** The connection, as its subscriptions see it. */
  interface Wire {
    void send(String text);

    /** Calls {@link #wake} after this many nanoseconds; replaces what was asked for before. */
    void wakeAfter(long delayNs);

    /** Nothing to wake for. */
    void doNotWake();
  }

  /** The pool, as a connection's subscriptions see it. */
  interface Placement {
    /** The venue refused it for good; it is here no more. */
    void refused(PooledSubscription subscription);

    /**
     * The venue wants no more of its channel on this connection.
     *
     * @return false if it has to stay nevertheless; else it is here no more and the pool sees to it
     */
    boolean moveAway(PooledSubscription subscription);
  }

  void add(Subscription subscription) {
    byId.put(subscription.channelId(), subscription);
    inOrder.add(subscription);
    wake();
  }

  /** Its owner closed it. Does nothing if it is not here. */
  void remove(PooledSubscription owner) {
    Subscription subscription = byId.get(owner.channelId());
    if (subscription == null || subscription.owner() != owner) {
      return;
    }
    take(subscription);
    if (subscription.state() == State.SENT || subscription.state() == State.LIVE) {
      unsubscribe(subscription.channelId());
    }
    wake();
  }

  /** Its owner wants a new initial state. */
  void resync(PooledSubscription owner, String reason) {
    Subscription subscription = byId.get(owner.channelId());
    if (subscription == null
        || subscription.owner() != owner
        || subscription.state() != State.LIVE) {
      return;
    }
    LOG.debugf("%s: resync of %s: %s", name, LogText.of(owner.channelId()), reason);
    interrupt(subscription, reason);
    again(subscription, RetryReason.RESYNC);
    wake();
  }

  /**
   * The venue said {@code connected}.
   *
   * @param messageId number of that message; -1 where it had none
   */
  void sessionStarted(long messageId) {
    inSession = true;
    unconfirmed.clear();
    messageIds.sessionStarted(messageId);
    pacer.sessionStarted(nanoTime.getAsLong());
    wake();
  }

  void sessionLost(Disconnect disconnect) {
    inSession = false;
    unconfirmed.clear();
    pacer.sessionLost(nanoTime.getAsLong());
    owedSinceNs = NOTHING_OWED;
    if (disconnect.reason() == DisconnectReason.CLOSE_1008) {
      pacer.slowDown(nanoTime.getAsLong());
    }
    for (Subscription subscription : inOrder) {
      if (subscription.state() == State.LIVE) {
        interrupt(subscription, disconnect.detail());
      }
      subscription.sessionLost();
    }
    wire.doNotWake();
  }

  /** The connection is closed for good: takes leave of the venue. */
  void clear() {
    for (Subscription subscription : inOrder) {
      if (subscription.state() == State.SENT || subscription.state() == State.LIVE) {
        unsubscribe(subscription.channelId());
      }
    }
    inSession = false;
    byId.clear();
    inOrder.clear();
    wire.doNotWake();
  }

  /** Does what is due: sends what may be sent, gives up waiting for what did not come. */
  void wake() {
    if (!inSession) {
      return;
    }
    long nowNs = nanoTime.getAsLong();
    messageIds.expire(nowNs);
    if (messageIds.hasLoss()) {
      interruptAfterLoss();
    }
    long nextNs = messageIds.expiresInNs(nowNs);
    for (Subscription subscription : inOrder) {
      nextNs = Math.min(nextNs, advance(subscription, nowNs));
    }
    if (nextNs == Long.MAX_VALUE) {
      wire.doNotWake();
    } else {
      wire.wakeAfter(nextNs);
    }
  }

  /** Returns after how many nanoseconds to look again. */
  private long advance(Subscription subscription, long nowNs) {
    State state = subscription.state();
    if (state == State.SENT && subscription.dueNs() <= nowNs) {
      LOG.warnf("%s: no answer to subscribe %s", name, LogText.of(subscription.channelId()));
      subscription.interrupted("no answer to the subscribe in time");
      if (unconfirmed.containsKey(subscription.channelId())) {
        subscription.stopAwaitingUnsubscribed();
      }
      again(subscription, RetryReason.TIMEOUT);
    } else if (state == State.RETRYING && subscription.dueNs() <= nowNs) {
      subscription.toWaiting();
    }
    if (subscription.state() == State.WAITING) {
      long waitNs = pacer.waitNs(subscription.channelId(), nowNs);
      if (waitNs > 0) {
        return waitNs;
      }
      pacer.sent(subscription.channelId(), nowNs);
      if (owedSinceNs() == NOTHING_OWED) {
        owedSinceNs = nowNs;
      }
      subscription.toSent(++sentCount, nowNs);
      messageIds.sent(MessageIds.Kind.SUBSCRIBE, subscription.channelId(), answerDueNs());
      wire.send(IndexerRequest.subscribe(subscription.channelId(), settings.batched()));
    }
    return subscription.state() == State.LIVE ? Long.MAX_VALUE : subscription.dueNs() - nowNs;
  }

  /** A message about no subscription came. */
  void onOther(long messageId) {
    messageIds.received(messageId);
    checkLoss();
  }

  /** What was lost has to be told before what came after it. */
  private void checkLoss() {
    if (messageIds.hasLoss()) {
      wake();
    }
  }

  /**
   * Tells that a subscription has to begin anew. Nobody will know any more whether a number that is
   * missing among what was handed on was an update of it, so that counts as lost: the next state
   * need not bring what is older than what was handed on.
   */
  private void interrupt(Subscription subscription, String reason) {
    if (subscription.state() == State.LIVE
        && messageIds.isMissingBetween(
            subscription.stateMessageId(), subscription.lastMessageId())) {
      subscription.lost(reason, lastReceiveTimeNs);
    } else {
      subscription.interrupted(reason);
    }
  }

  /**
   * Asks for new initial states where messages may be missing: of what is live since before the
   * last that was lost, for an initial state asked for later holds it.
   */
  private void interruptAfterLoss() {
    MessageIds.Loss loss = messageIds.takeLoss();
    observer.messagesLost(loss.count());
    String reason = "messages from the venue are missing: " + loss.count();
    int interrupted = 0;
    for (Subscription subscription : inOrder) {
      if (subscription.state() == State.LIVE && subscription.stateMessageId() < loss.last()) {
        interrupted++;
        if (subscription.hasDataAfter(loss.first())) {
          subscription.lost(reason, lastReceiveTimeNs);
        } else {
          interrupt(subscription, reason);
        }
        again(subscription, RetryReason.LOSS);
      }
    }
    if (losses.allows(nanoTime.getAsLong())) {
      LOG.warnf(
          "%s: %s, from message_id %d on; asking again for %d initial states (%d more losses since"
              + " the last such line)",
          name, reason, loss.first(), interrupted, losses.takeSuppressed());
    }
  }

  void onData(ChannelData frame, long receiveTimeNs, int length) {
    boolean isFirst = messageIds.received(frame.messageId());
    checkLoss();
    lastReceiveTimeNs = receiveTimeNs;
    Subscription subscription = byId.get(frame.channelId());
    if (subscription == null) {
      observer.droppedFrame(frame.channelId().channel(), DropReason.UNWANTED);
      return;
    }
    if (subscription.state() == State.LIVE && subscription.isNew(frame.messageId())) {
      subscription.data(frame, receiveTimeNs);
    } else if (isFirstStateAwaited(subscription)) {
      if (!subscription.hold(frame, receiveTimeNs, length)) {
        overflow(subscription);
      }
    } else {
      observer.droppedFrame(frame.channelId().channel(), DropReason.STALE);
      if (isFirst && isOvertaken(subscription, frame)) {
        subscription.lost("an update came after later ones", receiveTimeNs);
        again(subscription, RetryReason.LOSS);
        wake();
      }
    }
  }

  /** Whether updates that are later were handed on, so that this one is lost though it came. */
  private static boolean isOvertaken(Subscription subscription, ChannelData frame) {
    return subscription.state() == State.LIVE && frame.messageId() > subscription.stateMessageId();
  }

  private void overflow(Subscription subscription) {
    LOG.warnf(
        "%s: too much came for %s before its initial state; subscribing again",
        name, LogText.of(subscription.channelId()));
    observer.droppedFrame(subscription.channelId().channel(), DropReason.OVERFLOW);
    again(subscription, RetryReason.OVERFLOW);
    wake();
  }

  /**
   * Since when the venue owes the answer to a subscribe, on the monotonic clock; {@link
   * #NOTHING_OWED} if it owes none. A subscribe that is sent again does not change it.
   */
  long owedSinceNs() {
    for (Subscription subscription : inOrder) {
      if (subscription.state() == State.SENT) {
        return owedSinceNs;
      }
    }
    owedSinceNs = NOTHING_OWED;
    return NOTHING_OWED;
  }

  void onMalformed(MalformedFrameException problem, long receiveTimeNs, int length) {
    if (problem.isInitialState() && problem.channelId() != null) {
      onUnreadableState(problem);
      return;
    }
    countMalformed(problem);
    Subscription subscription = problem.channelId() == null ? null : byId.get(problem.channelId());
    if (subscription == null) {
      return;
    }
    subscription.malformed(problem, receiveTimeNs);
    if (isFirstStateAwaited(subscription) && !subscription.hold(problem, receiveTimeNs, length)) {
      overflow(subscription);
    }
  }

  /** The venue answers a subscribe so where it could not fetch the state: asks again. */
  private void onUnreadableState(MalformedFrameException problem) {
    ChannelId channelId = problem.channelId();
    if (problem.messageId() == -1) {
      messageIds.receivedUnnumbered();
    } else {
      messageIds.receivedAnswer(MessageIds.Kind.SUBSCRIBE, channelId, problem.messageId());
    }
    Subscription subscription = awaitingState(channelId);
    if (subscription != null) {
      subscription.interrupted(
          "the initial state from the venue is unreadable: " + problem.getMessage());
      unsubscribe(channelId);
      subscription.toRetrying(nanoTime.getAsLong());
      observer.subscribeRetried(channelId.channel(), RetryReason.UNREADABLE_STATE);
      queueMoved();
      wake();
    }
    checkLoss();
  }

  /** A message that nobody can be told of keeps its number missing, so that all are told. */
  private void countMalformed(MalformedFrameException problem) {
    if (problem.channelId() == null) {
      return;
    }
    if (problem.messageId() == -1) {
      messageIds.receivedUnnumbered();
    } else {
      messageIds.received(problem.messageId());
    }
    checkLoss();
  }

  void onSubscribed(Subscribed frame, long receiveTimeNs) {
    messageIds.receivedAnswer(MessageIds.Kind.SUBSCRIBE, frame.channelId(), frame.messageId());
    takeState(frame, receiveTimeNs);
    checkLoss(); // only now, since this state may lack what is lost
  }

  private void takeState(Subscribed frame, long receiveTimeNs) {
    Subscription subscription = awaitingState(frame.channelId());
    if (subscription != null) {
      subscription.toLive(frame, receiveTimeNs);
      queueMoved();
      wake();
    }
  }

  /** The subscription that an initial state is for; null where it has to be dropped. */
  private Subscription awaitingState(ChannelId channelId) {
    Subscription subscription = byId.get(channelId);
    if (subscription == null) {
      observer.droppedFrame(channelId.channel(), DropReason.UNWANTED);
      if (!unconfirmed.containsKey(channelId) && unconfirmed.size() < MessageIds.MAX_REQUESTS) {
        unsubscribe(channelId);
        wake();
      }
      return null;
    }
    if (!isFirstStateAwaited(subscription)) {
      observer.droppedFrame(channelId.channel(), DropReason.STALE);
      return null;
    }
    return subscription;
  }

  /** The venue has answered a subscribe. */
  private void queueMoved() {
    long nowNs = nanoTime.getAsLong();
    for (Subscription subscription : inOrder) {
      subscription.queueMoved(nowNs);
    }
  }

  /** False also before the venue confirmed an unsubscribe: what it says is from earlier. */
  private boolean isFirstStateAwaited(Subscription subscription) {
    return subscription.state() == State.SENT
        && !(subscription.awaitsUnsubscribed()
            && unconfirmed.containsKey(subscription.channelId()));
  }

  void onUnsubscribed(Unsubscribed frame) {
    ChannelId channelId = frame.channelId();
    messageIds.receivedAnswer(MessageIds.Kind.UNSUBSCRIBE, channelId, frame.messageId());
    checkLoss();
    Subscription subscription = byId.get(channelId);
    if (unconfirmed.containsKey(channelId)) {
      unconfirmed.computeIfPresent(channelId, (id, count) -> count > 1 ? count - 1 : null);
      if (subscription != null && endsAcceptedState(subscription, frame)) {
        interrupt(subscription, "the venue was late: what is live has ended there");
        subscription.toSent(subscription.sentNumber(), nanoTime.getAsLong());
        wake();
      }
      return;
    }
    if (subscription != null && subscription.state() == State.LIVE) {
      LOG.warnf("%s: the venue ended %s unasked", name, LogText.of(channelId));
      interrupt(subscription, "subscription ended by the venue");
      subscription.toWaiting();
      observer.subscribeRetried(channelId.channel(), RetryReason.ENDED_BY_VENUE);
      wake();
    }
  }

  /**
   * Whether the venue was so late that the state taken was still the one before: the subscribe sent
   * after this unsubscribe brings another.
   */
  private static boolean endsAcceptedState(Subscription subscription, Unsubscribed frame) {
    return subscription.state() == State.LIVE
        && subscription.stateMessageId() >= 0
        && frame.messageId() > subscription.stateMessageId();
  }

  private long answerDueNs() {
    return nanoTime.getAsLong() + settings.subscribeTimeout().toNanos();
  }

  void onError(Failed frame) {
    IndexerError error = frame.error();
    Subscription subscription = meantBy(error);
    countError(frame, subscription);
    logError(error, subscription);
    switch (error.kind()) {
      case INVALID_SUBSCRIPTION_ID -> unknownId(subscription, error);
      case REFUSED -> refuse(subscription, Refusal.Kind.REFUSED_BY_VENUE, error);
      case CONNECTION_LIMIT -> moveAway(subscription);
      case INTERNAL -> retryLater(subscription, error, RetryReason.INTERNAL_ERROR);
      case ALREADY_SUBSCRIBED -> {
        if (subscription != null && subscription.state() == State.SENT) {
          askAnew(subscription);
        }
      }
      case TOO_MANY_SUBSCRIBES -> pacer.slowDown(nanoTime.getAsLong());
      case INVALID_REQUEST -> {}
    }
    wake();
  }

  private void countError(Failed frame, Subscription subscription) {
    ChannelId channelId = subscription == null ? named(frame.error()) : subscription.channelId();
    if (channelId == null) {
      messageIds.received(frame.messageId());
    } else {
      messageIds.receivedError(channelId, frame.messageId());
    }
    checkLoss();
  }

  /**
   * The venue has the subscription, but this side not its state, and updates are worth nothing
   * without: only a new subscribe brings one. Waits longer each time, should the venue insist.
   */
  private void askAnew(Subscription subscription) {
    unsubscribe(subscription.channelId());
    subscription.toRetrying(nanoTime.getAsLong());
    observer.subscribeRetried(subscription.channelId().channel(), RetryReason.ALREADY_SUBSCRIBED);
  }

  private void logError(IndexerError error, Subscription subscription) {
    boolean expected =
        error.kind() == IndexerError.Kind.CONNECTION_LIMIT
            || (error.kind() == IndexerError.Kind.ALREADY_SUBSCRIBED && subscription != null);
    if (expected) {
      LOG.debugf("%s: the venue says: %s", name, LogText.of(error.message()));
    } else if (venueErrors.allows(nanoTime.getAsLong())) {
      LOG.warnf(
          "%s: the venue says: %s (%s, about %s; %d more since the last such line)",
          name,
          LogText.of(error.message()),
          error.kind(),
          subscription == null ? "no subscription here" : LogText.of(subscription.channelId()),
          venueErrors.takeSuppressed());
    }
  }

  /**
   * The subscription an error is about. Where it names only the channel that is the subscribe sent
   * last, since limits hit the latest; where a wrong guess would refuse another for good, only if
   * there is no other.
   */
  private Subscription meantBy(IndexerError error) {
    if (error.channel() == null) {
      return null;
    }
    ChannelId named = named(error);
    if (named != null) {
      return byId.get(named);
    }
    List<Subscription> unanswered = unanswered(error.channel());
    if (unanswered.isEmpty()) {
      return null;
    }
    return switch (error.kind()) {
      case INVALID_SUBSCRIPTION_ID, REFUSED -> unanswered.size() == 1 ? unanswered.get(0) : null;
      default -> unanswered.get(unanswered.size() - 1);
    };
  }

  /** What an error names in full; null where it does not. */
  private static ChannelId named(IndexerError error) {
    if (error.channel() == null || error.kind() == IndexerError.Kind.CONNECTION_LIMIT) {
      return null;
    }
    if (!error.channel().hasId()) {
      return ChannelId.of(error.channel());
    }
    boolean hasId = error.id() != null && !error.id().isEmpty();
    return hasId ? new ChannelId(error.channel(), error.id()) : null;
  }

  /** Subscriptions of a channel that the venue has not answered, in the order of sending. */
  private List<Subscription> unanswered(Channel channel) {
    List<Subscription> unanswered = new ArrayList<>();
    for (Subscription subscription : inOrder) {
      if (subscription.channelId().channel() == channel && subscription.state() == State.SENT) {
        unanswered.add(subscription);
      }
    }
    unanswered.sort((a, b) -> Long.compare(a.sentNumber(), b.sentNumber()));
    return unanswered;
  }

  /**
   * Instances of the venue check ids against a list that may be minutes old: what another has
   * announced they will know as well.
   */
  private void unknownId(Subscription subscription, IndexerError error) {
    if (subscription == null || !listed.test(subscription.channelId())) {
      refuse(subscription, Refusal.Kind.UNKNOWN_ID, error);
      return;
    }
    retryLater(subscription, error, RetryReason.NOT_LISTED_YET);
    if (subscription.state() == State.RETRYING) {
      subscription.answered();
    }
    queueMoved();
  }

  private void refuse(Subscription subscription, Refusal.Kind kind, IndexerError error) {
    if (subscription == null) {
      return;
    }
    take(subscription);
    queueMoved();
    observer.subscriptionRefused(subscription.channelId().channel(), kind);
    placement.refused(subscription.owner());
    subscription.refused(new Refusal(kind, error.message()));
  }

  private void moveAway(Subscription subscription) {
    if (subscription == null) {
      return;
    }
    if (placement.moveAway(subscription.owner())) {
      take(subscription);
      queueMoved();
      observer.subscriptionMoved(subscription.channelId().channel());
    } else {
      subscription.interrupted("the venue takes no more of these on one connection");
      subscription.toRetrying(nanoTime.getAsLong());
      observer.subscribeRetried(subscription.channelId().channel(), RetryReason.CONNECTION_FULL);
    }
  }

  private void retryLater(Subscription subscription, IndexerError error, RetryReason reason) {
    if (subscription == null || subscription.state() == State.WAITING) {
      return;
    }
    if (subscription.state() != State.RETRYING) {
      interrupt(subscription, error.message());
      subscription.toRetrying(nanoTime.getAsLong());
      observer.subscribeRetried(subscription.channelId().channel(), reason);
    }
  }

  /** Unsubscribes now and subscribes as soon as the pace allows. */
  private void again(Subscription subscription, RetryReason reason) {
    unsubscribe(subscription.channelId());
    subscription.toWaiting();
    observer.subscribeRetried(subscription.channelId().channel(), reason);
  }

  private void unsubscribe(ChannelId channelId) {
    if (inSession) {
      unconfirmed.merge(channelId, 1, Integer::sum);
      messageIds.sent(MessageIds.Kind.UNSUBSCRIBE, channelId, answerDueNs());
      wire.send(IndexerRequest.unsubscribe(channelId));
    }
  }

  private void take(Subscription subscription) {
    byId.remove(subscription.channelId());
    inOrder.remove(subscription);
  }
}
