package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.SubscriptionState.State;

/** A run of consecutive entries of a topic's log, as a reader sees it. Reused by its reader. */
final class LogSlice {
  private byte[] bytes;
  private int offset;
  private int length;
  private int count;
  private long last;
  private long appendNanos;
  private State state;
  private boolean changesState;

  void set(
      byte[] newBytes,
      int newOffset,
      int newLength,
      int newCount,
      long newLast,
      long newAppendNanos,
      State newState,
      boolean newChangesState) {
    bytes = newBytes;
    offset = newOffset;
    length = newLength;
    count = newCount;
    last = newLast;
    appendNanos = newAppendNanos;
    state = newState;
    changesState = newChangesState;
  }

  /** The array that holds the entries, among others; must not be changed. */
  byte[] bytes() {
    return bytes;
  }

  /** Where the first entry begins. */
  int offset() {
    return offset;
  }

  /** Bytes of the entries. */
  int length() {
    return length;
  }

  /** Number of entries. */
  int count() {
    return count;
  }

  /** Sequence of the last entry. */
  long last() {
    return last;
  }

  /** When the first entry was appended, monotonic. */
  long appendNanos() {
    return appendNanos;
  }

  /** The topic's state after the last entry. */
  State state() {
    return state;
  }

  /** Whether the last entry is a change of the topic's state; it then may be the only one. */
  boolean changesState() {
    return changesState;
  }
}
