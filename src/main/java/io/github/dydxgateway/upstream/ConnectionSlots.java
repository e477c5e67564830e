package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.Channel;
import java.util.Arrays;

/**
 * How many subscriptions of each channel one connection carries, and may carry: what the venue's
 * documentation says, or less if the venue said so in this session. Guarded by the pool's lock;
 * only {@link #total} may be read by anyone.
 */
final class ConnectionSlots {
  private final int[] taken = new int[Channel.values().length];
  private final int[] limits = new int[taken.length];
  private volatile int total;

  ConnectionSlots() {
    forgetLearnedLimits();
  }

  boolean hasRoom(Channel channel) {
    return taken[channel.ordinal()] < limits[channel.ordinal()];
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the pool's lock
  void take(Channel channel) {
    taken[channel.ordinal()]++;
    total++;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the pool's lock
  void free(Channel channel) {
    taken[channel.ordinal()]--;
    total--;
  }

  /**
   * The venue refused the last of the taken slots of this channel.
   *
   * @return false if it was the only one: that is no limit one could keep to
   */
  boolean learnFull(Channel channel) {
    int index = channel.ordinal();
    if (taken[index] <= 1) {
      return false;
    }
    limits[index] = Math.min(limits[index], taken[index] - 1);
    return true;
  }

  /** A new session begins: the venue may have changed its mind. */
  void forgetLearnedLimits() {
    Arrays.setAll(limits, index -> Channel.values()[index].connectionLimit());
  }

  int total() {
    return total;
  }
}
