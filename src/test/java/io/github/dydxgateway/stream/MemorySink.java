package io.github.dydxgateway.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.ResumeInfo;
import io.github.dydxgateway.v1.SubscribeResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A client in memory that takes as many messages as it was given credit for. */
final class MemorySink implements EventSink {
  static final int UNLIMITED = Integer.MAX_VALUE;

  private final DeliveryLoop loop;
  private final List<EventBatch> messages = new ArrayList<>();
  private int credit = UNLIMITED;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private boolean completed;
  private TopicFailure failure;
  private List<ResumeInfo> resumeFrom = List.of();
  private final List<Runnable> timers = new ArrayList<>();

  MemorySink(Executor loop) {
    this.loop = new DeliveryLoop(loop, (task, delay, unit) -> timers.add(task));
  }

  @Override
  public DeliveryLoop loop() {
    return loop;
  }

  @Override
  public boolean isReady() {
    return credit > 0 && !isEnded();
  }

  @Override
  public void send(EventBatch message) {
    if (isEnded()) {
      throw new AssertionError("sent after the end");
    }
    if (message.events() == 0) {
      throw new AssertionError("sent a message without events");
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
  public void fail(TopicFailure reason, List<ResumeInfo> places) {
    end();
    failure = reason;
    resumeFrom = places;
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

  List<EventBatch> messages() {
    return messages;
  }

  List<Event> events() {
    return messages.stream().flatMap(message -> decode(message).stream()).toList();
  }

  /** What has come since the last call. */
  List<Event> takeEvents() {
    List<Event> events = events();
    messages.clear();
    return events;
  }

  /** Where the client may go on, of a call that was ended. */
  List<ResumeInfo> resumeFrom() {
    return resumeFrom;
  }

  /** What was to run later. */
  List<Runnable> timers() {
    return timers;
  }

  /** Also checks that the message holds as many events as it says. */
  static List<Event> decode(EventBatch message) {
    try {
      List<Event> events = SubscribeResponse.parseFrom(message.toByteArray()).getEventsList();
      if (events.size() != message.events()) {
        throw new AssertionError(message.events() + " events announced, got " + events.size());
      }
      return events;
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
