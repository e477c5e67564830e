package io.github.dydxgateway.stream;

import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/**
 * The one thread of many outboxes. Those that have something to send are drained by one task of
 * that thread, so that a burst of events for many clients wakes it once. May be used from any
 * thread.
 */
public final class OutboxLoop implements Executor {
  /** Messages sent before other work of the thread has its turn, such as writing to sockets. */
  private static final int TURN = 512;

  private final Executor thread;
  private final Queue<Outbox> woken = new MpscUnboundedAtomicArrayQueue<>(128);
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Runnable turn = this::drainSome;

  /**
   * @param thread runs tasks one at a time, in order
   */
  public OutboxLoop(Executor thread) {
    this.thread = thread;
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(task);
  }

  /** The outbox will be drained. To be added again only once that has begun. */
  void add(Outbox outbox) {
    woken.add(outbox);
    schedule();
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      thread.execute(turn);
    }
  }

  private void drainSome() {
    // Before looking: whoever adds later has to schedule anew.
    scheduled.set(false);
    try {
      for (int left = TURN; left > 0; ) {
        Outbox next = woken.poll();
        if (next == null) {
          return;
        }
        left -= Math.max(1, next.drainWoken());
      }
    } finally {
      // Also if one failed: the others must not wait for the next event.
      if (!woken.isEmpty()) {
        schedule();
      }
    }
  }
}
