package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.IndexerError;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.MalformedFrameException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In virtual time: {@link #pass} moves it and wakes what is due. */
class ConnectionSubscriptionsTest {
  private static final ChannelId BTC = new ChannelId(Channel.TRADES, "BTC-USD");
  private static final ChannelId ETH = new ChannelId(Channel.TRADES, "ETH-USD");
  private static final ChannelId LTC = new ChannelId(Channel.TRADES, "LTC-USD");
  private static final ChannelId MARKETS = ChannelId.of(Channel.MARKETS);

  private final List<String> sent = new ArrayList<>();
  private final List<ChannelId> moved = new ArrayList<>();
  private final List<ChannelId> refused = new ArrayList<>();
  private final List<String> observed = new ArrayList<>();
  private final Set<ChannelId> listed = new HashSet<>();
  private boolean mayMove = true;
  private long nowNs = 1_000_000_000_000L;
  private long wakeNs = Long.MAX_VALUE;
  private long sequence;

  private final ConnectionSubscriptions subscriptions =
      new ConnectionSubscriptions(
          "Connection 1",
          UpstreamSettings.defaults(URI.create("ws://localhost")), // 5 subscribes a second
          new SubscribePacer(5),
          () -> nowNs,
          new ConnectionSubscriptions.Wire() {
            @Override
            public void send(String text) {
              JsonObject json = new JsonObject(text);
              sent.add(
                  json.getString("type") + " " + json.getString("id", json.getString("channel")));
            }

            @Override
            public void wakeAfter(long delayNs) {
              wakeNs = nowNs + delayNs;
            }

            @Override
            public void doNotWake() {
              wakeNs = Long.MAX_VALUE;
            }
          },
          new ConnectionSubscriptions.Placement() {
            @Override
            public void refused(PooledSubscription subscription) {
              refused.add(subscription.channelId());
            }

            @Override
            public boolean moveAway(PooledSubscription subscription) {
              if (mayMove) {
                moved.add(subscription.channelId());
              }
              return mayMove;
            }
          },
          listed::contains,
          new UpstreamObserver() {
            @Override
            public void droppedFrame(Channel channel, DropReason reason) {
              observed.add("dropped " + reason);
            }

            @Override
            public void messagesLost(long count) {
              observed.add("lost " + count);
            }

            @Override
            public void subscribeRetried(Channel channel, RetryReason reason) {
              observed.add("retried " + reason);
            }
          });

  private PooledSubscription add(ChannelId channelId, RecordingListener listener) {
    PooledSubscription owner =
        new PooledSubscription(null, sequence++, channelId, Runnable::run, listener, false);
    subscriptions.add(
        new Subscription(
            owner,
            new Delivery(owner, null, UpstreamObserver.NONE),
            backoff(2, 30),
            backoff(10, 40)));
    return owner;
  }

  private static Backoff backoff(long initialSeconds, long maxSeconds) {
    return new Backoff(
        new UpstreamSettings.BackoffSettings(
            Duration.ofSeconds(initialSeconds), Duration.ofSeconds(maxSeconds), 2, Duration.ZERO),
        new SplittableRandom());
  }

  private void pass(long ms) {
    long endNs = nowNs + TimeUnit.MILLISECONDS.toNanos(ms);
    while (wakeNs <= endNs) {
      nowNs = Math.max(nowNs, wakeNs);
      wakeNs = Long.MAX_VALUE;
      subscriptions.wake();
    }
    nowNs = endNs;
  }

  private void state(ChannelId channelId, long messageId) {
    subscriptions.onSubscribed(
        new IndexerFrame.Subscribed(
            messageId, channelId, new ChannelContents.BlockHeight(messageId, 0)),
        1);
  }

  private void data(ChannelId channelId, long messageId) {
    subscriptions.onData(
        new IndexerFrame.ChannelData(
            messageId, channelId, -1, List.of(new ChannelContents.BlockHeight(messageId, 0))),
        1,
        100);
  }

  private void unsubscribed(ChannelId channelId) {
    unsubscribed(channelId, -1);
  }

  private void unsubscribed(ChannelId channelId, long messageId) {
    subscriptions.onUnsubscribed(new IndexerFrame.Unsubscribed(messageId, channelId));
  }

  private void error(IndexerError.Kind kind, Channel channel, String id) {
    error(kind, channel, id, -1);
  }

  private void error(IndexerError.Kind kind, Channel channel, String id, long messageId) {
    subscriptions.onError(
        new IndexerFrame.Failed(messageId, new IndexerError(kind, "venue's words", channel, id)));
  }

  @Test
  void sendsNothingWithoutASession() {
    add(BTC, new RecordingListener());
    pass(60_000);
    assertThat(sent).isEmpty();
    subscriptions.sessionStarted(0);
    assertThat(sent).containsExactly("subscribe BTC-USD");
  }

  @Test
  void marketsFirstThenInOrderOfSubscribingAtTheGivenPace() {
    add(BTC, new RecordingListener());
    add(ETH, new RecordingListener());
    add(MARKETS, new RecordingListener());
    subscriptions.sessionStarted(0);
    assertThat(sent).containsExactly("subscribe v4_markets");
    pass(199);
    assertThat(sent).hasSize(1);
    pass(1);
    assertThat(sent).containsExactly("subscribe v4_markets", "subscribe BTC-USD");
    pass(200);
    assertThat(sent).endsWith("subscribe ETH-USD").hasSize(3);
  }

  @Test
  void whatWaitsItsTurnComesNearerWithEachAnswerUntilItIsSent() {
    add(BTC, new RecordingListener());
    add(LTC, new RecordingListener());
    PooledSubscription eth = add(ETH, new RecordingListener());
    long createdNs = eth.progressNanos();
    subscriptions.sessionStarted(0);
    pass(100);
    assertThat(eth.progressNanos()).isEqualTo(createdNs);

    state(BTC, 1);
    assertThat(eth.progressNanos()).isEqualTo(nowNs);
    pass(200);
    error(IndexerError.Kind.REFUSED, Channel.TRADES, "LTC-USD");
    long refusedNs = nowNs;
    assertThat(eth.progressNanos()).isEqualTo(refusedNs);

    pass(200);
    assertThat(sent).endsWith("subscribe ETH-USD");
    add(MARKETS, new RecordingListener());
    pass(10_000); // it is tried again
    assertThat(sent.stream().filter("subscribe ETH-USD"::equals)).hasSize(2);
    state(MARKETS, 3);
    assertThat(eth.progressNanos()).isEqualTo(refusedNs);
  }

  @Test
  void anotherSessionIsNoProgressUntilTheVenueAnswers() {
    PooledSubscription btc = add(BTC, new RecordingListener());
    add(ETH, new RecordingListener());
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    long answeredNs = nowNs;
    PooledSubscription ltc = add(LTC, new RecordingListener());
    long createdNs = ltc.progressNanos();
    for (int i = 0; i < 3; i++) {
      pass(5_000);
      subscriptions.sessionLost(new Disconnect(DisconnectReason.TIMEOUT, "lost"));
      subscriptions.sessionStarted(0);
    }
    assertThat(btc.progressNanos()).isEqualTo(answeredNs);
    assertThat(ltc.progressNanos()).isEqualTo(createdNs);
    state(BTC, 1);
    assertThat(ltc.progressNanos()).isEqualTo(nowNs);
  }

  @Test
  void dataBeforeTheStateIsHeldAndOnlyWhatIsNewerFollowsIt() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    data(BTC, 4);
    data(BTC, 5);
    data(BTC, 6);
    assertThat(btc.heard()).isEmpty();
    state(BTC, 4);
    data(BTC, 7);
    assertThat(btc.heard()).containsExactly("state 4", "data 5", "data 6", "data 7");
  }

  @Test
  void anUnreadableFrameNewerThanTheStateIsToldAgainInItsPlace() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    subscriptions.onMalformed(new MalformedFrameException("bad", BTC, 5), 1, 10);
    data(BTC, 6);
    state(BTC, 4);
    assertThat(btc.heard()).containsExactly("malformed 5", "state 4", "malformed 5", "data 6");
  }

  @Test
  void tooMuchBeforeTheStateSubscribesAgain() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    for (int i = 0; i <= HeldFrames.MAX_FRAMES; i++) {
      data(BTC, i);
    }
    pass(600);
    assertThat(sent)
        .containsExactly("subscribe BTC-USD", "unsubscribe BTC-USD", "subscribe BTC-USD");
    assertThat(observed).contains("dropped OVERFLOW", "retried OVERFLOW");
    unsubscribed(BTC);
    state(BTC, 20_000);
    assertThat(btc.heard()).containsExactly("state 20000");
  }

  @Test
  void anAnswerThatNeverComesIsAskedForAgain() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    pass(9_999);
    assertThat(sent).hasSize(1);
    pass(1);
    assertThat(sent)
        .containsExactly("subscribe BTC-USD", "unsubscribe BTC-USD", "subscribe BTC-USD");
    unsubscribed(BTC);
    state(BTC, 9);
    assertThat(btc.heard()).containsExactly("interrupted", "state 9");
  }

  @Test
  void answersThatNeverComeAreAskedForAgainWithGrowingWaitsUntilOneComes() {
    PooledSubscription owner = add(BTC, new RecordingListener());
    subscriptions.sessionStarted(0);
    int asked = 1;
    for (long waitMs : List.of(10_000, 20_000, 40_000, 40_000)) {
      pass(waitMs - 1);
      assertThat(sent).hasSize(asked);
      pass(1);
      assertThat(sent).endsWith("unsubscribe BTC-USD", "subscribe BTC-USD").hasSize(asked += 2);
    }
    unsubscribed(BTC);
    state(BTC, 9);
    subscriptions.resync(owner, "test");
    pass(10_600);
    assertThat(sent).hasSize(asked + 4);
    assertThat(observed).filteredOn("retried TIMEOUT"::equals).hasSize(5);
  }

  @Test
  void aVenueThatNeverConfirmsUnsubscribesIsBelievedAfterOneTimeout() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    pass(10_000);
    state(BTC, 9); // may be of the first subscribe, which has been revoked
    assertThat(btc.heard()).containsExactly("interrupted");
    pass(20_000);
    state(BTC, 11);
    assertThat(btc.heard()).containsExactly("interrupted", "interrupted", "state 11");
  }

  @Test
  void aStateFromBeforeTheUnsubscribeIsNotTakenForTheNewOne() {
    RecordingListener first = new RecordingListener();
    PooledSubscription owner = add(BTC, first);
    subscriptions.sessionStarted(0);
    subscriptions.remove(owner);
    RecordingListener second = new RecordingListener();
    add(BTC, second);
    pass(600);
    assertThat(sent)
        .containsExactly("subscribe BTC-USD", "unsubscribe BTC-USD", "subscribe BTC-USD");
    state(BTC, 3);
    data(BTC, 4);
    unsubscribed(BTC);
    state(BTC, 8);
    data(BTC, 9);
    assertThat(first.heard()).isEmpty();
    assertThat(second.heard()).containsExactly("state 8", "data 9");
  }

  @Test
  void aStateTakenLateIsGivenUpWhenItsUnsubscribeIsConfirmed() {
    RecordingListener btc = new RecordingListener();
    PooledSubscription owner = add(BTC, btc);
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    pass(5_000);
    subscriptions.resync(owner, "test");
    pass(10_500); // nothing of what the venue sent has been read: asked again
    assertThat(sent.subList(1, sent.size()))
        .containsExactly(
            "unsubscribe BTC-USD", "subscribe BTC-USD", "unsubscribe BTC-USD", "subscribe BTC-USD");
    unsubscribed(BTC, 2);
    state(BTC, 3);
    data(BTC, 4);
    unsubscribed(BTC, 5);
    state(BTC, 6);
    data(BTC, 7);
    assertThat(btc.heard())
        .containsExactly(
            "state 1",
            "interrupted",
            "interrupted",
            "state 3",
            "data 4",
            "interrupted",
            "state 6",
            "data 7");
  }

  @Test
  void statesNobodyWantsAreUnsubscribedUpToALimit() {
    subscriptions.sessionStarted(0);
    for (int i = 0; i < 10_000; i++) {
      state(new ChannelId(Channel.TRADES, "NEW" + i + "-USD"), i + 1);
    }
    assertThat(sent).hasSize(MessageIds.MAX_REQUESTS);
  }

  @Test
  void aStateNobodyWantsIsUnsubscribed() {
    PooledSubscription owner = add(BTC, new RecordingListener());
    subscriptions.sessionStarted(0);
    subscriptions.remove(owner);
    unsubscribed(BTC, 2);
    state(BTC, 1);
    data(BTC, 3);
    assertThat(sent)
        .containsExactly("subscribe BTC-USD", "unsubscribe BTC-USD", "unsubscribe BTC-USD");
    assertThat(observed).containsExactly("dropped UNWANTED", "dropped UNWANTED");
  }

  @Test
  void whatWasNeverSentIsNotUnsubscribed() {
    PooledSubscription owner = add(BTC, new RecordingListener());
    subscriptions.remove(owner);
    subscriptions.sessionStarted(0);
    assertThat(sent).isEmpty();
    assertThat(wakeNs).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void resyncInterruptsOnceAndBringsANewState() {
    RecordingListener btc = new RecordingListener();
    PooledSubscription owner = add(BTC, btc);
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    pass(5_000);
    subscriptions.resync(owner, "test");
    subscriptions.resync(owner, "test");
    data(BTC, 2);
    unsubscribed(BTC);
    state(BTC, 3);
    data(BTC, 4);
    assertThat(sent)
        .containsExactly("subscribe BTC-USD", "unsubscribe BTC-USD", "subscribe BTC-USD");
    assertThat(btc.heard()).containsExactly("state 1", "interrupted", "state 3", "data 4");
  }

  @Test
  void lossInterruptsWhatWasLiveAndNothingElse() {
    RecordingListener btc = new RecordingListener();
    RecordingListener eth = new RecordingListener();
    add(BTC, btc);
    add(ETH, eth);
    subscriptions.sessionStarted(0);
    pass(200);
    state(BTC, 1);
    subscriptions.sessionLost(new Disconnect(DisconnectReason.CLOSE_1012, "restart"));
    subscriptions.sessionLost(new Disconnect(DisconnectReason.CLOSE_1012, "restart"));
    assertThat(btc.heard()).containsExactly("state 1", "interrupted");
    assertThat(eth.heard()).isEmpty();
    assertThat(wakeNs).isEqualTo(Long.MAX_VALUE);
    subscriptions.sessionStarted(0);
    pass(400);
    assertThat(sent).endsWith("subscribe BTC-USD", "subscribe ETH-USD").hasSize(4);
  }

  @Test
  void internalErrorsAreTriedAgainWithGrowingWaits() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    error(IndexerError.Kind.INTERNAL, Channel.TRADES, "BTC-USD");
    pass(1_999);
    assertThat(sent).hasSize(1);
    pass(1);
    assertThat(sent).hasSize(2);
    error(IndexerError.Kind.INTERNAL, Channel.TRADES, "BTC-USD");
    pass(3_999);
    assertThat(sent).hasSize(2);
    pass(1);
    assertThat(sent).containsExactly("subscribe BTC-USD", "subscribe BTC-USD", "subscribe BTC-USD");
    state(BTC, 7);
    assertThat(btc.heard()).containsExactly("interrupted", "interrupted", "state 7");
  }

  @Test
  void internalErrorOnALiveSubscriptionInterruptsOnce() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    error(IndexerError.Kind.INTERNAL, Channel.TRADES, "BTC-USD");
    error(IndexerError.Kind.INTERNAL, Channel.TRADES, "BTC-USD");
    assertThat(btc.heard()).containsExactly("state 1", "interrupted");
  }

  @Test
  void alreadySubscribedWhileAStateIsAwaitedSubscribesAgain() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    error(IndexerError.Kind.ALREADY_SUBSCRIBED, Channel.TRADES, "BTC-USD");
    assertThat(sent).containsExactly("subscribe BTC-USD", "unsubscribe BTC-USD");
    pass(1_999);
    assertThat(sent).hasSize(2);
    pass(1);
    assertThat(sent).endsWith("subscribe BTC-USD").hasSize(3);
    assertThat(btc.heard()).isEmpty();
    error(IndexerError.Kind.ALREADY_SUBSCRIBED, Channel.TRADES, "BTC-USD");
    pass(3_999);
    assertThat(sent).hasSize(4);
    pass(1);
    assertThat(sent).endsWith("subscribe BTC-USD").hasSize(5);
  }

  @Test
  void aMissingNumberInterruptsWhatIsLiveBeforeTheNextUpdateIsHandedOn() {
    RecordingListener btc = new RecordingListener();
    RecordingListener eth = new RecordingListener();
    add(BTC, btc);
    add(ETH, eth);
    subscriptions.sessionStarted(0);
    pass(200);
    state(BTC, 1);
    state(ETH, 2);
    data(BTC, 3);
    data(ETH, 5); // 4 is lost
    assertThat(btc.heard()).containsExactly("state 1", "data 3", "interrupted");
    assertThat(eth.heard()).containsExactly("state 2", "interrupted");
    assertThat(observed).containsExactly("lost 1", "retried LOSS", "retried LOSS", "dropped STALE");
    pass(2_000);
    assertThat(sent).endsWith("subscribe BTC-USD", "subscribe ETH-USD").hasSize(6);
    unsubscribed(BTC, 6);
    unsubscribed(ETH, 7);
    state(BTC, 8);
    state(ETH, 9);
    data(ETH, 10);
    assertThat(eth.heard()).containsExactly("state 2", "interrupted", "state 9", "data 10");
  }

  @Test
  void aSubscribedFrameOutOfOrderIsNoLoss() {
    RecordingListener btc = new RecordingListener();
    RecordingListener eth = new RecordingListener();
    add(BTC, btc);
    add(ETH, eth);
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    pass(200);
    data(BTC, 3);
    data(BTC, 4);
    state(ETH, 2);
    data(BTC, 5);
    pass(60_000);
    assertThat(btc.heard()).containsExactly("state 1", "data 3", "data 4", "data 5");
    assertThat(eth.heard()).containsExactly("state 2");
    assertThat(observed).isEmpty();
  }

  @Test
  void aLossSeenLateIsToldWithWhatCameMeanwhile() {
    RecordingListener btc = new RecordingListener();
    RecordingListener eth = new RecordingListener();
    add(BTC, btc);
    add(ETH, eth);
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    pass(200); // the subscribe of ETH is 2, and its answer is on its way
    data(BTC, 4); // 3 is lost
    state(ETH, 2);
    assertThat(btc.heard()).containsExactly("state 1", "data 4", "lost");
    assertThat(eth.heard()).containsExactly("state 2", "interrupted");
  }

  @Test
  void aStateAskedForAfterTheLossStays() {
    RecordingListener btc = new RecordingListener();
    RecordingListener eth = new RecordingListener();
    PooledSubscription owner = add(BTC, btc);
    add(ETH, eth);
    subscriptions.sessionStarted(0);
    state(BTC, 1); // the subscribe of ETH, 2, gets no answer yet
    pass(200);
    data(BTC, 5); // 3 and 4 are missing as well
    subscriptions.resync(owner, "test"); // 6 and 7
    pass(600);
    unsubscribed(BTC, 6);
    state(BTC, 7);
    state(ETH, 2);
    assertThat(btc.heard()).containsExactly("state 1", "data 5", "lost", "state 7");
    assertThat(eth.heard()).containsExactly("state 2", "interrupted");
    assertThat(observed).contains("lost 2");
  }

  @Test
  void whatIsMissingWhenTheSessionEndsCountsAsLostWhereLaterDataWasHandedOn() {
    RecordingListener btc = new RecordingListener();
    RecordingListener eth = new RecordingListener();
    add(BTC, btc);
    add(ETH, eth);
    subscriptions.sessionStarted(0);
    state(BTC, 1); // the subscribe of ETH, 2, gets no answer yet, so nobody knows whose number is 3
    pass(200);
    data(BTC, 4);
    subscriptions.sessionLost(new Disconnect(DisconnectReason.RESET, "gone"));
    assertThat(btc.heard()).containsExactly("state 1", "data 4", "lost");
  }

  @Test
  void aSessionThatEndsWithNothingMissingLosesNothing() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    data(BTC, 2);
    subscriptions.sessionLost(new Disconnect(DisconnectReason.RESET, "gone"));
    assertThat(btc.heard()).containsExactly("state 1", "data 2", "interrupted");
  }

  @Test
  void anUnansweredSubscribeIsNoLossAndHidesNone() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    add(ETH, new RecordingListener());
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    pass(200); // 2 is never answered
    data(BTC, 3);
    pass(10_000); // unsubscribe is 4, subscribe 5
    unsubscribed(ETH, 4);
    state(ETH, 5);
    data(BTC, 6);
    assertThat(btc.heard()).containsExactly("state 1", "data 3", "data 6");
    data(BTC, 8);
    assertThat(btc.heard()).containsExactly("state 1", "data 3", "data 6", "interrupted");
  }

  @Test
  void anErrorMayTakeTheSubscribesNumberOrRepeatTheCurrentOne() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    add(ETH, new RecordingListener());
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    pass(200); // 2
    data(BTC, 3);
    error(IndexerError.Kind.INTERNAL, Channel.TRADES, "ETH-USD", 2);
    pass(2_000); // 4
    data(BTC, 5);
    error(IndexerError.Kind.INTERNAL, Channel.TRADES, "ETH-USD", 5);
    data(BTC, 6);
    assertThat(btc.heard()).containsExactly("state 1", "data 3", "data 5", "data 6");
  }

  @Test
  void unknownAndUnreadableFramesTakeNumbersToo() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    subscriptions.onOther(2);
    subscriptions.onMalformed(new MalformedFrameException("bad", BTC, 3), 1, 10);
    subscriptions.onMalformed(new MalformedFrameException("bad", BTC, -1), 1, 10);
    data(BTC, 5);
    assertThat(btc.heard()).containsExactly("state 1", "malformed 3", "malformed -1", "data 5");
    assertThat(observed).isEmpty();
  }

  @Test
  void anUnreadableFrameOfAnUnknownChannelIsALossForAll() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    subscriptions.onMalformed(new MalformedFrameException("bad", null, 2), 1, 10);
    data(BTC, 3);
    assertThat(btc.heard()).containsExactly("state 1", "interrupted");
  }

  @Test
  void updatesThatComeTwiceOrFallBackAreHandedOnOnce() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    data(BTC, 2);
    data(BTC, 2);
    data(BTC, 3);
    data(BTC, 2);
    assertThat(btc.heard()).containsExactly("state 1", "data 2", "data 3");
    assertThat(observed).containsExactly("dropped STALE", "dropped STALE");
  }

  @Test
  void anUpdateThatComesAfterLaterOnesIsLost() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    add(ETH, new RecordingListener());
    subscriptions.sessionStarted(0);
    state(BTC, 1); // the subscribe of ETH gets no answer yet, so 2 and 3 may be its number
    pass(200);
    data(BTC, 4);
    data(BTC, 3);
    assertThat(btc.heard()).containsExactly("state 1", "data 4", "lost");
    assertThat(observed).containsExactly("dropped STALE", "retried LOSS");
  }

  @Test
  void aCountThatBeginsAnewIsALossForAllThatIsLive() {
    RecordingListener btc = new RecordingListener();
    RecordingListener eth = new RecordingListener();
    add(BTC, btc);
    add(ETH, eth);
    subscriptions.sessionStarted(0);
    pass(200);
    state(BTC, 1);
    state(ETH, 2);
    for (int number = 3; number <= 1_000; number++) {
      data(BTC, number);
    }
    for (int number = 1; number <= MessageIds.MAX_REPEATS; number++) {
      data(BTC, number);
    }
    assertThat(btc.heard()).hasSize(1_000).endsWith("data 1000", "lost");
    assertThat(eth.heard()).containsExactly("state 2", "interrupted");
    pass(2_000);
    unsubscribed(BTC, MessageIds.MAX_REPEATS + 1);
    unsubscribed(ETH, MessageIds.MAX_REPEATS + 2);
    state(BTC, MessageIds.MAX_REPEATS + 3);
    state(ETH, MessageIds.MAX_REPEATS + 4);
    data(BTC, MessageIds.MAX_REPEATS + 5);
    assertThat(btc.heard()).endsWith("lost", "state 19", "data 21");
    assertThat(eth.heard()).endsWith("interrupted", "state 20");
    assertThat(observed).filteredOn(what -> what.startsWith("lost")).hasSize(1);
  }

  @Test
  void updatesThatComeOutOfOrderBeforeTheStateAreHandedOnInOrder() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    data(BTC, 4);
    data(BTC, 2);
    data(BTC, 3);
    state(BTC, 1);
    assertThat(btc.heard()).containsExactly("state 1", "data 2", "data 3", "data 4");
  }

  @Test
  void aVenueThatNumbersNothingIsBelieved() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(-1);
    state(BTC, -1);
    data(BTC, -1);
    data(BTC, -1);
    assertThat(btc.heard()).containsExactly("state -1", "data -1", "data -1");
    assertThat(observed).isEmpty();
  }

  @Test
  void alreadySubscribedWhenLiveIsNoMatter() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    error(IndexerError.Kind.ALREADY_SUBSCRIBED, Channel.TRADES, "BTC-USD");
    assertThat(sent).containsExactly("subscribe BTC-USD");
    assertThat(btc.heard()).containsExactly("state 1");
  }

  @Test
  void aLimitHitsTheSubscribeOfThatChannelSentLast() {
    add(BTC, new RecordingListener());
    add(ETH, new RecordingListener());
    add(new ChannelId(Channel.CANDLES, "BTC-USD/1MIN"), new RecordingListener());
    subscriptions.sessionStarted(0);
    pass(400);
    error(IndexerError.Kind.CONNECTION_LIMIT, Channel.TRADES, null);
    assertThat(moved).containsExactly(ETH);
    state(BTC, 1);
    error(IndexerError.Kind.CONNECTION_LIMIT, Channel.TRADES, null);
    assertThat(moved).containsExactly(ETH);
  }

  @Test
  void whatMayNotMoveIsTriedAgainHere() {
    mayMove = false;
    add(BTC, new RecordingListener());
    subscriptions.sessionStarted(0);
    error(IndexerError.Kind.CONNECTION_LIMIT, Channel.TRADES, null);
    pass(2_000);
    assertThat(sent).containsExactly("subscribe BTC-USD", "subscribe BTC-USD");
  }

  @Test
  void refusalsEndTheSubscriptionWithTheVenuesWords() {
    RecordingListener btc = new RecordingListener();
    RecordingListener eth = new RecordingListener();
    add(BTC, btc);
    add(ETH, eth);
    subscriptions.sessionStarted(0);
    pass(200);
    error(IndexerError.Kind.INVALID_SUBSCRIPTION_ID, Channel.TRADES, "BTC-USD");
    error(IndexerError.Kind.REFUSED, Channel.TRADES, "ETH-USD");
    assertThat(btc.heard()).containsExactly("refused UNKNOWN_ID: venue's words");
    assertThat(eth.heard()).containsExactly("refused REFUSED_BY_VENUE: venue's words");
    assertThat(refused).containsExactly(BTC, ETH);
    subscriptions.sessionLost(new Disconnect(DisconnectReason.RESET, "gone"));
    subscriptions.sessionStarted(0);
    pass(60_000);
    assertThat(sent).hasSize(2);
  }

  @Test
  void aRefusalThatMayMeanSeveralRefusesNone() {
    add(BTC, new RecordingListener());
    add(ETH, new RecordingListener());
    subscriptions.sessionStarted(0);
    pass(200);
    error(IndexerError.Kind.REFUSED, Channel.TRADES, null);
    error(IndexerError.Kind.REFUSED, null, null);
    assertThat(refused).isEmpty();
  }

  @Test
  void aRateLimitHalvesThePace() {
    add(BTC, new RecordingListener());
    add(ETH, new RecordingListener());
    subscriptions.sessionStarted(0);
    error(IndexerError.Kind.TOO_MANY_SUBSCRIBES, Channel.TRADES, "BTC-USD");
    pass(399);
    assertThat(sent).hasSize(1);
    pass(1);
    assertThat(sent).hasSize(2);
  }

  @Test
  void aSubscriptionEndedByTheVenueIsTakenUpAgain() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    unsubscribed(BTC);
    pass(600);
    assertThat(sent).containsExactly("subscribe BTC-USD", "subscribe BTC-USD");
    state(BTC, 2);
    assertThat(btc.heard()).containsExactly("state 1", "interrupted", "state 2");
  }

  @Test
  void anInstrumentThatTheVenueListsIsAskedForAgainUntilItIsServed() {
    listed.add(BTC);
    RecordingListener btc = new RecordingListener();
    PooledSubscription owner = add(BTC, btc);
    subscriptions.sessionStarted(0);
    int asked = 1;
    for (long waitMs : List.of(2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000)) {
      error(IndexerError.Kind.INVALID_SUBSCRIPTION_ID, Channel.TRADES, "BTC-USD");
      assertThat(owner.progressNanos())
          .as("the wait is no reason to call the gateway stuck")
          .isEqualTo(nowNs + TimeUnit.MILLISECONDS.toNanos(waitMs));
      pass(waitMs - 1);
      assertThat(sent).hasSize(asked);
      pass(1);
      assertThat(sent).hasSize(++asked);
    }
    state(BTC, 1);
    assertThat(refused).isEmpty();
    assertThat(moved).isEmpty();
    assertThat(sent).containsOnly("subscribe BTC-USD");
    assertThat(btc.heard()).startsWith("interrupted").endsWith("state 1").hasSize(8);
    assertThat(observed).containsOnly("retried NOT_LISTED_YET");
  }

  @Test
  void anInstrumentThatTheVenueListsNoMoreIsRefused() {
    listed.add(BTC);
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    error(IndexerError.Kind.INVALID_SUBSCRIPTION_ID, Channel.TRADES, "BTC-USD");
    listed.clear();
    pass(2_000);
    error(IndexerError.Kind.INVALID_SUBSCRIPTION_ID, Channel.TRADES, "BTC-USD");
    assertThat(refused).containsExactly(BTC);
    assertThat(btc.heard()).containsExactly("interrupted", "refused UNKNOWN_ID: venue's words");
  }

  @Test
  void whatWasLiveIsRecoveredFromAnInstanceThatDoesNotKnowItYet() {
    listed.add(BTC);
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    data(BTC, 2);
    subscriptions.sessionLost(new Disconnect(DisconnectReason.CLOSE_1012, "restart"));
    pass(5_000);
    subscriptions.sessionStarted(0);
    error(IndexerError.Kind.INVALID_SUBSCRIPTION_ID, Channel.TRADES, "BTC-USD");
    pass(2_000);
    state(BTC, 3);
    assertThat(btc.heard())
        .containsExactly("state 1", "data 2", "interrupted", "interrupted", "state 3");
  }

  @Test
  void anUnreadableAnswerIsAskedForAgainWhenItIsSeen() {
    RecordingListener btc = new RecordingListener();
    RecordingListener eth = new RecordingListener();
    add(BTC, btc);
    add(ETH, eth);
    subscriptions.sessionStarted(0);
    pass(200);
    state(ETH, 2);
    unreadableState(BTC, 1);
    assertThat(sent).endsWith("unsubscribe BTC-USD").hasSize(3);
    assertThat(btc.heard()).containsExactly("interrupted");
    pass(1_999);
    assertThat(sent).hasSize(3);
    pass(1);
    assertThat(sent).endsWith("subscribe BTC-USD").hasSize(4);
    unsubscribed(BTC, 3);
    unreadableState(BTC, 4);
    pass(3_999);
    assertThat(sent).hasSize(5);
    pass(1);
    unsubscribed(BTC, 5);
    state(BTC, 6);
    data(ETH, 7);
    assertThat(btc.heard()).containsExactly("interrupted", "interrupted", "state 6");
    assertThat(eth.heard()).containsExactly("state 2", "data 7");
    assertThat(observed).containsExactly("retried UNREADABLE_STATE", "retried UNREADABLE_STATE");
  }

  @Test
  void anUnreadableAnswerThatIsNotAwaitedChangesNothing() {
    RecordingListener btc = new RecordingListener();
    add(BTC, btc);
    subscriptions.sessionStarted(0);
    state(BTC, 1);
    unreadableState(BTC, 2);
    unreadableState(ETH, 3);
    data(BTC, 4);
    assertThat(btc.heard()).containsExactly("state 1", "data 4");
    assertThat(observed).containsExactly("dropped STALE", "dropped UNWANTED");
    assertThat(sent).containsExactly("subscribe BTC-USD", "unsubscribe ETH-USD");
  }

  private void unreadableState(ChannelId channelId, long messageId) {
    subscriptions.onMalformed(
        new MalformedFrameException("bad", channelId, messageId, true), 1, 10);
  }

  @Test
  void whatFailsIsNeverAskedForMoreThanOnceInTwoSecondsWhateverHappensToTheSession() {
    add(BTC, new RecordingListener());
    add(ETH, new RecordingListener());
    subscriptions.sessionStarted(0);
    error(IndexerError.Kind.INTERNAL, Channel.TRADES, "BTC-USD");
    pass(2_000);
    error(IndexerError.Kind.INTERNAL, Channel.TRADES, "BTC-USD"); // would wait 4 s
    pass(500);
    int asked = sent.size();
    subscriptions.sessionLost(new Disconnect(DisconnectReason.CLOSE_1012, "restart"));
    subscriptions.sessionStarted(0);
    assertThat(sent).hasSize(asked + 1).endsWith("subscribe ETH-USD");
    pass(1_499);
    assertThat(sent).hasSize(asked + 1);
    pass(1);
    assertThat(sent).hasSize(asked + 2).endsWith("subscribe BTC-USD");
    error(IndexerError.Kind.INTERNAL, Channel.TRADES, "BTC-USD");
    pass(7_999);
    assertThat(sent).as("a new session makes the waits no shorter").hasSize(asked + 2);
    pass(1);
    assertThat(sent).hasSize(asked + 3);
  }

  @Test
  void aCloseForTheRateLimitHalvesThePaceOfTheNextSession() {
    add(BTC, new RecordingListener());
    add(ETH, new RecordingListener());
    subscriptions.sessionStarted(0);
    subscriptions.sessionLost(new Disconnect(DisconnectReason.CLOSE_1008, "rate"));
    pass(1_000);
    subscriptions.sessionStarted(0);
    assertThat(sent).endsWith("subscribe BTC-USD").hasSize(2);
    pass(399);
    assertThat(sent).hasSize(2);
    pass(1);
    assertThat(sent).endsWith("subscribe ETH-USD").hasSize(3);
  }

  @Test
  void anAnswerIsOwedFromTheFirstSubscribeToTheState() {
    add(BTC, new RecordingListener());
    assertThat(subscriptions.owedSinceNs()).isEqualTo(ConnectionSubscriptions.NOTHING_OWED);
    subscriptions.sessionStarted(0);
    long sinceNs = subscriptions.owedSinceNs();
    assertThat(sinceNs).isNotEqualTo(ConnectionSubscriptions.NOTHING_OWED);
    state(BTC, 1);
    assertThat(subscriptions.owedSinceNs()).isEqualTo(ConnectionSubscriptions.NOTHING_OWED);
  }
}
