package io.github.dydxgateway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.github.dydxgateway.v1.Topic;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the checker of a client's record lets pass, and what not. */
class TopicLogTest {
  private static final Topic BOOK = Topics.orderBook("BTC-USD");

  private final Ledger ledger = new Ledger();
  private final TopicLog log = ledger.open("one", BOOK);

  private static Event state(State state) {
    Event.Builder event = Event.newBuilder();
    event.getSubscriptionStateBuilder().setState(state);
    return event.build();
  }

  private static Event gap(long first, long last, GapReason reason) {
    Event.Builder event = Event.newBuilder();
    event
        .getGapBuilder()
        .setFirstMissingSequence(first)
        .setLastMissingSequence(last)
        .setReason(reason);
    return event.build();
  }

  private static PriceLevel level(long price, long size) {
    return PriceLevel.newBuilder().setPrice(price).setSize(size).build();
  }

  private static Event snapshot(long sequence) {
    return snapshot(sequence, true);
  }

  private static Event snapshot(long asOf, boolean last) {
    Event.Builder event =
        Event.newBuilder()
            .setOrderBookSnapshot(
                OrderBookSnapshot.newBuilder().addBids(level(10, 1)).addAsks(level(11, 1)));
    event.getSnapshotInfoBuilder().setAsOfSequence(asOf).setLast(last);
    return event.build();
  }

  private static Event delta(long sequence, long bid, long size) {
    return Event.newBuilder()
        .setSequence(sequence)
        .setOrderBookDelta(OrderBookDelta.newBuilder().addBids(level(bid, size)))
        .build();
  }

  private static Event block(long sequence, long height) {
    Event.Builder event = Event.newBuilder().setSequence(sequence);
    event.getBlockHeightBuilder().setHeight(height);
    return event.build();
  }

  private void take(Event... events) {
    for (Event event : events) {
      log.take(event);
    }
  }

  private void assertSound() {
    assertThat(ledger.problems().all()).isEmpty();
  }

  private void assertProblem(String words) {
    assertThat(ledger.problems().all()).singleElement().asString().contains(words);
  }

  @Test
  void stateSnapshotAndConsecutiveSequencesAreSound() {
    log.attach(false);
    take(state(State.STATE_PENDING), state(State.STATE_LIVE), snapshot(4), delta(5, 9, 1));
    assertSound();
    assertThat(log.last()).isEqualTo(5);
    assertThat(log.isLive()).isTrue();
  }

  @Test
  void anEventBeforeAnyStateIsFound() {
    log.attach(false);
    take(snapshot(4));
    assertProblem("came in state STATE_UNSPECIFIED");
  }

  @Test
  void whoIsCutOffAmidASnapshotMayBeToldWhatItHadBefore() {
    log.attach(false);
    take(state(State.STATE_LIVE), snapshot(4), delta(5, 9, 1));
    log.detach();
    log.attach(true);
    take(state(State.STATE_LIVE), snapshot(12, false));
    assertThat(log.isResumedFrom(5)).isTrue();
    assertThat(List.of(4L, 6L, 11L, 12L, 13L)).noneMatch(log::isResumedFrom);
    take(snapshot(12));
    assertThat(log.isResumedFrom(12)).isTrue();
    take(delta(13, 9, 1));
    assertThat(log.isResumedFrom(13)).isTrue();
    assertThat(List.of(5L, 12L)).noneMatch(log::isResumedFrom);
    assertSound();
  }

  @Test
  void anEventBeforeTheSnapshotIsFound() {
    log.attach(false);
    take(state(State.STATE_LIVE), delta(4, 9, 1));
    assertProblem("came before a snapshot");
  }

  @Test
  void aSequenceLeftOutIsFound() {
    log.attach(false);
    take(state(State.STATE_LIVE), snapshot(4), delta(6, 9, 1));
    assertProblem("came after 4");
  }

  @Test
  void aSequenceThatComesTwiceIsFound() {
    log.attach(false);
    take(state(State.STATE_LIVE), snapshot(4), delta(5, 9, 1), delta(5, 9, 1));
    assertProblem("came after 5");
  }

  @Test
  void aGapThatFitsIsSoundAndOneThatLeavesSomethingOutIsFound() {
    log.attach(false);
    take(
        state(State.STATE_LIVE),
        snapshot(4),
        gap(5, 5, GapReason.GAP_REASON_UPSTREAM_LOSS),
        snapshot(6));
    assertSound();
    take(gap(8, 9, GapReason.GAP_REASON_UPSTREAM_LOSS));
    assertProblem("a gap that does not begin after 6");
  }

  @Test
  void aGapDroppedFromTheRecordIsFound() {
    TopicLog blocks = ledger.open("two", Topics.blockHeight());
    blocks.attach(false);
    blocks.take(state(State.STATE_LIVE));
    blocks.take(block(1, 100));
    blocks.take(block(2, 102));
    assertSound(); // the sequences are; the heights are not
    VenueLog.Sequence<?> published =
        new VenueLog.Sequence<>(List.of(100L, 101L, 102L), String::valueOf);
    assertThat(
            ((BlocksContents) blocks.contents()).order().problems(published, Map.of(), true, false))
        .singleElement()
        .asString()
        .contains("between 100 and 102");
  }

  @Test
  void whoIsTooSlowForTheFirstBlocksIsToldSoAndGoesOnWithoutThem() {
    TopicLog blocks = ledger.open("two", Topics.blockHeight());
    blocks.attach(false);
    blocks.take(state(State.STATE_LIVE));
    blocks.take(gap(1, 39, GapReason.GAP_REASON_SLOW_CONSUMER));
    blocks.take(block(40, 140));
    blocks.take(block(41, 141));
    assertSound();
    log.attach(false);
    take(state(State.STATE_LIVE), gap(1, 39, GapReason.GAP_REASON_SLOW_CONSUMER), delta(40, 9, 1));
    assertProblem("came before a snapshot");
  }

  @Test
  void aFreshSnapshotTakesThePlaceOfWhatWasMissed() {
    log.attach(false);
    take(state(State.STATE_LIVE), snapshot(4), snapshot(60), delta(61, 9, 1));
    assertSound();
  }

  @Test
  void aSnapshotOlderThanWhatTheClientHasIsFound() {
    log.attach(false);
    take(state(State.STATE_LIVE), snapshot(40), delta(41, 9, 1), snapshot(30), delta(31, 9, 1));
    assertProblem("a snapshot of 30 though 41 was there");
  }

  @Test
  void afterAResumePointHasExpiredASnapshotHasToCome() {
    log.attach(false);
    take(state(State.STATE_LIVE), snapshot(4));
    log.detach();
    log.attach(true);
    take(
        state(State.STATE_LIVE),
        gap(5, 90, GapReason.GAP_REASON_REPLAY_EXPIRED),
        snapshot(90),
        delta(91, 9, 1));
    assertSound();
    take(gap(92, 99, GapReason.GAP_REASON_REPLAY_EXPIRED), delta(100, 9, 1));
    assertProblem("came before a snapshot");
  }

  @Test
  void aResumedTopicThatGoesOnLaterThanAskedIsFound() {
    log.attach(false);
    take(state(State.STATE_LIVE), snapshot(4));
    log.attach(true);
    take(state(State.STATE_LIVE), delta(6, 9, 1));
    assertProblem("came after 4");
  }

  @Test
  void anEventAfterTheEndIsFound() {
    log.attach(false);
    take(state(State.STATE_LIVE), snapshot(4));
    log.detach();
    take(delta(5, 9, 1));
    assertProblem("came after the end");
  }

  @Test
  void aCrossedBookIsFound() {
    log.attach(false);
    take(state(State.STATE_LIVE), snapshot(4), delta(5, 12, 1));
    assertProblem("crossed at 5");
  }

  @Test
  void booksOfTwoClientsThatDifferAtASequenceAreFound() {
    TopicLog other = ledger.open("two", BOOK);
    log.attach(false);
    other.attach(false);
    take(state(State.STATE_LIVE), snapshot(4), delta(5, 9, 1));
    other.take(state(State.STATE_LIVE));
    other.take(snapshot(4));
    assertSound();
    other.take(delta(5, 9, 2));
    assertProblem("have not the same of");
  }
}
