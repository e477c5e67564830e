package io.github.dydxgateway.grpc;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import io.github.dydxgateway.stream.TopicFailure;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Failures as gRPC statuses. Their details are messages of gRPC's own libraries, whose accessors
 * Protocol Buffers looks up by name; those of the contract are registered by Quarkus.
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
      BadRequest.FieldViolation.Builder.class
    })
final class Statuses {
  /** The caller's token does not give it the right. */
  static final TopicFailure NOT_ALLOWED =
      new TopicFailure(TopicFailure.PERMISSION_DENIED, "the token does not allow this", false);

  private Statuses() {}

  static Status of(TopicFailure failure) {
    return Status.fromCodeValue(failure.code()).withDescription(failure.message());
  }

  /** INVALID_ARGUMENT with details naming each field. */
  static StatusRuntimeException of(InvalidRequestException invalid) {
    BadRequest.Builder details = BadRequest.newBuilder();
    for (InvalidRequestException.Violation violation : invalid.violations()) {
      details
          .addFieldViolationsBuilder()
          .setField(violation.field())
          .setDescription(violation.description());
    }
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.INVALID_ARGUMENT.value())
            .setMessage(invalid.getMessage())
            .addDetails(Any.pack(details.build()))
            .build());
  }
}
