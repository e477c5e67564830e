package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.RebuiltBook;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Candle;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;

/** Whatever two connections do, as long as one is sound clients get the venue's own story. */
class RedundancyPropertiesTest {
  private static final String ADDRESS = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";
  private static final int TRIES = 300;

  private TestGateway gateway;

  @BeforeTry
  void start() {
    gateway =
        TestGateway.redundantWithBtc(
            new PrivateAccounts(List.of(new PrivateAccounts.Account(ADDRESS, Set.of(), ""))));
  }

  @Property(tries = TRIES)
  void everyTradeComesOnceAndInOrder(
      @ForAll @IntRange(max = 5) int first,
      @ForAll @IntRange(max = 5) int second,
      @ForAll @Size(max = 120) List<@IntRange(max = 1023) Integer> steps) {
    RecordingClient client = gateway.client(Topics.trades("BTC-USD"));
    TwoCopies venue =
        new TwoCopies(
            gateway,
            Channel.TRADES,
            "BTC-USD",
            after ->
                IntStream.range(0, after)
                    .mapToObj(i -> trade(after - i))
                    .collect(Collectors.joining(",", "{'trades':[", "]}")),
            number -> "{'trades':[" + trade(number) + "]}");
    venue.repeating().start(first, second);
    venue.run(steps);
    assertThat(
            client.events().stream()
                .flatMap(event -> event.getTrades().getTradesList().stream())
                .map(trade -> Integer.valueOf(trade.getTradeId())))
        .containsExactlyElementsOf(numbers(1, venue.happened()));
    assertNothingInterrupts(client);
  }

  private static String trade(int number) {
    return "{'id':'%d','side':'BUY','size':'1','price':'1','createdAtHeight':'%d'}"
        .formatted(number, number / 3 + 1);
  }

  @Property(tries = TRIES)
  void everyBlockComesOnceAndInOrder(
      @ForAll @IntRange(max = 5) int first,
      @ForAll @IntRange(max = 5) int second,
      @ForAll @Size(max = 120) List<@IntRange(max = 1023) Integer> steps) {
    RecordingClient client = gateway.client(Topics.blockHeight());
    TwoCopies venue =
        new TwoCopies(
            gateway,
            Channel.BLOCK_HEIGHT,
            "",
            after -> "{'height':'" + (after + 1) + "'}",
            number -> "{'blockHeight':'" + (number + 1) + "'}");
    venue.repeating().start(first, second);
    venue.run(steps);
    assertThat(
            client.events().stream()
                .filter(Event::hasBlockHeight)
                .map(event -> (int) event.getBlockHeight().getHeight()))
        .containsExactlyElementsOf(numbers(first + 1, venue.happened() + 1));
    assertNothingInterrupts(client);
  }

  @Property(tries = TRIES)
  void noVersionOfACandleComesTwiceOrLateAndTheLastAlwaysComes(
      @ForAll @IntRange(min = 1, max = 5) int first,
      @ForAll @IntRange(min = 1, max = 5) int second,
      @ForAll @Size(max = 120) List<@IntRange(max = 1023) Integer> steps) {
    RecordingClient client =
        gateway.client(Topics.candles("BTC-USD", CandleResolution.CANDLE_RESOLUTION_1MIN));
    TwoCopies venue =
        new TwoCopies(
            gateway,
            Channel.CANDLES,
            "BTC-USD/1MIN",
            after ->
                lastOfEachMinute(after).values().stream()
                    .map(RedundancyPropertiesTest::candle)
                    .collect(Collectors.joining(",", "{'candles':[", "]}")),
            RedundancyPropertiesTest::candle);
    venue.repeating().start(first, second);
    venue.run(steps);
    Map<Integer, Integer> last = new HashMap<>();
    Map<Integer, Integer> finals = new HashMap<>();
    for (Event event : client.events()) {
      for (Candle candle : event.getCandles().getCandlesList()) {
        int minute = (int) (candle.getStartTimeNs() / 60_000_000_000L % 1440);
        int version = (int) candle.getTradeCount();
        assertThat(last.merge(minute, version, Math::max)).isEqualTo(version);
        assertThat(finals.getOrDefault(minute, version)).isEqualTo(version);
        if (candle.getIsFinal()) {
          finals.put(minute, version);
        } else {
          assertThat(last.keySet()).noneMatch(other -> other > minute);
        }
      }
    }
    Map<Integer, Integer> expected = new HashMap<>();
    lastOfEachMinute(venue.happened())
        .forEach((minute, number) -> expected.put(minute, number % 4 + 1));
    assertThat(last).isEqualTo(expected);
    assertNothingInterrupts(client);
  }

  /** Four versions a minute. */
  private static Map<Integer, Integer> lastOfEachMinute(int after) {
    Map<Integer, Integer> last = new TreeMap<>(java.util.Comparator.reverseOrder());
    for (int number = 1; number <= after; number++) {
      last.put(number / 4, number);
    }
    return last;
  }

  private static String candle(int number) {
    int minute = number / 4;
    return ("{'startedAt':'2023-04-04T%02d:%02d:00.000Z','ticker':'BTC-USD','resolution':'1MIN',"
            + "'low':'1','high':'1','open':'1','close':'1','baseTokenVolume':'%d','usdVolume':'1',"
            + "'trades':%d,'startingOpenInterest':'1'}")
        .formatted(minute / 60, minute % 60, number % 4 + 1, number % 4 + 1);
  }

  @Property(tries = TRIES)
  void theBookEndsAsTheVenues(
      @ForAll @IntRange(max = 5) int first,
      @ForAll @IntRange(max = 5) int second,
      @ForAll @Size(max = 120) List<@IntRange(max = 1023) Integer> steps) {
    RecordingClient client = gateway.client(Topics.rawOrderBook("BTC-USD"));
    TwoCopies venue =
        new TwoCopies(
            gateway,
            Channel.ORDER_BOOK,
            "BTC-USD",
            after ->
                bidsAfter(after).entrySet().stream()
                    .filter(level -> level.getValue() > 0)
                    .map(
                        level ->
                            "{'price':'" + level.getKey() + "','size':'" + level.getValue() + "'}")
                    .collect(Collectors.joining(",", "{'bids':[", "],'asks':[]}")),
            number -> "{'bids':[['" + priceOf(number) + "','" + sizeOf(number) + "']]}");
    venue.start(first, second);
    venue.run(steps);
    RebuiltBook book = RebuiltBook.of(client.events(), Long.MAX_VALUE);
    Map<Integer, Integer> rebuilt = new TreeMap<>();
    book.bids().forEach((price, size) -> rebuilt.put(intOf(price), intOf(size)));
    Map<Integer, Integer> expected = bidsAfter(venue.happened());
    expected.values().removeIf(size -> size == 0);
    assertThat(rebuilt).isEqualTo(expected);
    assertNothingInterrupts(client);
  }

  private static int intOf(BigDecimal value) {
    return value.intValueExact();
  }

  private static int priceOf(int number) {
    return number * 7 % 5 + 1;
  }

  private static int sizeOf(int number) {
    return number * 11 % 4;
  }

  private static Map<Integer, Integer> bidsAfter(int after) {
    Map<Integer, Integer> bids = new TreeMap<>();
    for (int number = 1; number <= after; number++) {
      bids.put(priceOf(number), sizeOf(number));
    }
    return bids;
  }

  @Property(tries = TRIES)
  void everyUpdateOfAnAccountComesOnceAndInOrder(
      @ForAll @IntRange(max = 5) int first,
      @ForAll @IntRange(max = 5) int second,
      @ForAll @Size(max = 120) List<@IntRange(max = 1023) Integer> steps) {
    RecordingClient client = gateway.client(Topics.subaccount(ADDRESS, 0));
    TwoCopies venue =
        new TwoCopies(
            gateway,
            Channel.SUBACCOUNTS,
            ADDRESS + "/0",
            after -> "{'orders':[],'blockHeight':'" + (after + 100) + "'}",
            number ->
                "{'fills':[{'id':'%d','side':'BUY','size':'1','price':'1'}],'blockHeight':'%d'}"
                    .formatted(number, number / 2 + 100));
    venue.start(first, second);
    venue.run(steps);
    assertThat(
            client.events().stream()
                .flatMap(event -> event.getSubaccountUpdate().getFillsList().stream())
                .map(fill -> Integer.valueOf(fill.getFillId())))
        .containsExactlyElementsOf(numbers(first + 1, venue.happened()));
    assertNothingInterrupts(client);
  }

  @Property(tries = TRIES)
  void marketsEndAsTheVenuesAndSayNothingTwice(
      @ForAll @IntRange(max = 5) int first,
      @ForAll @IntRange(max = 5) int second,
      @ForAll @Size(max = 120) List<@IntRange(max = 1023) Integer> steps) {
    RecordingClient client = gateway.client(Topics.market("BTC-USD"));
    TwoCopies venue =
        new TwoCopies(
            gateway,
            Channel.MARKETS,
            "",
            after ->
                "{'markets':{'BTC-USD':{'ticker':'BTC-USD','tickSize':'0.1','stepSize':'0.001',"
                    + "'volume24H':'"
                    + after
                    + "'}}}",
            number -> "{'trading':{'BTC-USD':{'volume24H':'" + number + "'}}}");
    venue.start(first, second);
    venue.run(steps);
    List<String> volumes =
        client.events().stream()
            .filter(event -> event.getMarketUpdate().hasVolume24H())
            .map(event -> event.getMarketUpdate().getVolume24H())
            .toList();
    assertThat(volumes).endsWith(String.valueOf(venue.happened()));
    for (int i = 1; i < volumes.size(); i++) {
      assertThat(volumes.get(i)).isNotEqualTo(volumes.get(i - 1));
    }
    assertNothingInterrupts(client);
  }

  private static List<Integer> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toList();
  }

  private static void assertNothingInterrupts(RecordingClient client) {
    assertThat(client.events()).noneMatch(Event::hasGap);
    assertThat(client.events())
        .noneMatch(event -> event.getSubscriptionState().getState() == State.STATE_RECOVERING);
  }
}
