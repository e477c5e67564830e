package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.SubscriptionState.State;
import java.util.List;

/**
 * Where a client starts, or starts again, to read a topic: what it gets first and from which place
 * in the ring it goes on.
 *
 * @param state the topic's state
 * @param stateMessage the same for a client that does not know it yet
 * @param messages a snapshot, or an error
 * @param sequence the topic's sequence that these messages include
 * @param nextPosition where to go on in the ring
 * @param replayEnd where in the ring the replay of what was asked for ends: however old it is, the
 *     client receives it. Equal to {@code nextPosition} where nothing is replayed
 * @param failure set if the topic can't be served
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; shared with gRPC, which takes arrays
record Handoff(
    State state,
    byte[] stateMessage,
    List<byte[]> messages,
    long sequence,
    long nextPosition,
    long replayEnd,
    TopicFailure failure) {}
