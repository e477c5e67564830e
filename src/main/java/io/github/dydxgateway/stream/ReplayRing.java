package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.SubscriptionState.State;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The latest messages of a topic, bounded in number and bytes. Each client reads it at a cursor of
 * its own, so a client that is behind costs nothing but what the ring keeps anyway.
 *
 * <p>One thread appends; any thread reads. An entry that a reader finds is complete, because
 * entries are immutable; one that has been overwritten meanwhile is recognised by its position.
 */
final class ReplayRing {
  private final AtomicReferenceArray<RingEntry> slots;
  private final int mask;
  private final long maxBytes;

  /** Of the messages kept; the writer's own, as the oldest entries have long left its caches. */
  private final int[] lengths;

  private long keptBytes;
  private long endOffset;
  private final AtomicLong oldest = new AtomicLong();
  private final AtomicLong head = new AtomicLong();

  ReplayRing(int minEvents, long maxBytes) {
    int capacity = Math.max(2, Integer.highestOneBit(Math.max(1, minEvents - 1)) << 1);
    this.slots = new AtomicReferenceArray<>(capacity);
    this.lengths = new int[capacity];
    this.mask = capacity - 1;
    this.maxBytes = maxBytes;
  }

  /**
   * Appends; writer only. The newest entry is kept whatever its size. Readers may see it a moment
   * later: a fence for each entry is dear.
   */
  RingEntry append(
      long sequence,
      boolean numbered,
      State state,
      long receiveTimeNs,
      byte[] message,
      TopicFailure failure) {
    long position = head.getPlain();
    endOffset += message.length;
    RingEntry entry =
        new RingEntry(
            position, sequence, numbered, state, endOffset, receiveTimeNs, message, failure);
    long first = oldest.getPlain();
    if (position - first > mask) {
      keptBytes -= lengths[slot(first)];
      first++;
    }
    keptBytes += message.length;
    while (first < position && keptBytes > maxBytes) {
      keptBytes -= lengths[slot(first)];
      slots.setRelease(slot(first), null);
      first++;
    }
    lengths[slot(position)] = message.length;
    // Seen by whoever sees the new head.
    slots.setRelease(slot(position), entry);
    oldest.setRelease(first);
    head.setRelease(position + 1);
    return entry;
  }

  /** The entry at a position, or null if it is not there yet or no more. */
  RingEntry get(long position) {
    RingEntry entry = slots.get(slot(position));
    return entry != null && entry.position() == position ? entry : null;
  }

  /** Position of the next entry to come. */
  long head() {
    return head.get();
  }

  /** Position of the oldest entry kept; equal to {@link #head} if there is none. */
  long oldest() {
    return oldest.getAcquire();
  }

  /** Bytes of the messages kept; somewhat out of date for any thread but the writer. */
  long bytes() {
    long last = head() - 1;
    RingEntry newest = last < 0 ? null : get(last);
    RingEntry first = get(oldest());
    return newest == null || first == null
        ? 0
        : Math.max(0, newest.endOffset() - first.startOffset());
  }

  private int slot(long position) {
    return (int) (position & mask);
  }
}
