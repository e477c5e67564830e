package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelListener.Refusal;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.MalformedFrameException;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.SnapshotReason;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What one subscription at the venue becomes: its frames, normalised, on its topics. All state
 * belongs to the feed's loop; only {@link #start}, {@link #add}, {@link #remove} and {@link #close}
 * may be called from any thread.
 *
 * <p>The venue may lose what happens while it fetches an initial state. So a further copy is
 * subscribed only when those before it are live, and its state, which then holds what they lack, is
 * compared with what clients have: {@link StateCheck}.
 *
 * <p>With redundancy there are several {@link Copy copies} of that subscription. A copy is in step
 * if what it tells next is either delivered already or follows right after what is; so whichever is
 * first, clients get one story without a hole. As long as one copy has been in step all the time,
 * nothing is lost: the topics stay live and no Gap is said. A copy that breaks off, or that loses a
 * frame, is out of step until its next initial state meets what clients have. If none is left in
 * step, all is as with a single one that was interrupted.
 */
abstract class Feed {
  private final ChannelId channelId;
  private final Executor loop;
  private final ChannelSource source;
  private final FeedCounters counters;
  private final Redundancy redundancy;
  private final List<Topic> topics = new ArrayList<>();
  private final Rhythm rhythm = new Rhythm();

  /**
   * Guards opening and closing the subscriptions, so that the next feed of the same can open its
   * own at once.
   */
  private final Object subscribing = new Object();

  /** None before they are subscribed. Replaced as a whole, under {@link #subscribing}. */
  private volatile List<Copy> copies = List.of();

  private volatile boolean closed;

  /** The comparison that goes on; null if none does. Replaced under {@link #subscribing}. */
  private StateCheck check;

  /** Whether {@link #checkState} has anything to do now or later. */
  private volatile boolean awaitsCheck;

  /** When to ask for a state to compare, by the feed's clock; only without redundancy. */
  private long checkAtNanos;

  private boolean isCheckWanted;
  private TopicFailure failure;
  private boolean live;
  private boolean hadState;
  private String interruption = "";
  private int notedMissing;
  private long lastBeatReceiveTimeNs;

  Feed(
      ChannelId channelId,
      Executor loop,
      ChannelSource source,
      FeedCounters counters,
      Redundancy redundancy) {
    this.channelId = channelId;
    this.loop = loop;
    this.source = source;
    this.counters = counters;
    this.redundancy = redundancy;
  }

  // ---- life

  /** Begins, as soon as what the feed needs is known. */
  final void start() {
    loop.execute(this::prepare);
  }

  /** Waits for what the feed needs, then calls {@link #subscribe}. */
  void prepare() {
    subscribe();
  }

  final void subscribe() {
    synchronized (subscribing) {
      if (!closed && copies.isEmpty()) {
        List<Copy> all = new ArrayList<>();
        for (int number = 0; number < redundancy.copies(); number++) {
          all.add(new Copy(this, number));
        }
        copies = List.copyOf(all);
        subscribe(copies.get(0));
      }
    }
    noteMissing();
  }

  /**
   * Subscribes the first copy that is not subscribed yet: the one before is live, or has trouble
   * and may take long.
   */
  private void subscribeNext() {
    synchronized (subscribing) {
      if (closed || failure != null) {
        return;
      }
      for (Copy copy : copies) {
        if (!copy.isSubscribed()) {
          subscribe(copy);
          return;
        }
      }
    }
  }

  /**
   * As {@link #subscribeNext}, but after a running comparison: only one state is compared at a
   * time, and that of each copy is to be.
   */
  private void subscribeNextUnlessChecking() {
    if (check == null) {
      subscribeNext();
    }
  }

  private void subscribe(Copy copy) {
    noteAsked(copy);
    copy.subscribed(
        copy.number() == 0
            ? source.subscribe(channelId, loop, copy)
            : source.subscribeCopy(channelId, loop, copy));
  }

  /** Subscribes once more if the venue has refused; for a feed that is never given up. */
  final void retryIfRefused() {
    loop.execute(
        () -> {
          if (failure != null && !closed) {
            failure = null;
            synchronized (subscribing) {
              copies = List.of();
            }
            prepare();
          }
        });
  }

  /** Subscribes once more the copies for which there was no connection, while others serve. */
  final void retryMissingCopies() {
    loop.execute(
        () -> {
          synchronized (subscribing) {
            if (closed || failure != null || copies.stream().noneMatch(Feed::hadNoConnection)) {
              return;
            }
            List<Copy> again = new ArrayList<>();
            copies.forEach(
                copy -> again.add(hadNoConnection(copy) ? new Copy(this, copy.number()) : copy));
            List<Copy> before = copies;
            copies = List.copyOf(again);
            copies.stream().filter(copy -> !before.contains(copy)).forEach(this::subscribe);
          }
        });
  }

  private static boolean hadNoConnection(Copy copy) {
    return copy.refusal() != null && copy.refusal().kind() == Refusal.Kind.NO_CONNECTION_LEFT;
  }

  /** Adds a topic, which has the feed's state at once if the feed has one. */
  final void add(Topic topic) {
    loop.execute(
        () -> {
          topics.add(topic);
          TopicFailure reason = failure == null ? failureOf(topic) : failure;
          if (reason != null) {
            topic.fail(reason);
          } else if (hadState) {
            topic.moveTo(
                live ? State.STATE_LIVE : State.STATE_RECOVERING, live ? "" : interruption);
            topic.publishSnapshot(SnapshotReason.SNAPSHOT_REASON_RECOVERED, snapshot(topic));
          } else if (!interruption.isEmpty()) {
            topic.moveTo(State.STATE_RECOVERING, interruption);
          }
        });
  }

  /** Removes a topic. */
  final void remove(Topic topic) {
    loop.execute(() -> topics.remove(topic));
  }

  /** Ends the subscription at the venue before it returns. */
  final void close() {
    synchronized (subscribing) {
      closed = true;
      copies.forEach(Copy::close);
      if (check != null) {
        check.close();
      }
    }
    stopWaiting();
    if (isRedundant()) {
      loop.execute(this::noteMissing);
    }
  }

  /** Ends whatever {@link #prepare} began. */
  void stopWaiting() {}

  /** Tells all topics that they can't be served. */
  final void fail(TopicFailure reason) {
    failure = reason;
    live = false;
    List.copyOf(topics).forEach(topic -> topic.fail(reason));
  }

  // ---- what comes from the venue

  final void onSubscribed(Copy copy, IndexerFrame.Subscribed frame, long receiveTimeNs) {
    if (closed || isOver(copy)) {
      return;
    }
    if (isAnotherInStep(copy)) {
      onFurtherState(copy, frame, receiveTimeNs);
      subscribeNextUnlessChecking();
      return;
    }
    String problem = problemOf(frame);
    if (problem != null) {
      copy.resync(problem);
      return;
    }
    copy.toInStep();
    takeState(copy.number(), frame, receiveTimeNs);
    isCheckWanted = !isRedundant() && redundancy.verifiesStates() && checksStates();
    checkAtNanos = nanoTime() + StateCheck.DELAY_NANOS;
    awaitsCheck = isCheckWanted || check != null;
    beat(receiveTimeNs);
    live = true;
    topics.forEach(topic -> topic.moveTo(State.STATE_LIVE, ""));
    if (hadState) {
      onStateAgain(frame, receiveTimeNs);
    } else {
      hadState = true;
      onFirstState(frame, receiveTimeNs);
    }
    subscribeNextUnlessChecking();
    noteMissing();
  }

  /** A state of a copy while another is in step. */
  private void onFurtherState(Copy copy, IndexerFrame.Subscribed frame, long receiveTimeNs) {
    boolean isAskedWhileLive = copy.isAskedWhileLive();
    boolean wasWaiting = copy.state() == Copy.State.WAITING;
    if (wasWaiting) {
      joinAllInStep();
    } else {
      onInterrupted(copy, "a new state came");
    }
    if (!isAskedWhileLive && isComparable()) {
      // It may lack the same as the state of the other, since both were fetched at the same time.
      noteAsked(copy);
      copy.resync("a state that is asked for while another connection is live");
      return;
    }
    copy.toJoining(frame, receiveTimeNs, nanoTime());
    if (wasWaiting && check != null && check.copy() == copy.number()) {
      check.take(frame, receiveTimeNs, nanoTime());
    }
    joinIfInStep(copy);
    noteMissing();
  }

  final void onData(Copy copy, IndexerFrame.ChannelData frame, long receiveTimeNs) {
    if (closed) {
      return;
    }
    joinIfInStep(copy);
    if (copy.state() == Copy.State.IN_STEP) {
      beat(receiveTimeNs);
      deliver(copy, frame, receiveTimeNs);
      joinAllInStep();
    } else if (copy.state() == Copy.State.JOINING) {
      if (copy.hold(frame, receiveTimeNs, redundancy.nanoTime())) {
        joinIfInStep(copy);
      } else {
        outOfStep(copy, "too far from the other copies");
      }
    }
  }

  /** Frames that arrived in one piece are one beat. */
  private void beat(long receiveTimeNs) {
    if (receiveTimeNs != lastBeatReceiveTimeNs) {
      lastBeatReceiveTimeNs = receiveTimeNs;
      rhythm.beat(System.nanoTime());
    }
  }

  private void deliver(Copy copy, IndexerFrame.ChannelData frame, long receiveTimeNs) {
    if (onUpdates(copy.number(), frame, receiveTimeNs)) {
      copy.leads();
    } else if (isRedundant()) {
      counters.cameSecond(channelId.channel());
    }
  }

  final void onInterrupted(Copy copy, String reason) {
    joinAllInStep();
    boolean wasInStep = copy.state() == Copy.State.IN_STEP;
    if (wasInStep || copy.state() == Copy.State.JOINING) {
      copy.toWaiting();
    }
    if (wasInStep) {
      onLeft(copy, reason);
    } else if (!hadState && failure == null) {
      recovering(reason);
    }
    noteAsked(copy);
    subscribeNext();
    noteMissing();
  }

  final void onLost(Copy copy, String reason, long receiveTimeNs) {
    joinAllInStep();
    boolean wasInStep = copy.state() == Copy.State.IN_STEP;
    // Another copy that is in step delivers what this one has lost, unless this one was ahead.
    boolean isMissed = wasInStep && (!isAnotherInStep(copy) || copy.hasLed());
    if (isMissed && !nextStateHoldsLost()) {
      publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, receiveTimeNs);
    }
    onInterrupted(copy, reason);
    if (isMissed) {
      onLeaderLost(reason);
    }
  }

  final void onMalformed(Copy copy, MalformedFrameException problem, long receiveTimeNs) {
    if (closed || isOver(copy)) {
      return;
    }
    counters.report(channelId, problem.messageId(), problem.getMessage());
    joinAllInStep();
    if (isAnotherInStep(copy)) {
      // The others deliver it, or are out of step themselves once they can't: then a Gap is said.
      if (copy.state() == Copy.State.IN_STEP || copy.state() == Copy.State.JOINING) {
        outOfStep(copy, "an update could not be read");
      }
      return;
    }
    topics.forEach(topic -> topic.publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, receiveTimeNs));
    onUpdateLost(copy);
  }

  final void onRefused(Copy copy, Refusal refusal) {
    if (isOver(copy)) {
      return;
    }
    boolean wasInStep = copy.state() == Copy.State.IN_STEP;
    copy.toRefused(refusal);
    subscribeNext();
    if (copies.stream().allMatch(other -> other.state() == Copy.State.REFUSED)) {
      fail(failureOf(copies));
    } else if (wasInStep) {
      onLeft(copy, refusal.message());
    }
    noteMissing();
  }

  /** What the venue said, if it said anything, tells more than that connections are full. */
  private static TopicFailure failureOf(List<Copy> refused) {
    Refusal refusal =
        refused.stream()
            .filter(copy -> !hadNoConnection(copy))
            .findFirst()
            .orElse(refused.get(0))
            .refusal();
    int code =
        switch (refusal.kind()) {
          case UNKNOWN_ID -> TopicFailure.NOT_FOUND;
          case REFUSED_BY_VENUE -> TopicFailure.FAILED_PRECONDITION;
          case NO_CONNECTION_LEFT -> TopicFailure.RESOURCE_EXHAUSTED;
        };
    boolean retryable = refusal.kind() == Refusal.Kind.NO_CONNECTION_LEFT;
    return new TopicFailure(code, refusal.message(), retryable);
  }

  // ---- copies

  /** What was on its way when it was refused still arrives. */
  private boolean isOver(Copy copy) {
    return copy.state() == Copy.State.REFUSED || !copies.contains(copy);
  }

  private boolean isAnotherInStep(Copy copy) {
    for (Copy other : copies) {
      if (other != copy && other.state() == Copy.State.IN_STEP) {
        return true;
      }
    }
    return false;
  }

  private void joinAllInStep() {
    if (isRedundant()) {
      copies.forEach(this::joinIfInStep);
    }
  }

  private void joinIfInStep(Copy copy) {
    if (copy.state() != Copy.State.JOINING || closed || !isInStep(copy)) {
      return;
    }
    IndexerFrame.Subscribed state = copy.initialState();
    long receiveTimeNs = copy.stateReceiveTimeNs();
    List<Copy.Held> held = copy.held();
    copy.toInStep();
    onJoined(copy.number(), state, receiveTimeNs, held);
    if (!held.isEmpty()) {
      copy.leads();
    }
    noteMissing();
  }

  /** Asks for a new state of a copy, which stays in step until it comes. */
  final void resync(int copy, String reason) {
    copies.get(copy).resync(reason);
  }

  /** Lets all that are in step begin anew. */
  final void restartCopies(String reason) {
    for (Copy copy : copies) {
      if (copy.state() == Copy.State.IN_STEP) {
        outOfStep(copy, reason);
      }
    }
  }

  /** The copy's next initial state brings it back. */
  private void outOfStep(Copy copy, String reason) {
    boolean wasInStep = copy.state() == Copy.State.IN_STEP;
    copy.toWaiting();
    if (wasInStep) {
      onLeft(copy, reason);
    }
    noteAsked(copy);
    copy.resync(reason);
    noteMissing();
  }

  private void recovering(String reason) {
    live = false;
    rhythm.pause();
    lastBeatReceiveTimeNs = 0;
    interruption = reason;
    topics.forEach(topic -> topic.moveTo(State.STATE_RECOVERING, reason));
  }

  /** A copy was in step and is no more. */
  private void onLeft(Copy copy, String reason) {
    if (check != null && check.copy() != copy.number()) {
      endCheck(); // what clients have now is of another copy, or old
    }
    isCheckWanted = false;
    if (isAnotherInStep(copy)) {
      counters.failedOver(channelId.channel());
      onCopyLost(copy.number(), firstInStep());
      return;
    }
    if (live) {
      recovering(reason);
    }
    for (Copy other : copies) {
      other.askedWhileLive(false);
      if (other.state() == Copy.State.JOINING) {
        // What it told before its state may be what clients miss.
        other.toWaiting();
        other.resync("no other copy is left");
      }
    }
  }

  private int firstInStep() {
    return copies.stream()
        .filter(copy -> copy.state() == Copy.State.IN_STEP)
        .findFirst()
        .orElseThrow()
        .number();
  }

  private void noteMissing() {
    int missing = 0;
    if (!closed && isRedundant()) {
      for (Copy copy : copies) {
        if (copy.state() != Copy.State.IN_STEP) {
          missing++;
        }
      }
    }
    counters.addMissingCopies(channelId.channel(), missing - notedMissing);
    notedMissing = missing;
  }

  // ---- comparing states

  /** A copy's next state is asked for: now, or by itself soon. */
  private void noteAsked(Copy copy) {
    boolean isLive = isAnotherInStep(copy);
    copy.askedWhileLive(isLive);
    if (isLive && checksStates() && (check == null || check.copy() == copy.number())) {
      begin(new StateCheck(this, copy.number(), nanoTime()));
    }
  }

  private void begin(StateCheck next) {
    synchronized (subscribing) {
      if (!closed) {
        check = next;
        awaitsCheck = true;
        onCheckBegins();
      }
    }
  }

  private void endCheck() {
    synchronized (subscribing) {
      if (check != null) {
        check.close();
        check = null;
      }
    }
    onCheckEnds();
    subscribeNext();
  }

  final void onCheckRefused(StateCheck refused, Refusal refusal) {
    if (check == refused) {
      endCheck();
      counters.notCompared(channelId, refusal.message());
    }
  }

  /** Does what is due to compare states. Called from time to time, on any thread. */
  final void checkState() {
    if (awaitsCheck || hasPutOff()) {
      loop.execute(this::checkStateNow);
    }
  }

  /** Whether the feed has put something off. Any thread. */
  boolean hasPutOff() {
    return false;
  }

  /** Does what the feed has put off, as far as it is due. */
  void doPutOff() {}

  private void checkStateNow() {
    if (closed) {
      return;
    }
    doPutOff();
    long now = nanoTime();
    if (isCheckWanted && now - checkAtNanos >= 0) {
      isCheckWanted = false;
      StateCheck own = new StateCheck(this, redundancy.copies(), now);
      begin(own);
      if (check == own) {
        own.subscribe(source, channelId, loop);
      }
    }
    StateCheck present = check;
    if (present != null && present.isLate(now)) {
      endCheck();
      onCheckLate(present);
    } else if (present != null && present.isSettled(now)) {
      noteStateDiffered(onCheck(present.copy(), present.state(), present.receiveTimeNs()));
      endCheck();
    }
    awaitsCheck = isCheckWanted || check != null;
  }

  /** What has changed is not noted for ever: a copy whose state comes later is asked once more. */
  private void onCheckLate(StateCheck late) {
    if (late.copy() < copies.size()) {
      copies.get(late.copy()).askedWhileLive(false);
    } else {
      counters.notCompared(channelId, "the venue did not answer in time");
    }
  }

  /** Notes what a later state holds that clients did not get. */
  final void noteStateDiffered(int differences) {
    if (differences > 0) {
      counters.stateDiffered(channelId, differences);
    }
  }

  /**
   * Whether {@link #onCheck} compares its states: only where updates have no order of their own.
   */
  boolean checksStates() {
    return false;
  }

  /** Whether a further state can hold what clients lack. */
  boolean isComparable() {
    return checksStates();
  }

  /** A state is asked for that will be compared: what changes from now on is to be noted. */
  void onCheckBegins() {}

  /** Nothing is compared any more before {@link #onCheckBegins} is called again. */
  void onCheckEnds() {}

  /**
   * Publishes what differs in a further state from what clients have, but for what was changed
   * since {@link #onCheckBegins}.
   *
   * @param copy number of the copy whose state it is; that of none if it was asked for to compare
   * @return how much differs
   */
  int onCheck(int copy, IndexerFrame.Subscribed state, long receiveTimeNs) {
    return 0;
  }

  // ---- what feeds differ in

  /** An initial state has come while no other copy is in step; called before topics become live. */
  void takeState(int copy, IndexerFrame.Subscribed frame, long receiveTimeNs) {}

  /** The first initial state: publishes it on all topics. */
  abstract void onFirstState(IndexerFrame.Subscribed frame, long receiveTimeNs);

  /** An initial state after an interruption: publishes what clients do not have yet. */
  abstract void onStateAgain(IndexerFrame.Subscribed frame, long receiveTimeNs);

  /**
   * Updates of a copy that is in step.
   *
   * @return false if they told nothing that other copies had not told before
   */
  abstract boolean onUpdates(int copy, IndexerFrame.ChannelData frame, long receiveTimeNs);

  /**
   * Whether the state and the frames held of a copy meet what clients have, so that all that it
   * tells later is delivered already or comes right after.
   */
  abstract boolean isInStep(Copy copy);

  /** A further copy is in step: publishes what is new in its state and in what it told since. */
  abstract void onJoined(
      int copy, IndexerFrame.Subscribed state, long receiveTimeNs, List<Copy.Held> held);

  /**
   * The copy that told most first has lost something before what it told last, and is out of step
   * since. What others tell of that comes after it.
   */
  void onLeaderLost(String reason) {}

  /** A copy is out of step, and others are not. */
  void onCopyLost(int copy, int another) {}

  /** Why a topic can't be served though the feed can; null if it can. */
  TopicFailure failureOf(Topic topic) {
    return null;
  }

  /** Why an initial state can't be one, so that another is asked for; null if it can. */
  String problemOf(IndexerFrame.Subscribed frame) {
    return null;
  }

  /** The whole state that a topic begins with, or begins anew with. */
  abstract List<Event.Builder> snapshot(Topic topic);

  /**
   * An update could not be read and no other copy can have it; whether it can be got again depends
   * on the channel.
   */
  void onUpdateLost(Copy copy) {}

  /**
   * Whether nothing has come for much longer than usual though the subscription is live. Any
   * thread.
   *
   * @param least no shorter silence counts
   */
  final boolean isSilent(long nowNanos, Duration least) {
    return hasRhythm() && rhythm.isSilent(nowNanos, least);
  }

  /**
   * Whether the wait for a state has come nearer to its end within that time: {@link
   * io.github.dydxgateway.indexer.ChannelSubscription#progressNanos}. Any thread.
   */
  final boolean isMoving(long nowNanos, Duration within) {
    return copies.stream().anyMatch(copy -> copy.isMoving(nowNanos, within));
  }

  /** Whether its updates come at intervals of which one can be usual. */
  boolean hasRhythm() {
    return true;
  }

  /**
   * Whether an initial state brings what was lost before updates that came; those after the last
   * update are looked for in {@link #onStateAgain}.
   */
  boolean nextStateHoldsLost() {
    return true;
  }

  // ---- what feeds share

  final void publishSnapshots() {
    topics.forEach(
        topic -> topic.publishSnapshot(SnapshotReason.SNAPSHOT_REASON_RECOVERED, snapshot(topic)));
  }

  final void publishLoss(GapReason reason, long receiveTimeNs) {
    topics.forEach(topic -> topic.publishLoss(reason, receiveTimeNs));
  }

  /** Counts, logs and announces something that can't be expressed exactly. */
  final void reportLost(long messageId, String problem, long receiveTimeNs) {
    report(messageId, problem);
    publishLoss(GapReason.GAP_REASON_NOT_REPRESENTABLE, receiveTimeNs);
  }

  /**
   * Counts and logs something of which nothing is lost to clients but what they can see is absent.
   */
  final void report(long messageId, String problem) {
    counters.report(channelId, messageId, problem);
  }

  /** Notes how old an event is on arrival. */
  final void noteEventTime(long eventTimeNs, long receiveTimeNs) {
    counters.noteEventTime(channelId.channel(), eventTimeNs, receiveTimeNs);
  }

  /** Notes records of updates that were dropped since clients have them, or later ones. */
  final void noteRepeated(int records) {
    if (records > 0) {
      counters.repeated(channelId.channel(), records);
    }
  }

  /** Notes that another copy is followed though none broke off. */
  final void noteFailover() {
    counters.failedOver(channelId.channel());
  }

  /** Whether the topics are up to date with the venue. */
  final boolean isLive() {
    return live;
  }

  /** Whether there may be several copies. */
  final boolean isRedundant() {
    return redundancy.copies() > 1;
  }

  /** The feed's clock, nanoseconds of any origin. */
  final long nanoTime() {
    return redundancy.nanoTime();
  }

  final List<Topic> topics() {
    return topics;
  }

  final ChannelId channelId() {
    return channelId;
  }

  final Executor loop() {
    return loop;
  }

  static Event.Builder at(long receiveTimeNs) {
    return Event.newBuilder().setReceiveTimeNs(receiveTimeNs);
  }
}
