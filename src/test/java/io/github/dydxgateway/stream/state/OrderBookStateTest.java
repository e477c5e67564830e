package io.github.dydxgateway.stream.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dydxgateway.testing.SnapshotContents;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.SnapshotInfo;
import io.github.dydxgateway.v1.SnapshotReason;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

class OrderBookStateTest {
  private final OrderBookState state = (OrderBookState) TopicState.of(Topics.orderBook("BTC-USD"));

  @Example
  void levelsAreSortedBestFirst() {
    state.beginSnapshot("X", 1, 2);
    state.setBid(10, 1);
    state.setBid(12, 2);
    state.setAsk(20, 3);
    state.setAsk(15, 4);
    state.end(5);
    state.beginDelta(1, 2);
    state.setBid(11, 5);
    state.setBid(12, 0);
    state.setAsk(14, 6);
    state.end(6);
    assertThat(book())
        .isEqualTo(
            OrderBookSnapshot.newBuilder()
                .setInstrumentId("X")
                .setPriceScale(1)
                .setSizeScale(2)
                .addBids(level(11, 5))
                .addBids(level(10, 1))
                .addAsks(level(14, 6))
                .addAsks(level(15, 4))
                .addAsks(level(20, 3))
                .build());
    assertThat(state.bids()).isEqualTo(2);
    assertThat(state.bidPrice(0)).isEqualTo(11);
    assertThat(state.askSize(2)).isEqualTo(3);
  }

  @Example
  void unknownFieldsOfALevelGoWithIt() {
    state.beginSnapshot("X", 0, 0);
    state.setBid(1, 1, Map.of("new", "7"));
    state.putExtras(Map.of("beside", "1"));
    state.end(5);
    state.beginDelta(2, 0);
    state.setAsk(203, 4, Map.of("new", "8"));
    state.end(6);
    assertThat(book())
        .isEqualTo(
            OrderBookSnapshot.newBuilder()
                .setInstrumentId("X")
                .setPriceScale(2)
                .addBids(level(100, 1).toBuilder().putExtraFields("new", "7"))
                .addAsks(level(203, 4).toBuilder().putExtraFields("new", "8"))
                .putExtraFields("beside", "1")
                .build());
    state.beginDelta(0, 0);
    state.setBid(1, 3);
    state.putExtras(Map.of("beside", "2"));
    state.end(7);
    assertThat(book().getBids(0)).isEqualTo(level(100, 3));
    assertThat(book().getExtraFieldsMap()).containsExactly(Map.entry("beside", "2"));
  }

  @Example
  void aSnapshotBringsItsOwnScales() {
    state.beginSnapshot("X", 4, 4);
    state.setBid(1, 1);
    state.end(5);
    state.beginSnapshot("X", 1, 1);
    state.setBid(2, 2);
    state.end(6);
    assertThat(state.priceScale()).isEqualTo(1);
    assertThat(state.sizeScale()).isEqualTo(1);
    assertThat(book().getBidsList()).containsExactly(level(2, 2));
  }

  @Example
  void scalesAreLoweredWhereALevelWouldNotFitElse() {
    state.beginSnapshot("X", 18, 0);
    state.setBid(5_000_000_000_000_000_000L, 1); // 5
    state.end(5);
    state.beginDelta(0, 0);
    state.setBid(1_000_000, 2);
    state.end(6);
    assertThat(book().getBidsList()).containsExactly(level(1_000_000, 2), level(5, 1));
    assertThat(state.priceScale()).isZero();
  }

  @Example
  void aLevelThatCannotBeExpressedWithTheOthersIsAnError() {
    state.beginSnapshot("X", 18, 0);
    state.setBid(5_000_000_000_000_000_001L, 1);
    state.end(5);
    state.beginDelta(0, 0);
    assertThatThrownBy(() -> state.setBid(1_000_000, 2))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("price 1000000");
  }

  /** Levels set one by one, events and a reference book lead to the same. */
  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void levelsSetOneByOneAreAsThoseOfEvents(@ForAll long seed) {
    Random random = new Random(seed);
    TopicState decoded = TopicState.of(Topics.orderBook("BTC-USD"));
    NavigableMap<BigDecimal, BigDecimal> bids = new TreeMap<>(Comparator.reverseOrder());
    NavigableMap<BigDecimal, BigDecimal> asks = new TreeMap<>();
    for (int step = 0; step < 40; step++) {
      boolean isSnapshot = step == 0 || random.nextInt(20) == 0;
      int priceScale = random.nextInt(3);
      int sizeScale = random.nextInt(3);
      List<PriceLevel> newBids = levels(random, isSnapshot);
      List<PriceLevel> newAsks = levels(random, isSnapshot);
      if (isSnapshot) {
        bids.clear();
        asks.clear();
        state.beginSnapshot("X", priceScale, sizeScale);
        decoded.apply(
            Event.newBuilder()
                .setSnapshotInfo(SnapshotInfo.newBuilder().setLast(true))
                .setOrderBookSnapshot(
                    OrderBookSnapshot.newBuilder()
                        .setInstrumentId("X")
                        .setPriceScale(priceScale)
                        .setSizeScale(sizeScale)
                        .addAllBids(newBids)
                        .addAllAsks(newAsks))
                .build());
      } else {
        state.beginDelta(priceScale, sizeScale);
        decoded.apply(
            Event.newBuilder()
                .setOrderBookDelta(
                    OrderBookDelta.newBuilder()
                        .setInstrumentId("X")
                        .setPriceScale(priceScale)
                        .setSizeScale(sizeScale)
                        .addAllBids(newBids)
                        .addAllAsks(newAsks))
                .build());
      }
      newBids.forEach(level -> state.setBid(level.getPrice(), level.getSize()));
      newAsks.forEach(level -> state.setAsk(level.getPrice(), level.getSize()));
      state.end(0);
      newBids.forEach(level -> set(bids, level, priceScale, sizeScale));
      newAsks.forEach(level -> set(asks, level, priceScale, sizeScale));
      assertThat(book()).isEqualTo(bookOf(decoded));
      assertThat(
              SnapshotContents.of(List.of(Event.newBuilder().setOrderBookSnapshot(book()).build())))
          .isEqualTo(lines(bids, asks));
    }
  }

  private static List<String> lines(
      Map<BigDecimal, BigDecimal> bids, Map<BigDecimal, BigDecimal> asks) {
    List<String> lines = new ArrayList<>();
    bids.forEach((price, size) -> lines.add("bid %s at %s {}".formatted(text(size), text(price))));
    asks.forEach((price, size) -> lines.add("ask %s at %s {}".formatted(text(size), text(price))));
    lines.add("book of X");
    return lines;
  }

  private static String text(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }

  private static void set(
      Map<BigDecimal, BigDecimal> side, PriceLevel level, int priceScale, int sizeScale) {
    BigDecimal price = BigDecimal.valueOf(level.getPrice(), priceScale).stripTrailingZeros();
    if (level.getSize() == 0) {
      side.remove(price);
    } else {
      side.put(price, BigDecimal.valueOf(level.getSize(), sizeScale));
    }
  }

  private static List<PriceLevel> levels(Random random, boolean isSnapshot) {
    List<PriceLevel> levels = new ArrayList<>();
    for (int i = random.nextInt(isSnapshot ? 200 : 5); i > 0; i--) {
      levels.add(level(random.nextInt(300) + 1, random.nextInt(isSnapshot ? 5 : 3)));
    }
    return levels;
  }

  private static PriceLevel level(long price, long size) {
    return PriceLevel.newBuilder().setPrice(price).setSize(size).build();
  }

  private OrderBookSnapshot book() {
    return bookOf(state);
  }

  private static OrderBookSnapshot bookOf(TopicState state) {
    List<Event.Builder> events = state.snapshot(SnapshotReason.SNAPSHOT_REASON_JOIN, 1);
    assertThat(events).hasSize(1);
    return events.get(0).getOrderBookSnapshot();
  }
}
