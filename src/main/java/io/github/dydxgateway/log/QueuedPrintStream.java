package io.github.dydxgateway.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Standard output or standard error of the process, written to by a thread of its own: a pipe that
 * nobody reads must not stop event loops that log. Thread safe; never blocks, except while the
 * process ends: for up to {@link #LONGEST_FINISH} without progress.
 */
public final class QueuedPrintStream extends PrintStream {
  /** Some thousand lines. */
  private static final int CAPACITY_BYTES = 1 << 20;

  /** What is logged last is still written, but nothing keeps the process from ending. */
  private static final Duration LONGEST_FINISH = Duration.ofSeconds(1);

  private final LineQueue queue;

  private QueuedPrintStream(LineQueue queue) {
    super(queue, false, Charset.defaultCharset());
    this.queue = queue;
  }

  /** Replaces standard output and standard error of the process. */
  public static void install() {
    System.setOut(of(FileDescriptor.out, "standard output"));
    System.setErr(of(FileDescriptor.err, "standard error"));
  }

  private static QueuedPrintStream of(FileDescriptor descriptor, String name) {
    LineQueue queue =
        new LineQueue(
                new FileOutputStream(descriptor),
                CAPACITY_BYTES,
                // Not before: the log is configured later than the streams.
                dropped ->
                    Logger.getLogger(QueuedPrintStream.class)
                        .warnf("%d lines were dropped: %s was not read", dropped, name))
            .start(name);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> queue.finish(LONGEST_FINISH), name + " end"));
    return new QueuedPrintStream(queue);
  }

  /**
   * Lines that were dropped since the start because the stream was not read.
   *
   * @param stream any print stream; one that blocks drops nothing
   */
  public static long droppedLines(PrintStream stream) {
    return stream instanceof QueuedPrintStream queued ? queued.queue.droppedLines() : 0;
  }
}
