package io.github.dydxgateway.simulator;

/** The two sides of a book. */
enum BookSide {
  BID("bids"),
  ASK("asks");

  private final String wireName;

  BookSide(String wireName) {
    this.wireName = wireName;
  }

  String wireName() {
    return wireName;
  }

  BookSide opposite() {
    return this == BID ? ASK : BID;
  }
}
