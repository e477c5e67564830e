package io.github.dydxgateway.address;

/** Checks addresses of wallets on the chain: Bech32 in lower case, prefix {@code dydx}. */
public final class WalletAddress {
  private static final String PREFIX = "dydx1";

  /** Characters of an address of 20 bytes, which a key has. */
  private static final int KEY_LENGTH = 43;

  /** Characters of an address of 32 bytes, which a module or contract has. */
  private static final int MODULE_LENGTH = 63;

  private static final int CHECKSUM_LENGTH = 6;

  /** Bits of the last character of 32 bytes that no byte takes, and that are 0. */
  private static final int PADDING = 0xF;

  private WalletAddress() {}

  /**
   * What keeps a text from being an address that a key has.
   *
   * @return for a person, to follow "got", without the text itself; null if it is one
   */
  public static String problemOfKeyAddress(String text) {
    return problemOf(text, false);
  }

  /**
   * What keeps a text from being an address.
   *
   * @return for a person, to follow "got", without the text itself; null if it is one
   */
  public static String problemOf(String text) {
    return problemOf(text, true);
  }

  private static String problemOf(String text, boolean mayBeOfModule) {
    boolean isOfModule = mayBeOfModule && text.length() == MODULE_LENGTH;
    if (!text.isEmpty() && !text.startsWith(PREFIX)) {
      return "one with another beginning";
    }
    if (text.length() != KEY_LENGTH && !isOfModule) {
      return "one of " + text.length() + " characters";
    }
    for (int i = PREFIX.length(); i < text.length(); i++) {
      if (Bech32.valueOf(text.charAt(i)) < 0) {
        return "one with a character at position " + (i + 1) + " that bech32 does not have";
      }
    }
    if (!Bech32.isValid(text)) {
      return "one with a wrong checksum";
    }
    int last = Bech32.valueOf(text.charAt(text.length() - CHECKSUM_LENGTH - 1));
    return isOfModule && (last & PADDING) != 0
        ? "one whose length in bits is no multiple of 8"
        : null;
  }
}
