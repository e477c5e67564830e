package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelListener;
import io.github.dydxgateway.indexer.ChannelSubscription;
import java.util.concurrent.Executor;

/** A subscription as its owner sees it, whichever connection carries it. Thread safe. */
final class PooledSubscription implements ChannelSubscription {
  private final ConnectionPool pool;
  private final long sequence;
  private final ChannelId channelId;
  private final Executor loop;
  private final ChannelListener listener;
  private final boolean isCopy;
  private volatile boolean closed;
  private volatile long progressNanos = System.nanoTime();

  /** Guarded by the pool's lock; null while on no connection. */
  private UpstreamConnection connection;

  PooledSubscription(
      ConnectionPool pool,
      long sequence,
      ChannelId channelId,
      Executor loop,
      ChannelListener listener,
      boolean isCopy) {
    this.pool = pool;
    this.sequence = sequence;
    this.channelId = channelId;
    this.loop = loop;
    this.listener = listener;
    this.isCopy = isCopy;
  }

  /** Rises with every subscription of the pool. */
  long sequence() {
    return sequence;
  }

  ChannelId channelId() {
    return channelId;
  }

  Executor loop() {
    return loop;
  }

  ChannelListener listener() {
    return listener;
  }

  /** Whether it is there for redundancy only, and gives way to others. */
  boolean isCopy() {
    return isCopy;
  }

  /** Whether its owner closed it: nothing more is told. */
  boolean isClosed() {
    return closed;
  }

  UpstreamConnection connection() {
    return connection;
  }

  void connection(UpstreamConnection connection) {
    this.connection = connection;
  }

  /** The queue that it waits in has moved. */
  void progress(long nowNanos) {
    progressNanos = nowNanos;
  }

  @Override
  public long progressNanos() {
    return progressNanos;
  }

  /** The pool closes: nothing more is told. */
  void detach() {
    closed = true;
    connection = null;
  }

  @Override
  public void resync(String reason) {
    pool.resync(this, reason);
  }

  @Override
  public void close() {
    closed = true;
    pool.close(this);
  }
}
