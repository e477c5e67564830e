package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.SubscriptionState.State;
import java.util.List;

/**
 * Where a client starts, or starts again, to read a topic: what it gets first and from which entry
 * of the log it goes on.
 *
 * @param gap what the client will not get, said before anything else; null: nothing
 * @param state the topic's state as of {@code asOf}
 * @param stateMessage the same for a client that does not know it yet
 * @param snapshot its events, each an element of a response message; empty where there is none
 * @param asOf sequence of the last entry that is included; the client goes on with the next
 * @param replayEnd sequence of the last entry that is a replay of what was asked for: however old
 *     it is, the client receives it. Equal to {@code asOf} where nothing is replayed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; shared by all clients that start there
record StartPoint(
    byte[] gap,
    State state,
    byte[] stateMessage,
    List<byte[]> snapshot,
    long asOf,
    long replayEnd) {

  StartPoint after(byte[] newGap) {
    return new StartPoint(newGap, state, stateMessage, snapshot, asOf, replayEnd);
  }
}
