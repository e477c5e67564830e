package io.github.dydxgateway.indexer;

/** The characters of UTF-8 beyond ASCII, as RFC 3629 has them. */
final class Utf8 {
  private Utf8() {}

  /**
   * How many bytes the character takes that begins with a byte beyond ASCII; 0 where none does: cut
   * off, longer than need be, half of a surrogate pair, or beyond Unicode.
   */
  static int length(byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xFF;
    int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (first < 0xC2 || first > 0xF4 || length > end - at) {
      return 0;
    }
    int second = bytes[at + 1] & 0xFF;
    int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > most) {
      return 0;
    }
    for (int i = at + 2; i < at + length; i++) {
      if ((bytes[i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** Appends a character; returns where the next one goes. */
  static int append(int character, byte[] bytes, int offset) {
    int at = offset;
    if (character < 0x80) {
      bytes[at++] = (byte) character;
      return at;
    }
    if (character < 0x800) {
      bytes[at++] = (byte) (0xC0 | character >> 6);
    } else {
      if (character < 0x10000) {
        bytes[at++] = (byte) (0xE0 | character >> 12);
      } else {
        bytes[at++] = (byte) (0xF0 | character >> 18);
        bytes[at++] = (byte) (0x80 | character >> 12 & 0x3F);
      }
      bytes[at++] = (byte) (0x80 | character >> 6 & 0x3F);
    }
    bytes[at++] = (byte) (0x80 | character & 0x3F);
    return at;
  }
}
