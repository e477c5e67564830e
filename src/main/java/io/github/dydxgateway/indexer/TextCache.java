package io.github.dydxgateway.indexer;

/**
 * Texts that recur, such as tickers and sides, found by their characters so that a known one costs
 * no allocation. Bounded: a flood of distinct texts only evicts others. Not thread safe.
 */
final class TextCache {
  /** Longer texts are not kept; an address with its subaccount number has about 50 characters. */
  static final int MAX_LENGTH = 64;

  /** Above the 641 subscriptions that fit on a connection, with room for the other texts. */
  private static final int SLOTS = 2048;

  private static final int PROBES = 4;

  private final String[] slots = new String[SLOTS];

  String get(char[] chars, int offset, int length) {
    if (length > MAX_LENGTH) {
      return new String(chars, offset, length);
    }
    int hash = hash(chars, offset, length);
    int home = hash ^ (hash >>> 16);
    for (int probe = 0; probe < PROBES; probe++) {
      int slot = (home + probe) & (SLOTS - 1);
      String known = slots[slot];
      if (known == null) {
        return keep(slot, chars, offset, length);
      }
      if (known.hashCode() == hash && matches(known, chars, offset, length)) {
        return known;
      }
    }
    return keep(home & (SLOTS - 1), chars, offset, length);
  }

  private String keep(int slot, char[] chars, int offset, int length) {
    String text = new String(chars, offset, length);
    slots[slot] = text;
    return text;
  }

  /** The same as {@link String#hashCode}, which a String computes only once. */
  private static int hash(char[] chars, int offset, int length) {
    int hash = 0;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + chars[i];
    }
    return hash;
  }

  private static boolean matches(String known, char[] chars, int offset, int length) {
    if (known.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (known.charAt(i) != chars[offset + i]) {
        return false;
      }
    }
    return true;
  }
}
