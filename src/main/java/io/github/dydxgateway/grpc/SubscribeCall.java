package io.github.dydxgateway.grpc;

import io.github.dydxgateway.access.Rights;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.stream.ClientStream;
import io.github.dydxgateway.stream.EventBatch;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.grpc.Status;
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
      sink.fail(tooManyTopics(streams.maxTopicsPerStream()).asRuntimeException());
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
    ClientStream stream = streams.open(sink, request.getSlowConsumerPolicy(), true);
    if (stream == null) {
      sink.fail(CallSink.tooManyStreams(streams.maxStreams()).asRuntimeException());
      return;
    }
    sink.serve(stream, stream::drain);
    sink.endWithRights(stream);
    topics.forEach((topic, from) -> subscribe(stream, sink.rights(), topic, from, maxLag));
    stream.drain();
  }

  /** Adds a topic, or says why the caller may not have it. */
  static void subscribe(
      ClientStream stream, Rights rights, TopicKey topic, ResumePoint from, Duration maxLag) {
    if (rights.allows(topic.message())) {
      stream.subscribe(topic, from, maxLag);
    } else {
      stream.refuse(topic, Statuses.NOT_ALLOWED);
    }
  }

  static Status tooManyTopics(int most) {
    return Status.RESOURCE_EXHAUSTED.withDescription(
        "a stream may have at most "
            + most
            + " topics (gateway.stream.max-topics-per-stream); use several streams");
  }
}
