package io.github.dydxgateway.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.Set;

/**
 * Traces calls with OpenTelemetry: one span per call, a child of the caller's span if the metadata
 * name one. While traces are off, as they are by default, a call costs no more than a look-up.
 */
@Singleton
public class CallTraces {
  /** Those that OpenTelemetry's conventions count as errors of a server. */
  private static final Set<Status.Code> ERRORS =
      EnumSet.of(
          Status.Code.UNKNOWN,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.UNIMPLEMENTED,
          Status.Code.INTERNAL,
          Status.Code.UNAVAILABLE,
          Status.Code.DATA_LOSS);

  private final Tracer tracer;
  private final TextMapPropagator propagator;

  CallTraces(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer("io.github.dydxgateway");
    this.propagator = telemetry.getPropagators().getTextMapPropagator();
  }

  /** As a {@link io.grpc.ServerInterceptor}. */
  <Q, P> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
    Span span =
        tracer
            .spanBuilder(call.getMethodDescriptor().getFullMethodName())
            .setParent(propagator.extract(Context.root(), headers, new TextOfMetadata()))
            .setSpanKind(SpanKind.SERVER)
            .setAttribute("rpc.system", "grpc")
            .setAttribute("rpc.service", call.getMethodDescriptor().getServiceName())
            .setAttribute("rpc.method", call.getMethodDescriptor().getBareMethodName())
            .startSpan();
    if (!span.isRecording()) {
      return next.startCall(call, headers);
    }
    return new SimpleForwardingServerCallListener<>(
        next.startCall(new Traced<>(call, span), headers)) {
      @Override
      public void onComplete() {
        span.end();
        super.onComplete();
      }

      @Override
      public void onCancel() {
        record(span, Status.CANCELLED);
        span.end();
        super.onCancel();
      }
    };
  }

  private static void record(Span span, Status status) {
    span.setAttribute("rpc.grpc.status_code", status.getCode().value());
    if (ERRORS.contains(status.getCode())) {
      span.setStatus(StatusCode.ERROR, status.getCode().name());
    }
  }

  private static final class Traced<Q, P> extends SimpleForwardingServerCall<Q, P> {
    private final Span span;

    Traced(ServerCall<Q, P> call, Span span) {
      super(call);
      this.span = span;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      record(span, status);
      super.close(status, trailers);
    }
  }

  private static final class TextOfMetadata implements TextMapGetter<Metadata> {
    @Override
    public Iterable<String> keys(Metadata headers) {
      return headers.keys();
    }

    @Override
    public String get(Metadata headers, String name) {
      return headers == null
          ? null
          : headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }
  }
}
