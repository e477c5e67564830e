package io.github.dydxgateway.grpc;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Lets the health of known services be watched, and no other: Quarkus keeps whatever name a client
 * watches for ever, and health needs no token.
 */
@Singleton
@GlobalInterceptor
public class KnownServices implements ServerInterceptor {
  private static final Set<String> KNOWN = Set.of("", GatewayServiceGrpc.SERVICE_NAME);

  @Override
  public <Q, P> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
    ServerCall.Listener<Q> listener = next.startCall(call, headers);
    return isWatch(call) ? new Watch<>(listener, call) : listener;
  }

  private static boolean isWatch(ServerCall<?, ?> call) {
    return HealthGrpc.getWatchMethod()
        .getFullMethodName()
        .equals(call.getMethodDescriptor().getFullMethodName());
  }

  private static final class Watch<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private boolean refused;

    Watch(ServerCall.Listener<Q> listener, ServerCall<Q, ?> call) {
      super(listener);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      if (message instanceof HealthCheckRequest request && !KNOWN.contains(request.getService())) {
        refused = true;
        call.close(
            Status.NOT_FOUND.withDescription(
                "only the health of '' and " + GatewayServiceGrpc.SERVICE_NAME + " is known"),
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
  }
}
