package io.github.dydxgateway.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.SubscribeResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A client in memory that takes as many messages as it was given credit for. */
final class MemorySink implements EventSink {
  static final int UNLIMITED = Integer.MAX_VALUE;

  private final OutboxLoop loop;
  private final List<byte[]> messages = new ArrayList<>();
  private int credit = UNLIMITED;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private boolean completed;
  private TopicFailure failure;

  MemorySink(Executor loop) {
    this.loop = new OutboxLoop(loop);
  }

  @Override
  public OutboxLoop loop() {
    return loop;
  }

  @Override
  public boolean accepts(int length) {
    return credit > 0 && !isEnded();
  }

  @Override
  public void send(byte[] message) {
    if (isEnded()) {
      throw new AssertionError("sent after the end");
    }
    messages.add(message);
    if (credit != UNLIMITED && credit > 0) {
      credit--;
    }
  }

  @Override
  public void complete() {
    end();
    completed = true;
  }

  @Override
  public void fail(TopicFailure reason) {
    end();
    failure = reason;
  }

  @Override
  public CompletionStage<Void> ended() {
    return ended;
  }

  private void end() {
    if (isEnded()) {
      throw new AssertionError("ended twice");
    }
    ended.complete(null);
  }

  void credit(int newCredit) {
    credit = newCredit;
  }

  boolean isEnded() {
    return completed || failure != null;
  }

  boolean isCompleted() {
    return completed;
  }

  TopicFailure failure() {
    return failure;
  }

  List<byte[]> messages() {
    return messages;
  }

  List<Event> events() {
    return messages.stream().map(MemorySink::decode).toList();
  }

  /** What has come since the last call. */
  List<Event> takeEvents() {
    List<Event> events = events();
    messages.clear();
    return events;
  }

  static Event decode(byte[] message) {
    try {
      return SubscribeResponse.parseFrom(message).getEvents(0);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
