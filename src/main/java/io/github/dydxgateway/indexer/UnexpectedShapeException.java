package io.github.dydxgateway.indexer;

import java.io.IOException;

/** The bytes are no JSON, or not what a frame must look like. Never leaves the package. */
final class UnexpectedShapeException extends IOException {
  private static final long serialVersionUID = 1L;

  UnexpectedShapeException(String reason) {
    super(reason);
  }

  /** None: the reason tells all, and hostile frames would make the stack cost the most. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
