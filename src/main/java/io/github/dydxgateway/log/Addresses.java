package io.github.dydxgateway.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shortens addresses of accounts, which belong into no log. */
public final class Addresses {
  private static final Pattern ADDRESS = Pattern.compile("dydx1[0-9a-z]{12,}");

  private Addresses() {}

  /** A text with the first 8 and last 4 characters of each address in it. */
  public static String shortened(String text) {
    Matcher matcher = ADDRESS.matcher(text);
    return matcher.replaceAll(
        found -> {
          String address = found.group();
          return address.substring(0, 8) + "…" + address.substring(address.length() - 4);
        });
  }
}
