package io.github.dydxgateway.indexer;

/**
 * The escapes in JSON strings. Half a surrogate pair, which no UTF-8 can hold, becomes U+FFFD.
 * Holds the last text; not thread safe.
 */
final class JsonEscapes {
  /** A backslash, the u and four digits. */
  private static final int UNICODE_LENGTH = 6;

  private static final int REPLACEMENT = 0xFFFD;

  private byte[] decoded = new byte[128];
  private int length;
  private boolean halfPair;

  /** How many bytes the escape at the backslash takes; 0 where it is none. */
  static int length(byte[] bytes, int at, int end) {
    if (at + 1 >= end) {
      return 0;
    }
    return switch (bytes[at + 1]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> 2;
      case 'u' -> end - at >= UNICODE_LENGTH && codeUnit(bytes, at) >= 0 ? UNICODE_LENGTH : 0;
      default -> 0;
    };
  }

  /** The four hexadecimal digits of an escape; negative where one is none. */
  private static int codeUnit(byte[] bytes, int at) {
    int unit = 0;
    for (int i = at + 2; i < at + UNICODE_LENGTH; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  /** Decodes a text whose escapes are right; the result is never longer. */
  void decode(byte[] bytes, int offset, int end) {
    if (decoded.length < end - offset) {
      decoded = new byte[end - offset];
    }
    length = 0;
    halfPair = false;
    for (int at = offset; at < end; ) {
      if (bytes[at] != '\\') {
        decoded[length++] = bytes[at++];
      } else if (bytes[at + 1] != 'u') {
        decoded[length++] = meaning(bytes[at + 1]);
        at += 2;
      } else {
        at = decodeUnicode(bytes, at, end);
      }
    }
  }

  private int decodeUnicode(byte[] bytes, int at, int end) {
    int character = codeUnit(bytes, at);
    int next = at + UNICODE_LENGTH;
    if (Character.isSurrogate((char) character)) {
      int low =
          next < end && bytes[next] == '\\' && bytes[next + 1] == 'u' ? codeUnit(bytes, next) : 0;
      if (Character.isSurrogatePair((char) character, (char) low)) {
        character = Character.toCodePoint((char) character, (char) low);
        next += UNICODE_LENGTH;
      } else {
        character = REPLACEMENT;
        halfPair = true;
      }
    }
    length = Utf8.append(character, decoded, length);
    return next;
  }

  private static byte meaning(byte letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> letter;
    };
  }

  /** The last text as UTF-8; valid up to its length, and until the next. */
  byte[] decoded() {
    return decoded;
  }

  int decodedLength() {
    return length;
  }

  /** Whether there was half a pair in the last text. */
  boolean hasHalfPair() {
    return halfPair;
  }
}
