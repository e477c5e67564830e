package io.github.dydxgateway.grpc;

import io.github.dydxgateway.access.Rights;
import io.github.dydxgateway.log.Addresses;
import io.github.dydxgateway.stream.EventSink;
import io.github.dydxgateway.stream.Outbox;
import io.github.dydxgateway.stream.OutboxLoop;
import io.github.dydxgateway.stream.TopicFailure;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * A streaming call as the sink of an outbox. Belongs to the event loop that the call came in on,
 * whose outboxes all have one {@link OutboxLoop}.
 *
 * <p>Events that are sent together form one message. What waits for a client that is not ready
 * waits in its topics and not here.
 */
final class CallSink implements EventSink {
  private static final Logger LOG = Logger.getLogger(CallSink.class);
  private static final AtomicLong IDS = new AtomicLong();

  /** gRPC's own threshold of readiness; a message is longer only if one event is. */
  static final int MAX_MESSAGE_BYTES = 32 << 10;

  private static final ThreadLocal<OutboxLoop> LOOPS = new ThreadLocal<>();

  private final long id = IDS.incrementAndGet();
  private final long openedNanos = System.nanoTime();
  private final ServerCallStreamObserver<EventBatch> call;
  private final EventLoop eventLoop = CallLoops.current();
  private final OutboxLoop loop = loopOf(eventLoop);
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final Rights rights = CallRights.current();
  private Runnable onGone = () -> {};

  /** Events that go with the next message; null while there are none. */
  private EventBatch batch;

  /** Null without one. */
  private ScheduledFuture<?> expiryTimer;

  private long messages;
  private long events;
  private boolean ended;

  /**
   * Called on the call's event loop.
   *
   * @param what the call, for the log
   */
  CallSink(ServerCallStreamObserver<EventBatch> call, String what) {
    this.call = call;
    call.setOnCancelHandler(() -> gone("the client left"));
    // Also if gRPC has ended the call by itself, such as for bytes that are no message.
    call.setOnCloseHandler(() -> gone("gRPC ended the call"));
    LOG.infof("stream=%d opened: %s from %s", id, what, CallPeer.current());
  }

  private static OutboxLoop loopOf(EventLoop eventLoop) {
    OutboxLoop loop = LOOPS.get();
    if (loop == null) {
      loop = new OutboxLoop(eventLoop);
      LOOPS.set(loop);
    }
    return loop;
  }

  /**
   * Sets whose messages it sends; closed once the call has gone, whoever ended it.
   *
   * @param action run on the event loop when the client can take more, after it could not
   */
  void serve(Outbox outbox, Runnable action) {
    onGone = outbox::close;
    call.setOnReadyHandler(action);
  }

  /** What the caller may have. */
  Rights rights() {
    return rights;
  }

  /** Ends the call when the caller's rights end. */
  void endWithRights(Outbox outbox) {
    rights
        .expiry()
        .ifPresent(
            expiry -> {
              long millis = Math.max(1, Duration.between(Instant.now(), expiry).toMillis());
              expiryTimer = eventLoop.schedule(() -> expire(outbox), millis, TimeUnit.MILLISECONDS);
            });
  }

  private void expire(Outbox outbox) {
    outbox.close();
    fail(Status.UNAUTHENTICATED.withDescription("the token has expired").asRuntimeException());
  }

  @Override
  public OutboxLoop loop() {
    return loop;
  }

  @Override
  public boolean accepts(int length) {
    if (batch != null && batch.length() + length > MAX_MESSAGE_BYTES) {
      flush();
    }
    return !ended && call.isReady();
  }

  @Override
  public void send(byte[] event) {
    if (ended) {
      return;
    }
    if (batch == null) {
      batch = new EventBatch();
    }
    batch.add(event);
    events++;
  }

  /** What the call is not ready for waits until it is. */
  @Override
  public void flush() {
    if (!ended && call.isReady()) {
      write();
    }
  }

  private void write() {
    if (batch != null) {
      EventBatch message = batch;
      batch = null;
      messages++;
      call.onNext(message);
    }
  }

  @Override
  public void complete() {
    if (!ended) {
      write();
      end("completed");
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
      write();
      end(status.getMessage());
      call.onError(status);
    }
  }

  @Override
  public CompletionStage<Void> ended() {
    return gone;
  }

  private void gone(String why) {
    gone.complete(null);
    if (!ended) {
      end(why);
    }
    onGone.run();
  }

  private void end(String why) {
    ended = true;
    if (expiryTimer != null) {
      expiryTimer.cancel(false);
    }
    LOG.infof(
        "stream=%d closed: %s, after %d ms, %d events in %d messages",
        id,
        Addresses.shortened(why),
        (System.nanoTime() - openedNanos) / 1_000_000,
        events,
        messages);
  }

  static Status tooManyStreams(int most) {
    return Status.RESOURCE_EXHAUSTED.withDescription(
        "the gateway serves " + most + " streams at once, and all are taken; try again later");
  }
}
