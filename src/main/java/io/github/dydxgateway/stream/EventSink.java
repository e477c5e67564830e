package io.github.dydxgateway.stream;

import java.util.concurrent.CompletionStage;

/**
 * Where an outbox sends its events: one client's call. All methods but {@link #ended} are called on
 * its loop only.
 */
public interface EventSink {
  /** The one thread of the call, shared with other calls or not. */
  OutboxLoop loop();

  /**
   * Whether the client can take an event now. When it can again, {@link Outbox#drain} must be
   * called.
   *
   * @param length of the event in bytes
   */
  boolean accepts(int length);

  /**
   * Sends an event, with the next {@link #flush} at the latest. Called only after {@link #accepts}.
   *
   * @param event an element of a response message, as {@link EventEncoder} makes it; shared with
   *     other clients, so it must not be changed
   */
  void send(byte[] event);

  /** Sends what is held back to go in one message; called at the end of a burst of events. */
  default void flush() {}

  /** Ends the call with success, after all that was sent. */
  void complete();

  /**
   * Ends the call with an error, after all that was sent.
   *
   * @param failure its code and message become the call's status
   */
  void fail(TopicFailure failure);

  /**
   * Completes once the call has ended and its client has read all that was sent, or has left. Any
   * thread.
   */
  CompletionStage<Void> ended();
}
