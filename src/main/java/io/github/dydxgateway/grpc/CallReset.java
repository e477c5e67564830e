package io.github.dydxgateway.grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.concurrent.TimeoutException;

/**
 * Lets a call's HTTP/2 stream be reset, for which a server has no method: gRPC does so when the
 * time of the call's context is up, so each call gets a context of ours around its own.
 */
final class CallReset extends ServerStreamTracer.Factory {
  private static final Context.Key<Context.CancellableContext> OUTER = Context.key("call-reset");

  /** What resets the call whose context is the present one. */
  static Runnable ofPresentCall() {
    Context.CancellableContext outer = OUTER.get();
    return () -> {
      if (outer != null) {
        outer.cancel(new TimeoutException("the client did not read the end of the call"));
      }
    };
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new ServerStreamTracer() {
      @Override
      public Context filterContext(Context context) {
        Context.CancellableContext outer = context.withCancellation();
        return outer.withValue(OUTER, outer);
      }
    };
  }
}
