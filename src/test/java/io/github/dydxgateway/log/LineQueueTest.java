package io.github.dydxgateway.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LineQueueTest {
  private static final int CAPACITY = 100;
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Pipe pipe = new Pipe();
  private final List<Long> reported = new CopyOnWriteArrayList<>();
  private final LineQueue queue = new LineQueue(pipe, CAPACITY, reported::add).start("test output");
  private final PrintStream out = new PrintStream(queue, false, UTF_8);

  /** A pipe that is read from when the test says so. */
  private static final class Pipe extends OutputStream {
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final CountDownLatch open = new CountDownLatch(1);
    private volatile boolean broken;

    void open() {
      open.countDown();
    }

    @Override
    public void write(int b) {
      throw new UnsupportedOperationException("whole lines only");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      if (broken) {
        throw new IOException("Broken pipe");
      }
      synchronized (this) {
        read.write(bytes, offset, length);
      }
    }

    synchronized String text() {
      return read.toString(UTF_8);
    }
  }

  private void awaitText(String text) {
    Awaitility.await().atMost(SOON).until(pipe::text, text::equals);
  }

  @Test
  void linesArriveInOrder() {
    pipe.open();
    out.println("one");
    out.print("tw");
    out.println("o");
    out.print("three");
    out.flush();

    awaitText("one\ntwo\nthree");
    assertThat(queue.droppedLines()).isZero();
  }

  @Test
  void writersGoOnWhileNobodyReadsAndWhatIsDroppedIsCountedAndReported() {
    for (int i = 0; i < 50; i++) {
      out.println("line %02d ...".formatted(i));
    }

    assertThat(queue.droppedLines()).isEqualTo(50 - CAPACITY / 12);
    assertThat(reported).isEmpty();
    pipe.open();
    Awaitility.await().atMost(SOON).until(() -> reported.equals(List.of(42L)));
    assertThat(pipe.text().lines()).hasSize(8).allMatch(line -> line.matches("line 0\\d ..."));
    out.println("again");
    Awaitility.await().atMost(SOON).until(() -> pipe.text().endsWith("\nagain\n"));
    assertThat(reported).containsExactly(42L);
  }

  @Test
  void aLineIsDroppedAsAWholeHoweverItIsWritten() {
    out.println("a".repeat(60));
    for (int i = 0; i < 80; i++) {
      out.print("b");
    }
    out.println();
    out.print("c".repeat(CAPACITY));
    out.print("c".repeat(CAPACITY));
    out.println("c");
    out.println("d");
    pipe.open();

    awaitText("a".repeat(60) + "\nd\n");
    assertThat(queue.droppedLines()).isEqualTo(2);
  }

  @Test
  void linesOfOneWriteAreCountedOneByOne() {
    out.println("a".repeat(60));
    out.println("exception\n at here\n at there" + " ".repeat(40));

    assertThat(queue.droppedLines()).isEqualTo(3);
  }

  @Test
  void whatAReaderThatIsGoneDoesNotReadIsCounted() {
    pipe.broken = true;
    pipe.open();
    out.println("one");
    out.println("two");

    Awaitility.await().atMost(SOON).until(() -> queue.droppedLines() == 2);
    assertThat(reported).isEmpty();
  }

  @Test
  void theLastLinesAreWrittenBeforeTheProgramEnds() {
    pipe.open();
    out.print("last words");
    queue.finish(SOON);
    assertThat(pipe.text()).isEqualTo("last words");
    out.println("!");
    out.flush();
    assertThat(pipe.text()).isEqualTo("last words!\n");
  }

  @Test
  void nothingKeepsTheProgramFromEndingForLong() {
    out.println("one");
    long start = System.nanoTime();
    queue.finish(Duration.ofMillis(200));
    for (int i = 0; i < 100; i++) {
      out.println("two");
      out.flush();
    }

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(ofMillis(200), ofMillis(5000));
  }

  @Test
  void theThreadThatReportsDroppedLinesDoesNotWaitForItself() {
    AtomicReference<PrintStream> log = new AtomicReference<>();
    List<Duration> took = new CopyOnWriteArrayList<>();
    LineQueue logged =
        new LineQueue(
                pipe,
                CAPACITY,
                dropped -> {
                  long start = System.nanoTime();
                  log.get().println("dropped " + dropped);
                  log.get().flush();
                  took.add(Duration.ofNanos(System.nanoTime() - start));
                })
            .start("logged output");
    log.set(new PrintStream(logged, false, UTF_8));
    log.get().println("a".repeat(60));
    log.get().println("b".repeat(60));
    Thread end = new Thread(() -> logged.finish(ofMillis(2000)));
    end.start();
    Awaitility.await().atMost(SOON).until(() -> end.getState() == Thread.State.TIMED_WAITING);
    pipe.open();

    awaitText("a".repeat(60) + "\ndropped 1\n");
    Awaitility.await().atMost(SOON).until(() -> !took.isEmpty());
    assertThat(took.get(0)).isLessThan(ofMillis(1000));
  }

  @Test
  void aReportThatFailsDoesNotEndTheWriting() {
    LineQueue failing =
        new LineQueue(
                pipe,
                CAPACITY,
                dropped -> {
                  throw new IllegalStateException("no log");
                })
            .start("failing output");
    PrintStream stream = new PrintStream(failing, false, UTF_8);
    stream.println("a".repeat(60));
    stream.println("b".repeat(60));
    pipe.open();
    awaitText("a".repeat(60) + "\n");
    stream.println("c");
    awaitText("a".repeat(60) + "\nc\n");
  }

  /** A reader of one line in 150 ms. */
  @Test
  void aReaderThatIsSlowGetsTheLastLines() {
    CountDownLatch never = new CountDownLatch(1);
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    OutputStream slow =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new UnsupportedOperationException("whole lines only");
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
              assertThat(never.await(150, TimeUnit.MILLISECONDS)).isFalse();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            read.write(bytes, offset, length);
          }
        };
    LineQueue slowly = new LineQueue(slow, CAPACITY, reported::add).start("slow output");
    PrintStream stream = new PrintStream(slowly, false, UTF_8);
    for (int i = 0; i < 6; i++) {
      stream.println(i);
    }
    slowly.finish(ofMillis(400));

    assertThat(read.toString(UTF_8)).isEqualTo("0\n1\n2\n3\n4\n5\n");
  }

  private static Duration ofMillis(long millis) {
    return Duration.ofMillis(millis);
  }
}
