package io.github.dydxgateway.indexer;

import java.io.IOException;

/** The JSON is well-formed but not what a frame must look like. Never leaves the package. */
final class UnexpectedShapeException extends IOException {
  private static final long serialVersionUID = 1L;

  UnexpectedShapeException(String reason) {
    super(reason);
  }
}
