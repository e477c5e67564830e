package io.github.dydxgateway.testing;

import com.google.protobuf.InvalidProtocolBufferException;
import io.github.dydxgateway.stream.ClientStream;
import io.github.dydxgateway.stream.DeliveryLoop;
import io.github.dydxgateway.stream.EventBatch;
import io.github.dydxgateway.stream.EventSink;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.ResumeInfo;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.github.dydxgateway.v1.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A client that keeps what it gets. */
public final class RecordingClient implements EventSink {
  private final QueueLoop loop;
  private final DeliveryLoop deliveryLoop;
  private final ClientStream stream;
  private final List<Event> events = new ArrayList<>();
  private int taken;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private TopicFailure failure;
  private boolean completed;

  /** A client that has no topics yet and has read the greeting. */
  RecordingClient(StreamRegistry streams, QueueLoop loop) {
    this.loop = loop;
    this.deliveryLoop = new DeliveryLoop(loop, (task, delay, unit) -> loop.execute(task));
    this.stream =
        streams.open(
            this, SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, /* endsWithoutTopics= */ false);
    run();
    events.clear();
  }

  /** Adds a topic, from its present state on. */
  public void subscribe(Topic topic) {
    stream.subscribe(new TopicKey(topic), null);
    run();
  }

  /** Adds a topic, from the event after a sequence on. */
  public void resume(Topic topic, long sequence) {
    stream.subscribe(
        new TopicKey(topic),
        ResumePoint.newBuilder().setEpoch("epoch").setSequence(sequence).build());
    run();
  }

  /** Ends a topic. */
  public void unsubscribe(Topic topic) {
    stream.unsubscribe(new TopicKey(topic));
    run();
  }

  /** Ends the call. */
  public void leave() {
    stream.close();
    loop.run();
  }

  private void run() {
    stream.drain();
    loop.run();
  }

  /** All events so far, without the greeting. */
  public List<Event> events() {
    return List.copyOf(events);
  }

  /** The events since the last call of this or {@link #story}. */
  public List<Event> take() {
    List<Event> latest = List.copyOf(events.subList(taken, events.size()));
    taken = events.size();
    return latest;
  }

  /** The events since the last call of this or {@link #take}, as {@link EventText} tells them. */
  public List<String> story() {
    return take().stream().map(EventText::of).toList();
  }

  /** Why the call ended; null if it did not or ended well. */
  public TopicFailure failure() {
    return failure;
  }

  /** Whether the call ended well. */
  public boolean isCompleted() {
    return completed;
  }

  @Override
  public DeliveryLoop loop() {
    return deliveryLoop;
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void send(EventBatch message) {
    try {
      events.addAll(SubscribeResponse.parseFrom(message.toByteArray()).getEventsList());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("a client could not read what it got", e);
    }
  }

  @Override
  public void complete() {
    completed = true;
    ended.complete(null);
  }

  @Override
  public void fail(TopicFailure reason, List<ResumeInfo> resumeFrom) {
    failure = reason;
    ended.complete(null);
  }

  @Override
  public CompletionStage<Void> ended() {
    return ended;
  }
}
