package io.github.dydxgateway.indexer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at eight bytes at once. */
final class Words {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long QUOTES = '"' * ONES;
  private static final long BACKSLASHES = '\\' * ONES;
  private static final long SPACES = ' ' * ONES;

  private static final long HASH_FACTOR = 0x9E3779B97F4A7C15L;

  private Words() {}

  /**
   * Where the first byte stands that is more in a JSON string than a character of ASCII: its end,
   * an escape, a control character, or a part of a longer character. The end where there is none.
   */
  static int plainTextEnd(byte[] bytes, int offset, int end) {
    int at = offset;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      long word = (long) LONGS.get(bytes, at);
      // A subtraction borrows only above a hit, so the lowest one is right.
      long hits =
          (word | (word - SPACES) | ((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES))
              & HIGH_BITS;
      if (hits != 0) {
        return at + Long.numberOfTrailingZeros(hits) / Byte.SIZE;
      }
    }
    while (at < end && bytes[at] >= ' ' && bytes[at] != '"' && bytes[at] != '\\') {
      at++;
    }
    return at;
  }

  /** The eight bytes from there on. */
  static long at(byte[] bytes, int offset) {
    return (long) LONGS.get(bytes, offset);
  }

  /** The first eight bytes of a text, or as many as there are. */
  static long head(byte[] bytes, int offset, int length) {
    if (length >= Long.BYTES) {
      return (long) LONGS.get(bytes, offset);
    }
    if (offset <= bytes.length - Long.BYTES) {
      return (long) LONGS.get(bytes, offset) & ((1L << length * Byte.SIZE) - 1);
    }
    long word = 0;
    for (int at = offset + length - 1; at >= offset; at--) {
      word = word << Byte.SIZE | bytes[at] & 0xFF;
    }
    return word;
  }

  /** The last eight bytes of a text; 0 where it is shorter. */
  static long tail(byte[] bytes, int offset, int length) {
    return length >= Long.BYTES ? (long) LONGS.get(bytes, offset + length - Long.BYTES) : 0;
  }

  /** Adds a word to a hash, whose low bits then depend on all of both. */
  static long mix(long hash, long word) {
    long mixed = (hash ^ word) * HASH_FACTOR;
    return mixed ^ mixed >>> 32;
  }
}
