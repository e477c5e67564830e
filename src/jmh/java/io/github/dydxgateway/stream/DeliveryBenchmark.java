package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.BlockHeightTopic;
import io.github.dydxgateway.v1.ResumeInfo;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.github.dydxgateway.v1.Topic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;

/** An event published and delivered to its clients, all on one thread. */
@org.openjdk.jmh.annotations.State(Scope.Thread)
public class DeliveryBenchmark {
  private static final TopicKey KEY =
      new TopicKey(
          Topic.newBuilder().setBlockHeight(BlockHeightTopic.getDefaultInstance()).build());

  /** Clients of the topic. */
  @Param({"1", "100"})
  public int clients;

  private final CountingSource source = new CountingSource(key -> Runnable::run);
  private final Discarding sink = new Discarding();

  /** Opens the clients. */
  @Setup
  public void open() {
    StreamSettings settings = StreamBench.settings(2048, 1 << 21, EventBatch.MAX_BYTES);
    StreamCounters counters = new StreamCounters();
    TopicRegistry topics =
        new TopicRegistry(
            source, settings, counters, StreamBench.EPOCH, StreamClock.system(), source::stateOf);
    StreamRegistry streams =
        new StreamRegistry(topics, settings, counters, StreamBench.IDENTITY, StreamClock.system());
    for (int i = 0; i < clients; i++) {
      ClientStream stream =
          streams.open(sink, SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, true);
      stream.subscribe(KEY, null);
      stream.drain();
    }
    source.open.get(KEY).topic.moveTo(State.STATE_LIVE, "");
  }

  /** Publishes one event to all of them. */
  @Benchmark
  public long publish() {
    long before = sink.events;
    source.open.get(KEY).publish();
    if (sink.events - before != clients) {
      throw new IllegalStateException("delivered " + (sink.events - before));
    }
    return sink.events;
  }

  private static final class Discarding implements EventSink {
    private final DeliveryLoop loop =
        new DeliveryLoop(Runnable::run, (task, delay, unit) -> task.run());
    private long events;

    @Override
    public DeliveryLoop loop() {
      return loop;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void send(EventBatch message) {
      events += message.events();
    }

    @Override
    public void complete() {
      throw new IllegalStateException("completed");
    }

    @Override
    public void fail(TopicFailure failure, List<ResumeInfo> resumeFrom) {
      throw new IllegalStateException(failure.toString());
    }

    @Override
    public CompletionStage<Void> ended() {
      return new CompletableFuture<>();
    }
  }
}
