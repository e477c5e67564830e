package io.github.dydxgateway.grpc;

import io.grpc.Status;
import java.util.List;
import java.util.Map;

/**
 * A request that is refused as a whole: it is malformed, means another network, or asks for what
 * this version does not serve. {@link Statuses#of(InvalidRequestException)} is its status.
 */
final class InvalidRequestException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Status.Code code;
  private final transient List<Violation> violations;

  /** Null if the request is malformed. */
  private final ErrorReason reason;

  private final transient Map<String, String> metadata;

  /**
   * A malformed request.
   *
   * @param violations at least one
   */
  InvalidRequestException(List<Violation> violations) {
    super(violations.get(0).field() + " " + violations.get(0).description(), null, false, false);
    this.code = Status.Code.INVALID_ARGUMENT;
    this.violations = List.copyOf(violations);
    this.reason = null;
    this.metadata = Map.of();
  }

  /**
   * A well-formed request that this gateway refuses.
   *
   * @param metadata of {@code google.rpc.ErrorInfo}
   */
  InvalidRequestException(
      Status.Code code, String message, ErrorReason reason, Map<String, String> metadata) {
    super(message, null, false, false);
    this.code = code;
    this.violations = List.of();
    this.reason = reason;
    this.metadata = Map.copyOf(metadata);
  }

  /** The code of the status. */
  Status.Code code() {
    return code;
  }

  /** What is malformed, in the order of the request; empty if it is well-formed. */
  List<Violation> violations() {
    return violations;
  }

  /** Why a well-formed request is refused; null if it is malformed. */
  ErrorReason reason() {
    return reason;
  }

  /** Metadata of the reason. */
  Map<String, String> metadata() {
    return metadata;
  }

  /**
   * One field that is wrong.
   *
   * @param field its path, such as {@code subscriptions[2].topic.trades.instrument_id}
   * @param description what was expected and what came
   */
  record Violation(String field, String description) {}
}
