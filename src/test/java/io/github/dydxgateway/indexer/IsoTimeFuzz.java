package io.github.dydxgateway.indexer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.dydxgateway.testing.AllocationBudget;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;

/** Times against {@link Instant}. */
class IsoTimeFuzz {
  /** What is no time costs two exceptions, each as large as the stack is deep. */
  private static final AllocationBudget BUDGET = new AllocationBudget(32 << 10, 16);

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int LONGEST_TEXT = 64;

  @FuzzTest
  void timesAreWhatInstantSays(byte[] utf8) {
    String text = new String(utf8, StandardCharsets.UTF_8);
    byte[] bytes = new byte[utf8.length + 2];
    bytes[0] = '2';
    bytes[bytes.length - 1] = 'Z';
    System.arraycopy(utf8, 0, bytes, 1, utf8.length);
    long[] nanos = new long[1];
    BUDGET.check(utf8.length, () -> nanos[0] = IsoTime.parse(bytes, 1, utf8.length));
    if (nanos[0] != expected(text, utf8)) {
      throw new AssertionError("'" + text + "' was read as " + nanos[0]);
    }
  }

  private static long expected(String text, byte[] utf8) {
    if (text.length() > LONGEST_TEXT) {
      return IsoTime.UNREADABLE;
    }
    try {
      Instant instant = Instant.parse(text);
      // The last second of either end is not worth the trouble.
      return Math.abs(instant.getEpochSecond()) >= Long.MAX_VALUE / NANOS_PER_SECOND
          ? IsoTime.parse(utf8, 0, utf8.length)
          : instant.getEpochSecond() * NANOS_PER_SECOND + instant.getNano();
    } catch (DateTimeException e) {
      return IsoTime.UNREADABLE;
    }
  }
}
