package io.github.dydxgateway.simulator;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code address/number}, as the account channels name a subaccount. */
record SubaccountId(String address, int number) {

  // The bech32 alphabet; the checksum is not looked at, as the venue does not either.
  private static final String ADDRESS = "dydx1[02-9ac-hj-np-z]{38,39}";
  private static final Pattern ADDRESS_PATTERN = Pattern.compile(ADDRESS);
  private static final Pattern PATTERN = Pattern.compile("(" + ADDRESS + ")/(\\d{1,6})");

  /** The id in a text; empty where it is malformed. */
  static Optional<SubaccountId> parse(String text) {
    Matcher matcher = PATTERN.matcher(text);
    return matcher.matches()
        ? Optional.of(new SubaccountId(matcher.group(1), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  static boolean isAddress(String text) {
    return ADDRESS_PATTERN.matcher(text).matches();
  }
}
