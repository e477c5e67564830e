package io.github.dydxgateway.grpc;

import io.github.dydxgateway.access.ClientAddress;
import io.github.dydxgateway.access.ClientCount;
import io.github.dydxgateway.stream.ClientLimit;
import io.github.dydxgateway.stream.StreamCounters;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.channel.EventLoop;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the calls of each client from their headers to the last byte that the client has taken,
 * and refuses what is above the limits before anything is made for it. Ends calls whose request
 * does not come, and resets those whose end the client does not read, for until then the transport
 * keeps what was sent. First of the interceptors; each call stays on its event loop.
 */
@Singleton
public class CallLimits {
  private static final long SWEEP_MILLIS = 500;
  private static final Set<String> STREAMS =
      Set.of(
          GatewayServiceGrpc.getSubscribeMethod().getFullMethodName(),
          GatewayServiceGrpc.getSessionMethod().getFullMethodName());

  private final ClientLimits limits;
  private final ClientCount streams;
  private final ClientCount calls;

  /** Refused calls whose end was not read yet, on all connections of the client. */
  private final ClientCount refusals;

  private final Set<Limited<?, ?>> open = ConcurrentHashMap.newKeySet();

  private final StreamRegistry registry;
  private final StreamCounters counters;

  CallLimits(ClientLimits limits, StreamRegistry registry, StreamCounters counters) {
    this.limits = limits;
    this.registry = registry;
    this.counters = counters;
    this.streams = new ClientCount(limits.maxStreams());
    this.calls = new ClientCount(limits.maxCalls());
    this.refusals = new ClientCount(limits.maxCallsPerConnection());
  }

  void start(@Observes StartupEvent event, Vertx vertx) {
    vertx.setPeriodic(SWEEP_MILLIS, ignored -> sweep(System.nanoTime()));
  }

  /** Counts a refusal. Any thread. */
  void count(ClientLimit limit) {
    counters.limitHit(limit).increment();
  }

  /** As a {@link io.grpc.ServerInterceptor}. */
  <Q, P> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
    ClientAddress client = ClientAddress.of(call.getAttributes());
    boolean isStream = STREAMS.contains(call.getMethodDescriptor().getFullMethodName());
    if (isStream && registry.isFull()) {
      return refuse(
          call, client, ClientLimit.STREAMS, Statuses.tooManyStreams(registry.maxStreams()));
    }
    ClientCount count = isStream ? streams : calls;
    if (!count.add(client)) {
      return isStream
          ? refuse(
              call,
              client,
              ClientLimit.STREAMS_PER_CLIENT,
              tooMany("streams", limits.maxStreams(), ClientLimit.STREAMS_PER_CLIENT))
          : refuse(
              call,
              client,
              ClientLimit.CALLS_PER_CLIENT,
              tooMany("calls", limits.maxCalls(), ClientLimit.CALLS_PER_CLIENT));
    }
    Limited<Q, P> limited = new Limited<>(call, () -> count.remove(client));
    open.add(limited);
    try {
      return limited.listening(next.startCall(limited, headers));
    } catch (RuntimeException e) {
      limited.gone();
      throw e;
    }
  }

  private static StatusRuntimeException tooMany(String what, int most, ClientLimit limit) {
    return Statuses.limitReached("this address has as many " + what + " as it may, " + most, limit);
  }

  /** With the reason, or with a reset if the client has not read the reasons given before. */
  private <Q, P> ServerCall.Listener<Q> refuse(
      ServerCall<Q, P> call, ClientAddress client, ClientLimit limit, StatusRuntimeException why) {
    count(limit);
    ServerCall.Listener<Q> nobody = new ServerCall.Listener<>() {};
    if (!refusals.add(client)) {
      CallReset.ofPresentCall().run();
      return nobody;
    }
    Limited<Q, P> refused = new Limited<>(call, () -> refusals.remove(client));
    open.add(refused);
    refused.end(why);
    return refused.listening(nobody);
  }

  /** Looks at all calls. Any thread. */
  private void sweep(long nowNanos) {
    open.forEach(call -> call.sweep(nowNanos));
  }

  /** A call that is counted. */
  private final class Limited<Q, P> extends ForwardingServerCall.SimpleForwardingServerCall<Q, P> {
    private final Runnable onGone;
    private final EventLoop loop = CallLoops.current();
    private final Runnable reset = CallReset.ofPresentCall();

    /** When it was opened or, later, when it was closed from this side. */
    private volatile long sinceNanos = System.nanoTime();

    private volatile boolean waitsForRequest;
    private volatile boolean closed;

    Limited(ServerCall<Q, P> call, Runnable onGone) {
      super(call);
      this.onGone = onGone;

      this.waitsForRequest = call.getMethodDescriptor().getType().clientSendsOneMessage();
    }

    ServerCall.Listener<Q> listening(ServerCall.Listener<Q> listener) {
      return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(listener) {
        @Override
        public void onMessage(Q message) {
          waitsForRequest = false;
          super.onMessage(message);
        }

        @Override
        public void onComplete() {
          gone();
          super.onComplete();
        }

        @Override
        public void onCancel() {
          gone();
          super.onCancel();
        }
      };
    }

    @Override
    public void close(Status status, Metadata trailers) {
      sinceNanos = System.nanoTime();
      closed = true;
      super.close(status, trailers);
    }

    private void end(StatusRuntimeException why) {
      close(why.getStatus(), why.getTrailers());
    }

    private void gone() {
      if (open.remove(this)) {
        onGone.run();
      }
    }

    private void sweep(long nowNanos) {
      long forNanos = nowNanos - sinceNanos;
      if (closed && forNanos >= limits.stallTimeout().toNanos()) {
        loop.execute(this::reset);
      } else if (!closed && waitsForRequest && forNanos >= limits.requestTimeout().toNanos()) {
        loop.execute(this::endWithoutRequest);
      }
    }

    private void reset() {
      if (open.contains(this)) {
        reset.run();
      }
    }

    private void endWithoutRequest() {
      if (waitsForRequest && !closed && open.contains(this)) {
        count(ClientLimit.REQUEST_TIMEOUT);
        end(
            Statuses.limitReached(
                "no request came within " + limits.requestTimeout().toMillis() + " ms",
                ClientLimit.REQUEST_TIMEOUT));
      }
    }
  }
}
