package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.SubscriptionState.State;

/**
 * One encoded message of a topic. Immutable and shared by all clients.
 *
 * @param position place in the ring, one more for each entry
 * @param sequence the topic's sequence once this entry is applied
 * @param numbered whether the entry took a sequence of its own; state changes don't
 * @param state the topic's state once this entry is applied
 * @param appendNanos when it was appended, monotonic; events of one burst may share it
 * @param receiveTimeNs when the frame that caused it arrived, nanoseconds since the Unix epoch; 0
 *     where none did
 * @param message an element of a response message
 * @param failure set on the last entry of a topic that can't be served any more
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; shared with gRPC, which takes arrays
record RingEntry(
    long position,
    long sequence,
    boolean numbered,
    State state,
    long appendNanos,
    long receiveTimeNs,
    byte[] message,
    TopicFailure failure) {

  /** The topic's sequence before this entry. */
  long sequenceBefore() {
    return numbered ? sequence - 1 : sequence;
  }
}
