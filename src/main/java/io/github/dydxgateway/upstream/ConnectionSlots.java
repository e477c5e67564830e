package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.Channel;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many subscriptions of each channel one connection carries, and may carry: what the venue's
 * documentation says, or less if the venue said so in this session. Guarded by the pool's lock;
 * only {@link #total} may be read by anyone.
 */
final class ConnectionSlots {
  private final Map<Channel, Integer> taken = new EnumMap<>(Channel.class);
  private final Map<Channel, Integer> learnedLimits = new EnumMap<>(Channel.class);
  private volatile int total;

  boolean hasRoom(Channel channel) {
    return taken(channel) < learnedLimits.getOrDefault(channel, channel.connectionLimit());
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the pool's lock
  void take(Channel channel) {
    taken.merge(channel, 1, Integer::sum);
    total++;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the pool's lock
  void free(Channel channel) {
    taken.merge(channel, -1, Integer::sum);
    total--;
  }

  /**
   * The venue refused the last of the taken slots of this channel.
   *
   * @return false if it was the only one: that is no limit one could keep to
   */
  boolean learnFull(Channel channel) {
    int others = taken(channel) - 1;
    if (others < 1) {
      return false;
    }
    learnedLimits.merge(channel, others, Math::min);
    return true;
  }

  /** A new session begins: the venue may have changed its mind. */
  void forgetLearnedLimits() {
    learnedLimits.clear();
  }

  int total() {
    return total;
  }

  private int taken(Channel channel) {
    return taken.getOrDefault(channel, 0);
  }
}
