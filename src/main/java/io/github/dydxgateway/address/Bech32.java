package io.github.dydxgateway.address;

/**
 * The checksum of Bech32 texts as of BIP-173. The libraries that have it bring a wallet or a node
 * along.
 */
final class Bech32 {
  private static final String ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  private static final int MAX_LENGTH = 90;
  private static final int CHECKSUM_LENGTH = 6;
  private static final int[] GENERATOR = {
    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
  };

  private Bech32() {}

  /** The value of a character of the data part, 0 to 31; -1 where there is none. */
  static int valueOf(char character) {
    return ALPHABET.indexOf(character);
  }

  /** Whether a text is well formed and its checksum right. Upper case is allowed as a whole. */
  static boolean isValid(String text) {
    String lower = toLowerCase(text);
    if (!text.equals(lower) && hasLowerCase(text)) {
      return false;
    }
    int separator = lower.lastIndexOf('1');
    if (separator < 1
        || lower.length() > MAX_LENGTH
        || lower.length() - separator - 1 < CHECKSUM_LENGTH) {
      return false;
    }
    int checksum = 1;
    for (int i = 0; i < separator; i++) {
      if (lower.charAt(i) < '!' || lower.charAt(i) > '~') {
        return false;
      }
      checksum = next(checksum, lower.charAt(i) >> 5);
    }
    checksum = next(checksum, 0);
    for (int i = 0; i < separator; i++) {
      checksum = next(checksum, lower.charAt(i) & 31);
    }
    for (int i = separator + 1; i < lower.length(); i++) {
      int value = valueOf(lower.charAt(i));
      if (value < 0) {
        return false;
      }
      checksum = next(checksum, value);
    }
    return checksum == 1;
  }

  private static int next(int checksum, int value) {
    int top = checksum >> 25;
    int next = (checksum & 0x1ffffff) << 5 ^ value;
    for (int i = 0; i < GENERATOR.length; i++) {
      if ((top >> i & 1) != 0) {
        next ^= GENERATOR[i];
      }
    }
    return next;
  }

  /** ASCII only: other letters are no part of a Bech32 text. */
  private static String toLowerCase(String text) {
    StringBuilder lower = new StringBuilder(text);
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character >= 'A' && character <= 'Z') {
        lower.setCharAt(i, (char) (character + ('a' - 'A')));
      }
    }
    return lower.toString();
  }

  private static boolean hasLowerCase(String text) {
    return text.chars().anyMatch(character -> character >= 'a' && character <= 'z');
  }
}
