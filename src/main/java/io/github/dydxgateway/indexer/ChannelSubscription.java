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
   * When the wait for the next initial state last came nearer to its end, as {@link
   * System#nanoTime}. Until the subscribe is sent that is whenever the venue answers another on the
   * same connection, for this one waits its turn; from then on it is for the venue to answer, and
   * the time stands still, also while the subscribe is tried again.
   */
  long progressNanos();

  /**
   * Ends the subscription. Tasks already handed to the listener's loop may still run. Closing twice
   * is harmless.
   */
  void close();
}
