package io.github.dydxgateway.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jboss.logging.Logger;

/**
 * Ends a call with the status that serving it threw; anything else that is thrown is logged and
 * ends the call as INTERNAL. Each call stays on its event loop.
 */
final class CallFailures {
  private static final Logger LOG = Logger.getLogger(CallFailures.class);

  /** As a {@link io.grpc.ServerInterceptor}. */
  <Q, P> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
    Guarded<Q, P> guarded = new Guarded<>(call);
    try {
      return guarded.listening(next.startCall(guarded, headers));
    } catch (RuntimeException e) {
      guarded.fail(e);
      return new ServerCall.Listener<>() {};
    }
  }

  private static final class Guarded<Q, P> extends SimpleForwardingServerCall<Q, P> {
    private boolean closed;

    Guarded(ServerCall<Q, P> call) {
      super(call);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      closed = true;
      super.close(status, trailers);
    }

    private void fail(RuntimeException failure) {
      if (!(failure instanceof StatusRuntimeException)) {
        LOG.errorf(failure, "%s failed", getMethodDescriptor().getFullMethodName());
      }
      if (!closed) {
        if (failure instanceof StatusRuntimeException end) {
          Metadata trailers = end.getTrailers();
          close(end.getStatus(), trailers == null ? new Metadata() : trailers);
        } else {
          close(Status.INTERNAL.withDescription("the gateway failed"), new Metadata());
        }
      }
    }

    private ServerCall.Listener<Q> listening(ServerCall.Listener<Q> listener) {
      return new SimpleForwardingServerCallListener<>(listener) {
        @Override
        public void onMessage(Q message) {
          guard(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
          guard(super::onHalfClose);
        }

        @Override
        public void onReady() {
          guard(super::onReady);
        }
      };
    }

    private void guard(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        fail(e);
      }
    }
  }
}
