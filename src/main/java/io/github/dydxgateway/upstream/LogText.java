package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.ChannelId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text that may be logged: account addresses are shortened to their first 8 and last 4 characters,
 * control characters and what exceeds {@value #MAX_LENGTH} characters are cut.
 */
final class LogText {
  private static final int MAX_LENGTH = 300;
  private static final Pattern ADDRESS = Pattern.compile("dydx1[0-9a-z]{12,}");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private LogText() {}

  static String of(ChannelId channelId) {
    return of(channelId.toString());
  }

  static String of(String text) {
    if (text == null) {
      return "";
    }
    String shown = ADDRESS.matcher(text).replaceAll(LogText::shortened);
    shown = CONTROL.matcher(shown).replaceAll(" ");
    return shown.length() > MAX_LENGTH ? shown.substring(0, MAX_LENGTH) + "…" : shown;
  }

  private static String shortened(java.util.regex.MatchResult match) {
    String address = match.group();
    return Matcher.quoteReplacement(
        address.substring(0, 8) + "…" + address.substring(address.length() - 4));
  }
}
