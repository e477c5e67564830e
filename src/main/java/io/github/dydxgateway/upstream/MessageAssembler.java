package io.github.dydxgateway.upstream;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Puts a message together from its frames. The bytes lie in one buffer that is used again for the
 * next message. Not thread safe.
 */
final class MessageAssembler {
  private static final int KEPT_BYTES = 1 << 20;

  private final int maxBytes;
  private byte[] bytes = new byte[16 << 10];
  private int length;
  private boolean tooLong;

  MessageAssembler(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Begins a message; an unfinished one is dropped. */
  void begin() {
    length = 0;
    tooLong = false;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[KEPT_BYTES];
    }
  }

  /** Adds the payload of a frame; beyond the maximum it is counted no more and dropped. */
  void append(ByteBuf payload) {
    int added = payload.readableBytes();
    if (tooLong || added > maxBytes - length) {
      tooLong = true;
      return;
    }
    int needed = length + added;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, Math.max(needed, 2L * bytes.length)));
    }
    payload.getBytes(payload.readerIndex(), bytes, length, added);
    length = needed;
  }

  /** Whether the message is longer than the maximum, so that its bytes are not all here. */
  boolean isTooLong() {
    return tooLong;
  }

  /** The message, from index 0; valid until the next {@link #begin}. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }
}
