package io.github.dydxgateway.stream;

/**
 * Why a topic can't be served.
 *
 * @param code a {@code google.rpc.Code}
 * @param message for a person
 * @param retryable whether asking again later may help
 */
public record TopicFailure(int code, String message, boolean retryable) {
  /** {@code google.rpc.Code} NOT_FOUND. */
  public static final int NOT_FOUND = 5;

  /** {@code google.rpc.Code} ALREADY_EXISTS. */
  public static final int ALREADY_EXISTS = 6;

  /** {@code google.rpc.Code} PERMISSION_DENIED. */
  public static final int PERMISSION_DENIED = 7;

  /** {@code google.rpc.Code} RESOURCE_EXHAUSTED. */
  public static final int RESOURCE_EXHAUSTED = 8;

  /** {@code google.rpc.Code} FAILED_PRECONDITION. */
  public static final int FAILED_PRECONDITION = 9;

  /** {@code google.rpc.Code} INTERNAL. */
  public static final int INTERNAL = 13;

  /** {@code google.rpc.Code} UNAVAILABLE. */
  public static final int UNAVAILABLE = 14;

  /** {@code google.rpc.Code} UNAUTHENTICATED. */
  public static final int UNAUTHENTICATED = 16;
}
