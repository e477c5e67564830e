package io.github.dydxgateway.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;

/**
 * Refuses requests for the health of a service with an overlong name: health needs no token, and
 * the health service keeps the name of a watch for as long as the watch is open.
 */
final class HealthNames {
  private static final int MAX_LENGTH = 256;

  /** As a {@link io.grpc.ServerInterceptor} of the health service. */
  <Q, P> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      private boolean refused;

      @Override
      public void onMessage(Q message) {
        if (message instanceof HealthCheckRequest request
            && request.getService().length() > MAX_LENGTH) {
          refused = true;
          call.close(
              Status.INVALID_ARGUMENT.withDescription(
                  "service must have at most " + MAX_LENGTH + " characters"),
              new Metadata());
        } else {
          super.onMessage(message);
        }
      }

      @Override
      public void onHalfClose() {
        if (!refused) {
          super.onHalfClose();
        }
      }
    };
  }
}
