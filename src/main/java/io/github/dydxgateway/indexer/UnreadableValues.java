package io.github.dydxgateway.indexer;

import java.io.IOException;

/** Keeps note of a value that could not be read, so that the rest of its record can be used. */
interface UnreadableValues {

  /**
   * Notes and skips the value where the cursor stands.
   *
   * @param expected what it should have been, such as {@code a decimal}
   */
  void add(JsonCursor in, String expected) throws IOException;
}
