package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.Topic.KindCase;

/** The kinds of topics, and what a client that lags receives of each. */
public enum TopicKind {
  /** Trades. */
  TRADES(WhenLagging.DELIVER_OR_GAP),
  /** Uncrossed or raw order book. */
  ORDER_BOOK(WhenLagging.CONFLATE),
  /** Best bid and ask. */
  QUOTES(WhenLagging.CONFLATE),
  /** Candles. */
  CANDLES(WhenLagging.DELIVER_OR_SNAPSHOT),
  /** Definitions and statistics of markets. */
  MARKETS(WhenLagging.CONFLATE),
  /** Blocks of the chain. */
  BLOCK_HEIGHT(WhenLagging.CONFLATE),
  /** One subaccount. */
  SUBACCOUNT(WhenLagging.DELIVER_ALL),
  /** A parent subaccount with its children. */
  PARENT_SUBACCOUNT(WhenLagging.DELIVER_ALL);

  private final WhenLagging whenLagging;

  TopicKind(WhenLagging whenLagging) {
    this.whenLagging = whenLagging;
  }

  /** What a client receives, under the policy CONFLATE, whose events wait too long. */
  WhenLagging whenLagging() {
    return whenLagging;
  }

  static TopicKind of(KindCase kind) {
    return switch (kind) {
      case TRADES -> TRADES;
      case ORDER_BOOK -> ORDER_BOOK;
      case QUOTES -> QUOTES;
      case CANDLES -> CANDLES;
      case MARKETS -> MARKETS;
      case BLOCK_HEIGHT -> BLOCK_HEIGHT;
      case SUBACCOUNT -> SUBACCOUNT;
      case PARENT_SUBACCOUNT -> PARENT_SUBACCOUNT;
      case KIND_NOT_SET -> throw new IllegalArgumentException("a topic needs a kind");
    };
  }

  /** What a client receives whose events wait too long. */
  enum WhenLagging {
    /** A snapshot instead of the events that wait. */
    CONFLATE,
    /** All events, marked as lagging; a Gap in place of those that are no longer kept. */
    DELIVER_OR_GAP,
    /** All events, marked as lagging; a Gap and a snapshot once some are no longer kept. */
    DELIVER_OR_SNAPSHOT,
    /** All events, marked as lagging; the call ends once some are no longer kept. */
    DELIVER_ALL;

    /** Whether events that wait too long are delivered nevertheless. */
    boolean delivers() {
      return this != CONFLATE;
    }
  }
}
