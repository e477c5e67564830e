package io.github.dydxgateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;

/** The same as {@link StreamPropertiesTest} with a thread for each loop. */
class StreamThreadsTest {
  private static final int TOPIC_LOOPS = 3;
  private static final int CLIENT_LOOPS = 3;
  private static final int CLIENTS = 24;
  private static final int EVENTS = 4000;
  private static final long PATIENCE_SECONDS = 60;

  private final List<ExecutorService> topicLoops = new ArrayList<>();
  private final List<ExecutorService> clientLoops = new ArrayList<>();
  private final List<TopicKey> keys = new ArrayList<>();
  private final CountingSource source =
      new CountingSource(key -> topicLoops.get(Math.floorMod(keys.indexOf(key), TOPIC_LOOPS)));
  private final StreamSettings settings = StreamBench.settings(128, 64_000);
  private final TopicRegistry topics =
      new TopicRegistry(
          source,
          settings,
          new StreamCounters(),
          StreamBench.EPOCH,
          StreamClock.system(),
          source::stateOf);
  private final StreamRegistry streams =
      new StreamRegistry(
          topics, settings, new StreamCounters(), StreamBench.IDENTITY, StreamClock.system());

  /** A client; used on its loop only. */
  private static final class Reader {
    final ExecutorService loop;
    final MemorySink sink;
    final Map<TopicKey, ClientRecord> records = new HashMap<>();
    ClientStream stream;

    Reader(ExecutorService loop) {
      this.loop = loop;
      this.sink = new MemorySink(loop);
    }

    void take() {
      for (Event event : sink.takeEvents()) {
        if (event.hasTopic() && event.getSubscriptionState().getState() != State.STATE_CLOSED) {
          records.get(new TopicKey(event.getTopic())).take(event);
        }
      }
    }

    void subscribe(TopicKey key, Random random, long reached) {
      if (sink.isEnded() || records.containsKey(key)) {
        return;
      }
      var from =
          random.nextInt(3) == 0
              ? StreamBench.resumePoint(Math.max(0, reached - random.nextInt(100)))
              : null;
      records.put(key, new ClientRecord(key, from, StreamBench.EPOCH));
      stream.subscribe(key, from);
      stream.drain();
    }

    void unsubscribe(TopicKey key) {
      if (sink.isEnded() || !records.containsKey(key)) {
        return;
      }
      sink.credit(MemorySink.UNLIMITED);
      stream.drain();
      take();
      stream.unsubscribe(key);
      records.remove(key);
      stream.drain();
    }
  }

  @AfterEach
  void stop() {
    topicLoops.forEach(ExecutorService::shutdownNow);
    clientLoops.forEach(ExecutorService::shutdownNow);
  }

  @RepeatedTest(5)
  void clientsOnOtherThreadsCanAccountForEveryEvent() throws Exception {
    for (int i = 0; i < TOPIC_LOOPS; i++) {
      topicLoops.add(Executors.newSingleThreadExecutor());
    }
    for (int i = 0; i < CLIENT_LOOPS; i++) {
      clientLoops.add(Executors.newSingleThreadExecutor());
    }
    for (TopicKind kind : TopicKind.values()) {
      keys.add(Topics.of(kind));
    }
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Reader reader = new Reader(clientLoops.get(i % CLIENT_LOOPS));
      readers.add(reader);
      on(
          reader.loop,
          () ->
              reader.stream =
                  streams.open(
                      reader.sink, SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, false));
    }
    for (int i = 0; i < CLIENTS; i++) {
      readers.get(i).loop.execute(new Steps(readers.get(i), new Random(i), 300));
    }
    for (int event = 0; event < EVENTS; event++) {
      boolean live = event % 500 < 450;
      for (TopicKey key : keys) {
        CountingSource.Counting feed = source.open.get(key);
        if (feed != null) {
          feed.topic
              .loop()
              .execute(
                  () -> {
                    feed.topic.moveTo(live ? State.STATE_LIVE : State.STATE_RECOVERING, "");
                    feed.publish();
                  });
        }
      }
      if (event % 50 == 0) {
        streams.sweep(System.nanoTime());
        topics.sweep(System.nanoTime() + 2 * StreamBench.LINGER_NANOS);
        settle();
      }
    }
    settle();
    finish(readers);
  }

  /** What a client does, a step at a time so that its loop goes on with other work. */
  private final class Steps implements Runnable {
    private final Reader reader;
    private final Random random;
    private int left;

    Steps(Reader reader, Random random, int left) {
      this.reader = reader;
      this.random = random;
      this.left = left;
    }

    @Override
    public void run() {
      TopicKey key = keys.get(random.nextInt(keys.size()));
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          CountingSource.Counting feed = source.open.get(key);
          reader.subscribe(key, random, feed == null ? 0 : feed.topic.sequence());
        }
        case 2 -> reader.unsubscribe(key);
        default -> {
          reader.sink.credit(random.nextBoolean() ? MemorySink.UNLIMITED : random.nextInt(20));
          reader.stream.drain();
        }
      }
      reader.take();
      if (--left > 0) {
        reader.loop.execute(this);
      }
    }
  }

  private void finish(List<Reader> readers) throws Exception {
    for (int round = 0; round < 100; round++) {
      for (Reader reader : readers) {
        on(
            reader.loop,
            () -> {
              reader.sink.credit(MemorySink.UNLIMITED);
              reader.stream.drain();
              return null;
            });
      }
      settle();
    }
    int checked = 0;
    for (Reader reader : readers) {
      on(
          reader.loop,
          () -> {
            reader.take();
            return null;
          });
      if (reader.sink.isEnded()) {
        assertThat(reader.sink.failure().code()).isEqualTo(TopicFailure.RESOURCE_EXHAUSTED);
        continue;
      }
      for (ClientRecord record : reader.records.values()) {
        CountingSource.Counting feed = source.open.get(record.key);
        assertThat(record.state).as("%s", record.key).isEqualTo(feed.topic.state());
        if (record.last != ClientRecord.UNKNOWN) {
          assertThat(record.last).as("%s", record.key).isEqualTo(feed.topic.sequence());
          checked++;
        }
      }
    }
    for (Reader reader : readers) {
      on(
          reader.loop,
          () -> {
            reader.stream.close();
            return null;
          });
    }
    settle();
    topics.sweep(System.nanoTime() + 2 * StreamBench.LINGER_NANOS);
    assertThat(checked).isPositive();
    assertThat(topics.size()).isZero();
    assertThat(source.closed.get()).isEqualTo(source.opened.get());
    assertThat(streams.size()).isZero();
  }

  /** Waits until each loop has done what it had to do by now. */
  private void settle() throws Exception {
    for (ExecutorService loop : topicLoops) {
      on(loop, () -> null);
    }
    for (ExecutorService loop : clientLoops) {
      on(loop, () -> null);
    }
  }

  private static void on(ExecutorService loop, Callable<?> task) throws Exception {
    loop.submit(task).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
