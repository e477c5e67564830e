package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * What must hold however the threads of topics and clients interleave. Each story runs many times:
 * on threads that the machine interleaves, or, where a number of interleavings is asked for, under
 * Lincheck, which switches between them at other accesses to shared memory each time and prints one
 * that fails step by step.
 */
class StreamInterleavingsTest {
  private static final int INTERLEAVINGS = Integer.getInteger("lincheck.interleavings", 0);
  private static final int ROUNDS = 2000;
  private static final int MEETINGS = 30_000;

  /** Steps of waiting within which a client has taken an event. */
  private static final int LATEST = 64;

  private static final int STOPPED = Integer.MAX_VALUE;
  private static final TopicKey TRADES = Topics.of(TopicKind.TRADES);
  private static final TopicKey BOOK = Topics.of(TopicKind.ORDER_BOOK);

  /** Shared, for making them takes more steps than most stories. */
  private static final StreamCounters COUNTERS = new StreamCounters();

  private static final long LONG_AFTER = Duration.ofDays(1).toNanos();

  /** A loop whose tasks are run by whoever plays its thread. */
  private static final class Loop implements Executor {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile int mostWaiting;

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
      int now = waiting.incrementAndGet();
      if (now > mostWaiting) {
        mostWaiting = now;
      }
    }

    boolean run() {
      boolean ran = false;
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        waiting.decrementAndGet();
        task.run();
        ran = true;
      }
      return ran;
    }
  }

  /** Topics on one loop, a client on another. */
  private static final class Stage {
    final Loop topicLoop = new Loop();
    final Loop clientLoop = new Loop();
    final CountingSource source = new CountingSource(key -> topicLoop);
    final TopicRegistry topics;
    final StreamRegistry streams;
    final MemorySink sink = new MemorySink(clientLoop);
    ClientStream stream;
    Topic topic;
    CountingSource.Counting feed;

    Stage() {
      this(10, 10);
    }

    Stage(int maxStreams, int maxTopics) {
      StreamSettings settings =
          new StreamSettings(
              Duration.ofSeconds(1),
              16,
              1 << 20,
              Duration.ofHours(1),
              maxStreams,
              10,
              maxTopics,
              Duration.ofDays(2),
              Duration.ofHours(1),
              Duration.ofDays(2),
              StreamBench.ONE_EVENT);
      topics =
          new TopicRegistry(
              source, settings, COUNTERS, StreamBench.EPOCH, new ManualClock(), source::stateOf);
      streams =
          new StreamRegistry(topics, settings, COUNTERS, StreamBench.IDENTITY, new ManualClock());
    }

    ClientStream open() {
      return streams.open(sink, SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, false);
    }

    /** Both loops do what is left. */
    void settle() {
      boolean ran = true;
      while (ran) {
        ran = topicLoop.run();
        ran |= clientLoop.run();
      }
    }

    /** What the last message says, which is a snapshot. */
    long snapshotHeight() {
      List<Event> events = sink.events();
      return events.get(events.size() - 1).getSubaccountSnapshot().getBlockHeight();
    }

    void closeIdleTopics() {
      topics.sweep(System.nanoTime() + LONG_AFTER);
    }

    void checkNothingIsLeft() {
      settle();
      closeIdleTopics();
      settle();
      require(topics.size() == 0, "a topic is left");
      require(source.opened.get() == source.closed.get(), "a feed is left");
      require(streams.size() == 0, "a stream is left");
    }
  }

  /**
   * Plays a story on a fresh stage each time.
   *
   * @param story changes the stage, on threads of its own, and checks it
   */
  private static void explore(Supplier<Stage> scene, Consumer<Stage> story) {
    int rounds = INTERLEAVINGS > 0 ? 1 : ROUNDS; // the one loads classes, which takes steps too
    for (int round = 0; round < rounds; round++) {
      story.accept(scene.get());
    }
    if (INTERLEAVINGS > 0) {
      Lincheck.runConcurrentTest(INTERLEAVINGS, () -> story.accept(scene.get()));
    }
  }

  /** A client that follows a live topic and has read all there is. */
  private static Stage following() {
    Stage stage = new Stage();
    stage.stream = stage.open();
    stage.stream.subscribe(TRADES, null);
    stage.stream.drain();
    stage.settle();
    stage.feed = stage.source.open.get(TRADES);
    stage.feed.topic.moveTo(State.STATE_LIVE, "");
    stage.settle();
    stage.sink.messages().clear();
    stage.clientLoop.mostWaiting = 0;
    return stage;
  }

  /** A live topic with one event, and a client without topics. */
  private static Stage live(TopicKey key) {
    Stage stage = new Stage();
    stage.stream = stage.open();
    stage.stream.drain();
    stage.topic = opened(stage, key);
    stage.feed = stage.source.open.get(key);
    stage.topic.moveTo(State.STATE_LIVE, "");
    stage.feed.publish();
    stage.sink.messages().clear();
    return stage;
  }

  @Test
  void whatIsPublishedWhileTheClientDrainsReachesIt() {
    explore(
        StreamInterleavingsTest::following,
        stage -> {
          together(
              () -> {
                stage.feed.publish();
                stage.topicLoop.run();
                stage.feed.publish();
                stage.topicLoop.run();
              },
              () -> {
                stage.stream.drain();
                stage.clientLoop.run();
              });
          stage.clientLoop.run();

          List<Event> got = stage.sink.events();
          require(got.size() == 2, "the client got " + got.size());
          require(got.get(0).getBlockHeight().getHeight() == 1, "not the first event");
          require(got.get(1).getBlockHeight().getHeight() == 2, "not the second event");
          require(stage.clientLoop.mostWaiting <= 1, "drains wait twice");
        });
  }

  /**
   * A wake-up that is lost shows only where no other follows, and happens within some instructions.
   * So two threads that stay meet there often, each time some instructions later than before.
   */
  @Test
  void theLastOfTheEventsWakesTheClientWheneverItComes() {
    Stage stage = following();
    List<EventBatch> got = stage.sink.messages();
    AtomicInteger published = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    together(
        () -> {
          for (int meeting = 1; meeting <= MEETINGS && taken.get() != STOPPED; meeting++) {
            awaitThat(taken, meeting - 1);
            stage.feed.publish();
            stage.topicLoop.run();
            pass(meeting % LATEST);
            stage.feed.publish();
            stage.topicLoop.run();
            published.set(meeting);
          }
        },
        () -> {
          for (int meeting = 1; meeting <= MEETINGS; meeting++) {
            while (published.get() < meeting) {
              stage.clientLoop.run();
            }
            stage.clientLoop.run();
            int count = got.stream().mapToInt(EventBatch::events).sum();
            got.clear();
            taken.set(count == 2 ? meeting : STOPPED);
            require(count == 2, "of two events the client got " + count);
          }
        });
  }

  private static void awaitThat(AtomicInteger number, int least) {
    while (number.get() < least) {
      Thread.onSpinWait();
    }
  }

  private static void pass(int steps) {
    for (int i = 0; i < steps; i++) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aClientThatJoinsWhileEventsArePublishedMissesNone() {
    explore(
        () -> live(BOOK),
        stage -> {
          together(
              () -> {
                stage.topicLoop.run();
                stage.feed.publish();
                stage.topicLoop.run();
              },
              () -> {
                stage.stream.subscribe(BOOK, null);
                stage.stream.drain();
                stage.clientLoop.run();
              });
          stage.settle();

          // The state and a snapshot, which has the event or is followed by it.
          List<Event> got = stage.sink.events();
          boolean followed = got.get(got.size() - 1).getBlockHeight().getHeight() == 2;
          require(got.size() == (followed ? 3 : 2), "the client got " + got.size());
          require(stage.feed.state.snapshots == 1, "snapshots: " + stage.feed.state.snapshots);
          require(followed || stage.snapshotHeight() == 2, "the client misses the event");
        });
  }

  @Test
  void nothingIsSentAfterTheEnd() {
    explore(
        StreamInterleavingsTest::following,
        stage -> {
          together(
              () -> {
                stage.feed.publish();
                stage.streams.sweep(System.nanoTime() + LONG_AFTER);
                stage.topicLoop.run();
              },
              () -> {
                stage.clientLoop.run();
                stage.stream.close();
                stage.sink.complete();
                stage.stream.close();
                stage.stream.drain();
                stage.clientLoop.run();
              });
          stage.settle();
          require(stage.feed.topic.subscriberCount() == 0, "a subscriber is left");
          stage.checkNothingIsLeft();
        });
  }

  @Test
  void aTopicInUseIsNeverClosedForIdleness() {
    explore(
        () -> {
          Stage stage = live(TRADES);
          stage.topic.release();
          return stage;
        },
        stage -> {
          together(
              () -> use(stage, TRADES, 1),
              () -> use(stage, TRADES, 1),
              () -> {
                stage.closeIdleTopics();
                stage.closeIdleTopics();
              });
          stage.stream.close();
          stage.checkNothingIsLeft();
          require(opened(stage, TRADES).sequence() >= 2, "the sequence began anew");
        });
  }

  @Test
  void aTopicThatFailsWhileItIsOpenedLeavesNothingBehind() {
    explore(
        () -> live(TRADES),
        stage -> {
          TopicFailure failure = new TopicFailure(TopicFailure.FAILED_PRECONDITION, "no", false);
          together(
              () -> stage.topic.fail(failure), () -> use(stage, TRADES, 1), stage.topic::release);
          Topic next = opened(stage, TRADES);
          require(next != stage.topic, "the failed topic is open");
          require(next.sequence() >= 2, "opened again at " + next.sequence());
          next.release();
          stage.stream.close();
          stage.checkNothingIsLeft();
        });
  }

  @Test
  void noMoreTopicsAreOpenThanMayBe() {
    explore(
        () -> new Stage(10, 1),
        stage -> {
          together(() -> tryToUse(stage, TRADES), () -> tryToUse(stage, BOOK));
          stage.checkNothingIsLeft();
          use(stage, BOOK, 0);
          stage.checkNothingIsLeft();
        });
  }

  @Test
  void noMoreStreamsAreServedThanMayBe() {
    explore(
        () -> new Stage(1, 10),
        stage -> {
          AtomicInteger served = new AtomicInteger();
          AtomicInteger refused = new AtomicInteger();
          Runnable call =
              () -> {
                ClientStream stream = stage.open();
                if (stream == null) {
                  refused.incrementAndGet();
                  return;
                }
                require(served.incrementAndGet() == 1, "two streams at once");
                require(stage.streams.size() == 1, "counted " + stage.streams.size());
                served.decrementAndGet();
                stream.close();
                stream.close();
              };
          together(call, call);
          require(refused.get() < 2, "nobody was served");
          require(stage.streams.size() == 0, "a stream is left");
        });
  }

  /** Opens a topic, finds it open until it is released. */
  private static void use(Stage stage, TopicKey key, long leastSequence) {
    Topic topic = opened(stage, key);
    boolean failed = topic.state() == State.STATE_CLOSED;
    CountingSource.Counting feed = stage.source.open.get(key);
    require(
        (feed != null && feed.topic == topic) || failed || topic.state() == State.STATE_CLOSED,
        "closed while in use");
    require(topic.sequence() >= leastSequence, "the sequence is " + topic.sequence());
    topic.release();
  }

  private static void tryToUse(Stage stage, TopicKey key) {
    try {
      Topic topic = stage.topics.open(key);
      require(stage.topics.size() == 1, "two topics at once");
      topic.release();
    } catch (TopicRefusedException e) {
      require(e.failure().code() == TopicFailure.RESOURCE_EXHAUSTED, e.toString());
    }
  }

  private static Topic opened(Stage stage, TopicKey key) {
    try {
      return stage.topics.open(key);
    } catch (TopicRefusedException e) {
      throw new AssertionError(e);
    }
  }

  private static void together(Runnable... stories) {
    List<Throwable> failures = new ArrayList<>();
    Thread[] threads = new Thread[stories.length];
    for (int i = 0; i < stories.length; i++) {
      Runnable story = stories[i];
      threads[i] =
          new Thread(
              () -> {
                try {
                  story.run();
                } catch (Throwable e) {
                  synchronized (failures) {
                    failures.add(e);
                  }
                }
              });
    }
    for (Thread thread : threads) {
      thread.start();
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    if (!failures.isEmpty()) {
      throw new AssertionError(failures.get(0));
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
