package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.log.Addresses;
import io.github.dydxgateway.log.ControlCharacters;

/**
 * Text that may be logged: account addresses are shortened to their first 8 and last 4 characters,
 * control characters and what exceeds {@value #MAX_LENGTH} characters are cut.
 */
final class LogText {
  private static final int MAX_LENGTH = 300;

  private LogText() {}

  static String of(ChannelId channelId) {
    return of(channelId.toString());
  }

  static String of(String text) {
    if (text == null) {
      return "";
    }
    String shown = ControlCharacters.replaced(Addresses.shortened(text));
    return shown.length() > MAX_LENGTH ? shown.substring(0, MAX_LENGTH) + "…" : shown;
  }
}
