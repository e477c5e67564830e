package io.github.dydxgateway.stream;

import io.github.dydxgateway.stream.state.TopicState;
import io.github.dydxgateway.v1.BlockHeight;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.SubaccountSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Makes topics whose state is a count: each event carries the count after it as a block height, and
 * a snapshot carries it as the block height of a subaccount, in one event or in two.
 */
final class CountingSource implements TopicSource {
  final Map<TopicKey, TopicFailure> refused = new ConcurrentHashMap<>();
  final Map<TopicKey, Counting> open = new ConcurrentHashMap<>();
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  private final Map<TopicKey, CountState> states = new ConcurrentHashMap<>();
  private final Function<TopicKey, Executor> loops;
  int snapshotParts = 1;

  CountingSource(Function<TopicKey, Executor> loops) {
    this.loops = loops;
  }

  @Override
  public Topic open(TopicKey key, TopicFactory factory) throws TopicRefusedException {
    TopicFailure failure = refused.get(key);
    if (failure != null) {
      throw new TopicRefusedException(failure);
    }
    opened.incrementAndGet();
    Counting counting = new Counting();
    counting.topic = factory.create(key, loops.apply(key));
    counting.state = states.get(key);
    if (open.put(key, counting) != null) {
      throw new AssertionError("opened twice: " + key);
    }
    return counting.topic;
  }

  @Override
  public void closed(Topic topic) {
    closed.incrementAndGet();
    if (open.remove(topic.key()) == null) {
      throw new AssertionError("closed twice: " + topic.key());
    }
  }

  /** One topic's feed; used on the topic's loop. */
  static final class Counting {
    Topic topic;
    CountState state;
    long count;

    void publish() {
      publish(0);
    }

    void publish(int padding) {
      count++;
      Event.Builder event =
          Event.newBuilder()
              .setReceiveTimeNs(count)
              .setBlockHeight(BlockHeight.newBuilder().setHeight(count));
      if (padding > 0) {
        event.setSubaccountUpdate(
            io.github.dydxgateway.v1.SubaccountUpdate.newBuilder()
                .setBlockHeight(count)
                .setAddress("x".repeat(padding)));
      }
      topic.publish(event);
    }
  }

  /** Makes the state of a topic that this source is about to open. */
  CountState stateOf(TopicKey key) {
    CountState state = new CountState();
    states.put(key, state);
    return state;
  }

  /** The count of the last event. */
  final class CountState extends TopicState {
    private long count;
    int snapshots;

    @Override
    protected void clear() {
      count = 0;
    }

    @Override
    protected boolean fold(Event event) {
      if (event.hasSubaccountSnapshot()) {
        count = event.getSubaccountSnapshot().getBlockHeight();
      } else if (event.hasBlockHeight()) {
        count = event.getBlockHeight().getHeight();
      } else {
        count = event.getSubaccountUpdate().getBlockHeight();
      }
      return true;
    }

    /** Each part says, as the height of its last update, how many parts follow. */
    @Override
    protected List<Event.Builder> payloads(int maxBytes) {
      snapshots++;
      List<Event.Builder> events = new ArrayList<>();
      for (int i = 0; i < snapshotParts; i++) {
        events.add(
            Event.newBuilder()
                .setSubaccountSnapshot(
                    SubaccountSnapshot.newBuilder()
                        .setBlockHeight(count)
                        .setUpdatedAtHeight(snapshotParts - 1 - i)));
      }
      return events;
    }
  }
}
