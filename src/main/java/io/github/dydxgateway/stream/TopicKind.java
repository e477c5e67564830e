package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.Topic.KindCase;

/** The kinds of topics, and what a slow client loses of each. */
public enum TopicKind {
  /** Trades. */
  TRADES(Overflow.DROP_OLDEST),
  /** Uncrossed or raw order book. */
  ORDER_BOOK(Overflow.SNAPSHOT),
  /** Best bid and ask. */
  QUOTES(Overflow.SNAPSHOT),
  /** Candles. */
  CANDLES(Overflow.SNAPSHOT),
  /** Definitions and statistics of markets. */
  MARKETS(Overflow.SNAPSHOT),
  /** Blocks of the chain. */
  BLOCK_HEIGHT(Overflow.DROP_OLDEST),
  /** One subaccount. */
  SUBACCOUNT(Overflow.END_CALL),
  /** A parent subaccount with its children. */
  PARENT_SUBACCOUNT(Overflow.END_CALL);

  private final Overflow overflow;

  TopicKind(Overflow overflow) {
    this.overflow = overflow;
  }

  /**
   * What happens, under the policy CONFLATE, to a client that is too far behind on such a topic.
   */
  Overflow overflow() {
    return overflow;
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

  /** What a client that is too far behind loses. */
  enum Overflow {
    /** Waiting events give way to a fresh snapshot. */
    SNAPSHOT,
    /** The oldest waiting events are dropped and a Gap says which. */
    DROP_OLDEST,
    /** Nothing may be lost: the call ends. */
    END_CALL
  }
}
