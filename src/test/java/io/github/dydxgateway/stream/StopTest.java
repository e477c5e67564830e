package io.github.dydxgateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.stream.StreamBench.Client;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How streams end when the gateway stops. */
class StopTest {
  private static final TopicKey TRADES = Topics.of(TopicKind.TRADES);
  private static final TopicKey BOOK = Topics.of(TopicKind.ORDER_BOOK);
  private static final TopicFailure STOPPING =
      new TopicFailure(TopicFailure.UNAVAILABLE, "the gateway is stopping", true);

  private final StreamBench bench = new StreamBench();

  private Client liveClient(TopicKey... keys) {
    Client client = bench.subscriber(keys);
    bench.run();
    for (TopicKey key : keys) {
      bench.moveTo(key, State.STATE_LIVE);
    }
    client.sink.takeEvents();
    return client;
  }

  private CompletableFuture<Void> stop() {
    CompletableFuture<Void> stopped = bench.streams.stop(STOPPING);
    bench.run();
    return stopped;
  }

  private static List<Long> sequences(List<Event> events) {
    return events.stream().map(Event::getSequence).filter(sequence -> sequence > 0).toList();
  }

  private static boolean isClosed(Event event, TopicKey key) {
    return event.getTopic().equals(key.message())
        && event.getSubscriptionState().getState() == State.STATE_CLOSED
        && event.getSubscriptionState().getReason().equals(STOPPING.message());
  }

  @Test
  void eachTopicIsClosedWithTheReasonThenTheCallFailsWithIt() {
    Client client = liveClient(TRADES, BOOK);

    CompletableFuture<Void> stopped = stop();

    List<Event> events = client.sink.takeEvents();
    assertThat(events).hasSize(2);
    assertThat(events).anyMatch(event -> isClosed(event, TRADES));
    assertThat(events).anyMatch(event -> isClosed(event, BOOK));
    assertThat(client.sink.failure()).isEqualTo(STOPPING);
    assertThat(stopped).isCompleted();
    assertThat(bench.streams.size()).isZero();
    assertThat(bench.feed(TRADES).topic.subscriberCount()).isZero();
  }

  @Test
  void whatWaitsForAClientIsSentBeforeItsTopicIsClosed() {
    Client client = liveClient(TRADES);
    client.sink.credit(0);
    bench.publish(TRADES, 10);

    CompletableFuture<Void> stopped = stop();
    assertThat(stopped).isNotDone();
    bench.read(client, 4);
    assertThat(client.sink.isEnded()).isFalse();
    bench.read(client, 100);

    List<Event> events = client.sink.takeEvents();
    assertThat(sequences(events)).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
    assertThat(isClosed(events.get(10), TRADES)).isTrue();
    assertThat(stopped).isCompleted();
  }

  @Test
  void aClientThatHasFallenTooFarBehindGetsItsFreshSnapshotFirst() {
    Client client = liveClient(BOOK);
    client.sink.credit(0);
    bench.publish(BOOK, 20);
    bench.clock.advance(StreamBench.MAX_LAG.plusMillis(1));

    stop();
    bench.read(client, 100);

    List<Event> events = client.sink.takeEvents();
    assertThat(events.get(0).hasSubaccountSnapshot()).isTrue();
    assertThat(events.get(0).getSnapshotInfo().getAsOfSequence()).isEqualTo(21);
    assertThat(isClosed(events.get(events.size() - 1), BOOK)).isTrue();
  }

  @Test
  void aClientThatDoesNotReadIsCutOffWhenTheTimeIsOver() {
    Client reads = liveClient(TRADES);
    Client hangs = liveClient(TRADES);
    hangs.sink.credit(0);
    bench.publish(TRADES, 3);

    CompletableFuture<Void> stopped = stop();
    assertThat(reads.sink.failure()).isEqualTo(STOPPING);
    assertThat(hangs.sink.isEnded()).isFalse();

    assertThat(bench.streams.abort(STOPPING)).isEqualTo(1);
    bench.run();

    assertThat(hangs.sink.failure()).isEqualTo(STOPPING);
    assertThat(hangs.sink.messages()).isEmpty();
    assertThat(stopped).isCompleted();
    assertThat(bench.streams.size()).isZero();
  }

  @Test
  void aTopicThatHasNoStateYetIsClosedAsWell() {
    Client client = bench.subscriber(TRADES);
    bench.run();
    client.sink.takeEvents();

    stop();

    assertThat(client.sink.takeEvents()).singleElement().matches(event -> isClosed(event, TRADES));
    assertThat(client.sink.failure()).isEqualTo(STOPPING);
  }

  @Test
  void topicsThatHadToWaitForTheirTurnToStartAreClosedAsWell() {
    TopicKey[] keys = new TopicKey[20];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = Topics.of(TopicKind.TRADES, "T" + i + "-USD-PERP.DYDX");
    }
    Client client = bench.client(SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, true, keys);
    client.sink.credit(0);
    bench.run();

    CompletableFuture<Void> stopped = stop();
    bench.read(client, 1000);

    List<Event> events = client.sink.takeEvents();
    for (TopicKey key : keys) {
      assertThat(events).filteredOn(event -> isClosed(event, key)).hasSize(1);
    }
    assertThat(stopped).isCompleted();
    assertThat(bench.streams.size()).isZero();
  }

  @Test
  void aSessionEndsTooAndTakesNoTopicsAnyMore() {
    Client session = bench.session(TRADES);
    bench.run();
    bench.moveTo(TRADES, State.STATE_LIVE);
    session.sink.credit(0);
    bench.publish(TRADES, 1);

    stop();
    session.stream.subscribe(BOOK, null);
    bench.read(session, 100);

    assertThat(session.sink.events())
        .filteredOn(event -> event.getTopic().equals(BOOK.message()))
        .singleElement()
        .matches(event -> event.getSubscriptionError().getCode() == TopicFailure.UNAVAILABLE);
    assertThat(session.sink.failure()).isEqualTo(STOPPING);
  }

  @Test
  void aStreamThatComesTooLateIsEndedAtOnce() {
    stop();
    Client late = bench.subscriber(TRADES);
    bench.run();

    assertThat(bench.streams.isStopping()).isTrue();
    assertThat(late.sink.failure()).isEqualTo(STOPPING);
    assertThat(bench.streams.size()).isZero();
  }

  @Test
  void stoppingTwiceSaysItOnce() {
    Client client = liveClient(TRADES);
    client.sink.credit(0);
    bench.publish(TRADES, 1);
    stop();
    stop();
    bench.read(client, 100);

    assertThat(client.sink.takeEvents()).filteredOn(event -> isClosed(event, TRADES)).hasSize(1);
  }
}
