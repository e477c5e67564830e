package io.github.dydxgateway.simulator;

/**
 * What can be subscribed to.
 *
 * @param id the venue's name for it; the channel's name where the channel has no ids
 */
record SimulatedTopic(SimulatedChannel channel, String id) {

  static final SimulatedTopic MARKETS = whole(SimulatedChannel.MARKETS);
  static final SimulatedTopic BLOCK_HEIGHT = whole(SimulatedChannel.BLOCK_HEIGHT);

  private static SimulatedTopic whole(SimulatedChannel channel) {
    return new SimulatedTopic(channel, channel.wireName());
  }

  /** {@code v4_trades-BTC-USD}, as error texts name it. */
  @Override
  public String toString() {
    return channel.wireName() + "-" + id;
  }
}
