package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.SnapshotReason;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One level changed in the state of a book, in small and large books. */
@State(Scope.Thread)
public class OrderBookStateBenchmark {
  private static final long MID = 1_000_000;
  private static final int DRAWS = 1 << 12;

  /** Levels of each side. */
  @Param({"100", "10000"})
  public int levels;

  private final OrderBookState book = new OrderBookState();
  private final OrderBookState decoding = new OrderBookState();
  private final int[] near = new int[DRAWS];
  private final Event[] events = new Event[DRAWS];
  private int next;
  private long time;

  /** Fills the book, and draws the levels that are changed. */
  @Setup
  public void fill() {
    fill(book);
    fill(decoding);
    SplittableRandom random = new SplittableRandom(42);
    for (int i = 0; i < DRAWS; i++) {
      double draw = random.nextDouble();
      near[i] = (int) (Math.min(levels, 100) * draw * draw * draw);
      events[i] =
          Event.newBuilder()
              .setOrderBookDelta(
                  OrderBookDelta.newBuilder()
                      .addBids(
                          PriceLevel.newBuilder()
                              .setPrice(MID - near[i])
                              .setSize((i & 3) == 0 ? 0 : i)))
              .build();
    }
  }

  private void fill(OrderBookState state) {
    state.beginSnapshot("BTC-USD-PERP.DYDX", 0, 0);
    for (int level = 0; level < levels; level++) {
      state.setBid(MID - level, 10);
      state.setAsk(MID + 1 + level, 10);
    }
    state.end(0);
  }

  /** A new size, a level removed or added again, mostly near the best price as on the venue. */
  @Benchmark
  public int update() {
    next = (next + 1) & (DRAWS - 1);
    time++;
    book.beginDelta(0, 0);
    book.setBid(MID - near[next], (time & 3) == 0 ? 0 : time);
    book.end(time);
    return book.bids();
  }

  /** The same as a decoded event. */
  @Benchmark
  public int apply() {
    next = (next + 1) & (DRAWS - 1);
    decoding.apply(events[next]);
    return decoding.bids();
  }

  /** The book as the events of a snapshot. */
  @Benchmark
  public List<Event.Builder> snapshot() {
    return book.snapshot(SnapshotReason.SNAPSHOT_REASON_CONFLATED, 1);
  }
}
