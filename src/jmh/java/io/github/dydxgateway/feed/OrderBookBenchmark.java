package io.github.dydxgateway.feed;

import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One level changed, as a frame of the venue does, in small and large books. */
@State(Scope.Thread)
public class OrderBookBenchmark {
  private static final long MID = 1_000_000;
  private static final int DRAWS = 1 << 12;

  /** Levels of each side. */
  @Param({"100", "10000"})
  public int levels;

  private final OrderBook book = new OrderBook(true);
  private final OrderBook other = new OrderBook(true);
  private final int[] near = new int[DRAWS];
  private final int[] anywhere = new int[DRAWS];
  private int next;
  private long time;

  /** Fills the book, and draws the levels that are changed. */
  @Setup
  public void fill() {
    takeState(book);
    SplittableRandom random = new SplittableRandom(42);
    for (int i = 0; i < DRAWS; i++) {
      double draw = random.nextDouble();
      near[i] = (int) (Math.min(levels, 100) * draw * draw * draw);
      anywhere[i] = random.nextInt(levels);
    }
  }

  private void takeState(OrderBook taking) {
    taking.beginState(0, 0);
    for (int level = 0; level < levels; level++) {
      taking.set(true, MID - level, 10, 0);
      taking.set(false, MID + 1 + level, 10, 0);
    }
    taking.finishFrame();
  }

  private int draw(int[] draws) {
    next = (next + 1) & (DRAWS - 1);
    return draws[next];
  }

  /** A new size, a level removed or added again, mostly near the best price as on the venue. */
  @Benchmark
  public long update() {
    return change(MID - draw(near));
  }

  /** The same anywhere in the book. */
  @Benchmark
  public long updateAnywhere() {
    return change(MID - draw(anywhere));
  }

  /** All levels of both sides, the best first as the venue sends them. */
  @Benchmark
  public long state() {
    takeState(other);
    return other.bids().price(0);
  }

  private long change(long price) {
    time++;
    book.beginFrame();
    long before = book.bids().sizeAt(price);
    book.set(true, price, before == 0 ? 10 : (time & 3) == 0 ? 0 : before + 1, time);
    book.finishFrame();
    return book.bids().price(0);
  }

  /** A bid above the best ask, which goes, and is there again with the next frame. */
  @Benchmark
  public long uncross() {
    time++;
    book.beginFrame();
    book.set(true, MID + 1, 5, time);
    book.finishFrame();
    time++;
    book.beginFrame();
    book.set(false, MID + 1, 10, time);
    book.finishFrame();
    return book.asks().price(0);
  }
}
