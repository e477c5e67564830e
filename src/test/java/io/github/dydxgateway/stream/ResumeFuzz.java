package io.github.dydxgateway.stream;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.util.List;

/**
 * Whatever a topic has been through and whatever point a client names: it gets exactly the events
 * after it, or is told what it misses and where it starts.
 */
class ResumeFuzz {
  private static final int MOST_STEPS = 300;

  @FuzzTest
  void resumingLosesNothingUntold(FuzzedDataProvider data) {
    new Story(data).run();
  }

  private static final class Story {
    private final FuzzedDataProvider data;
    private final TopicKey key;
    private final int replayEvents;
    private final int replayBytes;
    private final StreamBench bench;
    private CountingSource.Counting feed;

    /** The sequence before the first of the topic's present life. */
    private long firstBase;

    Story(FuzzedDataProvider data) {
      this.data = data;
      this.key = Topics.of(data.pickValue(TopicKind.values()));
      this.replayEvents = data.consumeInt(1, 40);
      this.replayBytes = data.consumeInt(1, 4000);
      this.bench = new StreamBench(StreamBench.settings(replayEvents, replayBytes));
      bench.source.snapshotParts = data.consumeInt(1, 3);
    }

    void run() {
      bench.session(key);
      bench.run();
      feed = bench.feed(key);
      firstBase = feed.topic.sequence();
      for (int steps = 0; steps < MOST_STEPS && data.remainingBytes() > 24; steps++) {
        step();
      }
      join();
    }

    private void step() {
      switch (data.consumeInt(0, 7)) {
        case 0 -> move(State.STATE_LIVE);
        case 1 -> move(State.STATE_RECOVERING);
        case 2 -> feed.topic.publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, 1);
        case 3 -> feed.publish(data.consumeInt(0, 3000));
        case 4 -> reopen();
        case 5 -> bench.session(key);
        default -> feed.publish();
      }
      bench.run();
    }

    /** As feeds do: the first state is published as soon as there is one. */
    private void move(State state) {
      boolean first = feed.topic.state() == State.STATE_PENDING;
      feed.topic.moveTo(state, "");
      bench.run(); // the smallest stream has no room for two at once
      if (first) {
        feed.publish();
      }
    }

    /** All leave, the topic is closed and opened again. */
    private void reopen() {
      bench.clients.forEach(client -> client.stream.close());
      bench.run();
      bench.passLinger();
      bench.clients.clear();
      bench.session(key);
      bench.run();
      feed = bench.feed(key);
      firstBase = feed.topic.sequence();
    }

    private void join() {
      ResumePoint from = resumePoint();
      ClientRecord record = new ClientRecord(key, from, StreamBench.EPOCH);
      long reached = feed.topic.sequence();
      StreamBench.Client client = bench.resuming(key, from);
      List<Event> first = client.sink.takeEvents();
      first.stream().filter(Event::hasTopic).forEach(record::take);
      require(!client.sink.isEnded(), "the call ended");
      checkStart(from, reached, first);

      if (feed.topic.state() != State.STATE_PENDING) {
        feed.publish();
        bench.run();
      }
      move(State.STATE_LIVE);
      bench.run();
      feed.topic.publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, 1);
      bench.run();
      feed.publish();
      bench.run();
      client.sink.takeEvents().stream().filter(Event::hasTopic).forEach(record::take);
      require(record.last == feed.topic.sequence(), "the client is at " + record.last);
      require(record.state == State.STATE_LIVE, "the client takes it for " + record.state);
    }

    private ResumePoint resumePoint() {
      long sequence =
          data.consumeBoolean()
              ? feed.topic.sequence() - data.consumeInt(-3, 60)
              : data.consumeLong();
      return StreamBench.resumePoint(
          data.consumeBoolean() ? StreamBench.EPOCH : data.consumeAsciiString(12), sequence);
    }

    /** What the client got before anything new happened. */
    private void checkStart(ResumePoint from, long reached, List<Event> events) {
      List<Event> told =
          events.stream()
              .filter(
                  event ->
                      event.hasTopic()
                          && (event.getSequence() != 0 || !event.hasSubscriptionState()))
              .toList();
      long sequence = from.getSequence();
      boolean known =
          from.getEpoch().equals(StreamBench.EPOCH) && sequence > 0 && sequence <= reached;
      if (!known) {
        require(
            !told.isEmpty()
                && told.get(0).getGap().getReason() == GapReason.GAP_REASON_EPOCH_CHANGED,
            "expected a Gap first, got " + told);
      } else if (told.stream().anyMatch(Story::startsAnew)) {
        require(!isKept(sequence), "expected the events after " + sequence + ", got " + told);
      } else {
        require(
            told.size() == reached - sequence,
            "expected the events from " + sequence + " to " + reached + ", got " + told);
      }
    }

    private static boolean startsAnew(Event event) {
      return event.hasSubaccountSnapshot()
          || event.getGap().getReason() == GapReason.GAP_REASON_REPLAY_EXPIRED;
    }

    /** Whether the log has all that came after. */
    private boolean isKept(long sequence) {
      return sequence + 1 >= feed.topic.log().oldest() && sequence >= firstBase;
    }

    private void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new AssertionError(
            "%s, %d events, %d bytes kept: %s"
                .formatted(key, replayEvents, replayBytes, otherwise));
      }
    }
  }
}
