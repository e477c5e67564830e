package io.github.dydxgateway.grpc;

import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.stream.ClientStream;
import io.github.dydxgateway.stream.EventBatch;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.grpc.stub.ServerCallStreamObserver;

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
    TopicsRequested topics;
    try {
      topics = TopicsRequested.of(request, streams, instruments);
    } catch (InvalidRequestException e) {
      sink.fail(Statuses.of(e));
      return;
    }
    ClientStream stream = streams.open(sink, request.getSlowConsumerPolicy(), true);
    if (stream == null) {
      sink.fail(Statuses.tooManyStreams(streams.maxStreams()));
      return;
    }
    sink.serve(stream, stream::drain);
    sink.endWithRights(stream);
    topics.subscribe(stream, sink.rights());
    stream.drain();
  }
}
