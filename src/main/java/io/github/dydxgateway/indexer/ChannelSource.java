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
   *     after the first is closed, or by {@link #subscribeCopy}
   * @param loop from {@link #loopFor}; all calls of the listener are made there
   * @param listener told what comes
   */
  ChannelSubscription subscribe(ChannelId channelId, Executor loop, ChannelListener listener);

  /**
   * Subscribes once more to the same, on a connection that carries no other subscription to it, so
   * that the end of one connection ends but one of them. May be done any number of times; each is
   * closed for itself. Where there is no such connection it is refused with {@link
   * ChannelListener.Refusal.Kind#NO_CONNECTION_LEFT}; that also ends it later, when a {@link
   * #subscribe} finds no other room.
   *
   * @param channelId what to subscribe to
   * @param loop all calls of the listener are made there
   * @param listener told what comes
   */
  ChannelSubscription subscribeCopy(ChannelId channelId, Executor loop, ChannelListener listener);
}
