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
 * @param failure set if the topic can't be served
 */
record Handoff(
    State state,
    byte[] stateMessage,
    List<byte[]> messages,
    long sequence,
    long nextPosition,
    TopicFailure failure) {}
