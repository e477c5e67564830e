package io.github.dydxgateway.indexer;

/**
 * Levels of one side of a book, in the venue's order, as primitive arrays: books are most of the
 * traffic. Immutable.
 */
public final class BookLevels {
  /** No levels. */
  public static final BookLevels NONE = new BookLevels(new long[0], new byte[0], null, null);

  /** Price and size of each level in turn. */
  private final long[] numbers;

  /** Their digits after the point. */
  private final byte[] scales;

  /** By level; null where no level has one. */
  private final String[] problems;

  /** By level; null where no level has any. */
  private final UnknownFields[] extras;

  BookLevels(long[] numbers, byte[] scales, String[] problems, UnknownFields[] extras) {
    this.extras = extras;
    this.numbers = numbers;
    this.scales = scales;
    this.problems = problems;
  }

  /** Number of levels. */
  public int count() {
    return scales.length / 2;
  }

  /** Price without its point; -1 where it could not be read. */
  public long price(int index) {
    return numbers[2 * index];
  }

  /** Digits after the point of the price. */
  public int priceScale(int index) {
    return scales[2 * index];
  }

  /** Absolute size without its point; 0: the level is removed; -1 where it could not be read. */
  public long size(int index) {
    return numbers[2 * index + 1];
  }

  /** Digits after the point of the size. */
  public int sizeScale(int index) {
    return scales[2 * index + 1];
  }

  /** What this version does not know of the level. */
  public UnknownFields unknownFields(int index) {
    return extras == null || extras[index] == null ? UnknownFields.NONE : extras[index];
  }

  /** What is wrong with the level, for a person; null if nothing. */
  public String problem(int index) {
    return problems == null ? null : problems[index];
  }
}
