package io.github.dydxgateway.grpc;

import java.util.List;

/** A request that is malformed. */
final class InvalidRequestException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Violation> violations;

  /**
   * @param violations at least one
   */
  InvalidRequestException(List<Violation> violations) {
    super(violations.get(0).field() + " " + violations.get(0).description(), null, false, false);
    this.violations = List.copyOf(violations);
  }

  /** What is wrong, in the order of the request. */
  List<Violation> violations() {
    return violations;
  }

  /**
   * One field that is wrong.
   *
   * @param field its path, such as {@code subscriptions[2].topic.trades.instrument_id}
   * @param description what was expected and what came
   */
  record Violation(String field, String description) {}
}
