package io.github.dydxgateway.stream;

import static io.github.dydxgateway.stream.StreamBench.resumePoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.stream.StreamBench.Client;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Gap;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.ResumeInfo;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SnapshotReason;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClientStreamTest {
  private static final TopicKey TRADES = Topics.of(TopicKind.TRADES);
  private static final TopicKey BOOK = Topics.of(TopicKind.ORDER_BOOK);
  private static final TopicKey ACCOUNT = Topics.of(TopicKind.SUBACCOUNT, "dydx1abc");
  private static final TopicFailure REFUSED =
      new TopicFailure(TopicFailure.FAILED_PRECONDITION, "the venue says no", false);

  private static final Duration A_MOMENT = Duration.ofMillis(1);

  private final StreamBench bench = new StreamBench();

  private static List<String> said(Client client) {
    return client.sink.takeEvents().stream().map(ClientStreamTest::text).toList();
  }

  private static String text(Event event) {
    return switch (event.getPayloadCase()) {
      case STREAM_OPENED -> "opened " + event.getStreamOpened().getEpoch();
      case HEARTBEAT -> "heartbeat";
      case SUBSCRIPTION_STATE ->
          event.getSubscriptionState().getState().name().replace("STATE_", "");
      case SUBSCRIPTION_ERROR -> "error " + event.getSubscriptionError().getCode();
      case SUBACCOUNT_SNAPSHOT -> "snapshot " + event.getSubaccountSnapshot().getBlockHeight();
      case GAP -> {
        Gap gap = event.getGap();
        yield "gap "
            + gap.getFirstMissingSequence()
            + "-"
            + gap.getLastMissingSequence()
            + " "
            + gap.getReason().name().replace("GAP_REASON_", "");
      }
      case SUBACCOUNT_UPDATE -> "event " + event.getSubaccountUpdate().getBlockHeight();
      default -> "event " + event.getBlockHeight().getHeight();
    };
  }

  private static List<String> events(long first, long last) {
    List<String> events = new ArrayList<>();
    for (long sequence = first; sequence <= last; sequence++) {
      events.add("event " + sequence);
    }
    return events;
  }

  /** What a client receives that resumes and catches up. */
  private static List<String> replayed(long first, long last) {
    return concat(
        concat(List.of("opened epoch-1", "LAGGING"), events(first, last)), List.of("LIVE"));
  }

  private static List<String> concat(List<String> first, List<String> then) {
    List<String> all = new ArrayList<>(first);
    all.addAll(then);
    return all;
  }

  /** Clients of a topic that is live, with so many events published. */
  private Client liveClient(TopicKey key, int published) {
    Client client = bench.subscriber(key);
    bench.run();
    bench.moveTo(key, State.STATE_LIVE);
    bench.publish(key, published);
    client.sink.takeEvents();
    return client;
  }

  // ---- order

  @Test
  void aStreamOpensThenTellsTheStateThenEvents() {
    Client client = bench.subscriber(TRADES);
    bench.run();
    bench.moveTo(TRADES, State.STATE_LIVE);
    bench.publish(TRADES, 3);

    assertThat(said(client))
        .containsExactly("opened epoch-1", "PENDING", "LIVE", "event 1", "event 2", "event 3");
  }

  @Test
  void streamEventsHaveNoSequenceAndTopicEventsNameTheirTopic() {
    Client client = bench.subscriber(TRADES);
    bench.run();
    bench.moveTo(TRADES, State.STATE_LIVE);
    bench.publish(TRADES, 1);

    List<Event> events = client.sink.events();
    assertThat(events.get(0).getStreamOpened().getGatewayVersion()).isEqualTo(StreamBench.VERSION);
    assertThat(events.get(0).hasTopic()).isFalse();
    assertThat(events.subList(0, 2)).allMatch(event -> event.getSequence() == 0);
    assertThat(events.subList(2, 4)).extracting(Event::getSequence).containsExactly(1L, 2L);
    assertThat(events.subList(0, 3)).allMatch(event -> event.getReceiveTimeNs() != 0);
    assertThat(events.subList(1, 4)).allMatch(event -> event.getTopic().equals(TRADES.message()));
  }

  @Test
  void aLateJoinerGetsStateSnapshotAndConsecutiveEvents() {
    liveClient(BOOK, 7);
    Client late = bench.subscriber(BOOK);
    bench.run();
    bench.publish(BOOK, 2);

    assertThat(said(late))
        .containsExactly("opened epoch-1", "LIVE", "snapshot 7", "event 8", "event 9");
  }

  @Test
  void allPartsOfASnapshotSayWhichIsTheLastEntryTheyInclude() {
    bench.source.snapshotParts = 2;
    liveClient(BOOK, 7);
    Client late = bench.subscriber(BOOK);
    bench.run();

    List<Event> parts = late.sink.events().subList(2, 4);
    assertThat(parts).extracting(part -> part.getSnapshotInfo().getAsOfSequence()).containsOnly(8L);
    assertThat(parts)
        .extracting(part -> part.getSnapshotInfo().getLast())
        .containsExactly(false, true);
    assertThat(parts)
        .extracting(part -> part.getSnapshotInfo().getReason())
        .containsOnly(SnapshotReason.SNAPSHOT_REASON_JOIN);
    assertThat(parts).extracting(Event::getSequence).containsOnly(0L);
    assertThat(said(late)).containsExactly("opened epoch-1", "LIVE", "snapshot 7", "snapshot 7");
  }

  @Test
  void statesAreToldAsTheyChange() {
    Client client = liveClient(BOOK, 1);
    bench.moveTo(BOOK, State.STATE_RECOVERING);
    bench.moveTo(BOOK, State.STATE_RECOVERING);
    bench.moveTo(BOOK, State.STATE_LIVE);
    bench.publish(BOOK, 1);

    assertThat(said(client)).containsExactly("RECOVERING", "LIVE", "event 2");
  }

  @Test
  void aLossUpstreamTakesOneSequence() {
    Client client = liveClient(TRADES, 1);
    bench.feed(TRADES).topic.publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, 1);
    bench.publish(TRADES, 1);

    assertThat(said(client)).containsExactly("gap 3-3 UPSTREAM_LOSS", "event 2");
  }

  @Test
  void aClientThatJoinsRightAfterALossIsToldOfItBehindItsSnapshot() {
    liveClient(TRADES, 1);
    bench.feed(TRADES).topic.publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, 1);
    bench.feed(TRADES).topic.publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, 1);
    Client late = bench.subscriber(TRADES);
    bench.run();
    bench.publish(TRADES, 1);
    Client later = bench.subscriber(TRADES);
    bench.run();

    assertThat(said(late))
        .containsSubsequence(
            "snapshot 1", "gap 3-3 UPSTREAM_LOSS", "gap 4-4 UPSTREAM_LOSS", "event 2");
    assertThat(said(later)).contains("snapshot 2").noneMatch(text -> text.startsWith("gap"));
  }

  // ---- encoded once

  @Test
  void allClientsGetTheSameBytes() {
    Client first = liveClient(BOOK, 0);
    Client second = bench.subscriber(BOOK);
    bench.run();
    second.sink.takeEvents();
    bench.publish(BOOK, 1);

    assertThat(first.sink.messages()).hasSize(1);
    assertThat(second.sink.messages().get(0).toByteArray())
        .isEqualTo(first.sink.messages().get(0).toByteArray());
  }

  @Test
  void clientsThatJoinAtTheSameSequenceShareOneSnapshot() {
    liveClient(BOOK, 5);
    Client one = bench.subscriber(BOOK);
    Client two = bench.subscriber(BOOK);
    bench.run();
    Client three = bench.subscriber(BOOK);
    bench.run();

    Event snapshot = one.sink.events().get(2);
    assertThat(two.sink.events().get(2)).isEqualTo(snapshot);
    assertThat(three.sink.events().get(2)).isEqualTo(snapshot);
    assertThat(bench.feed(BOOK).state.snapshots).isEqualTo(1);
    bench.publish(BOOK, 1);
    Client four = bench.subscriber(BOOK);
    bench.run();
    assertThat(four.sink.events().get(2).getSnapshotInfo().getAsOfSequence()).isEqualTo(7);
  }

  // ---- slow clients

  @Test
  void aTradesClientThatStopsReadingGetsOneGapAndTheOthersEverything() {
    Client slow = liveClient(TRADES, 1);
    Client fast = bench.subscriber(TRADES);
    bench.run();
    fast.sink.takeEvents();
    slow.sink.credit(0);
    bench.publish(TRADES, 50_000);

    assertThat(slow.sink.messages()).isEmpty();
    assertThat(slow.loop.size()).isZero();
    assertThat(slow.stream.hasAnswersWaiting()).isFalse();
    assertThat(bench.feed(TRADES).topic.replayEvents()).isBetween(32L, 64L);
    assertThat(said(fast)).isEqualTo(events(2, 50_001));

    // It goes on with the newer half of what is kept.
    bench.read(slow, MemorySink.UNLIMITED);
    bench.publish(TRADES, 1);
    assertThat(said(slow))
        .isEqualTo(concat(List.of("gap 3-49982 SLOW_CONSUMER"), events(49_982, 50_002)));
    assertThat(bench.counters.dropped(TopicKind.TRADES).sum()).isEqualTo(49_980);
  }

  @Test
  void aBookClientThatStopsReadingGetsAFreshSnapshot() {
    Client slow = liveClient(BOOK, 1);
    slow.sink.credit(0);
    bench.publish(BOOK, 50_000);
    bench.read(slow, MemorySink.UNLIMITED);
    bench.publish(BOOK, 1);

    assertThat(said(slow)).containsExactly("snapshot 50001", "event 50002");
    assertThat(bench.counters.conflated(TopicKind.ORDER_BOOK).sum()).isEqualTo(1);
  }

  @Test
  void anAccountClientThatStopsReadingIsEndedWithTheSequenceToResumeFrom() {
    Client slow = liveClient(ACCOUNT, 3);
    slow.sink.credit(0);
    bench.publish(ACCOUNT, 50_000);
    bench.read(slow, MemorySink.UNLIMITED);

    assertThat(said(slow)).isEmpty();
    assertThat(slow.sink.failure().code()).isEqualTo(TopicFailure.RESOURCE_EXHAUSTED);
    assertThat(slow.sink.failure().message()).endsWith("resume from epoch epoch-1 sequence 4");
    assertThat(slow.sink.resumeFrom())
        .containsExactly(
            ResumeInfo.newBuilder()
                .setTopic(ACCOUNT.message())
                .setResumeFrom(resumePoint(4))
                .build());
    assertThat(bench.counters.cutOff(TopicKind.SUBACCOUNT).sum()).isEqualTo(1);
    assertThat(bench.streams.size()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TopicKind.class)
  void withPolicyDisconnectASlowClientIsEndedWhateverTheTopic(TopicKind kind) {
    TopicKey key = Topics.of(kind);
    Client slow = bench.client(SlowConsumerPolicy.SLOW_CONSUMER_POLICY_DISCONNECT, true, key);
    bench.run();
    bench.moveTo(key, State.STATE_LIVE);
    slow.sink.credit(0);
    bench.publish(key, 3);
    bench.clock.advance(StreamBench.MAX_LAG);
    bench.read(slow, 2);
    assertThat(slow.sink.isEnded()).isFalse();

    bench.clock.advance(A_MOMENT);
    bench.read(slow, MemorySink.UNLIMITED);

    assertThat(slow.sink.failure().code()).isEqualTo(TopicFailure.RESOURCE_EXHAUSTED);
  }

  @ParameterizedTest
  @EnumSource(TopicKind.class)
  void withPolicyDisconnectAClientThatReadsIsNotEndedForAGatewayThatWasSlow(TopicKind kind) {
    TopicKey key = Topics.of(kind);
    Client reads = bench.client(SlowConsumerPolicy.SLOW_CONSUMER_POLICY_DISCONNECT, true, key);
    bench.run();
    bench.moveTo(key, State.STATE_LIVE);
    said(reads);
    bench.feed(key).publish();
    waitTooLong(); // before any loop had its turn
    bench.run();

    assertThat(reads.sink.isEnded()).isFalse();
    assertThat(said(reads)).containsExactly("LAGGING", "event 1", "LIVE");
  }

  @ParameterizedTest
  @EnumSource(TopicKind.class)
  void withPolicyDisconnectLongEventsAreNoBacklogHoweverLongTheClientNeedsForEach(TopicKind kind) {
    TopicKey key = Topics.of(kind);
    StreamBench large = new StreamBench(StreamBench.settings(64, 1 << 24, EventBatch.MAX_BYTES));
    Client reads = large.client(SlowConsumerPolicy.SLOW_CONSUMER_POLICY_DISCONNECT, true, key);
    large.run();
    large.moveTo(key, State.STATE_LIVE);
    said(reads);
    reads.sink.credit(0);
    for (int i = 0; i < 4; i++) {
      large.feed(key).publish(1_000_000);
    }
    large.feed(key).publish();
    large.run();
    for (int i = 0; i < 5; i++) {
      large.read(reads, 1);
      large.streams.sweep(System.nanoTime());
      large.run();
      large.clock.advance(StreamBench.MAX_LAG.multipliedBy(i == 4 ? 0 : 3));
    }

    assertThat(reads.sink.isEnded()).isFalse();
    assertThat(said(reads).stream().filter(text -> text.startsWith("event")))
        .isEqualTo(events(1, 5));
  }

  @ParameterizedTest
  @EnumSource(TopicKind.class)
  void theSweepEndsOnlyClientsThatMayNotLoseAnything(TopicKind kind) {
    TopicKey key = Topics.of(kind);
    Client strict = bench.client(SlowConsumerPolicy.SLOW_CONSUMER_POLICY_DISCONNECT, true, key);
    Client lenient = bench.subscriber(key);
    bench.run();
    bench.moveTo(key, State.STATE_LIVE);
    strict.sink.credit(0);
    lenient.sink.credit(0);
    bench.publish(key, 16);
    sweep(0);
    assertThat(strict.sink.isEnded()).isFalse();

    waitTooLong();
    sweep(0);
    assertThat(strict.sink.failure().code()).isEqualTo(TopicFailure.RESOURCE_EXHAUSTED);
    assertThat(lenient.sink.isEnded()).isFalse();

    bench.publish(key, 40);
    sweep(0);
    assertThat(lenient.sink.isEnded())
        .isEqualTo(kind.whenLagging() == TopicKind.WhenLagging.DELIVER_ALL);
  }

  @ParameterizedTest
  @EnumSource(TopicKind.class)
  void whatWaitsNoLongerThanTheBoundIsDeliveredAsItIs(TopicKind kind) {
    TopicKey key = Topics.of(kind);
    Client slow = liveClient(key, 0);
    slow.sink.credit(0);
    bench.publish(key, 16);
    bench.clock.advance(StreamBench.MAX_LAG);
    bench.read(slow, MemorySink.UNLIMITED);

    assertThat(said(slow)).isEqualTo(events(1, 16));
  }

  @ParameterizedTest
  @EnumSource(
      value = TopicKind.class,
      names = {"ORDER_BOOK", "QUOTES", "MARKETS"})
  void whatHasWaitedTooLongGivesWayToASnapshot(TopicKind kind) {
    TopicKey key = Topics.of(kind);
    Client slow = liveClient(key, 0);
    slow.sink.credit(0);
    bench.publish(key, 5);
    waitTooLong();
    bench.publish(key, 1);
    bench.read(slow, MemorySink.UNLIMITED);
    bench.publish(key, 1);

    assertThat(said(slow)).containsExactly("snapshot 6", "event 7");
    assertThat(bench.counters.conflated(kind).sum()).isEqualTo(1);
  }

  @Test
  void ofBlockHeightsThatHaveWaitedTooLongTheNewestIsDelivered() {
    TopicKey key = Topics.of(TopicKind.BLOCK_HEIGHT);
    Client slow = liveClient(key, 0);
    slow.sink.credit(0);
    bench.publish(key, 5);
    waitTooLong();
    bench.read(slow, MemorySink.UNLIMITED);
    bench.publish(key, 1);

    assertThat(said(slow)).containsExactly("snapshot 5", "event 6");
  }

  @Test
  void theNewestBlockHeightComesWithTheStateIfThatHasChanged() {
    TopicKey key = Topics.of(TopicKind.BLOCK_HEIGHT);
    Client slow = liveClient(key, 0);
    slow.sink.credit(0);
    bench.publish(key, 2);
    bench.moveTo(key, State.STATE_RECOVERING);
    bench.publish(key, 1);
    waitTooLong();
    bench.read(slow, MemorySink.UNLIMITED);

    assertThat(said(slow)).containsExactly("RECOVERING", "snapshot 3");
  }

  @ParameterizedTest
  @EnumSource(
      value = TopicKind.class,
      names = {"TRADES", "CANDLES", "SUBACCOUNT", "PARENT_SUBACCOUNT"})
  void whatMustNotBeLostIsDeliveredWhileTheTopicIsLagging(TopicKind kind) {
    TopicKey key = Topics.of(kind);
    Client slow = liveClient(key, 0);
    slow.sink.credit(0);
    bench.publish(key, 5);
    waitTooLong();
    bench.publish(key, 1);
    bench.read(slow, 3);
    assertThat(said(slow)).isEqualTo(concat(List.of("LAGGING"), events(1, 3)));

    bench.read(slow, MemorySink.UNLIMITED);
    assertThat(said(slow)).isEqualTo(concat(events(4, 5), List.of("LIVE", "event 6")));
    assertThat(bench.counters.lagged(kind).sum()).isEqualTo(1);
    assertThat(bench.counters.dropped(kind).sum()).isZero();
  }

  @Test
  void aTopicThatRecoversWhileItLagsIsNotLiveBeforeTheClientHasCaughtUp() {
    Client slow = liveClient(TRADES, 0);
    slow.sink.credit(0);
    bench.publish(TRADES, 1);
    bench.moveTo(TRADES, State.STATE_RECOVERING);
    bench.moveTo(TRADES, State.STATE_LIVE);
    bench.publish(TRADES, 1);
    waitTooLong();
    bench.read(slow, MemorySink.UNLIMITED);

    assertThat(said(slow))
        .containsExactly("LAGGING", "event 1", "RECOVERING", "LAGGING", "event 2", "LIVE");
  }

  @Test
  void candlesThatAreNoLongerKeptAreNamedByAGapBeforeTheSnapshot() {
    TopicKey key = Topics.of(TopicKind.CANDLES);
    Client slow = liveClient(key, 1);
    slow.sink.credit(0);
    bench.publish(key, 100);
    bench.read(slow, MemorySink.UNLIMITED);
    bench.publish(key, 1);

    assertThat(said(slow)).containsExactly("gap 3-102 SLOW_CONSUMER", "snapshot 101", "event 102");
  }

  @Test
  void aSnapshotThatHasWaitedTooLongIsReplacedBeforeItIsSent() {
    liveClient(BOOK, 3);
    Client late = new Client();
    late.sink.credit(1);
    late.stream =
        bench.streams.open(late.sink, SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, true);
    bench.clients.add(late);
    late.stream.subscribe(BOOK, null);
    late.sink.credit(2);
    late.stream.drain();
    late.sink.credit(0);
    bench.run();
    waitTooLong();
    bench.publish(BOOK, 4);
    bench.read(late, MemorySink.UNLIMITED);

    assertThat(said(late)).containsExactly("opened epoch-1", "LIVE", "snapshot 7");
  }

  @Test
  void withABoundOfZeroNothingIsEverTooOld() {
    Client slow = bench.session();
    slow.stream.subscribe(BOOK, null, Duration.ZERO);
    slow.stream.drain();
    bench.run();
    bench.moveTo(BOOK, State.STATE_LIVE);
    said(slow);
    slow.sink.credit(0);
    bench.publish(BOOK, 5);
    bench.clock.advance(Duration.ofDays(1));
    bench.read(slow, MemorySink.UNLIMITED);

    assertThat(said(slow)).isEqualTo(events(1, 5));
  }

  @Test
  void theBoundIsThatOfTheSubscription() {
    Client slow = bench.session();
    slow.stream.subscribe(TRADES, null, Duration.ofMillis(100));
    slow.stream.drain();
    bench.run();
    bench.moveTo(TRADES, State.STATE_LIVE);
    said(slow);
    slow.sink.credit(0);
    bench.publish(TRADES, 1);
    bench.clock.advance(Duration.ofMillis(101));
    bench.read(slow, MemorySink.UNLIMITED);

    assertThat(said(slow)).containsExactly("LAGGING", "event 1", "LIVE");
  }

  // ---- acknowledgements

  @Test
  void aClientThatAcknowledgesIsSentOnlySoManyEventsBeyondThat() {
    Client client = liveClient(TRADES, 0);
    assertThat(client.stream.acknowledge(1)).isTrue();
    bench.publish(TRADES, 10);
    assertThat(client.stream.acknowledge(13)).isTrue();
    bench.clock.advance(StreamBench.MAX_LAG.multipliedBy(2));
    said(client);
    for (int i = 0; i < 3; i++) {
      bench.publish(TRADES, 30);
    }

    assertThat(said(client)).isEqualTo(events(11, 74));
    assertThat(client.stream.acknowledge(77)).isTrue();
    client.stream.drain();
    bench.run();
    assertThat(said(client)).isEqualTo(events(75, 100));
  }

  @Test
  void whatWaitsForAnAcknowledgementGrowsOldInTheGateway() {
    Client client = liveClient(BOOK, 0);
    client.stream.acknowledge(3);
    bench.clock.advance(StreamBench.MAX_LAG.multipliedBy(2));
    bench.publish(BOOK, 70);
    assertThat(said(client)).isEqualTo(events(1, 64));
    waitTooLong();

    client.stream.acknowledge(67);
    client.stream.drain();
    bench.run();
    assertThat(said(client)).containsExactly("snapshot 70");
  }

  @Test
  void anAcknowledgementOfMoreThanWasSentOrLessThanBeforeIsRefused() {
    Client client = liveClient(TRADES, 0);

    assertThat(client.stream.acknowledge(4)).isFalse();
    assertThat(client.stream.acknowledge(3)).isTrue();
    assertThat(client.stream.acknowledge(2)).isFalse();
    assertThat(client.stream.acknowledge(-1)).isFalse();
    assertThat(client.stream.acknowledge(3)).isTrue();
  }

  @Test
  void moreBytesThanAreKeptLoseTheOldest() {
    StreamBench small = new StreamBench(StreamBench.settings(1000, 4000));
    Client slow = small.subscriber(TRADES);
    small.run();
    small.moveTo(TRADES, State.STATE_LIVE);
    said(slow);
    slow.sink.credit(0);
    for (int i = 0; i < 10; i++) {
      small.feed(TRADES).publish(900);
    }
    small.read(slow, MemorySink.UNLIMITED);

    assertThat(said(slow)).isEqualTo(concat(List.of("gap 2-9 SLOW_CONSUMER"), events(9, 10)));
  }

  @Test
  void oneEventLargerThanTheLimitIsDelivered() {
    StreamBench small = new StreamBench(StreamBench.settings(16, 1000));
    Client client = small.subscriber(ACCOUNT);
    small.run();
    small.moveTo(ACCOUNT, State.STATE_LIVE);
    small.feed(ACCOUNT).publish(5000);
    small.run();

    assertThat(said(client)).endsWith("event 1");
  }

  @Test
  void aSlowClientHearsOfAStateWhoseChangeIsNoLongerKept() {
    StreamBench small = new StreamBench(StreamBench.settings(16, 1000));
    Client slow = small.subscriber(TRADES);
    small.run();
    said(slow);
    slow.sink.credit(0);
    small.moveTo(TRADES, State.STATE_LIVE);
    small.feed(TRADES).publish();
    for (int i = 0; i < 5; i++) {
      small.feed(TRADES).publish(5000);
    }
    small.read(slow, MemorySink.UNLIMITED);

    assertThat(said(slow))
        .containsExactly("gap 1-4 SLOW_CONSUMER", "LIVE", "event 4", "event 5", "event 6");
  }

  @ParameterizedTest
  @EnumSource(TopicKind.class)
  void aFirstStateLargerThanAllLimitsIsNoBacklogOfAClientThatReads(TopicKind kind) {
    TopicKey key = Topics.of(kind);
    StreamBench small = new StreamBench(StreamBench.settings(16, 2000));
    for (SlowConsumerPolicy policy :
        List.of(
            SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE,
            SlowConsumerPolicy.SLOW_CONSUMER_POLICY_DISCONNECT)) {
      small.client(policy, true, key);
    }
    small.run();
    // In one burst: clients hear of it when all of it is there.
    small.feed(key).publish(50_000);
    small.moveToLiveQuietly(key);
    small.feed(key).publish(100);
    small.run();

    for (Client client : small.clients) {
      assertThat(said(client)).endsWith("PENDING", "event 1", "LIVE", "event 2");
    }
    assertThat(small.counters.conflated(kind).sum()).isZero();
    assertThat(small.counters.dropped(kind).sum()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TopicKind.class)
  void aStateThatIsReplacedByAnotherAsLargeIsNoBacklogOfAClientThatReads(TopicKind kind) {
    TopicKey key = Topics.of(kind);
    StreamBench small = new StreamBench(StreamBench.settings(16, 8000));
    Client client = small.client(SlowConsumerPolicy.SLOW_CONSUMER_POLICY_DISCONNECT, true, key);
    small.run();
    small.feed(key).publish(50_000);
    small.moveToLiveQuietly(key);
    small.feed(key).publish(50_000);
    small.feed(key).publish(50);
    small.run();

    assertThat(said(client)).endsWith("event 1", "LIVE", "event 2", "event 3");
  }

  @Test
  void clientsThatNeverReadHoldAtMostEightSnapshots() {
    List<TopicKey> keys = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      keys.add(Topics.of(TopicKind.ORDER_BOOK, "M" + i));
    }
    Client neverReads = new Client();
    neverReads.stream =
        bench.streams.open(neverReads.sink, SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, true);
    bench.clients.add(neverReads);
    keys.forEach(key -> neverReads.stream.subscribe(key, null));
    keys.forEach(bench::moveToLiveQuietly);
    keys.forEach(key -> bench.feed(key).publish());
    // Ready once, for as long as it takes to ask for the topics, and never again.
    neverReads.sink.credit(2);
    neverReads.stream.drain();
    neverReads.sink.credit(0);
    bench.run();
    assertThat(keys.stream().mapToInt(key -> bench.feed(key).state.snapshots).sum())
        .isLessThanOrEqualTo(8);

    bench.read(neverReads, MemorySink.UNLIMITED);
    assertThat(neverReads.sink.events().stream().filter(Event::hasSubaccountSnapshot)).hasSize(50);
  }

  @Test
  void topicsThatWaitToStartDoEvenIfThoseWhoseTurnItWasAreLeft() {
    Client client = bench.session();
    bench.run();
    List<TopicKey> keys = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      keys.add(Topics.of(TopicKind.ORDER_BOOK, "M" + i));
      client.stream.subscribe(keys.get(i), null);
    }
    client.stream.drain();
    keys.forEach(bench::moveToLiveQuietly);
    keys.forEach(key -> bench.feed(key).publish());
    // The first eight topics get their state told, and no more than that.
    bench.topicLoop.runAll();
    client.sink.credit(17);
    client.loop.runAll();
    client.stream.drain();
    client.sink.credit(0);
    // Before those that come next can ask for their first state, they are left.
    keys.subList(8, 16).forEach(client.stream::unsubscribe);
    bench.run();
    bench.read(client, MemorySink.UNLIMITED);

    assertThat(client.sink.events().stream().filter(Event::hasSubaccountSnapshot)).hasSize(32);
  }

  // ---- clients that take nothing

  @ParameterizedTest
  @EnumSource(TopicKind.class)
  void aClientStuckInItsFirstSnapshotIsCutOffByTheSweepIfItMayNotLoseAnything(TopicKind kind) {
    TopicKey key = Topics.of(kind);
    bench.source.snapshotParts = 2;
    liveClient(key, 20);
    Client strict = startingClient(SlowConsumerPolicy.SLOW_CONSUMER_POLICY_DISCONNECT, key);
    Client lenient = startingClient(SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, key);
    bench.publish(key, 16);
    sweep(0);
    assertThat(strict.sink.isEnded()).isFalse();

    waitTooLong();
    sweep(0);
    assertThat(strict.sink.failure().code()).isEqualTo(TopicFailure.RESOURCE_EXHAUSTED);
    assertThat(strict.sink.failure().message()).contains("reads too slowly on " + key + ";");
    assertThat(lenient.sink.isEnded()).isFalse();

    bench.publish(key, 40);
    sweep(0);
    assertThat(lenient.sink.isEnded())
        .isEqualTo(kind.whenLagging() == TopicKind.WhenLagging.DELIVER_ALL);
  }

  /** A client that takes its first messages up to one part of the snapshot, and no more. */
  private Client startingClient(SlowConsumerPolicy policy, TopicKey key) {
    Client client = new Client();
    client.sink.credit(3);
    client.stream = bench.streams.open(client.sink, policy, true);
    bench.clients.add(client);
    client.stream.subscribe(key, null);
    client.stream.drain();
    bench.run();
    assertThat(client.sink.messages()).hasSize(3);
    return client;
  }

  private void waitTooLong() {
    bench.clock.advance(StreamBench.MAX_LAG.plus(A_MOMENT));
  }

  private void sweep(long laterNanos) {
    bench.streams.sweep(System.nanoTime() + laterNanos);
    bench.run();
  }

  @ParameterizedTest
  @EnumSource(TopicKind.class)
  void aStreamToWhichNothingCanBeSentIsEndedAfterTheStallTimeoutWhateverItsPolicy(TopicKind kind) {
    TopicKey key = Topics.of(kind);
    Client stuck = liveClient(key, 3);
    Client reading = bench.subscriber(key);
    bench.run();
    stuck.sink.credit(0);
    bench.publish(key, 1);
    sweep(StreamBench.STALL_NANOS / 2);
    assertThat(stuck.sink.isEnded()).isFalse();

    sweep(StreamBench.STALL_NANOS);
    assertThat(stuck.sink.failure().code()).isEqualTo(TopicFailure.RESOURCE_EXHAUSTED);
    assertThat(stuck.sink.failure().message())
        .contains("gateway.stream.stall-timeout")
        .endsWith("epoch epoch-1: " + key + " 4");
    assertThat(bench.counters.limitHit(ClientLimit.STALL_TIMEOUT).sum()).isEqualTo(1);
    assertThat(reading.sink.isEnded()).isFalse();
    assertThat(bench.streams.size()).isEqualTo(1);
  }

  @Test
  void aClientThatNeverTakesAnythingIsEndedAfterTheStallTimeout() {
    Client client = new Client();
    client.sink.credit(0);
    client.stream =
        bench.streams.open(client.sink, SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, true);
    bench.clients.add(client);
    client.stream.subscribe(BOOK, null);
    client.stream.drain();
    bench.run();
    sweep(StreamBench.STALL_NANOS);

    assertThat(client.sink.failure().code()).isEqualTo(TopicFailure.RESOURCE_EXHAUSTED);
    assertThat(bench.streams.size()).isZero();
  }

  @Test
  void aSlowReaderThatTakesSomethingNowAndThenMayStay() {
    Client slow = liveClient(BOOK, 1);
    for (int i = 0; i < 10; i++) {
      bench.publish(BOOK, 100);
      bench.read(slow, 1);
      sweep(StreamBench.STALL_NANOS - Duration.ofSeconds(5).toNanos());
    }

    assertThat(slow.sink.isEnded()).isFalse();
  }

  @Test
  void theEndOfAStalledStreamNamesAccountsFirstAndOnlySoManyTopics() {
    Client client = bench.session();
    for (int i = 0; i < 20; i++) {
      client.stream.subscribe(Topics.of(TopicKind.TRADES, "M" + i), null);
    }
    client.stream.subscribe(ACCOUNT, null);
    client.stream.drain();
    bench.run();
    client.sink.credit(0);
    bench.moveTo(ACCOUNT, State.STATE_LIVE);
    sweep(StreamBench.STALL_NANOS);

    assertThat(client.sink.failure().message())
        .contains("epoch epoch-1: " + ACCOUNT + " 0, trades M0")
        .doesNotContain("trades M8");
  }

  @Test
  void theSweepDisturbsOnlyStreamsThatAreSlowOrQuiet() {
    Client reading = liveClient(BOOK, 1);
    Client slow = liveClient(BOOK, 1);
    slow.sink.credit(0);
    bench.publish(BOOK, 1);
    bench.streams.sweep(System.nanoTime());

    assertThat(reading.loop.size()).isZero();
    assertThat(slow.loop.size()).isEqualTo(1);
    bench.run();
    assertThat(bench.streams.waiting(TopicKind.ORDER_BOOK)).isEqualTo(1);
    bench.read(slow, MemorySink.UNLIMITED);
    assertThat(bench.streams.waiting(TopicKind.ORDER_BOOK)).isZero();
  }

  // ---- resume

  @Test
  void resumesFromTheLastEvent() {
    liveClient(BOOK, 10);
    Client client = bench.resuming(BOOK, resumePoint(11));
    bench.publish(BOOK, 1);

    assertThat(said(client)).containsExactly("opened epoch-1", "LIVE", "event 11");
    assertThat(bench.counters.resumed().sum()).isEqualTo(1);
  }

  @Test
  void resumesFromTheMiddle() {
    liveClient(TRADES, 10);
    Client client = bench.resuming(TRADES, resumePoint(5));

    assertThat(said(client)).isEqualTo(replayed(5, 10));
  }

  @Test
  void resumesFromTheBeginning() {
    liveClient(TRADES, 10);
    Client client = bench.resuming(TRADES, resumePoint(1));

    assertThat(said(client)).isEqualTo(replayed(1, 10));
  }

  @ParameterizedTest
  @EnumSource(TopicKind.class)
  void replaysAllThatIsKeptHoweverOldItIs(TopicKind kind) {
    TopicKey key = Topics.of(kind);
    liveClient(key, 100);
    bench.clock.advance(Duration.ofDays(1));
    Client client = bench.resuming(key, resumePoint(71));
    bench.publish(key, 1);

    assertThat(said(client)).isEqualTo(concat(replayed(71, 100), List.of("event 101")));
  }

  @Test
  void aResumedClientThatStopsReadingIsBoundedAsAnyOther() {
    liveClient(TRADES, 100);
    Client client = bench.resuming(TRADES, resumePoint(91));
    said(client);
    client.sink.credit(0);
    bench.publish(TRADES, 100);
    bench.read(client, MemorySink.UNLIMITED);

    assertThat(said(client))
        .isEqualTo(concat(List.of("gap 102-170 SLOW_CONSUMER"), events(170, 200)));
  }

  @Test
  void tooOldAResumePointGetsTheExactGapAndASnapshot() {
    liveClient(BOOK, 100);
    Client client = bench.resuming(BOOK, resumePoint(4));
    bench.publish(BOOK, 1);

    assertThat(said(client))
        .containsExactly(
            "opened epoch-1", "gap 5-101 REPLAY_EXPIRED", "LIVE", "snapshot 100", "event 101");
    assertThat(bench.counters.resumeMissed().sum()).isEqualTo(1);
  }

  @Test
  void aResumePointOfAnotherEpochGetsAGapAndASnapshot() {
    liveClient(BOOK, 10);
    Client client = bench.resuming(BOOK, resumePoint("epoch-0", 5));

    assertThat(said(client))
        .containsExactly("opened epoch-1", "gap 0-0 EPOCH_CHANGED", "LIVE", "snapshot 10");
  }

  @Test
  void aSequenceNeverReachedGetsAGapAndASnapshot() {
    liveClient(BOOK, 10);
    Client next = bench.resuming(BOOK, resumePoint(12));
    Client largest = bench.resuming(BOOK, resumePoint(-1));

    List<String> expected =
        List.of("opened epoch-1", "gap 0-0 EPOCH_CHANGED", "LIVE", "snapshot 10");
    assertThat(said(next)).isEqualTo(expected);
    assertThat(said(largest)).isEqualTo(expected);
  }

  @Test
  void aResumedClientHearsTheStateOfThatTimeAndItsChanges() {
    liveClient(TRADES, 2);
    bench.moveTo(TRADES, State.STATE_RECOVERING);
    bench.moveTo(TRADES, State.STATE_LIVE);
    bench.publish(TRADES, 1);
    Client client = bench.resuming(TRADES, resumePoint(2));

    assertThat(said(client))
        .containsExactly(
            "opened epoch-1", "LAGGING", "event 2", "RECOVERING", "LAGGING", "event 3", "LIVE");
  }

  @Test
  void aTopicOpenedAgainGoesOnWithItsSequenceAndOwnsUpToTheBreak() {
    Client client = liveClient(TRADES, 5);
    client.stream.close();
    bench.run();
    bench.passLinger();
    assertThat(bench.topics.size()).isZero();

    Client back = bench.resuming(TRADES, resumePoint(6));
    bench.moveTo(TRADES, State.STATE_LIVE);
    bench.publish(TRADES, 1);
    assertThat(said(back))
        .containsExactly("opened epoch-1", "gap 7-7 REPLAY_EXPIRED", "PENDING", "LIVE", "event 1");
  }

  @Test
  void aSequenceOfAnEarlierLifeOfTheGatewayIsAGapWhateverEpochComesWithIt() {
    bench.clock.setEpochMicros(1_000_000);
    liveClient(BOOK, 2);
    Client old = bench.resuming(BOOK, resumePoint(999_000));
    Client first = bench.resuming(BOOK, resumePoint(1_000_001));

    assertThat(said(old))
        .containsExactly(
            "opened epoch-1", "gap 999001-1000003 REPLAY_EXPIRED", "LIVE", "snapshot 2");
    assertThat(said(first)).isEqualTo(replayed(1, 2));
  }

  @Test
  void resumesThroughARingBoundedByBytes() {
    StreamBench small = new StreamBench(StreamBench.settings(1000, 4000));
    Client first = small.subscriber(TRADES);
    small.run();
    small.moveTo(TRADES, State.STATE_LIVE);
    for (int i = 0; i < 100; i++) {
      small.feed(TRADES).publish(900);
      small.run();
    }
    said(first);
    long oldest = small.feed(TRADES).topic.log().oldest();
    assertThat(oldest).isGreaterThan(90);
    Client kept = small.resuming(TRADES, resumePoint(oldest - 1));
    Client gone = small.resuming(TRADES, resumePoint(oldest - 2));

    assertThat(said(kept)).isEqualTo(replayed(oldest - 1, 100));
    assertThat(said(gone))
        .containsExactly(
            "opened epoch-1",
            "gap " + (oldest - 1) + "-101 REPLAY_EXPIRED",
            "LIVE",
            "snapshot 100");
  }

  @Test
  void resumesThroughARingBoundedByEvents() {
    liveClient(TRADES, 100);
    long oldest = bench.feed(TRADES).topic.log().oldest();
    Client kept = bench.resuming(TRADES, resumePoint(oldest - 1));
    Client gone = bench.resuming(TRADES, resumePoint(oldest - 2));

    assertThat(said(kept)).isEqualTo(replayed(oldest - 1, 100));
    assertThat(said(gone))
        .containsExactly(
            "opened epoch-1",
            "gap " + (oldest - 1) + "-101 REPLAY_EXPIRED",
            "LIVE",
            "snapshot 100");
  }

  @Test
  void resumingWhileRecoveringGivesWhatIsKeptAndWhatComesThen() {
    liveClient(BOOK, 5);
    bench.moveTo(BOOK, State.STATE_RECOVERING);
    Client inTime = bench.resuming(BOOK, resumePoint(4));
    Client atTheHead = bench.resuming(BOOK, resumePoint(6));
    bench.moveTo(BOOK, State.STATE_LIVE);
    bench.publish(BOOK, 1);

    assertThat(said(inTime))
        .containsExactly(
            "opened epoch-1", "LAGGING", "event 4", "event 5", "RECOVERING", "LIVE", "event 6");
    assertThat(said(atTheHead)).startsWith("opened epoch-1").endsWith("LIVE", "event 6");
  }

  @Test
  void resumingAPendingTopicBeyondItsHeadSaysSo() {
    Client client = bench.resuming(BOOK, resumePoint(8));
    bench.moveTo(BOOK, State.STATE_LIVE);
    bench.publish(BOOK, 1);

    assertThat(said(client))
        .containsExactly("opened epoch-1", "gap 0-0 EPOCH_CHANGED", "PENDING", "LIVE", "event 1");
  }

  @Test
  void resumingAtZeroWhereTheFirstEventsAreGoneSaysWhichAre() {
    liveClient(TRADES, 100);
    Client client = bench.resuming(TRADES, resumePoint(1));

    assertThat(said(client))
        .containsExactly("opened epoch-1", "gap 2-101 REPLAY_EXPIRED", "LIVE", "snapshot 100");
  }

  @Test
  void resumingWithinTheLingerMissesNothing() {
    Client client = liveClient(TRADES, 5);
    client.stream.close();
    bench.run();
    bench.publish(TRADES, 3);
    Client back = bench.resuming(TRADES, resumePoint(6));

    assertThat(said(back)).isEqualTo(replayed(6, 8));
  }

  // ---- life of topics

  @Test
  void aThousandClientsOpenTheSourceOnceAndTheLastOneLeavingClosesItOnce() {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      clients.add(bench.subscriber(BOOK));
    }
    bench.run();
    assertThat(bench.source.opened).hasValue(1);
    assertThat(bench.feed(BOOK).topic.subscriberCount()).isEqualTo(1000);

    Client last = clients.remove(0);
    clients.forEach(client -> client.stream.close());
    bench.run();
    bench.passLinger();
    assertThat(bench.source.closed).hasValue(0);
    assertThat(bench.feed(BOOK).topic.subscriberCount()).isEqualTo(1);

    last.stream.close();
    last.stream.close();
    bench.run();
    bench.topics.sweep(System.nanoTime());
    assertThat(bench.source.closed).hasValue(0);
    bench.passLinger();
    bench.passLinger();
    assertThat(bench.source.closed).hasValue(1);
    assertThat(bench.streams.size()).isZero();
  }

  @Test
  void aClientThatComesDuringTheLingerKeepsTheTopic() {
    Client first = liveClient(BOOK, 3);
    first.stream.close();
    bench.run();
    Client second = bench.subscriber(BOOK);
    bench.run();
    bench.passLinger();

    assertThat(bench.source.closed).hasValue(0);
    assertThat(said(second)).containsExactly("opened epoch-1", "LIVE", "snapshot 3");
  }

  // ---- failures

  @Test
  void aFailingTopicEndsTheCallOnlyWhenNoneIsLeft() {
    Client client = bench.subscriber(TRADES, BOOK);
    bench.run();
    said(client);
    bench.fail(TRADES, REFUSED);
    assertThat(said(client)).containsExactly("error 9");
    assertThat(client.sink.isEnded()).isFalse();

    bench.fail(BOOK, REFUSED);
    assertThat(said(client)).containsExactly("error 9");
    assertThat(client.sink.failure()).isEqualTo(REFUSED);
    assertThat(bench.source.closed).hasValue(2);
    assertThat(bench.topics.size()).isZero();
  }

  @Test
  void aFailingTopicIsToldToAllItsClients() {
    List<Client> clients = List.of(bench.subscriber(BOOK), bench.session(BOOK));
    Client other = bench.session(TRADES);
    bench.run();
    bench.fail(BOOK, REFUSED);

    clients.forEach(client -> assertThat(said(client)).contains("error 9"));
    assertThat(said(other)).doesNotContain("error 9");
  }

  @Test
  void aSessionGoesOnWithoutTopics() {
    Client client = bench.session(BOOK);
    bench.run();
    bench.fail(BOOK, REFUSED);
    assertThat(client.sink.isEnded()).isFalse();

    client.stream.subscribe(BOOK, null);
    client.stream.drain();
    bench.run();
    assertThat(said(client)).containsExactly("opened epoch-1", "PENDING", "error 9", "PENDING");
  }

  @Test
  void aTopicRefusedAtOnceIsToldAndTheOthersGoOn() {
    bench.source.refused.put(TRADES, REFUSED);
    Client client = bench.subscriber(TRADES, BOOK);
    bench.run();

    assertThat(said(client)).containsExactly("opened epoch-1", "error 9", "PENDING");
    assertThat(client.sink.isEnded()).isFalse();
  }

  @Test
  void aCallOfWhichNoTopicCanBeServedEndsWithThatStatus() {
    bench.source.refused.put(TRADES, REFUSED);
    Client client = bench.subscriber(TRADES);
    bench.run();

    assertThat(said(client)).containsExactly("opened epoch-1", "error 9");
    assertThat(client.sink.failure()).isEqualTo(REFUSED);
    assertThat(bench.streams.size()).isZero();
  }

  @Test
  void aFailedTopicCanBeOpenedAgain() {
    Client client = liveClient(BOOK, 4);
    bench.fail(BOOK, REFUSED);
    assertThat(client.sink.failure()).isEqualTo(REFUSED);
    Client again = bench.subscriber(BOOK);
    bench.run();
    bench.moveTo(BOOK, State.STATE_LIVE);
    bench.publish(BOOK, 1);

    assertThat(said(again)).containsExactly("opened epoch-1", "PENDING", "LIVE", "event 1");
  }

  @Test
  void aSlowClientIsToldOfTheFailureInsteadOfASnapshot() {
    Client slow = liveClient(BOOK, 1);
    slow.sink.credit(0);
    bench.publish(BOOK, 100);
    bench.fail(BOOK, REFUSED);
    bench.read(slow, MemorySink.UNLIMITED);

    assertThat(said(slow)).containsExactly("error 9");
    assertThat(slow.sink.failure()).isEqualTo(REFUSED);
  }

  // ---- commands of a session

  @Test
  void unsubscribingClosesTheTopicOnThisStreamOnly() {
    Client client = bench.session(BOOK);
    Client other = bench.session(BOOK);
    bench.run();
    bench.moveTo(BOOK, State.STATE_LIVE);
    said(client);
    said(other);
    client.stream.unsubscribe(BOOK);
    client.stream.drain();
    bench.publish(BOOK, 1);

    assertThat(said(client)).containsExactly("CLOSED");
    assertThat(said(other)).containsExactly("event 1");
    client.stream.subscribe(BOOK, null);
    client.stream.drain();
    bench.run();
    assertThat(said(client)).containsExactly("LIVE", "snapshot 1");
  }

  @Test
  void unsubscribingAnUnknownTopicIsNotFound() {
    Client client = bench.session();
    client.stream.unsubscribe(BOOK);
    client.stream.drain();

    assertThat(said(client)).containsExactly("opened epoch-1", "error 5");
  }

  @Test
  void subscribingTwiceIsAnsweredAndTheTopicGoesOn() {
    Client client = bench.session(BOOK);
    bench.run();
    client.stream.subscribe(BOOK, null);
    client.stream.drain();
    bench.moveTo(BOOK, State.STATE_LIVE);
    bench.publish(BOOK, 1);

    assertThat(said(client))
        .startsWith("opened epoch-1", "PENDING", "error 6", "LIVE")
        .endsWith("event 1");
    assertThat(bench.source.opened).hasValue(1);
    client.stream.close();
    bench.run();
    bench.passLinger();
    assertThat(bench.source.closed).hasValue(1);
  }

  @Test
  void aSessionWithoutMoreCommandsEndsWithItsLastTopic() {
    Client idle = bench.session();
    idle.stream.endCommands();
    assertThat(idle.sink.isCompleted()).isTrue();

    Client client = bench.session(BOOK);
    bench.run();
    client.stream.endCommands();
    assertThat(client.sink.isEnded()).isFalse();
    bench.fail(BOOK, REFUSED);
    assertThat(client.sink.failure()).isEqualTo(REFUSED);
  }

  @Test
  void aSessionWhoseClientLeftItsLastTopicItselfEndsWell() {
    Client client = bench.session(TRADES, BOOK);
    bench.run();
    bench.fail(TRADES, REFUSED);
    client.stream.unsubscribe(BOOK);
    client.stream.endCommands();

    assertThat(client.sink.isCompleted()).isTrue();
  }

  @Test
  void nothingIsSentBeforeTheAnswersThatWait() {
    Client client = new Client();
    client.sink.credit(0);
    client.stream =
        bench.streams.open(client.sink, SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, false);
    bench.clients.add(client);
    client.stream.drain();
    client.sink.credit(MemorySink.UNLIMITED);
    bench.streams.sweep(System.nanoTime() + Duration.ofSeconds(60).toNanos());
    bench.run();
    client.stream.drain();

    assertThat(said(client)).containsExactly("opened epoch-1");
  }

  // ---- limits

  @Test
  void aStreamMayHaveOnlySoManyTopics() {
    Client client = bench.session();
    for (int i = 0; i < 101; i++) {
      client.stream.subscribe(Topics.of(TopicKind.TRADES, "M" + i), null);
    }
    client.stream.drain();
    bench.run();

    assertThat(client.stream.topicCount()).isEqualTo(100);
    assertThat(said(client)).contains("error 8").hasSize(1 + 1 + 100);
    client.stream.unsubscribe(Topics.of(TopicKind.TRADES, "M0"));
    client.stream.subscribe(Topics.of(TopicKind.TRADES, "M100"), null);
    client.stream.drain();
    bench.run();
    assertThat(said(client)).containsExactly("CLOSED", "PENDING");
  }

  @Test
  void onlySoManyTopicsMayBeOpenUntilOneIsClosed() {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      clients.add(bench.session(Topics.of(TopicKind.TRADES, "M" + i)));
    }
    Client client = bench.subscriber(BOOK);
    assertThat(client.sink.failure().code()).isEqualTo(TopicFailure.RESOURCE_EXHAUSTED);
    assertThat(client.sink.failure().retryable()).isTrue();

    clients.get(0).stream.close();
    bench.run();
    bench.passLinger();
    assertThat(bench.subscriber(BOOK).sink.isEnded()).isFalse();
  }

  @Test
  void onlySoManyStreamsAreServedUntilOneEnds() {
    for (int i = 0; i < 2000; i++) {
      bench.session();
    }
    assertThat(bench.session().stream).isNull();
    assertThat(bench.streams.size()).isEqualTo(2000);

    bench.clients.get(0).stream.close();
    bench.clients.get(0).stream.close();
    assertThat(bench.session().stream).isNotNull();
    assertThat(bench.session().stream).isNull();
  }

  // ---- heartbeats and fairness

  @Test
  void heartbeatsComeOnQuietStreamsOnly() {
    Client client = liveClient(BOOK, 1);
    bench.streams.sweep(System.nanoTime());
    bench.run();
    assertThat(said(client)).isEmpty();

    long later = System.nanoTime() + Duration.ofSeconds(6).toNanos();
    bench.streams.sweep(later);
    bench.streams.sweep(later + 1);
    bench.run();
    assertThat(said(client)).containsExactly("heartbeat");

    client.sink.credit(0);
    bench.streams.sweep(later + Duration.ofSeconds(6).toNanos());
    bench.run();
    assertThat(said(client)).isEmpty();
  }

  @Test
  void aBusyTopicDoesNotKeepAnotherFromItsTurn() {
    StreamBench large = new StreamBench(StreamBench.settings(4096, 1 << 20));
    Client client = large.subscriber(TRADES, BOOK);
    large.run();
    large.moveTo(TRADES, State.STATE_LIVE);
    large.moveTo(BOOK, State.STATE_LIVE);
    said(client);
    client.sink.credit(0);
    large.publish(TRADES, 2000);
    large.publish(BOOK, 1);
    large.read(client, 100);

    assertThat(client.sink.events().stream().filter(e -> e.getTopic().hasOrderBook())).hasSize(1);
  }

  @Test
  void afterARoundTheThreadIsGivenBack() {
    StreamBench large = new StreamBench(StreamBench.settings(4096, 1 << 20));
    Client client = large.subscriber(TRADES);
    large.run();
    said(client);
    client.sink.credit(0);
    large.publish(TRADES, 2000);
    client.sink.credit(MemorySink.UNLIMITED);
    client.stream.drain();

    assertThat(client.sink.messages()).hasSize(4);
    assertThat(client.loop.size()).isEqualTo(1);
    large.run();
    assertThat(client.sink.messages()).hasSize(2000);
  }

  @Test
  void nothingIsSentAfterClosing() {
    Client client = liveClient(BOOK, 1);
    bench.feed(BOOK).publish();
    client.stream.close();
    client.stream.close();
    bench.run();
    bench.publish(BOOK, 5);
    bench.streams.sweep(System.nanoTime() + Duration.ofSeconds(60).toNanos());
    bench.run();

    assertThat(said(client)).isEmpty();
    assertThat(bench.feed(BOOK).topic.subscriberCount()).isZero();
  }

  // ---- messages

  @Test
  void whatWaitsInSeveralTopicsGoesInOneMessage() {
    StreamBench wide = new StreamBench(StreamBench.settings(4096, 1 << 20, EventBatch.MAX_BYTES));
    Client client = wide.subscriber(TRADES, BOOK);
    wide.run();
    wide.moveTo(TRADES, State.STATE_LIVE);
    wide.moveTo(BOOK, State.STATE_LIVE);
    said(client);
    client.sink.credit(0);
    wide.publish(TRADES, 20);
    wide.publish(BOOK, 10);
    wide.read(client, 1);

    assertThat(client.sink.messages()).hasSize(1);
    assertThat(client.sink.events()).hasSize(30);
  }

  @Test
  void aMessageIsNoLongerThanItsBoundUnlessOneEventIs() {
    StreamBench wide = new StreamBench(StreamBench.settings(4096, 1 << 22, EventBatch.MAX_BYTES));
    Client client = wide.subscriber(TRADES);
    wide.run();
    wide.moveTo(TRADES, State.STATE_LIVE);
    said(client);
    client.sink.credit(0);
    for (int i = 0; i < 200; i++) {
      wide.feed(TRADES).publish(i % 50 == 49 ? 100_000 : 1000);
      wide.run();
    }
    wide.read(client, MemorySink.UNLIMITED);

    assertThat(client.sink.messages())
        .allMatch(message -> message.length() <= EventBatch.MAX_BYTES || message.events() == 1);
    assertThat(client.sink.messages()).hasSizeLessThan(20);
    assertThat(said(client)).isEqualTo(events(1, 200));
  }

  @Test
  void eventsAreHeldBackForTheFlushIntervalToGoTogether() {
    StreamBench wide = new StreamBench(StreamBench.settings(4096, 1 << 20, EventBatch.MAX_BYTES));
    Client client = wide.session();
    client.stream.flushInterval(Duration.ofMillis(50));
    client.stream.subscribe(TRADES, null);
    client.stream.drain();
    wide.run();
    wide.clock.advance(Duration.ofSeconds(1));
    client.sink.timers().forEach(Runnable::run);
    client.sink.timers().clear();
    wide.run();
    wide.moveTo(TRADES, State.STATE_LIVE);
    said(client);
    wide.publish(TRADES, 10);
    assertThat(client.sink.messages()).isEmpty();
    assertThat(client.sink.timers()).hasSize(1);

    wide.clock.advance(Duration.ofMillis(50));
    client.sink.timers().get(0).run();
    assertThat(client.sink.messages()).hasSize(1);
    assertThat(said(client)).isEqualTo(concat(List.of("LIVE"), events(1, 10)));
  }

  // ---- sets of topics

  /** Topics that a test adds to. */
  private static final class Listed implements TopicSet {
    private final List<TopicKey> topics = new ArrayList<>();
    private java.util.function.Consumer<TopicKey> follower;

    @Override
    public void follow(
        java.util.concurrent.Executor loop, java.util.function.Consumer<TopicKey> onTopic) {
      follower = key -> loop.execute(() -> onTopic.accept(key));
      topics.forEach(follower);
    }

    @Override
    public void leave() {
      follower = null;
    }

    void add(TopicKey key) {
      topics.add(key);
      if (follower != null) {
        follower.accept(key);
      }
    }
  }

  private static final TopicKey ALL_TRADES = Topics.of(TopicKind.TRADES, "*");
  private static final TopicKey ETH_TRADES = Topics.of(TopicKind.TRADES, "ETH-USD-PERP.DYDX");

  @Test
  void allTopicsOfASetAreDeliveredThoseThatComeLaterToo() {
    Listed listed = new Listed();
    listed.add(TRADES);
    Client client = bench.subscriber();
    client.stream.subscribeAll(ALL_TRADES, listed, Duration.ofSeconds(1));
    bench.run();
    bench.moveTo(TRADES, State.STATE_LIVE);
    bench.publish(TRADES, 1);
    listed.add(ETH_TRADES);
    listed.add(ETH_TRADES);
    bench.run();
    bench.moveTo(ETH_TRADES, State.STATE_LIVE);
    bench.publish(ETH_TRADES, 2);

    assertThat(client.stream.topicCount()).isEqualTo(2);
    assertThat(
            client.sink.events().stream()
                .filter(event -> event.hasBlockHeight())
                .map(event -> event.getTopic().getTrades().getInstrumentId()))
        .containsExactly("BTC-USD-PERP.DYDX", "ETH-USD-PERP.DYDX", "ETH-USD-PERP.DYDX");
  }

  @Test
  void aTopicAskedForByItselfGoesOnWhenItsSetIsLeft() {
    Listed listed = new Listed();
    listed.add(TRADES);
    listed.add(ETH_TRADES);
    Client client = bench.session(TRADES);
    bench.run();
    client.stream.subscribeAll(ALL_TRADES, listed, Duration.ofSeconds(1));
    bench.run();
    assertThat(client.stream.topicCount()).isEqualTo(2);
    client.stream.unsubscribe(ALL_TRADES);
    listed.add(Topics.of(TopicKind.TRADES, "SOL-USD-PERP.DYDX"));
    bench.run();

    assertThat(client.stream.topicCount()).isEqualTo(1);
    bench.moveTo(TRADES, State.STATE_LIVE);
    bench.publish(TRADES, 1);
    assertThat(said(client)).endsWith("LIVE", "event 1");
    client.stream.close();
    bench.run();
    bench.passLinger();
    assertThat(bench.topics.size()).isZero();
  }

  @Test
  void aSetCountsAsOneTopicAndKeepsACallOpenThoughItIsEmpty() {
    Listed listed = new Listed();
    Client client = bench.subscriber();
    client.stream.subscribeAll(ALL_TRADES, listed, Duration.ofSeconds(1));
    for (int i = 0; i < 150; i++) {
      listed.add(Topics.of(TopicKind.TRADES, "M" + i));
    }
    client.stream.drain();
    bench.run();

    assertThat(client.sink.isEnded()).isFalse();
    assertThat(client.stream.topicCount()).isEqualTo(150);
    for (int i = 0; i < 99; i++) {
      client.stream.subscribe(Topics.of(TopicKind.QUOTES, "M" + i), null);
    }
    client.stream.subscribe(BOOK, null);
    client.stream.drain();
    bench.run();
    assertThat(said(client)).filteredOn("error 8"::equals).hasSizeGreaterThanOrEqualTo(1);
    assertThat(client.sink.isEnded()).isFalse();
  }
}
