package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.MalformedFrameException;

/** Reads the venue's frames. Each connection has one of its own and uses it from its loop only. */
@FunctionalInterface
public interface FrameDecoder {
  /**
   * Reads one frame.
   *
   * @param buffer holds the frame; reused afterwards, so it must not be kept
   */
  IndexerFrame read(byte[] buffer, int offset, int length) throws MalformedFrameException;
}
