package io.github.dydxgateway.indexer;

/** A subscription at the venue. May be called from any thread. */
public interface ChannelSubscription {

  /**
   * Asks the venue for a new initial state: {@link ChannelListener#onInterrupted}, then {@link
   * ChannelListener#onSubscribed} follow. Does nothing while an initial state is awaited anyway.
   *
   * @param reason for the log
   */
  void resync(String reason);

  /**
   * Ends the subscription. Tasks already handed to the listener's loop may still run. Closing twice
   * is harmless.
   */
  void close();
}
