package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.ResumeInfo;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where a stream is sent: one client's call. All methods but {@link #ended} on its loop only. */
public interface EventSink {
  /** The one thread of the call, shared with other calls or not. */
  DeliveryLoop loop();

  /**
   * Whether the client can take a message now. When it can again, {@link ClientStream#drain} must
   * be called.
   */
  boolean isReady();

  /** Sends a message. Called only while {@link #isReady}, or right before the end. */
  void send(EventBatch message);

  /** Ends the call with success, after all that was sent. */
  void complete();

  /**
   * Ends the call with an error, after all that was sent.
   *
   * @param failure its code and message become the call's status
   * @param resumeFrom where the client may go on; may be empty
   */
  void fail(TopicFailure failure, List<ResumeInfo> resumeFrom);

  /**
   * Completes once the call has ended and its client has read all that was sent, or has left. Any
   * thread.
   */
  CompletionStage<Void> ended();
}
