package io.github.dydxgateway.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * An output stream that never blocks its writers. Lines wait in a bounded queue for one thread that
 * writes them to the target; a line that finds the queue full is dropped as a whole and counted.
 * Thread safe.
 */
final class LineQueue extends OutputStream {
  /** The longest that all flushes wait together while the program ends. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final OutputStream target;
  private final int capacity;
  private final LongConsumer onDropped;
  private final Queue<byte[]> waiting = new ArrayDeque<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /** Bytes in the queue, with those being written. */
  private long waitingBytes;

  /** Whether the rest of the current line is dropped, as its beginning was. */
  private boolean skipping;

  private long droppedLines;
  private long reportedLines;
  private boolean finishing;
  private long patienceNanos;

  /** Rest of the patience; begins anew with each write that the target accepts. */
  private long patienceLeftNanos;

  /** Rest of {@link #LONGEST_WAIT}. */
  private long waitLeftNanos = LONGEST_WAIT.toNanos();

  private Thread writer;

  /**
   * @param capacity bytes that may wait
   * @param onDropped receives the number of lines dropped since its last call, once the target has
   *     accepted everything that waited; called on the writing thread
   */
  LineQueue(OutputStream target, int capacity, LongConsumer onDropped) {
    this.target = target;
    this.capacity = capacity;
    this.onDropped = onDropped;
  }

  /** Starts the thread that writes to the target, a daemon of this name. */
  synchronized LineQueue start(String threadName) {
    writer = new Thread(this::writeForEver, threadName);
    writer.setDaemon(true);
    writer.start();
    return this;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int end = offset + length;
    int rest = end;
    while (rest > offset && bytes[rest - 1] != '\n') {
      rest--;
    }
    if (rest > offset) {
      append(bytes, offset, rest - offset);
      endLine();
    }
    append(bytes, rest, end - rest);
  }

  private void append(byte[] bytes, int offset, int length) {
    if (line.size() + length > capacity) {
      skipping = true;
      line.reset();
    }
    if (!skipping) {
      line.write(bytes, offset, length);
    }
  }

  private void endLine() {
    if (skipping) {
      skipping = false;
      droppedLines++;
    } else if (line.size() > 0) {
      enqueue(line.toByteArray());
    }
    line.reset();
  }

  private void enqueue(byte[] lines) {
    if (waitingBytes + lines.length > capacity) {
      droppedLines += countLines(lines);
    } else {
      waiting.add(lines);
      waitingBytes += lines.length;
      notifyAll();
    }
  }

  private static long countLines(byte[] lines) {
    long count = 0;
    for (byte b : lines) {
      if (b == '\n') {
        count++;
      }
    }
    return Math.max(1, count);
  }

  /** Ends the current line. Waits only while the program ends; see {@link #finish}. */
  @Override
  public synchronized void flush() {
    if (!skipping) {
      endLine();
    }
    if (finishing) {
      awaitWritten();
    }
  }

  /**
   * Waits until everything is written, and makes every later {@link #flush} wait as well, for the
   * thread that writes to the target dies with the program.
   *
   * @param patience the longest that they wait while the target accepts nothing; never more than 5
   *     s in total
   */
  synchronized void finish(Duration patience) {
    finishing = true;
    patienceNanos = patience.toNanos();
    patienceLeftNanos = patienceNanos;
    flush();
  }

  private void awaitWritten() {
    if (Thread.currentThread() == writer) {
      return; // it reports dropped lines, and would wait for itself
    }
    while (waitingBytes > 0 && patienceLeftNanos > 0 && waitLeftNanos > 0) {
      long start = System.nanoTime();
      try {
        TimeUnit.NANOSECONDS.timedWait(this, Math.min(patienceLeftNanos, waitLeftNanos));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      long waitedNanos = System.nanoTime() - start;
      patienceLeftNanos -= waitedNanos;
      waitLeftNanos -= waitedNanos;
    }
  }

  /** Lines dropped since the start. */
  synchronized long droppedLines() {
    return droppedLines;
  }

  private void writeForEver() {
    for (; ; ) {
      byte[] next;
      try {
        next = next();
      } catch (InterruptedException e) {
        return;
      }
      boolean written = writeToTarget(next);
      long toReport = written(next, written);
      if (toReport > 0) {
        report(toReport);
      }
    }
  }

  /** A failure to report must not end the thread that writes. */
  private void report(long dropped) {
    try {
      onDropped.accept(dropped);
    } catch (RuntimeException e) {
      // The log has failed, so nothing can be logged. The count shows the lines.
    }
  }

  private synchronized byte[] next() throws InterruptedException {
    while (waiting.isEmpty()) {
      wait();
    }
    return waiting.poll();
  }

  private boolean writeToTarget(byte[] lines) {
    try {
      target.write(lines);
      target.flush();
      return true;
    } catch (IOException e) {
      // The reader is gone. Nobody is left to report that to; the count shows it.
      return false;
    }
  }

  /** Returns the number of dropped lines to report now. */
  private synchronized long written(byte[] lines, boolean accepted) {
    waitingBytes -= lines.length;
    notifyAll();
    if (accepted) {
      patienceLeftNanos = patienceNanos;
    } else {
      droppedLines += countLines(lines);
      reportedLines = droppedLines;
    }
    if (!waiting.isEmpty()) {
      return 0;
    }
    long toReport = droppedLines - reportedLines;
    reportedLines = droppedLines;
    return toReport;
  }
}
