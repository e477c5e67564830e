package io.github.dydxgateway.indexer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts that recur, such as tickers and sides, found by their bytes so that a known one costs no
 * allocation. Bounded: a flood of distinct texts only evicts others. Not thread safe.
 */
final class TextCache {
  /** Longer texts are not kept; an address with its subaccount number has about 50 characters. */
  static final int MAX_LENGTH = 64;

  /** Above the 641 subscriptions that fit on a connection, with room for the other texts. */
  private static final int SLOTS = 2048;

  private static final int PROBES = 4;

  private final KnownText[] slots = new KnownText[SLOTS];

  /** The text of UTF-8 that is known to be right. */
  String get(byte[] utf8, int offset, int length) {
    return length > MAX_LENGTH
        ? new String(utf8, offset, length, StandardCharsets.UTF_8)
        : find(utf8, offset, length).text();
  }

  /** The text that is kept, from now on at least; not longer than {@link #MAX_LENGTH}. */
  KnownText find(byte[] utf8, int offset, int length) {
    long head = Words.head(utf8, offset, length);
    long tail = Words.tail(utf8, offset, length);
    int home = hash(utf8, offset, length, head, tail);
    for (int probe = 0; probe < PROBES; probe++) {
      int slot = (home + probe) & (SLOTS - 1);
      KnownText known = slots[slot];
      if (known == null) {
        return keep(slot, utf8, offset, length);
      }
      if (known.matches(utf8, offset, length, head, tail)) {
        return known;
      }
    }
    return keep(home & (SLOTS - 1), utf8, offset, length);
  }

  private static int hash(byte[] utf8, int offset, int length, long head, long tail) {
    long hash = Words.mix(Words.mix(length, head), tail);
    int end = offset + length - Long.BYTES;
    for (int at = offset + Long.BYTES; at < end; at += Long.BYTES) {
      hash = Words.mix(hash, Words.at(utf8, at));
    }
    return (int) hash;
  }

  private KnownText keep(int slot, byte[] utf8, int offset, int length) {
    byte[] bytes = Arrays.copyOfRange(utf8, offset, offset + length);
    slots[slot] = new KnownText(bytes, new String(bytes, StandardCharsets.UTF_8), slot);
    return slots[slot];
  }

  /** Keeps a text as this very String, until it is evicted. */
  void add(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int slot = find(utf8, 0, utf8.length).slot();
    slots[slot] = new KnownText(utf8, text, slot);
  }

  /** What a slot holds; null if nothing. */
  KnownText at(int slot) {
    return slots[slot];
  }
}
