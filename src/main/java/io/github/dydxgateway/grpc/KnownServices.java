package io.github.dydxgateway.grpc;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Answers for services whose health is not known, as the health protocol has it: NOT_FOUND to a
 * check, SERVICE_UNKNOWN to a watch, which stays open. Quarkus answers UNKNOWN, and keeps whatever
 * name a client watches for ever, while health needs no token.
 */
@Singleton
@GlobalInterceptor
public class KnownServices implements ServerInterceptor {
  private static final Set<String> KNOWN = Set.of("", GatewayServiceGrpc.SERVICE_NAME);

  /** Of {@code ServingStatus}, in the protocol since 2018 but not in the classes of Quarkus. */
  private static final int SERVICE_UNKNOWN = 3;

  @Override
  public <Q, P> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
    ServerCall.Listener<Q> listener = next.startCall(call, headers);
    if (isCallOf(HealthGrpc.getCheckMethod(), call)) {
      return new OfKnownService<>(
          listener,
          () ->
              call.close(
                  Status.NOT_FOUND.withDescription(
                      "only the health of '' and " + GatewayServiceGrpc.SERVICE_NAME + " is known"),
                  new Metadata()));
    }
    if (isCallOf(HealthGrpc.getWatchMethod(), call)) {
      return new OfKnownService<>(
          listener,
          () -> {
            call.sendHeaders(new Metadata());
            call.sendMessage(serviceUnknown(call.getMethodDescriptor()));
          });
    }
    return listener;
  }

  private static boolean isCallOf(MethodDescriptor<?, ?> method, ServerCall<?, ?> call) {
    return method.getFullMethodName().equals(call.getMethodDescriptor().getFullMethodName());
  }

  /** The response type of the method is {@link HealthCheckResponse}. */
  private static <P> P serviceUnknown(MethodDescriptor<?, P> method) {
    return method.parseResponse(
        HealthCheckResponse.newBuilder()
            .setStatusValue(SERVICE_UNKNOWN)
            .build()
            .toByteString()
            .newInput());
  }

  /** Hands a request on if its service is known, and else answers it. */
  private static final class OfKnownService<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Runnable answerUnknown;
    private boolean answered;

    OfKnownService(ServerCall.Listener<Q> listener, Runnable answerUnknown) {
      super(listener);
      this.answerUnknown = answerUnknown;
    }

    @Override
    public void onMessage(Q message) {
      if (message instanceof HealthCheckRequest request && !KNOWN.contains(request.getService())) {
        answered = true;
        answerUnknown.run();
      } else {
        super.onMessage(message);
      }
    }

    @Override
    public void onHalfClose() {
      if (!answered) {
        super.onHalfClose();
      }
    }
  }
}
