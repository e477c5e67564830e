package io.github.dydxgateway.simulator;

/** The two sides of a book. */
enum SimulatedBookSide {
  BID("bids"),
  ASK("asks");

  private final String wireName;

  SimulatedBookSide(String wireName) {
    this.wireName = wireName;
  }

  String wireName() {
    return wireName;
  }

  SimulatedBookSide opposite() {
    return this == BID ? ASK : BID;
  }
}
