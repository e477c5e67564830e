package io.github.dydxgateway.grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * The HTTP/2 stream of a call.
 *
 * @param connection that it is of
 * @param stream of which gRPC sends the headers and the trailers
 */
record CallStream(ClientConnection connection, Http2Stream stream) {
  private static final Context.Key<CallStream> KEY = Context.key("call-stream");

  /** That of the present call; null if it is not known, or is not of this thread. */
  static CallStream ofPresentCall() {
    CallStream present = KEY.get();
    return present != null && present.connection().isOnLoop() ? present : null;
  }

  /** Whether gRPC's headers have gone; data must not go before. */
  boolean hasHeaders() {
    return stream.isHeadersSent();
  }

  /** Lets each call know its stream: gRPC makes the tracer while it reads the call's headers. */
  static final class Finder extends ServerStreamTracer.Factory {
    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
      CallStream opened = ClientConnection.takeOpened();
      return new ServerStreamTracer() {
        @Override
        public Context filterContext(Context context) {
          return opened == null ? context : context.withValue(KEY, opened);
        }
      };
    }
  }
}
