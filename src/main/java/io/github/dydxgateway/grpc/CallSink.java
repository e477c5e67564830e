package io.github.dydxgateway.grpc;

import io.github.dydxgateway.access.Rights;
import io.github.dydxgateway.log.Addresses;
import io.github.dydxgateway.stream.ClientStream;
import io.github.dydxgateway.stream.DeliveryLoop;
import io.github.dydxgateway.stream.EventBatch;
import io.github.dydxgateway.stream.EventSink;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.v1.ResumeInfo;
import io.grpc.stub.ServerCallStreamObserver;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * A streaming call as the sink of a stream. Belongs to the event loop that the call came in on,
 * whose streams all have one {@link DeliveryLoop}.
 *
 * <p>What waits for a client that is not ready waits in its topics and not here.
 */
final class CallSink implements EventSink {
  private static final Logger LOG = Logger.getLogger(CallSink.class);
  private static final AtomicLong IDS = new AtomicLong();

  private static final ThreadLocal<DeliveryLoop> LOOPS = new ThreadLocal<>();

  private final long id = IDS.incrementAndGet();
  private final long openedNanos = System.nanoTime();
  private final ServerCallStreamObserver<EventBatch> call;
  private final EventLoop eventLoop = CallLoops.current();
  private final DeliveryLoop loop = loopOf(eventLoop);
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final Rights rights = CallRights.current();
  private Runnable onGone = () -> {};

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

  private static DeliveryLoop loopOf(EventLoop eventLoop) {
    DeliveryLoop loop = LOOPS.get();
    if (loop == null) {
      loop = new DeliveryLoop(eventLoop, eventLoop::schedule);
      LOOPS.set(loop);
    }
    return loop;
  }

  /**
   * Sets whose messages it sends; closed once the call has gone, whoever ended it.
   *
   * @param action run on the event loop when the client can take more, after it could not
   */
  void serve(ClientStream stream, Runnable action) {
    onGone = stream::close;
    call.setOnReadyHandler(action);
  }

  /** What the caller may have. */
  Rights rights() {
    return rights;
  }

  /** Ends the call when the caller's rights end. */
  void endWithRights(ClientStream stream) {
    rights
        .expiry()
        .ifPresent(
            expiry -> {
              long millis = Math.max(1, Duration.between(Instant.now(), expiry).toMillis());
              expiryTimer = eventLoop.schedule(() -> expire(stream), millis, TimeUnit.MILLISECONDS);
            });
  }

  private void expire(ClientStream stream) {
    stream.close();
    fail(Statuses.tokenExpired());
  }

  @Override
  public DeliveryLoop loop() {
    return loop;
  }

  @Override
  public boolean isReady() {
    return !ended && call.isReady();
  }

  @Override
  public void send(EventBatch message) {
    if (!ended) {
      messages++;
      events += message.events();
      call.onNext(message);
    }
  }

  @Override
  public void complete() {
    if (!ended) {
      end("completed");
      call.onCompleted();
    }
  }

  @Override
  public void fail(TopicFailure failure, List<ResumeInfo> resumeFrom) {
    fail(Statuses.of(failure, resumeFrom));
  }

  /** Ends the call with a status. */
  void fail(RuntimeException status) {
    if (!ended) {
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
}
