package io.github.dydxgateway.indexer;

/**
 * An {@code error} frame of the venue, understood from its text.
 *
 * @param kind what it means
 * @param message the venue's text
 * @param channel the channel it is about, from its fields or else from its text; null where neither
 *     tells
 * @param id the id it is about, from its fields or else from its text; null where neither tells
 */
public record IndexerError(Kind kind, String message, Channel channel, String id) {

  /** What an error means. */
  public enum Kind {
    /** The id does not exist: permanent. */
    INVALID_SUBSCRIPTION_ID,
    /** This connection holds as many subscriptions of the channel as it may: use another. */
    CONNECTION_LIMIT,
    /** Subscribed to the same too often; the connection is closed next. */
    TOO_MANY_SUBSCRIBES,
    /** The venue could not fetch the initial state: transient. */
    INTERNAL,
    /** The subscription is live already on this connection. */
    ALREADY_SUBSCRIBED,
    /**
     * The venue did not understand a message of ours, or got too many it does not: a mistake on
     * this side.
     */
    INVALID_REQUEST,
    /** Anything else about a subscription, such as a geographic restriction: permanent. */
    REFUSED
  }
}
