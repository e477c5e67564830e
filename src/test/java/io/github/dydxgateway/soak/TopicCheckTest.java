package io.github.dydxgateway.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.SnapshotReason;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicCheckTest {
  private final LoadCounters counters = new LoadCounters();
  private final TopicCheck trades = check(new TopicCheck(Topics.trades("A-USD"), counters));
  private final TopicCheck book = check(new TopicCheck(Topics.orderBook("A-USD"), counters));

  private static TopicCheck check(TopicCheck topic) {
    topic.opened(false);
    topic.take(state(State.STATE_LIVE));
    return topic;
  }

  @Test
  void consecutiveTradesAreRight() {
    trades.take(trades(3, true, 8, 9));
    trades.take(trades(4, false, 10, 11));
    assertThat(counters.problems()).isEmpty();
    assertThat(trades.lastTrade()).isEqualTo(11);
    assertThat(trades.lastSequence()).isEqualTo(4);
  }

  @Test
  void skippedSequenceIsWrong() {
    trades.take(trades(3, true, 8, 9));
    trades.take(trades(5, false, 10, 11));
    assertThat(counters.problems()).singleElement().asString().contains("expected sequence 4");
  }

  @Test
  void missingTradeIsWrong() {
    trades.take(trades(3, true, 8, 9));
    trades.take(trades(4, false, 11, 11));
    assertThat(counters.problems()).singleElement().asString().contains("expected trade 10");
  }

  @Test
  void repeatedTradeIsWrong() {
    trades.take(trades(3, true, 8, 9));
    trades.take(trades(4, false, 9, 10));
    assertThat(counters.problems()).singleElement().asString().contains("expected trade 10");
  }

  @Test
  void gapExplainsWhatIsMissing() {
    trades.take(trades(3, true, 8, 9));
    trades.take(gap(4, 6));
    trades.take(trades(7, false, 20, 21));
    assertThat(counters.problems()).isEmpty();
    assertThat(counters.gaps.sum()).isEqualTo(1);
  }

  @Test
  void gapThatLeavesSomethingUnsaidIsWrong() {
    trades.take(trades(3, true, 8, 9));
    trades.take(gap(5, 6));
    assertThat(counters.problems()).singleElement().asString().contains("expected a Gap from 4");
  }

  @Test
  void deltaBeforeASnapshotIsWrong() {
    book.take(delta(1, 1000, 5));
    assertThat(counters.problems()).singleElement().asString().contains("a snapshot first");
  }

  @Test
  void resumedCallGoesOnWithoutASnapshot() {
    book.take(snapshot(4, 1000, 5));
    book.opened(true);
    book.take(state(State.STATE_LIVE));
    book.take(delta(5, 999, 7));
    book.take(delta(6, 1000, 0));
    assertThat(counters.problems()).isEmpty();
    assertThat(book.book().bids()).isEqualTo(Map.of(999L, 7L));
  }

  @Test
  void snapshotTakesThePlaceOfDeltasAndIsCounted() {
    book.take(snapshot(4, 1000, 5));
    book.take(snapshot(9, 998, 1));
    assertThat(counters.problems()).isEmpty();
    assertThat(counters.conflations.sum()).isEqualTo(1);
    assertThat(book.book().bids()).isEqualTo(Map.of(998L, 1L));
  }

  @Test
  void recoveriesAreCountedWithinACall() {
    book.take(state(State.STATE_RECOVERING));
    book.take(state(State.STATE_LIVE));
    assertThat(book.recoveries()).isEqualTo(1);
    book.opened(true);
    book.take(state(State.STATE_RECOVERING));
    assertThat(book.recoveries()).isEqualTo(1);
  }

  private static Event state(State state) {
    Event.Builder event = Event.newBuilder();
    event.getSubscriptionStateBuilder().setState(state);
    return event.build();
  }

  private static Event gap(long first, long last) {
    Event.Builder event = Event.newBuilder();
    event
        .getGapBuilder()
        .setFirstMissingSequence(first)
        .setLastMissingSequence(last)
        .setReason(GapReason.GAP_REASON_SLOW_CONSUMER);
    return event.build();
  }

  private static Event trades(long sequence, boolean snapshot, int first, int last) {
    Event.Builder event =
        snapshot ? snapshotOf(sequence) : Event.newBuilder().setSequence(sequence);
    event.getTradesBuilder().setSnapshot(snapshot);
    for (int number = first; number <= last; number++) {
      event.getTradesBuilder().addTradesBuilder().setTradeId("%024x".formatted(number));
    }
    return event.build();
  }

  private static Event.Builder snapshotOf(long asOf) {
    Event.Builder event = Event.newBuilder();
    event
        .getSnapshotInfoBuilder()
        .setReason(SnapshotReason.SNAPSHOT_REASON_CONFLATED)
        .setLast(true)
        .setAsOfSequence(asOf);
    return event;
  }

  private static Event snapshot(long asOf, long price, long size) {
    Event.Builder event = snapshotOf(asOf);
    event
        .getOrderBookSnapshotBuilder()
        .setSizeScale(LoadMarket.SIZE_SCALE)
        .addBids(PriceLevel.newBuilder().setPrice(price).setSize(size));
    return event.build();
  }

  private static Event delta(long sequence, long price, long size) {
    Event.Builder event = Event.newBuilder().setSequence(sequence);
    event
        .getOrderBookDeltaBuilder()
        .setSizeScale(LoadMarket.SIZE_SCALE)
        .addBids(PriceLevel.newBuilder().setPrice(price).setSize(size));
    return event.build();
  }
}
