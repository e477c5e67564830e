package io.github.dydxgateway.grpc;

import io.github.dydxgateway.access.Rights;
import io.github.dydxgateway.log.Addresses;
import io.github.dydxgateway.stream.EventSink;
import io.github.dydxgateway.stream.Outbox;
import io.github.dydxgateway.stream.OutboxLoop;
import io.github.dydxgateway.stream.TopicFailure;
import io.grpc.stub.ServerCallStreamObserver;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
  private static final long NO_TIMER = -1;

  /** gRPC's own threshold of readiness; a message is longer only if one event is. */
  static final int MAX_MESSAGE_BYTES = 32 << 10;

  private static final ThreadLocal<OutboxLoop> LOOPS = new ThreadLocal<>();

  private final long id = IDS.incrementAndGet();
  private final long openedNanos = System.nanoTime();
  private final ServerCallStreamObserver<EventBatch> call;
  private final Context context;
  private final OutboxLoop loop;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final Rights rights = CallRights.current();
  private Runnable onGone = () -> {};

  /** Events that go with the next message; null while there are none. */
  private EventBatch batch;

  private long expiryTimer = NO_TIMER;
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
    this.context = Vertx.currentContext();
    if (context == null) {
      throw new IllegalStateException("a call must be opened on an event loop");
    }
    this.loop = loopOf(context);
  }

  private static OutboxLoop loopOf(Context context) {
    OutboxLoop loop = LOOPS.get();
    if (loop == null) {
      loop = new OutboxLoop(task -> context.runOnContext(ignored -> task.run()));
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
              expiryTimer = context.owner().setTimer(millis, ignored -> expire(outbox));
            });
  }

  private void expire(Outbox outbox) {
    expiryTimer = NO_TIMER;
    outbox.close();
    fail(Statuses.tokenExpired());
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
    fail(Statuses.of(failure));
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
    if (expiryTimer != NO_TIMER) {
      context.owner().cancelTimer(expiryTimer);
    }
    LOG.infof(
        "stream=%d closed: %s, after %d ms, %d events in %d messages",
        id,
        Addresses.shortened(why),
        (System.nanoTime() - openedNanos) / 1_000_000,
        events,
        messages);
  }
}
