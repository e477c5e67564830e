package io.github.dydxgateway.stream;

import java.util.concurrent.CompletionStage;

/**
 * Where an outbox sends its messages: one client's call. All methods are called on its loop only.
 */
public interface EventSink {
  /** The one thread of the call, shared with other calls or not. */
  OutboxLoop loop();

  /**
   * Whether the client can take more now. When it can again, {@link Outbox#drain} must be called.
   */
  boolean isReady();

  /**
   * Sends a message, with the next {@link #flush} at the latest.
   *
   * @param message a whole response message; shared with other clients, so it must not be changed
   */
  void send(byte[] message);

  /** Lets go of what it has held back to send it in one piece; called after a burst of messages. */
  default void flush() {}

  /** Ends the call well, after all that was sent. */
  void complete();

  /**
   * Ends the call with an error, after all that was sent.
   *
   * @param failure its code and message become the call's status
   */
  void fail(TopicFailure failure);

  /**
   * Done once the call has ended and its client has taken all that was sent to it, or has left. Any
   * thread.
   */
  CompletionStage<Void> ended();
}
