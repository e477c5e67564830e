package io.github.dydxgateway.grpc;

import io.github.dydxgateway.stream.EventSink;
import io.github.dydxgateway.stream.TopicFailure;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/**
 * A streaming call as the sink of an outbox. Belongs to the event loop that the call came in on.
 */
final class CallSink implements EventSink {
  private final ServerCallStreamObserver<byte[]> call;
  private final Context context;
  private boolean ended;

  /** Called on the call's event loop. */
  CallSink(ServerCallStreamObserver<byte[]> call) {
    this.call = call;
    this.context = Vertx.currentContext();
    if (context == null) {
      throw new IllegalStateException("a call must be opened on an event loop");
    }
  }

  @Override
  public Executor loop() {
    return task -> context.runOnContext(ignored -> task.run());
  }

  @Override
  public boolean isReady() {
    return !ended && call.isReady();
  }

  @Override
  public void send(byte[] message) {
    if (!ended) {
      call.onNext(message);
    }
  }

  @Override
  public void complete() {
    if (!ended) {
      ended = true;
      call.onCompleted();
    }
  }

  @Override
  public void fail(TopicFailure failure) {
    fail(Statuses.of(failure).asRuntimeException());
  }

  /** Ends the call with a status. */
  void fail(RuntimeException status) {
    if (!ended) {
      ended = true;
      call.onError(status);
    }
  }

  /** The client has gone. */
  void cancelled() {
    ended = true;
  }

  static Status tooManyStreams(int most) {
    return Status.RESOURCE_EXHAUSTED.withDescription(
        "the gateway serves " + most + " streams at once, and all are taken; try again later");
  }
}
