package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.ChannelListener;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The way from a connection to a listener: a plain call where the listener lives on the
 * connection's own loop, else a hand-over that keeps the order. A listener that throws hurts nobody
 * but itself. Used by the connection's loop only.
 */
final class Delivery {
  private static final Logger LOG = Logger.getLogger(Delivery.class);

  private final PooledSubscription subscription;
  private final UpstreamObserver observer;
  private final Executor handOver;
  private final LogThrottle failures = new LogThrottle(Duration.ofSeconds(10));

  /**
   * @param handOver where the listener lives; null if that is the loop of the connection
   */
  Delivery(PooledSubscription subscription, Executor handOver, UpstreamObserver observer) {
    this.subscription = subscription;
    this.handOver = handOver;
    this.observer = observer;
  }

  void deliver(Consumer<ChannelListener> call) {
    if (handOver == null) {
      run(call);
      return;
    }
    try {
      handOver.execute(() -> run(call));
    } catch (RuntimeException e) { // such as rejected by a loop that has ended
      failed(e);
    }
  }

  private void run(Consumer<ChannelListener> call) {
    if (subscription.isClosed()) {
      return;
    }
    try {
      call.accept(subscription.listener());
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(RuntimeException e) {
    observer.listenerFailed(subscription.channelId().channel());
    synchronized (failures) {
      if (failures.allows(System.nanoTime())) {
        LOG.errorf(
            e,
            "Listener of %s failed; what it was told is lost (%d more since the last such line)",
            LogText.of(subscription.channelId()),
            failures.takeSuppressed());
      }
    }
  }
}
