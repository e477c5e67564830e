package io.github.dydxgateway.chaos;

import java.util.EnumSet;
import java.util.Set;

/**
 * What the venue itself may do wrong. All of it is what the real venue does; of none the checker
 * demands less, except where a constant says so.
 */
enum VenueFault {
  /**
   * Its bus delivers the newest updates of a channel again. A batch that ends with the newest
   * update leaves absolute values (sizes of book levels, positions, balances, statuses) as they
   * are, so states must be right in the end, and trades, fills and blocks come once. Batches that
   * end earlier are left out: nobody can know that the sizes in them are old.
   */
  REDELIVER(20, false),
  /** The next connection leads to an instance whose list of tickers is old. */
  HIDDEN_TICKER(4, false),
  /** The next connection is upgraded, and nothing comes. */
  MUTE_CONNECTION(4, false),
  /** The next request to upgrade is not answered. */
  IGNORED_UPGRADE(4, false),
  /** The next initial states cannot be fetched. */
  FAILED_FETCH(8, false),
  /** The next initial state is no state. */
  UNREADABLE_STATE(8, false),
  /**
   * For a while, what is published while an initial state is fetched is lost. Only with redundancy:
   * a single connection cannot notice.
   */
  SLOW_FETCH(4, false),
  /** A market is listed, and refused for a while. */
  NEW_MARKET(2, false),
  /** A market has another name from now on; who has the old one must drop it. */
  RENAMED_MARKET(2, false),
  /** A market is missing from the next full state on; until that, who has it may keep it. */
  REMOVED_MARKET(1, false);

  private final int weight;
  private final boolean isUsual;

  VenueFault(int weight, boolean isUsual) {
    this.weight = weight;
    this.isUsual = isUsual;
  }

  /** Those that happen unless {@code chaos.faults} says otherwise. */
  static Set<VenueFault> usual() {
    Set<VenueFault> usual = EnumSet.noneOf(VenueFault.class);
    for (VenueFault fault : values()) {
      if (fault.isUsual) {
        usual.add(fault);
      }
    }
    return usual;
  }

  /** How often, in 500 ticks of the market. */
  int weight() {
    return weight;
  }
}
