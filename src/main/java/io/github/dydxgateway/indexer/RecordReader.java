package io.github.dydxgateway.indexer;

import java.io.IOException;

/** Reads one record of a kind. Not thread safe. */
interface RecordReader<T> {

  /**
   * Reads the record where the cursor stands and leaves it at its end.
   *
   * @param key under which the record stands; null where it stands in a list
   */
  T read(JsonCursor in, String key) throws IOException;
}
