package io.github.dydxgateway.simulator;

import io.vertx.core.Future;

/**
 * What the venue's message bus does wrong: batches that failed are delivered again. Thread-safe.
 */
public final class BusFaults {

  private final SimulatorContext context;
  private final MessageBus bus;

  BusFaults(SimulatorContext context, MessageBus bus) {
    this.context = context;
    this.bus = bus;
  }

  /**
   * Delivers the newest updates of a channel once more, in their order and under new message ids,
   * as the venue's bus does with a batch that failed. The initial states and the record stay as
   * they are, and so do the clients' books and accounts once all of it has arrived.
   *
   * @param channel wire name; {@code v4_subaccounts} stands for the parents too
   * @param count how many, over all ids of the channel; at most {@value MessageBus#REMEMBERED}
   * @return how many it were: only what had a subscriber can come again
   */
  public Future<Integer> redeliver(String channel, int count) {
    return redeliver(channel, count, 0);
  }

  /**
   * As {@link #redeliver(String, int)}, of updates that later ones have followed. The absolute
   * values in it, sizes of book levels, positions, balances and statuses, take the place of newer
   * ones at clients, who cannot notice, until the venue changes them again.
   *
   * @param later how many newer updates are not delivered again
   */
  public Future<Integer> redeliver(String channel, int count, int later) {
    SimulatedChannel of = SimulatedChannel.named(channel);
    int[] redelivered = new int[1];
    return context
        .run(() -> redelivered[0] = bus.redeliver(of, count, later))
        .map(nothing -> redelivered[0]);
  }

  /**
   * Does as {@link #redeliver(String, int)} by itself, with batches of up to sixty updates.
   *
   * @param oneIn for each channel, in one of so many blocks; 0 ends it
   */
  public void redeliverSometimes(int oneIn) {
    bus.redeliverSometimes(oneIn);
  }

  void clear() {
    bus.redeliverSometimes(0);
  }
}
