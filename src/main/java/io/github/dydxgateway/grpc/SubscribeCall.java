package io.github.dydxgateway.grpc;

import io.github.dydxgateway.stream.Outbox;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Map;

/** Serves Subscribe. */
final class SubscribeCall {
  private final StreamRegistry streams;

  SubscribeCall(StreamRegistry streams) {
    this.streams = streams;
  }

  void serve(SubscribeRequest request, ServerCallStreamObserver<byte[]> call) {
    CallSink sink =
        new CallSink(call, "Subscribe to " + request.getSubscriptionsCount() + " topics");
    if (request.getSubscriptionsCount() > streams.maxTopicsPerStream()) {
      sink.fail(tooManyTopics(streams.maxTopicsPerStream()).asRuntimeException());
      return;
    }
    Map<TopicKey, ResumePoint> topics;
    try {
      topics = new RequestReader().subscriptions(request.getSubscriptionsList());
    } catch (InvalidRequestException e) {
      sink.fail(Statuses.of(e));
      return;
    }
    Outbox outbox = streams.open(sink, request.getSlowConsumerPolicy(), true);
    if (outbox == null) {
      sink.fail(CallSink.tooManyStreams(streams.maxStreams()).asRuntimeException());
      return;
    }
    call.setOnReadyHandler(outbox::drain);
    call.setOnCancelHandler(
        () -> {
          sink.cancelled();
          outbox.close();
        });
    topics.forEach(outbox::subscribe);
    outbox.drain();
  }

  static Status tooManyTopics(int most) {
    return Status.RESOURCE_EXHAUSTED.withDescription(
        "a stream may have at most "
            + most
            + " topics (gateway.stream.max-topics-per-stream); use several streams");
  }
}
