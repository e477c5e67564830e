package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelListener.Refusal;
import org.jboss.logging.Logger;

/**
 * Keeps an observer that throws from disturbing the connections: the first failure is logged, the
 * others are not. Thread safe.
 */
final class GuardedObserver implements UpstreamObserver {
  private static final Logger LOG = Logger.getLogger(GuardedObserver.class);

  private final UpstreamObserver observer;
  private volatile boolean failedOnce;

  GuardedObserver(UpstreamObserver observer) {
    this.observer = observer;
  }

  private void guard(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(RuntimeException e) {
    if (!failedOnce) {
      failedOnce = true;
      LOG.error("Observer of the upstream failed; further failures are not logged", e);
    }
  }

  /** Called for each frame: without an object for the call. */
  @Override
  public void frameReceived(Channel channel, int bytes) {
    try {
      observer.frameReceived(channel, bytes);
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  @Override
  public void malformedFrame(Channel channel, String problem) {
    guard(() -> observer.malformedFrame(channel, problem));
  }

  @Override
  public void droppedFrame(Channel channel, DropReason reason) {
    guard(() -> observer.droppedFrame(channel, reason));
  }

  @Override
  public void messagesLost(long count) {
    guard(() -> observer.messagesLost(count));
  }

  @Override
  public void connectionStateChanged(
      int number, ConnectionState from, ConnectionState to, String reason) {
    guard(() -> observer.connectionStateChanged(number, from, to, reason));
  }

  @Override
  public void reconnecting(int number, DisconnectReason reason) {
    guard(() -> observer.reconnecting(number, reason));
  }

  @Override
  public void subscribeRetried(Channel channel, RetryReason reason) {
    guard(() -> observer.subscribeRetried(channel, reason));
  }

  @Override
  public void subscriptionRefused(Channel channel, Refusal.Kind kind) {
    guard(() -> observer.subscriptionRefused(channel, kind));
  }

  @Override
  public void subscriptionMoved(Channel channel) {
    guard(() -> observer.subscriptionMoved(channel));
  }

  @Override
  public void listenerFailed(Channel channel) {
    guard(() -> observer.listenerFailed(channel));
  }
}
