package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelListener.Refusal;

/**
 * Watches the connections, for metrics and health. Called on event loops, by several of them at
 * once: must be thread safe, cheap, and not throw.
 */
public interface UpstreamObserver {
  /** Watches nothing. */
  UpstreamObserver NONE = new UpstreamObserver() {};

  /**
   * A message arrived and was read.
   *
   * @param channel null where it is about none, or about an unknown one
   * @param bytes length of the message
   */
  default void frameReceived(Channel channel, int bytes) {}

  /**
   * A message could not be read; it is lost.
   *
   * @param channel null where it could not be read
   * @param problem for a person
   */
  default void malformedFrame(Channel channel, String problem) {}

  /**
   * A message was read and given to nobody.
   *
   * @param channel null where it is about none, or about an unknown one
   */
  default void droppedFrame(Channel channel, DropReason reason) {}

  /**
   * Messages of a live connection did not come; what they may have been about is asked for again.
   *
   * @param count how many
   */
  default void messagesLost(long count) {}

  /**
   * A connection changed its state.
   *
   * @param number number of the connection, from 1
   * @param reason for a person
   */
  default void connectionStateChanged(
      int number, ConnectionState from, ConnectionState to, String reason) {}

  /** A connection was lost, or an attempt failed; another attempt follows. */
  default void reconnecting(int number, DisconnectReason reason) {}

  /** A subscribe has to be sent again on the same connection. */
  default void subscribeRetried(Channel channel, RetryReason reason) {}

  /** A subscription was refused for good. */
  default void subscriptionRefused(Channel channel, Refusal.Kind kind) {}

  /** A subscription moves to another connection since the venue says that this one is full. */
  default void subscriptionMoved(Channel channel) {}

  /** A listener threw; the call is lost. */
  default void listenerFailed(Channel channel) {}

  /** Why a message was given to nobody. */
  enum DropReason {
    /** Nobody has subscribed, or no longer. */
    UNWANTED,
    /** It is no newer than what came before it, or belongs to an earlier subscribe. */
    STALE,
    /** Too much came before the initial state. */
    OVERFLOW,
    /** A type or channel this version does not know. */
    UNKNOWN
  }

  /** Why a subscribe has to be sent again. */
  enum RetryReason {
    /** The venue could not fetch the initial state. */
    INTERNAL_ERROR,
    /** An instance of the venue does not know the instrument yet, which the venue lists. */
    NOT_LISTED_YET,
    /** The venue's answer was no initial state. */
    UNREADABLE_STATE,
    /** The venue says this connection is full, though it carries nothing else of the channel. */
    CONNECTION_FULL,
    /** The venue did not answer in time. */
    TIMEOUT,
    /** The venue says it is subscribed already while its initial state is awaited. */
    ALREADY_SUBSCRIBED,
    /** The listener asked for a new initial state. */
    RESYNC,
    /** Too much came before the initial state. */
    OVERFLOW,
    /** The venue ended the subscription unasked. */
    ENDED_BY_VENUE,
    /** Messages of the live connection did not come. */
    LOSS
  }
}
