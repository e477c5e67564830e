package io.github.dydxgateway.chaos;

import io.github.dydxgateway.v1.Event;

/**
 * What one client makes of one topic's events, and what the contract says of them beyond their
 * sequences. Not thread safe.
 */
interface TopicContents {
  /** The client begins anew; what it had before is not continued. */
  void joined();

  /** The client was told that something is missing. */
  void gap();

  /** An event that replaces what the client has, or a part of one. */
  void snapshot(Event event);

  /** An event that goes on from what the client has. */
  void update(Event event);

  /** What the client has now, for comparison with what others have at the same sequence. */
  Object holds();
}
