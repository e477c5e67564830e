package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.SubscriptionState.State;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The latest messages of a topic, bounded in number and bytes. Each client reads it at a cursor of
 * its own, so a client that is behind costs nothing but what the ring keeps anyway.
 *
 * <p>Of a long message only so many bytes count: an account's first state may be longer than the
 * limit, and must not push itself out before a client could read it.
 *
 * <p>One thread appends; any thread reads. An entry that a reader finds is complete, because
 * entries are immutable; one that has been overwritten meanwhile is recognised by its position.
 */
final class ReplayRing {
  private static final int FIRST_CAPACITY = 16;

  private final int maxCapacity;
  private final long maxBytes;
  private final long mostCountedOfOne;

  /** Grows with the topic; readers find in it whatever was appended before they read the head. */
  private volatile AtomicReferenceArray<RingEntry> slots;

  /** Of the messages kept; the writer's own, as the oldest entries have long left its caches. */
  private int[] lengths;

  private long keptBytes;
  private long countedBytes;
  private final AtomicLong shownBytes = new AtomicLong();
  private final AtomicLong oldest = new AtomicLong();
  private final AtomicLong head = new AtomicLong();

  /**
   * @param minEvents messages kept, rounded up to a power of two
   * @param maxBytes bytes of messages kept
   * @param mostCountedOfOne how many bytes of one message count towards {@code maxBytes}
   */
  ReplayRing(int minEvents, long maxBytes, long mostCountedOfOne) {
    this.maxCapacity = Math.max(2, Integer.highestOneBit(Math.max(1, minEvents - 1)) << 1);
    this.maxBytes = maxBytes;
    this.mostCountedOfOne = mostCountedOfOne;
    int capacity = Math.min(FIRST_CAPACITY, maxCapacity);
    this.slots = new AtomicReferenceArray<>(capacity);
    this.lengths = new int[capacity];
  }

  /**
   * Appends; writer only. The newest entry is kept whatever its size. Readers may see it a moment
   * later: a fence for each entry is dear.
   */
  RingEntry append(
      long sequence,
      boolean numbered,
      State state,
      long appendNanos,
      long receiveTimeNs,
      byte[] message,
      TopicFailure failure) {
    long position = head.getPlain();
    RingEntry entry =
        new RingEntry(
            position, sequence, numbered, state, appendNanos, receiveTimeNs, message, failure);
    long first = oldest.getPlain();
    if (position - first == lengths.length && lengths.length < maxCapacity) {
      grow(first, position);
    }
    AtomicReferenceArray<RingEntry> ring = slots;
    int mask = lengths.length - 1;
    if (position - first > mask) {
      count(lengths[(int) (first & mask)], -1);
      first++;
    }
    count(message.length, 1);
    while (first < position && countedBytes > maxBytes) {
      count(lengths[(int) (first & mask)], -1);
      ring.setRelease((int) (first & mask), null);
      first++;
    }
    lengths[(int) (position & mask)] = message.length;
    // Seen by whoever sees the new head.
    ring.setRelease((int) (position & mask), entry);
    oldest.setRelease(first);
    shownBytes.setRelease(keptBytes);
    head.setRelease(position + 1);
    return entry;
  }

  private void count(int length, int sign) {
    keptBytes += (long) sign * length;
    countedBytes += sign * Math.min(length, mostCountedOfOne);
  }

  private void grow(long first, long end) {
    int oldMask = lengths.length - 1;
    int newMask = 2 * lengths.length - 1;
    AtomicReferenceArray<RingEntry> grown = new AtomicReferenceArray<>(newMask + 1);
    int[] grownLengths = new int[newMask + 1];
    for (long position = first; position < end; position++) {
      grown.setPlain((int) (position & newMask), slots.getPlain((int) (position & oldMask)));
      grownLengths[(int) (position & newMask)] = lengths[(int) (position & oldMask)];
    }
    lengths = grownLengths;
    slots = grown;
  }

  /** The entry at a position, or null if it is not there yet or no longer. */
  RingEntry get(long position) {
    AtomicReferenceArray<RingEntry> ring = slots;
    RingEntry entry = ring.get((int) (position & (ring.length() - 1)));
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
}
