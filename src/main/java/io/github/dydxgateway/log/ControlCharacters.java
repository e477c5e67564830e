package io.github.dydxgateway.log;

import java.util.regex.Pattern;

/**
 * Replaces control characters, with which a text of the venue could begin a log line of its own.
 */
public final class ControlCharacters {
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\x80-\\x9f\\u2028\\u2029]");

  private ControlCharacters() {}

  /** A text with a space in place of each control character and line separator. */
  public static String replaced(String text) {
    return CONTROL.matcher(text).replaceAll(" ");
  }
}
