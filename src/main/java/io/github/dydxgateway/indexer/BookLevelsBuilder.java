package io.github.dydxgateway.indexer;

import java.util.Arrays;

/** Collects the levels of one side of a book. Reused; not thread safe. */
final class BookLevelsBuilder {
  /** Room that is kept: the venue sends at most 100 levels a side. */
  private static final int KEPT_LEVELS = 256;

  private long[] numbers = new long[2 * KEPT_LEVELS];
  private byte[] scales = new byte[2 * KEPT_LEVELS];
  private String[] problems;
  private UnknownFields[] extras;
  private int count;

  void clear() {
    count = 0;
    problems = null;
    extras = null;
    if (scales.length > 2 * KEPT_LEVELS) {
      numbers = new long[2 * KEPT_LEVELS];
      scales = new byte[2 * KEPT_LEVELS];
    }
  }

  void add(long price, int priceScale, long size, int sizeScale) {
    int at = 2 * count;
    if (at == scales.length) {
      numbers = Arrays.copyOf(numbers, 2 * at);
      scales = Arrays.copyOf(scales, 2 * at);
    }
    numbers[at] = price;
    numbers[at + 1] = size;
    scales[at] = (byte) priceScale;
    scales[at + 1] = (byte) sizeScale;
    count++;
  }

  /** Adds a level whose price is known but whose size is no number, is missing or does not fit. */
  void addProblem(long price, int priceScale, String problem) {
    add(price, priceScale, -1, 0);
    if (problems == null) {
      problems = new String[count];
    } else if (problems.length < count) {
      problems = Arrays.copyOf(problems, scales.length / 2);
    }
    problems[count - 1] = problem;
  }

  /** Adds a level whose price is no number, is missing or does not fit. */
  void addProblem(String problem) {
    addProblem(-1, 0, problem);
  }

  /** Adds fields to the last level. */
  void addExtras(UnknownFields fields) {
    if (extras == null) {
      extras = new UnknownFields[count];
    } else if (extras.length < count) {
      extras = Arrays.copyOf(extras, scales.length / 2);
    }
    extras[count - 1] = fields;
  }

  /** What was collected. */
  BookLevels build() {
    return count == 0
        ? BookLevels.NONE
        : new BookLevels(
            Arrays.copyOf(numbers, 2 * count),
            Arrays.copyOf(scales, 2 * count),
            problems == null ? null : Arrays.copyOf(problems, count),
            extras == null ? null : Arrays.copyOf(extras, count));
  }
}
