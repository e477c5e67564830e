package io.github.dydxgateway.indexer;

import java.util.Arrays;

/** A text that was read before, and the bytes by which it is known. Not thread safe. */
final class KnownText {
  /** Their first and last eight bytes tell texts up to this length apart. */
  private static final int TWO_WORDS = 2 * Long.BYTES;

  private final String text;
  private final byte[] utf8;
  private final int length;
  private final int slot;
  private final long head;
  private final long tail;
  private int slotOfNext;

  KnownText(byte[] utf8, String text, int slot) {
    this.text = text;
    this.utf8 = utf8;
    this.length = utf8.length;
    this.slot = slot;
    this.head = Words.head(utf8, 0, utf8.length);
    this.tail = Words.tail(utf8, 0, utf8.length);
  }

  String text() {
    return text;
  }

  int length() {
    return length;
  }

  /** Where the cache keeps this text. */
  int slot() {
    return slot;
  }

  /** Where the cache kept the text that came after this one when it came last. */
  int slotOfNext() {
    return slotOfNext;
  }

  void setNext(KnownText next) {
    slotOfNext = next.slot;
  }

  /**
   * @param head the other's, as {@link Words} has it
   * @param tail the other's, as {@link Words} has it
   */
  boolean matches(byte[] other, int offset, int length, long head, long tail) {
    return length == this.length
        && head == this.head
        && tail == this.tail
        && (length <= TWO_WORDS || Arrays.equals(utf8, 0, length, other, offset, offset + length));
  }

  /** Whether the other bytes begin with this text. */
  boolean isStartOf(byte[] other, int offset, int end) {
    return offset + length <= end
        && matches(
            other,
            offset,
            length,
            Words.head(other, offset, length),
            Words.tail(other, offset, length));
  }
}
