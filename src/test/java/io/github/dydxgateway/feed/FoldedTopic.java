package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.stream.state.TopicState;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.SnapshotContents;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.SnapshotInfo;
import io.github.dydxgateway.v1.SnapshotReason;
import io.github.dydxgateway.v1.Topic;
import java.util.ArrayList;
import java.util.List;

/**
 * A topic whose events are folded from the first on, and from the snapshots with which clients
 * joined in between.
 */
final class FoldedTopic {
  /** Joined states that are folded at a time. */
  private static final int MAX_JOINED = 8;

  private final TestGateway gateway;
  private final Topic topic;
  private final RecordingClient early;
  private final TopicState state;
  private final List<TopicState> joined = new ArrayList<>();
  private int checks;
  private boolean isOver;

  FoldedTopic(TestGateway gateway, Topic topic) {
    this.gateway = gateway;
    this.topic = topic;
    this.early = gateway.client(topic);
    this.state = TopicState.of(topic);
  }

  /** What a client that has applied all events has is what one gets that joins now. */
  void check() {
    List<Event> events = marked(early.take());
    isOver |= events.stream().anyMatch(Event::hasSubscriptionError);
    if (isOver) {
      return;
    }
    events.forEach(state::apply);
    joined.forEach(one -> events.forEach(one::apply));
    List<String> folded = SnapshotContents.of(snapshotOf(state));
    RecordingClient late = gateway.client(topic);
    List<Event> join = marked(late.take());
    late.leave();
    assertThat(folded)
        .as("what an early client of %s has, beside a late one", topic)
        .isEqualTo(SnapshotContents.of(join));
    assertThat(joined)
        .as("what clients of %s have that joined in between", topic)
        .allSatisfy(one -> assertThat(SnapshotContents.of(snapshotOf(one))).isEqualTo(folded));
    checks++;
    if (!folded.isEmpty() && checks % 3 == 0) {
      TopicState next = TopicState.of(topic);
      join.forEach(next::apply);
      joined.add(next);
      if (joined.size() > MAX_JOINED) {
        joined.remove(checks % MAX_JOINED);
      }
    }
  }

  private static List<Event> snapshotOf(TopicState state) {
    return state.snapshot(SnapshotReason.SNAPSHOT_REASON_JOIN, 1).stream()
        .map(Event.Builder::build)
        .toList();
  }

  /** The events with {@link SnapshotInfo} on those of snapshots that have none. */
  private static List<Event> marked(List<Event> events) {
    List<Event> marked = new ArrayList<>(events.size());
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      if (!isOfSnapshot(event) || event.hasSnapshotInfo()) {
        marked.add(event);
        continue;
      }
      boolean isLast =
          event.hasOrderBookSnapshot()
              || event.hasSubaccountSnapshot()
              || i + 1 == events.size()
              || !isOfSnapshot(events.get(i + 1));
      marked.add(
          event.toBuilder().setSnapshotInfo(SnapshotInfo.newBuilder().setLast(isLast)).build());
    }
    return marked;
  }

  private static boolean isOfSnapshot(Event event) {
    return event.hasOrderBookSnapshot()
        || event.hasSubaccountSnapshot()
        || event.getTrades().getSnapshot()
        || event.getCandles().getSnapshot()
        || event.getInstruments().getSnapshot()
        || event.getMarketUpdate().getSnapshot();
  }
}
