package io.github.dydxgateway.stream.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.testing.SnapshotContents;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.AssetPosition;
import io.github.dydxgateway.v1.Candle;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Candles;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Instrument;
import io.github.dydxgateway.v1.Instruments;
import io.github.dydxgateway.v1.Order;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.OrderStatus;
import io.github.dydxgateway.v1.PerpetualPosition;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.SnapshotInfo;
import io.github.dydxgateway.v1.SnapshotReason;
import io.github.dydxgateway.v1.SubaccountSnapshot;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.Trade;
import io.github.dydxgateway.v1.Trades;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A large snapshot comes in several events, none much above 1 MiB, that add up to the state. */
class SnapshotPartsTest {
  private static final int MOST_BYTES = TopicState.MAX_EVENT_BYTES + 1_000;
  private static final String ADDRESS = "dydx1owner";

  @Test
  void aSmallStateIsOneEventWhichIsTheLast() {
    TopicState state = stateAfter(Topics.orderBook("BTC-USD"), snapshot(true, book(0, 3)));
    List<Event> events = snapshotOf(state);
    assertThat(events).hasSize(1);
    assertThat(events.get(0).getReceiveTimeNs()).isEqualTo(7);
    assertThat(events.get(0).getSequence()).isZero();
    assertThat(events.get(0).getSnapshotInfo())
        .isEqualTo(
            SnapshotInfo.newBuilder()
                .setReason(SnapshotReason.SNAPSHOT_REASON_CONFLATED)
                .setLast(true)
                .setAsOfSequence(42)
                .build());
  }

  @Test
  void thereIsNoSnapshotBeforeTheFirstState() {
    assertThat(snapshotOf(TopicState.of(Topics.orderBook("BTC-USD")))).isEmpty();
    assertThat(snapshotOf(TopicState.of(Topics.subaccount(ADDRESS, 0)))).isEmpty();
  }

  @Test
  void anEmptyStateIsAnEvent() {
    TopicState state =
        stateAfter(
            Topics.trades("BTC-USD"),
            snapshot(true, Event.newBuilder().setTrades(Trades.newBuilder().setSnapshot(true))));
    assertThat(snapshotOf(state)).hasSize(1);
  }

  @Test
  void aBookIsDividedByLevels() {
    TopicState state = stateAfter(Topics.orderBook("BTC-USD"), snapshot(true, book(0, 90_000)));
    List<Event> events = assertAddsUp(Topics.orderBook("BTC-USD"), state);
    assertThat(events.get(0).getOrderBookSnapshot().getAsksCount()).isZero();
    assertThat(events.get(events.size() - 1).getOrderBookSnapshot().getBidsCount()).isZero();
  }

  @Test
  void tradesAreDivided() {
    Trades.Builder trades = Trades.newBuilder().setInstrumentId("X").setSnapshot(true);
    IntStream.range(0, 1_000)
        .forEach(
            i ->
                trades.addTrades(
                    Trade.newBuilder()
                        .setTradeId("t" + i)
                        .putExtraFields("new", "9".repeat(5_000))));
    Topic topic = Topics.trades("BTC-USD");
    assertAddsUp(topic, stateAfter(topic, snapshot(true, Event.newBuilder().setTrades(trades))));
  }

  @Test
  void candlesAreDivided() {
    Candles.Builder candles = Candles.newBuilder().setInstrumentId("X").setSnapshot(true);
    IntStream.range(0, 1_000)
        .forEach(
            i ->
                candles.addCandles(
                    Candle.newBuilder()
                        .setStartTimeNs(i)
                        .putExtraFields("new", "9".repeat(5_000))));
    candles.putExtraFields("beside", "1");
    Topic topic = Topics.candles("BTC-USD", CandleResolution.CANDLE_RESOLUTION_1MIN);
    assertAddsUp(topic, stateAfter(topic, snapshot(true, Event.newBuilder().setCandles(candles))));
  }

  @Test
  void definitionsAreDividedAndStatisticsFollowThem() {
    Instruments.Builder definitions = Instruments.newBuilder().setSnapshot(true);
    IntStream.range(0, 20_000)
        .forEach(
            i ->
                definitions.addInstruments(
                    Instrument.newBuilder()
                        .setInstrumentId("M" + i)
                        .setTicker("x".repeat(100))
                        .setTickSize("0.1")));
    IntStream.range(0, 1_500)
        .forEach(i -> definitions.putExtraFields("new" + i, "8".repeat(2_000)));
    Topic topic = Topics.markets();
    List<Event> events =
        assertAddsUp(
            topic,
            stateAfter(topic, snapshot(true, Event.newBuilder().setInstruments(definitions))));
    assertThat(events).allMatch(event -> event.getInstruments().getSnapshot());
  }

  @Test
  void anAccountOf25000OrdersIsDivided() {
    SubaccountSnapshot.Builder account = account(0).setEquity("5").setFound(true);
    IntStream.range(0, 25_000).forEach(i -> account.addOrders(order(i)));
    Topic topic = Topics.subaccount(ADDRESS, 0);
    List<Event> events =
        assertAddsUp(
            topic,
            stateAfter(topic, snapshot(true, Event.newBuilder().setSubaccountSnapshot(account))));
    SubaccountSnapshot further = events.get(1).getSubaccountSnapshot();
    assertThat(further.getAddress()).isEqualTo(ADDRESS);
    assertThat(further.getEquity()).isEmpty();
    assertThat(events.get(0).getSubaccountSnapshot().getEquity()).isEqualTo("5");
  }

  @Test
  void aChildThatIsTooLargeItselfIsDividedToo() {
    SubaccountSnapshot.Builder parent = account(0);
    for (int number : new int[] {0, 128, 256}) {
      SubaccountSnapshot.Builder child = account(number).setEquity("7").setFound(true);
      IntStream.range(0, number == 128 ? 10_000 : 3)
          .forEach(
              i ->
                  child
                      .addPositions(
                          PerpetualPosition.newBuilder()
                              .setInstrumentId("M" + i)
                              .setSubaccountNumber(number)
                              .setSumOpen("1".repeat(200)))
                      .addBalances(AssetPosition.newBuilder().setSymbol("A" + i).setSize("1")));
      parent.addChildren(child);
    }
    IntStream.range(0, 3).forEach(i -> parent.addOrders(order(i)));
    Topic topic = Topics.parentSubaccount(ADDRESS, 0);
    assertAddsUp(
        topic, stateAfter(topic, snapshot(true, Event.newBuilder().setSubaccountSnapshot(parent))));
  }

  @Test
  void theNextSnapshotReplacesAllPartsOfTheLastOne() {
    Topic topic = Topics.orderBook("BTC-USD");
    TopicState state = stateAfter(topic, snapshot(false, book(0, 3)), snapshot(true, book(3, 2)));
    assertThat(SnapshotContents.of(snapshotOf(state)))
        .isEqualTo(SnapshotContents.of(List.of(snapshot(true, book(0, 5)))));
    state.apply(snapshot(true, book(7, 1)));
    assertThat(SnapshotContents.of(snapshotOf(state)))
        .isEqualTo(SnapshotContents.of(List.of(snapshot(true, book(7, 1)))));
  }

  @Test
  void aWholeStateIsLoggedAsEntriesThatEndWithItsOwnSequence() {
    TopicState state = TopicState.of(Topics.orderBook("BTC-USD"));
    state.apply(snapshot(true, book(0, 3)));
    state.replace(List.of(book(10, 90_000).setReceiveTimeNs(8).build()));
    List<Event.Builder> entries = state.entries(SnapshotReason.SNAPSHOT_REASON_RECOVERED, 100);
    assertThat(entries).hasSizeGreaterThan(2);
    for (int i = 0; i < entries.size(); i++) {
      assertThat(entries.get(i).getSequence()).isEqualTo(101 + i);
      assertThat(entries.get(i).getReceiveTimeNs()).isEqualTo(8);
      assertThat(entries.get(i).getSnapshotInfo())
          .isEqualTo(
              SnapshotInfo.newBuilder()
                  .setReason(SnapshotReason.SNAPSHOT_REASON_RECOVERED)
                  .setLast(i == entries.size() - 1)
                  .setAsOfSequence(100 + entries.size())
                  .build());
    }
    TopicState replica = TopicState.of(Topics.orderBook("BTC-USD"));
    entries.forEach(entry -> replica.apply(entry.build()));
    assertThat(snapshotOf(replica)).isEqualTo(snapshotOf(state));
  }

  /** Bids from 1,000,000 down and asks above, from a depth on. */
  private static Event.Builder book(int from, int count) {
    OrderBookSnapshot.Builder book = OrderBookSnapshot.newBuilder().setInstrumentId("X");
    for (int i = from; i < from + count; i++) {
      book.addBids(PriceLevel.newBuilder().setPrice(1_000_000L - i).setSize(1L << 60));
      book.addAsks(PriceLevel.newBuilder().setPrice(1_000_001L + i).setSize(i + 1L));
    }
    return Event.newBuilder().setOrderBookSnapshot(book);
  }

  private static SubaccountSnapshot.Builder account(int number) {
    return SubaccountSnapshot.newBuilder()
        .setAddress(ADDRESS)
        .setSubaccountNumber(number)
        .setAccountId("main");
  }

  private static Order order(int number) {
    return Order.newBuilder()
        .setOrderId("o" + number)
        .setStatus(OrderStatus.ORDER_STATUS_OPEN)
        .setSubaccountId("s".repeat(100))
        .putAllExtraFields(Map.of("new", "1".repeat(100)))
        .build();
  }

  private static Event snapshot(boolean last, Event.Builder event) {
    return event
        .setReceiveTimeNs(7)
        .setSnapshotInfo(SnapshotInfo.newBuilder().setLast(last))
        .build();
  }

  private static TopicState stateAfter(Topic topic, Event... events) {
    TopicState state = TopicState.of(topic);
    for (Event event : events) {
      state.apply(event);
    }
    return state;
  }

  private static List<Event> snapshotOf(TopicState state) {
    return new ArrayList<>(
        state.snapshot(SnapshotReason.SNAPSHOT_REASON_CONFLATED, 42).stream()
            .map(Event.Builder::build)
            .toList());
  }

  private static List<Event> assertAddsUp(Topic topic, TopicState state) {
    List<Event> events = snapshotOf(state);
    assertThat(events).hasSizeGreaterThan(1);
    assertThat(events).allMatch(event -> event.getSerializedSize() <= MOST_BYTES);
    assertThat(events.stream().map(event -> event.getSnapshotInfo().getLast()))
        .containsExactlyElementsOf(
            IntStream.range(0, events.size()).mapToObj(i -> i == events.size() - 1).toList());
    TopicState joined = TopicState.of(topic);
    events.forEach(joined::apply);
    assertThat(snapshotOf(joined)).isEqualTo(events);
    assertThat(SnapshotContents.of(events)).hasSizeGreaterThan(100);
    return events;
  }
}
