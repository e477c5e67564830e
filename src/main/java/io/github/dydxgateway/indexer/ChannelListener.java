package io.github.dydxgateway.indexer;

/**
 * Hears one subscription at the venue. All calls come on the loop given at subscribing, one after
 * the other.
 */
public interface ChannelListener {

  /**
   * The initial state arrived; also after every interruption.
   *
   * @param receiveTimeNs when the frame arrived, nanoseconds since the Unix epoch
   */
  void onSubscribed(IndexerFrame.Subscribed frame, long receiveTimeNs);

  /**
   * One or several updates arrived, never before the initial state.
   *
   * @param receiveTimeNs when the frame arrived, nanoseconds since the Unix epoch
   */
  void onData(IndexerFrame.ChannelData frame, long receiveTimeNs);

  /**
   * Updates may be lost from here on, until the next initial state; also where the first initial
   * state is late.
   *
   * @param reason for a person
   */
  void onInterrupted(String reason);

  /**
   * Updates are lost, some of them before the last that came; as {@link #onInterrupted} for the
   * rest.
   *
   * @param reason for a person
   * @param receiveTimeNs when the last update arrived, nanoseconds since the Unix epoch
   */
  default void onLost(String reason, long receiveTimeNs) {
    onInterrupted(reason);
  }

  /**
   * A frame of this subscription could not be read; it is lost.
   *
   * @param problem says what was wrong, with channel, id and message_id
   * @param receiveTimeNs when the frame arrived, nanoseconds since the Unix epoch
   */
  void onMalformed(MalformedFrameException problem, long receiveTimeNs);

  /**
   * The venue, or a limit of the gateway, refuses the subscription for good; no further call
   * follows.
   */
  void onRefused(Refusal refusal);

  /**
   * Why a subscription is refused.
   *
   * @param kind what refused it
   * @param message for a person; the venue's words where it gave some
   */
  record Refusal(Kind kind, String message) {
    /** What refused a subscription. */
    public enum Kind {
      /** The venue knows no such id. */
      UNKNOWN_ID,
      /** The venue will not serve it, whatever the reason. */
      REFUSED_BY_VENUE,
      /** All connections the gateway may open are full. */
      NO_CONNECTION_LEFT
    }
  }
}
