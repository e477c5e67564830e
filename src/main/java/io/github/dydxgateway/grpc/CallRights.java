package io.github.dydxgateway.grpc;

import io.github.dydxgateway.access.Access;
import io.github.dydxgateway.access.Rights;
import io.github.dydxgateway.access.StreamQuota;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthGrpc;
import io.netty.channel.EventLoop;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * Refuses calls without a valid token where tokens are on, except health, and puts the rights of
 * the caller into the context of its call. A call waits for its caller to be authenticated without
 * blocking, and continues on its own event loop.
 */
@Singleton
public class CallRights {
  /** A call that came around this may have nothing. */
  private static final Context.Key<Rights> RIGHTS =
      Context.keyWithDefault("rights", Rights.NOTHING);

  /** The limit of a token, which may be configured or part of a JSON Web Token. */
  private static final String MAX_STREAMS = "max-streams";

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final Access access;
  private final StreamQuota quota;

  public CallRights(Access access, StreamQuota quota) {
    this.access = access;
    this.quota = quota;
  }

  /** Rights of the present call's caller. */
  static Rights current() {
    return RIGHTS.get();
  }

  /** As a {@link io.grpc.ServerInterceptor}. */
  <Q, P> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
    if (access.isOpen() || isOf(call, HealthGrpc.SERVICE_NAME)) {
      Context context = Context.current().withValue(RIGHTS, Rights.EVERYTHING);
      return Contexts.interceptCall(context, call, headers, next);
    }
    Context context = Context.current();
    LateListener<Q> listener = new LateListener<>();
    EventLoop loop = CallLoops.current();
    access
        .authenticate(headers.get(AUTHORIZATION))
        .emitOn(loop)
        .subscribe()
        .with(
            rights -> {
              if (!listener.isOver()) {
                try {
                  context.run(() -> accept(rights, call, headers, next, listener));
                } catch (RuntimeException e) {
                  // Thrown on, nobody would hear of it, and the call would stay open.
                  refuse(call, e, listener);
                }
              }
            },
            failure -> refuse(call, tokenRequired(), listener));
    return listener;
  }

  private <Q, P> void accept(
      Rights rights,
      ServerCall<Q, P> call,
      Metadata headers,
      ServerCallHandler<Q, P> next,
      LateListener<Q> listener) {
    if (rights == null) {
      refuse(call, tokenRequired(), listener);
      return;
    }
    boolean counted = isStream(call);
    if (counted && !quota.take(rights)) {
      refuse(call, tooManyStreams(rights), listener);
      return;
    }
    Context context = Context.current().withValue(RIGHTS, rights);
    ServerCall.Listener<Q> started;
    try {
      started = Contexts.interceptCall(context, call, headers, next);
    } catch (RuntimeException e) {
      if (counted) {
        quota.giveBack(rights);
      }
      throw e;
    }
    listener.goOnWith(counted ? new CountedStream<>(started, quota, rights) : started);
  }

  private static void refuse(
      ServerCall<?, ?> call, RuntimeException why, LateListener<?> listener) {
    if (!listener.isOver()) {
      listener.end();
      Metadata trailers = Status.trailersFromThrowable(why);
      call.close(Status.fromThrowable(why), trailers == null ? new Metadata() : trailers);
    }
  }

  private static StatusRuntimeException tokenRequired() {
    return Statuses.error(
        Status.Code.UNAUTHENTICATED,
        "a valid token is needed in the header authorization: Bearer …",
        ErrorReason.TOKEN_REQUIRED);
  }

  private static StatusRuntimeException tooManyStreams(Rights rights) {
    return Statuses.error(
        Status.Code.RESOURCE_EXHAUSTED,
        "the token allows " + rights.maxStreams() + " streams at once, and all are taken",
        ErrorReason.LIMIT_REACHED,
        Map.of(Statuses.LIMIT, MAX_STREAMS));
  }

  private static boolean isStream(ServerCall<?, ?> call) {
    MethodDescriptor.MethodType type = call.getMethodDescriptor().getType();
    return isOf(call, GatewayServiceGrpc.SERVICE_NAME) && !type.serverSendsOneMessage();
  }

  private static boolean isOf(ServerCall<?, ?> call, String service) {
    return service.equals(call.getMethodDescriptor().getServiceName());
  }

  /** Gives the stream's place back when the call is over, which gRPC says once. */
  private static final class CountedStream<Q> extends SimpleForwardingServerCallListener<Q> {
    private final StreamQuota quota;
    private final Rights rights;

    CountedStream(ServerCall.Listener<Q> stream, StreamQuota quota, Rights rights) {
      super(stream);
      this.quota = quota;
      this.rights = rights;
    }

    @Override
    public void onComplete() {
      quota.giveBack(rights);
      super.onComplete();
    }

    @Override
    public void onCancel() {
      quota.giveBack(rights);
      super.onCancel();
    }
  }
}
