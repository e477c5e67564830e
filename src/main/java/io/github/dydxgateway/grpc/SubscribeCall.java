package io.github.dydxgateway.grpc;

import io.github.dydxgateway.access.Rights;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.stream.Outbox;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.Map;

/** Serves Subscribe. */
final class SubscribeCall {
  private final StreamRegistry streams;
  private final InstrumentCache instruments;

  SubscribeCall(StreamRegistry streams, InstrumentCache instruments) {
    this.streams = streams;
    this.instruments = instruments;
  }

  void serve(SubscribeRequest request, ServerCallStreamObserver<EventBatch> call) {
    CallSink sink =
        new CallSink(call, "Subscribe to " + request.getSubscriptionsCount() + " topics");
    if (request.getSubscriptionsCount() > streams.maxTopicsPerStream()) {
      sink.fail(Statuses.tooManyTopics(streams.maxTopicsPerStream()));
      return;
    }
    Map<TopicKey, ResumePoint> topics;
    Duration maxLag;
    try {
      RequestReader reader = new RequestReader(instruments::resolve);
      topics = reader.subscriptions(request.getSubscriptionsList());
      maxLag = reader.maxLag(request.hasMaxLag(), request.getMaxLag(), streams.maxLag());
    } catch (InvalidRequestException e) {
      sink.fail(Statuses.of(e));
      return;
    }
    Outbox outbox = streams.open(sink, request.getSlowConsumerPolicy(), true);
    if (outbox == null) {
      sink.fail(Statuses.tooManyStreams(streams.maxStreams()));
      return;
    }
    sink.serve(outbox, outbox::drain);
    sink.endWithRights(outbox);
    topics.forEach((topic, from) -> subscribe(outbox, sink.rights(), topic, from, maxLag));
    outbox.drain();
  }

  /** Adds a topic, or says why the caller may not have it. */
  static void subscribe(
      Outbox outbox, Rights rights, TopicKey topic, ResumePoint from, Duration maxLag) {
    if (rights.allows(topic.message())) {
      outbox.subscribe(topic, from, maxLag);
    } else {
      outbox.refuse(topic, Statuses.NOT_ALLOWED);
    }
  }
}
