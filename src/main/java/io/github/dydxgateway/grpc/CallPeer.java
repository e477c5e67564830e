package io.github.dydxgateway.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.net.SocketAddress;

/** Puts the address of the caller into the context of its call, for the log. */
final class CallPeer {
  private static final Context.Key<String> PEER = Context.keyWithDefault("peer", "unknown");

  /** Address and port of the client of the present call. */
  static String current() {
    return PEER.get();
  }

  /** As a {@link io.grpc.ServerInterceptor}. */
  <Q, P> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
    SocketAddress address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    Context context = Context.current().withValue(PEER, String.valueOf(address).replace("/", ""));
    return Contexts.interceptCall(context, call, headers, next);
  }
}
