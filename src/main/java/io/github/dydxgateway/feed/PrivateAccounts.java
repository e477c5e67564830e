package io.github.dydxgateway.feed;

import java.util.List;
import java.util.Set;

/**
 * The accounts whose private channels may be served.
 *
 * @param accounts as configured
 */
public record PrivateAccounts(List<Account> accounts) {
  /** Subaccounts of one parent are this far apart. */
  private static final int PARENTS = 128;

  /**
   * One account.
   *
   * @param address bech32 with prefix {@code dydx}
   * @param subaccounts numbers that may be served, each with its children; empty: all
   * @param accountId label told to clients; may be empty
   */
  public record Account(String address, Set<Integer> subaccounts, String accountId) {
    boolean allows(int subaccountNumber) {
      return subaccounts.isEmpty()
          || subaccounts.contains(subaccountNumber)
          || subaccounts.contains(subaccountNumber % PARENTS);
    }
  }

  /** The account that allows this subaccount to be served; null if none does. */
  Account find(String address, int subaccountNumber) {
    for (Account account : accounts) {
      if (account.address().equals(address) && account.allows(subaccountNumber)) {
        return account;
      }
    }
    return null;
  }
}
