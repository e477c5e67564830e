package io.github.dydxgateway.grpc;

import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.stream.ClientStream;
import io.github.dydxgateway.stream.EventBatch;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.v1.SessionRequest;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubscribeCommand;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * Serves one Session: a command is taken from the client only when the answers to the one before
 * are sent, so that a client that commands without reading holds no memory here. Belongs to the
 * call's event loop.
 */
final class SessionCall implements StreamObserver<SessionRequest> {
  private final StreamRegistry streams;
  private final InstrumentCache instruments;
  private final ServerCallStreamObserver<EventBatch> call;
  private final CallSink sink;
  private final ClientStream stream;
  private boolean commandAwaited;

  private SessionCall(
      StreamRegistry streams,
      InstrumentCache instruments,
      ServerCallStreamObserver<EventBatch> call,
      CallSink sink,
      ClientStream stream) {
    this.streams = streams;
    this.instruments = instruments;
    this.call = call;
    this.sink = sink;
    this.stream = stream;
  }

  /** Opens a session; called on the call's event loop. */
  static StreamObserver<SessionRequest> open(
      StreamRegistry streams,
      InstrumentCache instruments,
      ServerCallStreamObserver<EventBatch> call) {
    CallSink sink = new CallSink(call, "Session");
    ClientStream stream =
        streams.open(sink, SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, false);
    if (stream == null) {
      sink.fail(Statuses.tooManyStreams(streams.maxStreams()));
      return new Ignoring();
    }
    SessionCall session = new SessionCall(streams, instruments, call, sink, stream);
    call.disableAutoRequest();
    sink.serve(stream, session::onReady);
    sink.endWithRights(stream);
    session.onReady();
    return session;
  }

  private void onReady() {
    stream.drain();
    if (!commandAwaited && !stream.hasAnswersWaiting()) {
      commandAwaited = true;
      call.request(1);
    }
  }

  @Override
  public void onNext(SessionRequest request) {
    commandAwaited = false;
    try {
      switch (request.getCommandCase()) {
        case SUBSCRIBE -> {
          SubscribeCommand command = request.getSubscribe();
          if (command.getSubscriptionsCount() > streams.maxTopicsPerStream()) {
            end(Statuses.tooManyTopics(streams.maxTopicsPerStream()));
            return;
          }
          TopicsRequested.of(command, streams, instruments).subscribe(stream, sink.rights());
        }
        case UNSUBSCRIBE -> {
          if (request.getUnsubscribe().getTopicsCount() > streams.maxTopicsPerStream()) {
            end(Statuses.tooManyTopics(streams.maxTopicsPerStream()));
            return;
          }
          new RequestReader(instruments::resolve)
              .topics(request.getUnsubscribe().getTopicsList())
              .forEach(stream::unsubscribe);
        }
        case ACK -> {
          if (!stream.acknowledge(request.getAck().getEvents())) {
            throw new RequestReader().wrongAcknowledgement(request.getAck().getEvents());
          }
        }
        case COMMAND_NOT_SET -> throw new RequestReader().noCommand();
      }
    } catch (InvalidRequestException e) {
      end(Statuses.of(e));
      return;
    }
    onReady();
  }

  private void end(RuntimeException status) {
    stream.close();
    sink.fail(status);
  }

  @Override
  public void onError(Throwable error) {
    stream.close();
  }

  @Override
  public void onCompleted() {
    stream.endCommands();
  }

  /** Reads on after the call was refused. */
  private static final class Ignoring implements StreamObserver<SessionRequest> {
    @Override
    public void onNext(SessionRequest request) {}

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }
}
