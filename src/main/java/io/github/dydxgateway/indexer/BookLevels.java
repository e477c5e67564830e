package io.github.dydxgateway.indexer;

import java.util.Arrays;

/**
 * Levels of one side of a book, in the venue's order, as parallel primitive arrays: books are most
 * of the traffic. Filled by the reader alone, unchanged afterwards.
 */
public final class BookLevels {
  /** No levels. */
  public static final BookLevels NONE = new BookLevels(0);

  private long[] prices;
  private byte[] priceScales;
  private long[] sizes;
  private byte[] sizeScales;
  private String[] problems;
  private int count;

  BookLevels(int capacity) {
    prices = new long[capacity];
    priceScales = new byte[capacity];
    sizes = new long[capacity];
    sizeScales = new byte[capacity];
  }

  void add(long price, int priceScale, long size, int sizeScale) {
    if (count == prices.length) {
      grow();
    }
    prices[count] = price;
    priceScales[count] = (byte) priceScale;
    sizes[count] = size;
    sizeScales[count] = (byte) sizeScale;
    count++;
  }

  /** Adds a level whose price is known but whose size is no number, is missing or does not fit. */
  void addProblem(long price, int priceScale, String problem) {
    add(price, priceScale, -1, 0);
    if (problems == null || problems.length < prices.length) {
      problems =
          problems == null ? new String[prices.length] : Arrays.copyOf(problems, prices.length);
    }
    problems[count - 1] = problem;
  }

  /** Adds a level whose price is no number, is missing or does not fit. */
  void addProblem(String problem) {
    addProblem(-1, 0, problem);
  }

  private void grow() {
    int capacity = Math.max(4, prices.length * 2);
    prices = Arrays.copyOf(prices, capacity);
    priceScales = Arrays.copyOf(priceScales, capacity);
    sizes = Arrays.copyOf(sizes, capacity);
    sizeScales = Arrays.copyOf(sizeScales, capacity);
  }

  /** Number of levels. */
  public int count() {
    return count;
  }

  /** Price without its point; -1 where it could not be read. */
  public long price(int index) {
    return prices[index];
  }

  /** Digits after the point of the price. */
  public int priceScale(int index) {
    return priceScales[index];
  }

  /** Absolute size without its point; 0: the level is removed; -1 where it could not be read. */
  public long size(int index) {
    return sizes[index];
  }

  /** Digits after the point of the size. */
  public int sizeScale(int index) {
    return sizeScales[index];
  }

  /** What is wrong with the level, for a person; null if nothing. */
  public String problem(int index) {
    return problems == null || index >= problems.length ? null : problems[index];
  }
}
