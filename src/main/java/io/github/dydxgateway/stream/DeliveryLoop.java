package io.github.dydxgateway.stream;

import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/**
 * Delivers to the streams of one thread: looks which topics have signalled, and polls the cursors
 * on them, stream by stream. A burst of events for many clients wakes the thread once.
 *
 * <p>{@link #execute} and {@link #signalled} may be called from any thread, all else on the loop's.
 */
public final class DeliveryLoop implements Executor {
  /** Messages sent before other work of the thread has its turn, such as writing to sockets. */
  private static final int TURN = 128;

  private final Executor thread;
  private final Timer timer;
  private final Queue<TopicSignal> signalled = new MpscUnboundedAtomicArrayQueue<>(128);
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Runnable turn = this::deliverSome;
  private final Map<Topic, TopicSignal> signals = new IdentityHashMap<>();
  private final Queue<ClientStream> waiting = new ArrayDeque<>();

  /** Runs something later on a thread. */
  @FunctionalInterface
  public interface Timer {
    /** Runs the task on the loop's thread after that time. */
    void schedule(Runnable task, long delay, TimeUnit unit);
  }

  /**
   * @param thread runs tasks one at a time, in order
   * @param timer of the same thread
   */
  public DeliveryLoop(Executor thread, Timer timer) {
    this.thread = thread;
    this.timer = timer;
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(task);
  }

  void schedule(Runnable task, long delayNanos) {
    timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
  }

  /** A topic has something new. Any thread. */
  void signalled(TopicSignal signal) {
    signalled.add(signal);
    wake();
  }

  private void wake() {
    if (scheduled.compareAndSet(false, true)) {
      thread.execute(turn);
    }
  }

  /** A stream has something to send: its turn will come. */
  void add(ClientStream stream) {
    if (stream.waits()) {
      waiting.add(stream);
      wake();
    }
  }

  /** Adds a cursor to those that are polled when its topic signals. */
  void attach(TopicCursor cursor) {
    TopicSignal signal = signals.get(cursor.topic());
    if (signal == null) {
      signal = new TopicSignal(cursor.topic(), this);
      signals.put(cursor.topic(), signal);
      cursor.topic().attach(signal);
    }
    signal.add(cursor);
  }

  void detach(TopicCursor cursor) {
    TopicSignal signal = signals.get(cursor.topic());
    signal.remove(cursor);
    if (signal.cursors().isEmpty()) {
      signals.remove(cursor.topic());
      cursor.topic().detach(signal);
    }
  }

  private void deliverSome() {
    // Before looking: whoever signals later has to schedule anew.
    scheduled.set(false);
    try {
      for (TopicSignal signal; (signal = signalled.poll()) != null; ) {
        signal.lower();
        List<TopicCursor> cursors = signal.cursors();
        for (int i = 0; i < cursors.size(); i++) {
          cursors.get(i).poll();
        }
      }
      for (int left = TURN; left > 0 && !waiting.isEmpty(); ) {
        left -= Math.max(1, waiting.poll().deliver());
      }
    } finally {
      // Also if one failed: the others must not wait for the next event.
      if (!waiting.isEmpty()) {
        wake();
      }
    }
  }
}
