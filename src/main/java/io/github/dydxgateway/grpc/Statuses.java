package io.github.dydxgateway.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.github.dydxgateway.stream.ClientLimit;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.v1.ResumeInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Failures as gRPC statuses with {@code google.rpc} details: {@code BadRequest} if a request is
 * malformed, {@code ErrorInfo} in all other cases. The details are messages of gRPC's own
 * libraries, whose accessors Protocol Buffers looks up by name; those of the contract are
 * registered by Quarkus.
 */
@RegisterForReflection(
    targets = {
      Any.class,
      Any.Builder.class,
      com.google.rpc.Status.class,
      com.google.rpc.Status.Builder.class,
      BadRequest.class,
      BadRequest.Builder.class,
      BadRequest.FieldViolation.class,
      BadRequest.FieldViolation.Builder.class,
      ErrorInfo.class,
      ErrorInfo.Builder.class
    })
final class Statuses {
  /** The {@code ErrorInfo.domain} of all reasons. */
  static final String DOMAIN = "dydxgateway";

  /** The metadata that names the configuration key of a limit. */
  static final String LIMIT = "limit";

  /** The caller's token does not give it the right. */
  static final TopicFailure NOT_ALLOWED =
      new TopicFailure(TopicFailure.PERMISSION_DENIED, "the token does not allow this", false);

  private static final String MAX_TOPICS_KEY = "gateway.stream.max-topics-per-stream";

  private Statuses() {}

  /** The failure of a topic that ends its call. */
  static StatusRuntimeException of(TopicFailure failure) {
    return of(failure, List.of());
  }

  /**
   * The failure of a topic that ends its call.
   *
   * @param resumeFrom where the client may resume each topic that it loses because it reads too
   *     slowly; empty for any other failure
   */
  static StatusRuntimeException of(TopicFailure failure, List<ResumeInfo> resumeFrom) {
    ErrorReason reason =
        resumeFrom.isEmpty() ? reasonOf(failure.code()) : ErrorReason.CLIENT_TOO_SLOW;
    List<Message> details = new ArrayList<>();
    details.add(errorInfo(reason, Map.of()));
    details.addAll(resumeFrom);
    return status(Status.fromCodeValue(failure.code()).getCode(), failure.message(), details);
  }

  private static ErrorReason reasonOf(int code) {
    return switch (code) {
      case TopicFailure.NOT_FOUND -> ErrorReason.INSTRUMENT_NOT_FOUND;
      case TopicFailure.ALREADY_EXISTS -> ErrorReason.ALREADY_SUBSCRIBED;
      case TopicFailure.PERMISSION_DENIED -> ErrorReason.NOT_ALLOWED;
      case TopicFailure.RESOURCE_EXHAUSTED -> ErrorReason.LIMIT_REACHED;
      case TopicFailure.FAILED_PRECONDITION -> ErrorReason.REFUSED_BY_VENUE;
      case TopicFailure.UNAVAILABLE -> ErrorReason.TEMPORARILY_UNAVAILABLE;
      case TopicFailure.UNAUTHENTICATED -> ErrorReason.TOKEN_EXPIRED;
      default -> ErrorReason.INTERNAL;
    };
  }

  /** INVALID_ARGUMENT with details naming each field, or why a well-formed request is refused. */
  static StatusRuntimeException of(InvalidRequestException refused) {
    if (refused.reason() != null) {
      return error(refused.code(), refused.getMessage(), refused.reason(), refused.metadata());
    }
    BadRequest.Builder details = BadRequest.newBuilder();
    for (InvalidRequestException.Violation violation : refused.violations()) {
      details
          .addFieldViolationsBuilder()
          .setField(violation.field())
          .setDescription(violation.description());
    }
    return status(refused.code(), refused.getMessage(), List.of(details.build()));
  }

  /** A status with {@code ErrorInfo}. */
  static StatusRuntimeException error(Status.Code code, String message, ErrorReason reason) {
    return error(code, message, reason, Map.of());
  }

  /** A status with {@code ErrorInfo}. */
  static StatusRuntimeException error(
      Status.Code code, String message, ErrorReason reason, Map<String, String> metadata) {
    return status(code, message, List.of(errorInfo(reason, metadata)));
  }

  /**
   * RESOURCE_EXHAUSTED because of a limit of the configuration.
   *
   * @param key of the limit
   */
  static StatusRuntimeException limitReached(String message, String key) {
    return error(
        Status.Code.RESOURCE_EXHAUSTED, message, ErrorReason.LIMIT_REACHED, Map.of(LIMIT, key));
  }

  /** RESOURCE_EXHAUSTED because of a limit of a client; the message names its key, too. */
  static StatusRuntimeException limitReached(String message, ClientLimit limit) {
    return limitReached(message + " (" + limit.key() + ")", limit.key());
  }

  /** The gateway serves as many streams as it may. */
  static StatusRuntimeException tooManyStreams(int most) {
    return limitReached(
        "the gateway serves " + most + " streams at once, and all are taken; try again later",
        ClientLimit.STREAMS);
  }

  /** A call names more topics than a stream may have. */
  static StatusRuntimeException tooManyTopics(int most) {
    return limitReached(
        "a stream may have at most "
            + most
            + " topics ("
            + MAX_TOPICS_KEY
            + "); use several streams",
        MAX_TOPICS_KEY);
  }

  /** The caller's rights have ended while its stream was open. */
  static StatusRuntimeException tokenExpired() {
    return error(Status.Code.UNAUTHENTICATED, "the token has expired", ErrorReason.TOKEN_EXPIRED);
  }

  /** The instruments are not known yet. */
  static StatusRuntimeException notConnected() {
    return error(
        Status.Code.UNAVAILABLE,
        "not connected to the venue yet; try again later",
        ErrorReason.NOT_CONNECTED);
  }

  private static ErrorInfo errorInfo(ErrorReason reason, Map<String, String> metadata) {
    return ErrorInfo.newBuilder()
        .setReason(reason.name())
        .setDomain(DOMAIN)
        .putAllMetadata(metadata)
        .build();
  }

  private static StatusRuntimeException status(
      Status.Code code, String message, List<? extends Message> details) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder().setCode(code.value()).setMessage(message);
    details.forEach(detail -> status.addDetails(Any.pack(detail)));
    return StatusProto.toStatusRuntimeException(status.build());
  }
}
