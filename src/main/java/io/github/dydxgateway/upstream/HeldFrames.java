package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.IndexerFrame.ChannelData;
import io.github.dydxgateway.indexer.MalformedFrameException;
import java.util.ArrayList;
import java.util.List;

/**
 * What came for a subscription before its initial state, in the order of its numbers and bounded; a
 * single frame of any length has room. Not thread safe.
 */
final class HeldFrames {
  static final int MAX_FRAMES = 10_000;
  static final long MAX_BYTES = 16L << 20;

  private final List<Entry> entries = new ArrayList<>();
  private long bytes;

  /** Keeps a frame; false if there is no room for it. */
  boolean add(ChannelData frame, long receiveTimeNs, int length) {
    return add(new Entry(frame, null, frame.messageId(), receiveTimeNs), length);
  }

  /** Keeps the place of a frame that could not be read; false if there is no room for it. */
  boolean add(MalformedFrameException problem, long receiveTimeNs, int length) {
    return add(new Entry(null, problem, problem.messageId(), receiveTimeNs), length);
  }

  private boolean add(Entry entry, int length) {
    if (entries.size() >= MAX_FRAMES || (bytes > 0 && bytes + length > MAX_BYTES)) {
      return false;
    }
    int place = entries.size();
    while (place > 0
        && entry.messageId != -1
        && entries.get(place - 1).messageId > entry.messageId) {
      place--;
    }
    entries.add(place, entry);
    bytes += length;
    return true;
  }

  /** Gives all entries in order and keeps none. */
  List<Entry> take() {
    if (entries.isEmpty()) {
      return List.of();
    }
    List<Entry> taken = List.copyOf(entries);
    clear();
    return taken;
  }

  /** Keeps nothing. Returns how many there were. */
  int clear() {
    int count = entries.size();
    entries.clear();
    bytes = 0;
    return count;
  }

  /** One of {@code frame} and {@code problem} is null. */
  record Entry(
      ChannelData frame, MalformedFrameException problem, long messageId, long receiveTimeNs) {}
}
