package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelListener;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.ChannelSubscription;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.MalformedFrameException;
import java.util.concurrent.Executor;

/**
 * One comparison of what clients have with a further initial state. The venue registers a
 * subscription only after it has fetched its initial state, so that what happens in between is in
 * neither; a state that is asked for while the subscription is live holds it.
 *
 * <p>The state is that of a further copy, or of a subscription of the check's own, which ends when
 * the state has come. It is compared only after {@link #SETTLE_NANOS}, when the updates that it
 * holds have arrived on the live connection as well; entries that updates have changed since the
 * state was asked for are left as they are. Touched by the feed's loop only, but for {@link
 * #close}.
 */
final class StateCheck implements ChannelListener {
  /** A first state is compared this long after it came. */
  static final long DELAY_NANOS = 5_000_000_000L;

  /** Longer than two sound connections are apart. */
  static final long SETTLE_NANOS = 2_000_000_000L;

  /** So long the changes since the state was asked for are noted. */
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final Feed feed;
  private final int copy;
  private final long askedAtNanos;
  private volatile ChannelSubscription subscription;
  private volatile boolean closed;
  private IndexerFrame.Subscribed state;
  private long receiveTimeNs;
  private long stateAtNanos;

  /**
   * @param copy number of the copy whose state is awaited; that of none for a subscription of its
   *     own
   * @param askedAtNanos now, by the feed's clock
   */
  StateCheck(Feed feed, int copy, long askedAtNanos) {
    this.feed = feed;
    this.copy = copy;
    this.askedAtNanos = askedAtNanos;
  }

  /** Asks for a state on a connection of its own. */
  void subscribe(ChannelSource source, ChannelId channelId, Executor loop) {
    subscription = source.subscribeCopy(channelId, loop, this);
    if (closed || state != null) { // answered before the subscription was known here
      subscription.close();
    }
  }

  int copy() {
    return copy;
  }

  /** The state has come. */
  void take(IndexerFrame.Subscribed frame, long frameReceiveTimeNs, long nowNanos) {
    if (state == null) {
      state = frame;
      receiveTimeNs = frameReceiveTimeNs;
      stateAtNanos = nowNanos;
    }
  }

  /** Whether the state has come long enough ago to be compared. */
  boolean isSettled(long nowNanos) {
    return state != null && nowNanos - stateAtNanos >= SETTLE_NANOS;
  }

  /** Whether the state has not come in time. */
  boolean isLate(long nowNanos) {
    return state == null && nowNanos - askedAtNanos >= PATIENCE_NANOS;
  }

  /** The state to compare with. */
  IndexerFrame.Subscribed state() {
    return state;
  }

  /** When that arrived, nanoseconds since the Unix epoch. */
  long receiveTimeNs() {
    return receiveTimeNs;
  }

  /** Ends the subscription of its own, if there is one. Any thread. */
  void close() {
    closed = true;
    ChannelSubscription present = subscription;
    if (present != null) {
      present.close();
    }
  }

  @Override
  public void onSubscribed(IndexerFrame.Subscribed frame, long frameReceiveTimeNs) {
    take(frame, frameReceiveTimeNs, feed.nanoTime());
    close();
  }

  @Override
  public void onData(IndexerFrame.ChannelData frame, long frameReceiveTimeNs) {
    // The live connection brings it.
  }

  @Override
  public void onInterrupted(String reason) {
    // The subscription is asked for again by itself.
  }

  @Override
  public void onMalformed(MalformedFrameException problem, long frameReceiveTimeNs) {
    // An unreadable update is of no interest, and an unreadable state is asked for again.
  }

  @Override
  public void onRefused(Refusal refusal) {
    feed.onCheckRefused(this, refusal);
  }
}
