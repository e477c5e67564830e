package io.github.dydxgateway.access;

import io.github.dydxgateway.v1.Topic;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a caller may have.
 *
 * @param holder names the token, or whom it was issued to; never the token itself
 * @param marketData whether topics and calls that are about no account are served
 * @param accounts addresses whose topics are served; {@value #ANY_ACCOUNT} stands for all
 * @param maxStreams how many streams the holder may have open at once
 * @param expiry when the rights end
 */
public record Rights(
    String holder,
    boolean marketData,
    Set<String> accounts,
    int maxStreams,
    Optional<Instant> expiry) {
  /** Stands for all accounts that are configured. */
  public static final String ANY_ACCOUNT = "*";

  /** Of everybody where tokens are off. */
  public static final Rights EVERYTHING =
      new Rights("anybody", true, Set.of(ANY_ACCOUNT), Integer.MAX_VALUE, Optional.empty());

  /** Of a caller that nobody has looked at. */
  public static final Rights NOTHING = new Rights("nobody", false, Set.of(), 0, Optional.empty());

  public Rights {
    accounts = Set.copyOf(accounts);
  }

  /**
   * Whether a topic may be told.
   *
   * @param topic with canonical ids
   */
  public boolean allows(Topic topic) {
    return switch (topic.getKindCase()) {
      case SUBACCOUNT -> allowsAccount(topic.getSubaccount().getAddress());
      case PARENT_SUBACCOUNT -> allowsAccount(topic.getParentSubaccount().getAddress());
      case TRADES, ORDER_BOOK, QUOTES, CANDLES, MARKETS, BLOCK_HEIGHT -> marketData;
      case KIND_NOT_SET -> false;
    };
  }

  private boolean allowsAccount(String address) {
    return accounts.contains(ANY_ACCOUNT) || accounts.contains(address);
  }
}
