package io.github.dydxgateway.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * One response message: runs of encoded events, in the order in which they are sent. Built by one
 * thread; not changed once it is sent.
 */
public final class EventBatch {
  /** gRPC's own threshold of readiness; a message is longer only if one event is. */
  public static final int MAX_BYTES = 32 << 10;

  private static final int FIRST_RUNS = 4;

  private byte[][] arrays = new byte[FIRST_RUNS][];
  private int[] offsets = new int[FIRST_RUNS];
  private int[] lengths = new int[FIRST_RUNS];
  private int runs;
  private int length;
  private int events;

  /** Adds one event, an element of a response message. */
  public void add(byte[] event) {
    add(event, 0, event.length, 1);
  }

  /**
   * Adds a run of events.
   *
   * @param array holds the elements; must not be changed there any more
   */
  public void add(byte[] array, int offset, int runLength, int count) {
    length += runLength;
    events += count;
    if (runs > 0 && arrays[runs - 1] == array && offsets[runs - 1] + lengths[runs - 1] == offset) {
      lengths[runs - 1] += runLength;
      return;
    }
    if (runs == arrays.length) {
      arrays = Arrays.copyOf(arrays, 2 * runs);
      offsets = Arrays.copyOf(offsets, 2 * runs);
      lengths = Arrays.copyOf(lengths, 2 * runs);
    }
    arrays[runs] = array;
    offsets[runs] = offset;
    lengths[runs] = runLength;
    runs++;
  }

  /** Bytes of the message. */
  public int length() {
    return length;
  }

  /** Number of events. */
  public int events() {
    return events;
  }

  /** Writes the message. */
  public void writeTo(OutputStream target) throws IOException {
    for (int i = 0; i < runs; i++) {
      target.write(arrays[i], offsets[i], lengths[i]);
    }
  }

  /** A copy of the message. */
  public byte[] toByteArray() {
    byte[] message = new byte[length];
    int at = 0;
    for (int i = 0; i < runs; i++) {
      System.arraycopy(arrays[i], offsets[i], message, at, lengths[i]);
      at += lengths[i];
    }
    return message;
  }
}
