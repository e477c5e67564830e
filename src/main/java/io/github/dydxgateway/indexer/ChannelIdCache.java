package io.github.dydxgateway.indexer;

/**
 * The {@link ChannelId}s of one connection, so that a frame of a known one allocates none. Bounded:
 * a flood of distinct ids only evicts others. Not thread safe.
 */
final class ChannelIdCache {
  private static final int SLOTS = 2048;
  private static final int PROBES = 4;

  private final ChannelId[] slots = new ChannelId[SLOTS];

  /**
   * @param id not empty where the channel has ids, empty where it has none
   */
  ChannelId get(Channel channel, String id) {
    if (id.length() > TextCache.MAX_LENGTH) {
      return new ChannelId(channel, id);
    }
    int hash = 31 * id.hashCode() + channel.wireName().hashCode();
    int home = hash ^ (hash >>> 16);
    for (int probe = 0; probe < PROBES; probe++) {
      int slot = (home + probe) & (SLOTS - 1);
      ChannelId known = slots[slot];
      if (known == null) {
        return keep(slot, channel, id);
      }
      if (known.channel() == channel && known.id().equals(id)) {
        return known;
      }
    }
    return keep(home & (SLOTS - 1), channel, id);
  }

  private ChannelId keep(int slot, Channel channel, String id) {
    ChannelId channelId = new ChannelId(channel, id);
    slots[slot] = channelId;
    return channelId;
  }
}
