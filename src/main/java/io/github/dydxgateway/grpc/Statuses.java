package io.github.dydxgateway.grpc;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import io.github.dydxgateway.stream.TopicFailure;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** Failures as gRPC statuses. */
final class Statuses {
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
