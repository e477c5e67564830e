package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.SubscriptionState.State;

/**
 * One encoded message of a topic. Immutable and shared by all clients.
 *
 * @param position place in the ring, one more for each entry
 * @param sequence the topic's sequence once this entry is applied
 * @param numbered whether the entry took a sequence of its own; state changes don't
 * @param state the topic's state once this entry is applied
 * @param endOffset counted bytes of all entries up to and with this one; see {@link ReplayRing}
 * @param countedBytes what this entry adds to them: its length, but no more than the ring counts of
 *     one message
 * @param receiveTimeNs when the frame that caused it arrived, nanoseconds since the Unix epoch; 0
 *     where none did
 * @param message a whole SubscribeResponse, which is a whole SessionResponse as well
 * @param failure set on the last entry of a topic that can't be served any more
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; shared with gRPC, which takes arrays
record RingEntry(
    long position,
    long sequence,
    boolean numbered,
    State state,
    long endOffset,
    int countedBytes,
    long receiveTimeNs,
    byte[] message,
    TopicFailure failure) {

  /** The topic's sequence before this entry. */
  long sequenceBefore() {
    return numbered ? sequence - 1 : sequence;
  }

  /** Counted bytes of all entries before this one. */
  long startOffset() {
    return endOffset - countedBytes;
  }
}
