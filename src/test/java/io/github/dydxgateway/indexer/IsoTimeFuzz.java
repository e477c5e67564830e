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
    char[] chars = ("2" + text + "Z").toCharArray();
    long[] nanos = new long[1];
    BUDGET.check(utf8.length, () -> nanos[0] = IsoTime.parse(chars, 1, text.length()));
    if (nanos[0] != expected(text)) {
      throw new AssertionError("'" + text + "' was read as " + nanos[0]);
    }
  }

  private static long expected(String text) {
    if (text.length() > LONGEST_TEXT) {
      return IsoTime.UNREADABLE;
    }
    try {
      Instant instant = Instant.parse(text);
      // The last second of either end is not worth the trouble.
      return Math.abs(instant.getEpochSecond()) >= Long.MAX_VALUE / NANOS_PER_SECOND
          ? IsoTime.parse(text.toCharArray(), 0, text.length())
          : instant.getEpochSecond() * NANOS_PER_SECOND + instant.getNano();
    } catch (DateTimeException e) {
      return IsoTime.UNREADABLE;
    }
  }
}
