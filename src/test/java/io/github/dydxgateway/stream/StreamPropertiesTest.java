package io.github.dydxgateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever happens in whatever order, each client can account for each event of its topics: it got
 * it, or a Gap or a snapshot said that it did not.
 */
class StreamPropertiesTest {
  private static final List<TopicKey> KEYS = keys();

  private static List<TopicKey> keys() {
    List<TopicKey> keys = new ArrayList<>();
    for (TopicKind kind : TopicKind.values()) {
      keys.add(Topics.of(kind));
    }
    keys.add(Topics.of(TopicKind.TRADES, "ETH-USD-PERP.DYDX"));
    keys.add(Topics.of(TopicKind.ORDER_BOOK, "ETH-USD-PERP.DYDX"));
    keys.add(Topics.of(TopicKind.ORDER_BOOK, "SOL-USD-PERP.DYDX"));
    return keys;
  }

  @Property(tries = 600)
  void everyClientCanAccountForEveryEvent(@ForAll long seed) {
    Story story = new Story(new Random(seed));
    for (int step = 0; step < 400; step++) {
      story.step();
    }
    story.end();
  }

  /** A client that keeps its records. */
  private static final class Reader {
    final StreamBench.Client client;
    final SlowConsumerPolicy policy;
    final Map<TopicKey, ClientRecord> records = new HashMap<>();
    boolean opened;
    boolean closed;

    Reader(StreamBench.Client client, SlowConsumerPolicy policy) {
      this.client = client;
      this.policy = policy;
    }

    void take() {
      for (Event event : client.sink.takeEvents()) {
        assertThat(event.hasStreamOpened()).isEqualTo(!opened);
        opened = true;
        if (!event.hasTopic()) {
          continue;
        }
        TopicKey key = new TopicKey(event.getTopic());
        if (event.getSubscriptionState().getState() == State.STATE_CLOSED) {
          continue;
        }
        records.get(key).take(event);
      }
      records.values().removeIf(record -> record.failed);
      TopicFailure failure = client.sink.failure();
      if (failure != null && failure.code() == TopicFailure.RESOURCE_EXHAUSTED) {
        checkCutOff(failure);
      }
    }

    /**
     * The sequence to resume from is the last that the client has; where it was to get a snapshot
     * after a Gap, that from before.
     */
    private void checkCutOff(TopicFailure failure) {
      long sequence =
          Long.parseLong(failure.message().substring(failure.message().lastIndexOf(' ') + 1));
      assertThat(records.values())
          .anyMatch(
              record ->
                  failure.message().contains("on " + record.key + ";")
                      && (record.last == sequence
                          || record.last == ClientRecord.UNKNOWN
                          || record.waitsForSnapshotSince(sequence))
                      && (policy == SlowConsumerPolicy.SLOW_CONSUMER_POLICY_DISCONNECT
                          || record.key.kind().whenLagging() == TopicKind.WhenLagging.DELIVER_ALL));
    }
  }

  private static final class Story {
    private final Random random;
    private final StreamBench bench;
    private final List<Reader> readers = new ArrayList<>();
    private final Map<TopicKey, Long> published = new HashMap<>();
    private long now = System.nanoTime();

    Story(Random random) {
      this.random = random;
      this.bench =
          new StreamBench(
              StreamBench.settings(
                  1 + random.nextInt(24),
                  100 + random.nextInt(4000),
                  random.nextBoolean() ? StreamBench.ONE_EVENT : EventBatch.MAX_BYTES));
      bench.source.snapshotParts = 1 + random.nextInt(2);
    }

    void step() {
      switch (random.nextInt(20)) {
        case 0 -> join();
        case 1, 2 -> withReader(this::subscribe);
        case 3 -> withReader(this::unsubscribe);
        case 4 -> {
          if (random.nextInt(4) == 0) {
            withReader(
                reader -> {
                  reader.client.stream.close();
                  reader.closed = true;
                });
          }
        }
        case 5, 6 ->
            withReader(
                reader -> {
                  reader.client.sink.credit(
                      random.nextBoolean() ? MemorySink.UNLIMITED : random.nextInt(6));
                  reader.client.stream.drain();
                  reader.take();
                });
        case 7 -> withFeed(this::move);
        case 8 -> {
          if (random.nextInt(6) == 0) {
            withFeed(
                feed ->
                    feed.topic.fail(
                        new TopicFailure(TopicFailure.FAILED_PRECONDITION, "refused", false)));
          }
        }
        case 9 -> {
          now += random.nextLong(StreamBench.LINGER_NANOS);
          bench.topics.sweep(now);
        }
        case 10 -> {
          bench.clock.advance(Duration.ofMillis(random.nextInt(1500)));
          bench.streams.sweep(System.nanoTime());
        }
        case 11 -> withFeed(feed -> feed.topic.publishLoss(GapReason.GAP_REASON_UPSTREAM_LOSS, 1));
        case 12, 13, 14 ->
            withFeed(
                feed -> {
                  int events = 1 + random.nextInt(random.nextInt(10) == 0 ? 40 : 4);
                  for (int i = 0; i < events; i++) {
                    feed.publish(random.nextInt(20) == 0 ? random.nextInt(3000) : 0);
                  }
                });
        case 15, 16 -> bench.topicLoop.runOne();
        default -> withReader(reader -> reader.client.loop.runOne());
      }
    }

    /** As feeds do: the first state is published as soon as the topic is live. */
    private void move(CountingSource.Counting feed) {
      boolean first = feed.topic.state() == State.STATE_PENDING;
      boolean recovering = !first && random.nextInt(3) == 0;
      feed.topic.moveTo(recovering ? State.STATE_RECOVERING : State.STATE_LIVE, "");
      if (first) {
        feed.publish();
      }
    }

    private void join() {
      SlowConsumerPolicy policy =
          random.nextInt(5) == 0
              ? SlowConsumerPolicy.SLOW_CONSUMER_POLICY_DISCONNECT
              : SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE;
      Reader reader = new Reader(bench.client(policy, false), policy);
      readers.add(reader);
      int topics = 1 + random.nextInt(KEYS.size());
      for (int i = 0; i < topics; i++) {
        subscribe(reader);
      }
    }

    private void subscribe(Reader reader) {
      TopicKey key = KEYS.get(random.nextInt(KEYS.size()));
      if (reader.records.containsKey(key)) {
        return;
      }
      reader.take();
      if (reader.client.sink.isEnded()) {
        return;
      }
      ResumePoint from = null;
      if (random.nextInt(3) == 0) {
        long reached = published.getOrDefault(key, 0L);
        long back = random.nextInt(8) - 1;
        from =
            StreamBench.resumePoint(
                random.nextInt(8) == 0 ? "epoch-0" : StreamBench.EPOCH,
                random.nextInt(10) == 0 ? random.nextLong() : Math.max(0, reached - back));
      }
      reader.client.stream.subscribe(key, from);
      reader.records.put(key, new ClientRecord(key, from, StreamBench.EPOCH));
      reader.client.stream.drain();
    }

    private void unsubscribe(Reader reader) {
      if (reader.records.isEmpty()) {
        return;
      }
      List<TopicKey> present = new ArrayList<>(reader.records.keySet());
      TopicKey key = present.get(random.nextInt(present.size()));
      reader.client.stream.drain();
      reader.take();
      if (reader.client.sink.isEnded()
          || reader.client.stream.hasAnswersWaiting()
          || !reader.records.containsKey(key)) {
        return;
      }
      reader.client.stream.unsubscribe(key);
      reader.records.remove(key);
    }

    private void withReader(java.util.function.Consumer<Reader> action) {
      List<Reader> open =
          readers.stream().filter(r -> !r.closed && !r.client.sink.isEnded()).toList();
      if (!open.isEmpty()) {
        action.accept(open.get(random.nextInt(open.size())));
      }
    }

    private void withFeed(java.util.function.Consumer<CountingSource.Counting> action) {
      TopicKey key = KEYS.get(random.nextInt(KEYS.size()));
      CountingSource.Counting feed = bench.source.open.get(key);
      if (feed != null) {
        action.accept(feed);
        published.put(key, feed.topic.sequence());
      }
    }

    /** All clients read all there is: each that was not cut off is up to date. */
    void end() {
      bench.run();
      for (int round = 0; round < 3; round++) {
        for (Reader reader : readers) {
          reader.client.sink.credit(MemorySink.UNLIMITED);
          reader.client.stream.drain();
        }
        bench.run();
      }
      Set<TopicKey> used = new HashSet<>();
      for (Reader reader : readers) {
        reader.take();
        if (reader.closed || reader.client.sink.isEnded()) {
          continue;
        }
        assertThat(reader.client.stream.topicCount()).isEqualTo(reader.records.size());
        reader.records.forEach(
            (key, record) -> {
              used.add(key);
              CountingSource.Counting feed = bench.feed(key);
              assertThat(record.state).as("%s", key).isEqualTo(feed.topic.state());
              if (record.last != ClientRecord.UNKNOWN) {
                assertThat(record.last).as("%s", record).isEqualTo(feed.topic.sequence());
              }
              if (record.count != ClientRecord.UNKNOWN) {
                assertThat(record.count).as("%s", key).isEqualTo(feed.count);
              }
            });
      }
      readers.forEach(reader -> reader.client.stream.close());
      bench.run();
      bench.topics.sweep(System.nanoTime() + now + 100 * StreamBench.LINGER_NANOS);
      assertThat(bench.topics.size()).isZero();
      assertThat(bench.source.open).isEmpty();
      assertThat(bench.source.closed.get()).isEqualTo(bench.source.opened.get());
      assertThat(bench.streams.size()).isZero();
    }
  }
}
