package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.SubscriptionState.State;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The latest messages of a topic, bounded in number and bytes. Each client reads it at a cursor of
 * its own, so a client that is behind costs nothing but what the ring keeps anyway.
 *
 * <p>Of a long message only so many bytes count: an account's first state may be longer than all
 * limits, and must neither push itself out before a client could read it nor make a client that
 * reads it late.
 *
 * <p>One thread appends; any thread reads. An entry that a reader finds is complete, because
 * entries are immutable; one that has been overwritten meanwhile is recognised by its position.
 */
final class ReplayRing {
  private final AtomicReferenceArray<RingEntry> slots;
  private final int mask;
  private final long maxBytes;
  private final long mostKeptOfOne;
  private final long mostCountedOfOne;

  /** Of the messages kept; the writer's own, as the oldest entries have long left its caches. */
  private final int[] lengths;

  private long keptBytes;
  private long keptCounted;
  private long endOffset;
  private final AtomicLong shownBytes = new AtomicLong();
  private final AtomicLong oldest = new AtomicLong();
  private final AtomicLong head = new AtomicLong();

  /**
   * @param minEvents messages kept, rounded up to a power of two
   * @param maxBytes bytes of messages kept
   * @param mostKeptOfOne how many bytes of one message count towards {@code maxBytes}
   * @param mostCountedOfOne how many bytes of one message count in the offsets of entries
   */
  ReplayRing(int minEvents, long maxBytes, long mostKeptOfOne, long mostCountedOfOne) {
    int capacity = Math.max(2, Integer.highestOneBit(Math.max(1, minEvents - 1)) << 1);
    this.slots = new AtomicReferenceArray<>(capacity);
    this.lengths = new int[capacity];
    this.mask = capacity - 1;
    this.maxBytes = maxBytes;
    this.mostKeptOfOne = mostKeptOfOne;
    this.mostCountedOfOne = mostCountedOfOne;
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
    int counted = (int) Math.min(message.length, mostCountedOfOne);
    endOffset += counted;
    RingEntry entry =
        new RingEntry(
            position,
            sequence,
            numbered,
            state,
            endOffset,
            counted,
            receiveTimeNs,
            message,
            failure);
    long first = oldest.getPlain();
    if (position - first > mask) {
      uncount(lengths[slot(first)]);
      first++;
    }
    keptBytes += message.length;
    keptCounted += kept(message.length);
    while (first < position && keptCounted > maxBytes) {
      uncount(lengths[slot(first)]);
      slots.setRelease(slot(first), null);
      first++;
    }
    lengths[slot(position)] = message.length;
    // Seen by whoever sees the new head.
    slots.setRelease(slot(position), entry);
    oldest.setRelease(first);
    shownBytes.setRelease(keptBytes);
    head.setRelease(position + 1);
    return entry;
  }

  private void uncount(int length) {
    keptBytes -= length;
    keptCounted -= kept(length);
  }

  private long kept(int length) {
    return Math.min(length, mostKeptOfOne);
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
    return shownBytes.getAcquire();
  }

  private int slot(long position) {
    return (int) (position & mask);
  }
}
