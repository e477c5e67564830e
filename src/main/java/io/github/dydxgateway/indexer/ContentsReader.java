package io.github.dydxgateway.indexer;

import java.io.IOException;

/**
 * Reads the contents of one channel. The cursor stands at the beginning of an object and is left at
 * its end. Not thread safe.
 */
interface ContentsReader {

  /** The contents of a {@code subscribed} frame. */
  ChannelContents readInitialState(JsonCursor in) throws IOException;

  /** One update. */
  ChannelContents readUpdate(JsonCursor in) throws IOException;
}
