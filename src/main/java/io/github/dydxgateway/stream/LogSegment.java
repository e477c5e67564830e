package io.github.dydxgateway.stream;

import com.google.protobuf.CodedOutputStream;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.io.IOException;

/**
 * A part of a topic's log: an array that is filled once with encoded events, one after the other,
 * and arrays of primitives that index it. There is no object per event.
 *
 * <p>One thread writes; any thread reads the entries up to the log's head, which it has to read
 * first.
 */
final class LogSegment {
  /** Bytes that the index needs for an entry. */
  static final int INDEX_BYTES = 2 * Integer.BYTES + 1;

  private static final int CHANGES_STATE = 0x80;
  private static final int STATE_MASK = 0x7f;
  private static final long NANOS_PER_MICRO = 1_000;

  private final long first;
  private final State stateBefore;
  private final long originNanos;
  private final byte[] bytes;
  private final CodedOutputStream out;

  /** By entry: where it ends in {@link #bytes}. */
  private final int[] ends;

  /** By entry: when it was appended, microseconds after {@link #originNanos}. */
  private final int[] appendMicros;

  /** By entry: the state of the topic after it, and whether the entry is a change of it. */
  private final byte[] states;

  private int count;
  private int used;
  private boolean closed;

  /**
   * @param first sequence of the first entry to come
   * @param stateBefore the topic's state before it
   * @param nowNanos monotonic
   */
  LogSegment(long first, State stateBefore, int capacityBytes, int capacityEntries, long nowNanos) {
    this.first = first;
    this.stateBefore = stateBefore;
    this.originNanos = nowNanos;
    this.bytes = new byte[capacityBytes];
    this.out = CodedOutputStream.newInstance(bytes);
    this.ends = new int[capacityEntries];
    this.appendMicros = new int[capacityEntries];
    this.states = new byte[capacityEntries];
  }

  // ---- the writer's

  /** Whether another entry can be appended. */
  boolean hasRoom(int length, long nowNanos) {
    return !closed
        && count < ends.length
        && length <= bytes.length - used
        && (nowNanos - originNanos) / NANOS_PER_MICRO <= Integer.MAX_VALUE;
  }

  /** Where the next entry is to be written. */
  CodedOutputStream out() {
    return out;
  }

  /** What was written since the entry before is an entry. */
  void commit(State state, boolean changesState, long nowNanos) throws IOException {
    out.flush();
    used = out.getTotalBytesWritten();
    ends[count] = used;
    appendMicros[count] = (int) ((nowNanos - originNanos) / NANOS_PER_MICRO);
    states[count] = (byte) (state.getNumber() | (changesState ? CHANGES_STATE : 0));
    count++;
  }

  /** What was written since the entry before is none: nothing can be appended any more. */
  void close() {
    closed = true;
  }

  /** Number of entries. */
  int count() {
    return count;
  }

  /** Bytes of the entries. */
  int used() {
    return used;
  }

  /** When it was begun, monotonic. */
  long originNanos() {
    return originNanos;
  }

  // ---- anybody's

  /** Sequence of its first entry. */
  long first() {
    return first;
  }

  /** Bytes that it takes, used or not. */
  int capacity() {
    return bytes.length + ends.length * INDEX_BYTES;
  }

  /** The topic's state after an entry; that before the first is asked for by its place, -1. */
  State stateAfter(long sequence) {
    return sequence < first
        ? stateBefore
        : State.forNumber(states[(int) (sequence - first)] & STATE_MASK);
  }

  /**
   * Reads a run of entries, at least one.
   *
   * @param from sequence of the first
   * @param last sequence of the last that may be read
   * @param mostBytes of more than one entry
   * @param separatesStates whether a change of the topic's state is a run of its own
   */
  void read(long from, long last, int mostBytes, boolean separatesStates, LogSlice into) {
    int begin = (int) (from - first);
    int offset = begin == 0 ? 0 : ends[begin - 1];
    int end = (int) (last - first);
    if (separatesStates) {
      end = isState(begin) ? begin : lastBeforeState(begin, end);
    }
    if (ends[end] - offset > mostBytes) {
      end = lastWithin(begin, end, offset + mostBytes);
    }
    into.set(
        bytes,
        offset,
        ends[end] - offset,
        end - begin + 1,
        first + end,
        originNanos + appendMicros[begin] * NANOS_PER_MICRO,
        State.forNumber(states[end] & STATE_MASK),
        isState(end));
  }

  private boolean isState(int entry) {
    return (states[entry] & CHANGES_STATE) != 0;
  }

  private int lastBeforeState(int begin, int end) {
    int last = begin;
    while (last < end && !isState(last + 1)) {
      last++;
    }
    return last;
  }

  /** The last entry that ends at that place or before it; the first of the run if none does. */
  private int lastWithin(int begin, int end, int limit) {
    int low = begin;
    int high = end;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (ends[middle] <= limit) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
