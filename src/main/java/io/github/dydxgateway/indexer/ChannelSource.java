package io.github.dydxgateway.indexer;

import java.util.concurrent.Executor;

/** Offers the venue's channels. May be called from any thread. */
public interface ChannelSource {

  /**
   * The event loop on which a new subscription of this channel would best be served: that of the
   * connection it would be placed on now.
   *
   * @return an executor that runs its tasks one after the other on one thread
   */
  Executor loopFor(Channel channel);

  /**
   * Subscribes, and keeps the subscription through reconnects until it is closed or refused.
   *
   * @param channelId what to subscribe to; a second subscription to the same may be opened only
   *     after the first is closed
   * @param loop from {@link #loopFor}; all calls of the listener are made there
   * @param listener told what comes
   */
  ChannelSubscription subscribe(ChannelId channelId, Executor loop, ChannelListener listener);
}
