package io.github.dydxgateway.indexer;

import java.util.Objects;

/**
 * What one subscription at the venue is about.
 *
 * @param channel the channel
 * @param id ticker, {@code ticker/resolution} or {@code address/number}; empty on channels without
 *     ids, whatever the venue calls them
 */
public record ChannelId(Channel channel, String id) {
  public ChannelId {
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(id, "id");
    if (channel.hasId() == id.isEmpty()) {
      throw new IllegalArgumentException(
          channel.wireName()
              + (channel.hasId() ? " needs an id" : " takes no id, got '" + id + "'"));
    }
  }

  /** The subscription of a channel that has no ids. */
  public static ChannelId of(Channel channel) {
    return new ChannelId(channel, "");
  }

  @Override
  public String toString() {
    return id.isEmpty() ? channel.wireName() : channel.wireName() + " " + id;
  }
}
