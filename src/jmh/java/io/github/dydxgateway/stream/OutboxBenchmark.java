package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.BlockHeightTopic;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.github.dydxgateway.v1.Topic;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;

/** An event published and drained to its clients, all on one thread. */
@org.openjdk.jmh.annotations.State(Scope.Thread)
public class OutboxBenchmark {
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
    StreamSettings settings = StreamBench.settings(2048, 1 << 21);
    StreamCounters counters = new StreamCounters();
    TopicRegistry topics =
        new TopicRegistry(source, settings, counters, StreamBench.EPOCH, StreamClock.system());
    StreamRegistry streams =
        new StreamRegistry(
            topics,
            settings,
            counters,
            StreamBench.EPOCH,
            StreamBench.VERSION,
            StreamClock.system());
    for (int i = 0; i < clients; i++) {
      Outbox outbox = streams.open(sink, SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, true);
      outbox.subscribe(KEY, null);
      outbox.drain();
    }
    source.open.get(KEY).topic.moveTo(State.STATE_LIVE, "");
  }

  /** Publishes one event to all of them. */
  @Benchmark
  public long publish() {
    long before = sink.messages;
    source.open.get(KEY).publish();
    if (sink.messages - before != clients) {
      throw new IllegalStateException("delivered " + (sink.messages - before));
    }
    return sink.messages;
  }

  private static final class Discarding implements EventSink {
    private final OutboxLoop loop = new OutboxLoop(Runnable::run);
    private long messages;

    @Override
    public OutboxLoop loop() {
      return loop;
    }

    @Override
    public boolean accepts(int length) {
      return true;
    }

    @Override
    public void send(byte[] message) {
      messages++;
    }

    @Override
    public void complete() {
      throw new IllegalStateException("completed");
    }

    @Override
    public void fail(TopicFailure failure) {
      throw new IllegalStateException(failure.toString());
    }

    @Override
    public CompletionStage<Void> ended() {
      return new CompletableFuture<>();
    }
  }
}
