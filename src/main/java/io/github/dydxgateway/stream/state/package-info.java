/**
 * The state of a topic as the fold of its log, one class for each kind of topic: changed by the
 * log's events, it returns the snapshot for clients that join or skip events.
 *
 * <p>It depends on the contract's messages alone. A state belongs to the thread that writes its
 * topic.
 */
package io.github.dydxgateway.stream.state;
