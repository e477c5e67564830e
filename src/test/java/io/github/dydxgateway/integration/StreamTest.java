package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.blockHeight;
import static io.github.dydxgateway.testing.GatewayClient.book;
import static io.github.dydxgateway.testing.GatewayClient.candles;
import static io.github.dydxgateway.testing.GatewayClient.markets;
import static io.github.dydxgateway.testing.GatewayClient.parentSubaccount;
import static io.github.dydxgateway.testing.GatewayClient.quotes;
import static io.github.dydxgateway.testing.GatewayClient.rawBook;
import static io.github.dydxgateway.testing.GatewayClient.request;
import static io.github.dydxgateway.testing.GatewayClient.subaccount;
import static io.github.dydxgateway.testing.GatewayClient.trades;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.Places;
import io.github.dydxgateway.testing.RebuiltBook;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.testing.ScriptedConnection;
import io.github.dydxgateway.testing.ScriptedIndexer;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.GetStatusRequest;
import io.github.dydxgateway.v1.ListInstrumentsRequest;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubaccountUpdate;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.github.dydxgateway.v1.TopicStatus;
import io.github.dydxgateway.v1.Trade;
import io.grpc.Status;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The gateway over real sockets, between a scripted venue and real clients. */
@QuarkusTest
@QuarkusTestResource(value = ScriptedVenue.class, restrictToAnnotatedClass = true)
class StreamTest {
  private static final String BTC = "BTC-USD-PERP.DYDX";

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  ScriptedIndexer venue;
  private GatewayClient client;

  @BeforeEach
  void connect() {
    client = new GatewayClient(port);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                client.calls().getStatus(GetStatusRequest.getDefaultInstance()).getInstrumentCount()
                    > 0);
  }

  /** The next test finds no topic of this one. */
  @AfterEach
  void leaveAllTopics() throws Exception {
    client.close();
    try (GatewayClient last = new GatewayClient(port)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  last.calls()
                      .getStatus(GetStatusRequest.getDefaultInstance())
                      .getTopicsList()
                      .isEmpty());
    }
  }

  // ---- from a frame to a client

  @Test
  void tradesComeOldestFirstAndOnce() {
    venue.initialState(Channel.TRADES, "BTC-USD", Frames.tradesNewestFirst(1, 5));
    RecordedStream<?, ?> stream = client.subscribe(trades("BTC-USD"));
    stream.await(PayloadCase.TRADES, 1);
    venue.push(Channel.TRADES, "BTC-USD", Frames.trades(4, 7));
    List<Event> events = stream.await(PayloadCase.TRADES, 2);

    assertThat(events.get(0).getTrades().getSnapshot()).isTrue();
    assertThat(ids(events)).isEqualTo(idsFrom(1, 7));
    assertThat(events.get(1).getSequence()).isGreaterThan(Places.of(events.get(0)));
    assertThat(events.get(0).getTopic()).isEqualTo(trades(BTC));
    Trade first = events.get(0).getTrades().getTrades(0);
    assertThat(first.getPrice()).isEqualTo(90000);
    assertThat(first.getSize()).isEqualTo(1);
    assertThat(events.get(0).getTrades().getPriceScale()).isZero();
    assertThat(events.get(0).getTrades().getSizeScale()).isEqualTo(4);
    assertThat(first.getEventTimeNs()).isEqualTo(1765210290590000000L);
    assertThat(
            stream.events(PayloadCase.SUBSCRIPTION_STATE).stream()
                .map(event -> event.getSubscriptionState().getState()))
        .endsWith(State.STATE_LIVE);
  }

  @Test
  void bookIsUncrossedUnlessRaw() {
    venue.initialState(
        Channel.ORDER_BOOK,
        "BTC-USD",
        """
        {"bids":[{"price":"89947","size":"0.0002"},{"price":"89946","size":"1.5"}],
        "asks":[{"price":"89958","size":"0.1177"}]}""");
    RecordedStream<?, ?> stream =
        client.subscribe(book("BTC-USD"), rawBook("BTC-USD"), quotes("BTC-USD"));
    stream.await(PayloadCase.ORDER_BOOK_SNAPSHOT, 2);
    stream.await(PayloadCase.QUOTE, 1);
    venue.push(Channel.ORDER_BOOK, "BTC-USD", "{\"bids\":[[\"89960\",\"0.5\"]]}");

    List<Event> deltas = stream.await(PayloadCase.ORDER_BOOK_DELTA, 2);
    Event raw = deltas.stream().filter(e -> e.getTopic().getOrderBook().getRaw()).findFirst().get();
    Event uncrossed =
        deltas.stream().filter(e -> !e.getTopic().getOrderBook().getRaw()).findFirst().get();
    assertThat(raw.getOrderBookDelta().getAsksCount()).isZero();
    assertThat(uncrossed.getOrderBookDelta().getAsks(0).getPrice()).isEqualTo(89958);
    assertThat(uncrossed.getOrderBookDelta().getAsks(0).getSize()).isZero();
    Event quote = stream.await(PayloadCase.QUOTE, 2).get(1);
    assertThat(quote.getQuote().getBidPrice()).isEqualTo(89960);
    assertThat(quote.getQuote().getBidSize()).isEqualTo(5000);
    assertThat(quote.getQuote().getAskSize()).isZero();
  }

  @Test
  void candlesBecomeFinalWhenALaterOneStarts() {
    venue.initialState(
        Channel.CANDLES, "BTC-USD/1MIN", "{\"candles\":[" + candle("16:01", "11") + "]}");
    RecordedStream<?, ?> stream =
        client.subscribe(candles("BTC-USD", CandleResolution.CANDLE_RESOLUTION_1MIN));
    stream.await(PayloadCase.CANDLES, 1);
    venue.push(Channel.CANDLES, "BTC-USD/1MIN", candle("16:02", "12"));
    Event event = stream.await(PayloadCase.CANDLES, 2).get(1);

    assertThat(event.getCandles().getCandlesList())
        .extracting(candle -> candle.getClose() + " " + candle.getIsFinal())
        .containsExactly("11 true", "12 false");
  }

  private static String candle(String time, String close) {
    return """
        {"startedAt":"2025-12-08T%s:00.000Z","ticker":"BTC-USD","resolution":"1MIN","low":"9","high":"20","open":"10",
        "close":"%s","baseTokenVolume":"0.5","usdVolume":"45000.00","trades":3,"startingOpenInterest":"7"}"""
        .formatted(time, close);
  }

  @Test
  void marketsTellDefinitionsAndWhatChanges() {
    RecordedStream<?, ?> all = client.subscribe(markets());
    RecordedStream<?, ?> one = client.subscribe(markets("ETH-USD-PERP"));
    Event definitions = all.await(PayloadCase.INSTRUMENTS, 1).get(0);
    assertThat(definitions.getInstruments().getSnapshot()).isTrue();
    assertThat(definitions.getInstruments().getInstrumentsList())
        .extracting(instrument -> instrument.getInstrumentId())
        .contains(BTC, "ETH-USD-PERP.DYDX", "THIN-USD-PERP.DYDX");
    Event statistics =
        all.await(e -> e.hasMarketUpdate() && e.getMarketUpdate().getInstrumentId().equals(BTC));
    assertThat(statistics.getMarketUpdate().getNextFundingRate()).isEqualTo("0.000000004");
    assertThat(statistics.getMarketUpdate().getVolume24H()).isEqualTo("163894023.044245577");
    one.await(PayloadCase.MARKET_UPDATE, 1);

    venue.push(
        Channel.MARKETS,
        "",
        "{\"trading\":{\"BTC-USD\":{\"status\":\"PAUSED\"},\"ETH-USD\":{\"volume24H\":\"1\"}}}");
    Event update = one.await(PayloadCase.MARKET_UPDATE, 2).get(1);
    assertThat(update.getMarketUpdate().getVolume24H()).isEqualTo("1");
    assertThat(update.getMarketUpdate().hasStatus()).isFalse();
    all.await(e -> e.hasInstruments() && !e.getInstruments().getSnapshot());
    venue.push(Channel.MARKETS, "", "{\"trading\":{\"BTC-USD\":{\"status\":\"ACTIVE\"}}}");
  }

  @Test
  void aMarketOfAnyNameIsServedUntilItIsRenamedOrNoLongerListed() {
    String odd = "币安 人生/\"X\"-PERP";
    String market =
        "{\"trading\":{\"%s\":{\"clobPairId\":\"4294967297\",\"tickSize\":\"1\",\"stepSize\":\"1\"}}}";
    RecordedStream<?, ?> all = client.subscribe(markets());
    all.await(PayloadCase.INSTRUMENTS, 1);
    venue.push(Channel.MARKETS, "", market.formatted(odd.replace("\"", "\\\"")));
    Event listed = all.await(PayloadCase.INSTRUMENTS, 2).get(1);
    assertThat(listed.getInstruments().getInstruments(0).getTicker()).isEqualTo(odd);
    assertThat(listed.getInstruments().getInstruments(0).getClobPairId()).isEqualTo(4294967297L);
    venue.initialState(Channel.TRADES, odd, "{\"trades\":[]}");
    RecordedStream<?, ?> oddTrades = client.subscribe(trades(odd));
    assertThat(oddTrades.await(PayloadCase.TRADES, 1).get(0).getTopic())
        .isEqualTo(trades(odd + "-PERP.DYDX"));

    venue.push(Channel.MARKETS, "", market.formatted("NEW-USD"));
    assertThat(oddTrades.awaitEnd().getDescription())
        .isEqualTo(odd + "-PERP.DYDX is renamed to NEW-USD-PERP.DYDX");
    Event renamed = all.await(PayloadCase.INSTRUMENTS, 3).get(2);
    assertThat(renamed.getInstruments().getRemoved(0).getRenamedTo())
        .isEqualTo("NEW-USD-PERP.DYDX");

    // The venue's next whole state lacks it.
    venue.awaitSubscribed(Channel.MARKETS, "").close(1012, "{\"message\":\"Service restarting\"}");
    Event removed = all.await(PayloadCase.INSTRUMENTS, 4).get(3);
    assertThat(removed.getInstruments().getRemoved(0).getInstrumentId())
        .isEqualTo("NEW-USD-PERP.DYDX");
    assertThat(
            client
                .calls()
                .listInstruments(ListInstrumentsRequest.getDefaultInstance())
                .getInstrumentsList())
        .extracting(instrument -> instrument.getTicker())
        .doesNotContain(odd, "NEW-USD");
  }

  @Test
  void blockHeightsRise() {
    venue.initialState(
        Channel.BLOCK_HEIGHT, "", "{\"height\":\"100\",\"time\":\"2025-12-08T16:11:30.590Z\"}");
    RecordedStream<?, ?> stream = client.subscribe(blockHeight());
    stream.await(PayloadCase.BLOCK_HEIGHT, 1);
    venue.push(
        Channel.BLOCK_HEIGHT, "", "{\"blockHeight\":\"101\",\"time\":\"2025-12-08T16:11:31Z\"}");
    assertThat(stream.await(PayloadCase.BLOCK_HEIGHT, 2))
        .extracting(event -> event.getBlockHeight().getHeight())
        .containsExactly(100L, 101L);
  }

  @Test
  void accountsTellEveryDigit() {
    venue.initialState(
        Channel.SUBACCOUNTS,
        ScriptedVenue.ADDRESS + "/0",
        """
        {"subaccount":{"address":"%s","subaccountNumber":0,"equity":"100000000000.000000","freeCollateral":"1e-9",
        "openPerpetualPositions":{},"assetPositions":{"USDC":{"symbol":"USDC","side":"LONG",
        "size":"123456789012345678901234567890.123456789","assetId":"0"}},"marginEnabled":true},"orders":[]}"""
            .formatted(ScriptedVenue.ADDRESS));
    venue.initialState(Channel.PARENT_SUBACCOUNTS, ScriptedVenue.ADDRESS + "/1", "{}");
    RecordedStream<?, ?> stream =
        client.subscribe(
            subaccount(ScriptedVenue.ADDRESS, 0), parentSubaccount(ScriptedVenue.ADDRESS, 1));
    stream.await(PayloadCase.SUBACCOUNT_SNAPSHOT, 2);
    Event funded =
        stream.await(e -> e.hasSubaccountSnapshot() && e.getSubaccountSnapshot().getFound());
    assertThat(funded.getSubaccountSnapshot().getAccountId()).isEqualTo("DESK-1");
    assertThat(funded.getSubaccountSnapshot().getEquity()).isEqualTo("100000000000.000000");
    assertThat(funded.getSubaccountSnapshot().getFreeCollateral()).isEqualTo("0.000000001");
    assertThat(funded.getSubaccountSnapshot().getBalances(0).getSize())
        .isEqualTo("123456789012345678901234567890.123456789");

    venue.push(
        Channel.SUBACCOUNTS,
        ScriptedVenue.ADDRESS + "/0",
        """
        {"transfers":{"sender":{"address":"dydx1x"},"recipient":{"address":"%s","subaccountNumber":0},"symbol":"USDC",
        "size":"10","type":"DEPOSIT","createdAt":"2025-12-08T16:11:30.590Z","createdAtHeight":"5",
        "transactionHash":"AB"},"blockHeight":"5"}"""
            .formatted(ScriptedVenue.ADDRESS));
    SubaccountUpdate update =
        stream.await(PayloadCase.SUBACCOUNT_UPDATE, 1).get(0).getSubaccountUpdate();
    assertThat(update.getTransfers(0).getSize()).isEqualTo("10");
    assertThat(update.getBlockHeight()).isEqualTo(5);
  }

  // ---- sharing

  @Test
  void manyClientsCostOneSubscriptionWhichEndsAfterTheLastOne() throws Exception {
    venue.initialState(Channel.TRADES, "ETH-USD", Frames.tradesNewestFirst(1, 3));
    List<RecordedStream<?, ?>> streams = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      streams.add(client.subscribe(trades("ETH-USD")));
    }
    streams.forEach(stream -> stream.await(PayloadCase.TRADES, 1));
    venue.push(Channel.TRADES, "ETH-USD", Frames.trades(4, 4));
    streams.forEach(stream -> stream.await(PayloadCase.TRADES, 2));
    assertThat(requests("subscribe", "v4_trades", "ETH-USD")).isEqualTo(1);
    assertThat(requests("unsubscribe", "v4_trades", "ETH-USD")).isZero();

    streams.forEach(RecordedStream::cancel);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> requests("unsubscribe", "v4_trades", "ETH-USD") == 1);
  }

  private long requests(String type, String channel, String id) {
    return venue.connections().stream()
        .flatMap(connection -> connection.requests().stream())
        .filter(
            request ->
                request.type().equals(type)
                    && request.channel().equals(channel)
                    && request.id().equals(id))
        .count();
  }

  // ---- failures upstream

  @Test
  void reconnectDeliversTradesMissedMeanwhile() {
    venue.initialState(Channel.TRADES, "BTC-USD", Frames.tradesNewestFirst(1, 100));
    RecordedStream<?, ?> stream = client.subscribe(trades("BTC-USD"));
    stream.await(PayloadCase.TRADES, 1);
    int next = 101;
    for (int round = 0; round < 3; round++) {
      venue.push(Channel.TRADES, "BTC-USD", Frames.trades(next, next + 4));
      venue.initialState(
          Channel.TRADES, "BTC-USD", Frames.tradesNewestFirst(round * 20 + 1, next + 9));
      ScriptedConnection connection = venue.awaitSubscribed(Channel.TRADES, "BTC-USD");
      if (round == 0) {
        connection.abort();
      } else {
        connection.close(round == 1 ? 1012 : 1008, "{\"message\":\"Service restarting\"}");
      }
      int last = next + 9;
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> ids(stream.events(PayloadCase.TRADES)).size() >= last);
      next += 10;
    }
    assertThat(ids(stream.events(PayloadCase.TRADES))).isEqualTo(idsFrom(1, 130));
    assertThat(stream.events(PayloadCase.GAP)).isEmpty();
    assertThat(
            stream.events(PayloadCase.SUBSCRIPTION_STATE).stream()
                .map(event -> event.getSubscriptionState().getState()))
        .endsWith(State.STATE_RECOVERING, State.STATE_LIVE);
    List<Event> all = stream.events(PayloadCase.TRADES);
    for (int i = 1; i < all.size(); i++) {
      assertThat(all.get(i).getSequence()).isGreaterThan(Places.of(all.get(i - 1)));
    }
  }

  @Test
  void badFramesAreCountedAndAnnouncedAndDisturbNobody() {
    venue.initialState(Channel.TRADES, "BTC-USD", Frames.tradesNewestFirst(1, 2));
    RecordedStream<?, ?> stream = client.subscribe(trades("BTC-USD"));
    stream.await(PayloadCase.TRADES, 1);
    ScriptedConnection connection = venue.awaitSubscribed(Channel.TRADES, "BTC-USD");
    int connectionsBefore = venue.connections().size();

    connection.send("not json at all");
    connection.send(new byte[] {(byte) 0xff, 0, 1, 2});
    connection.send("{\"type\":\"channel_data\"");
    connection.send("{\"type\":\"of_tomorrow\",\"message_id\":1,\"x\":[{}]}");
    connection.send("[]");
    venue.push(Channel.TRADES, "BTC-USD", "{\"trades\":\"none\"}");
    venue.push(
        Channel.TRADES,
        "BTC-USD",
        "{\"new\":{\"deep\":[1,{}]},\"trades\":["
            + Frames.trade(3, "\"90000\"", "\"4e-9\"")
            + ","
            + Frames.trade(4, "\"90000\"", "\"123456789012345678901234567890\"")
            + ","
            + Frames.trade(5, "null", "\"1\"")
            + ","
            + Frames.trade(6)
            + "]}");
    venue.push(
        Channel.TRADES,
        "BTC-USD",
        "{\"pad\":\"" + "x".repeat(300 * 1024) + "\",\"trades\":[" + Frames.trade(7) + "]}");
    stream.await(e -> e.hasTrades() && ids(List.of(e)).contains(7));

    assertThat(ids(stream.events(PayloadCase.TRADES))).containsExactly(1, 2, 3, 6, 7);
    assertThat(stream.events(PayloadCase.GAP))
        .extracting(event -> event.getGap().getReason())
        .containsExactly(
            GapReason.GAP_REASON_UPSTREAM_LOSS,
            GapReason.GAP_REASON_NOT_REPRESENTABLE,
            GapReason.GAP_REASON_NOT_REPRESENTABLE);
    Event fine = stream.await(e -> e.hasTrades() && ids(List.of(e)).contains(3));
    assertThat(fine.getTrades().getSizeScale()).isEqualTo(9);
    assertThat(fine.getTrades().getTrades(0).getSize()).isEqualTo(4);
    Event after = stream.await(e -> e.hasTrades() && ids(List.of(e)).contains(6));
    assertThat(after.getTrades().getSizeScale()).isEqualTo(4);
    assertThat(venue.connections()).hasSize(connectionsBefore);
  }

  // ---- slow clients

  @Test
  void clientThatStopsReadingLearnsExactlyWhatItMissedAndHurtsNobody() {
    venue.initialState(Channel.TRADES, "BTC-USD", Frames.tradesNewestFirst(1, 2));
    venue.initialState(Channel.ORDER_BOOK, "BTC-USD", "{\"bids\":[],\"asks\":[]}");
    RecordedStream<?, ?> slow = client.subscribeWithoutReading(request(trades(BTC)));
    RecordedStream<?, ?> slowBook = client.subscribeWithoutReading(request(book(BTC)));
    RecordedStream<?, ?> cutOff =
        client.subscribeWithoutReading(
            request(trades(BTC)).toBuilder()
                .setSlowConsumerPolicy(SlowConsumerPolicy.SLOW_CONSUMER_POLICY_DISCONNECT)
                .build());
    RecordedStream<?, ?> fast = client.subscribe(trades(BTC), book(BTC));
    slow.read(3);
    slowBook.read(3);
    cutOff.read(3);
    slow.await(PayloadCase.TRADES, 1);
    slowBook.await(PayloadCase.ORDER_BOOK_SNAPSHOT, 1);
    cutOff.await(PayloadCase.TRADES, 1);
    fast.await(PayloadCase.ORDER_BOOK_SNAPSHOT, 1);

    int count = 50_000;
    for (int i = 0; i < count; i++) {
      venue.push(Channel.TRADES, "BTC-USD", Frames.trades(i + 3, i + 3));
      if (i % 2 == 0) {
        venue.push(
            Channel.ORDER_BOOK,
            "BTC-USD",
            "{\"bids\":[[\"" + (1000 + i % 50) + "\",\"" + (i + 1) + "\"]]}");
      }
      int sent = i;
      if (i % 500 == 0) { // what may wait for a client is twice as much
        Awaitility.await()
            .atMost(Duration.ofSeconds(90))
            .pollInterval(Duration.ofMillis(5))
            .until(() -> fast.events(PayloadCase.TRADES).size() >= sent);
      }
    }
    fast.await(e -> e.hasTrades() && ids(List.of(e)).contains(count + 2));
    assertThat(ids(fast.events(PayloadCase.TRADES))).isEqualTo(idsFrom(1, count + 2));
    assertThat(fast.events(PayloadCase.GAP)).isEmpty();

    slow.read(count);
    slow.await(e -> e.hasTrades() && ids(List.of(e)).contains(count + 2));
    Event start = slow.events(PayloadCase.TRADES).get(0);
    long expected = Places.of(start) + 1;
    long missed = 0;
    List<Event> slowEvents = slow.events();
    for (Event event : slowEvents.subList(slowEvents.indexOf(start) + 1, slowEvents.size())) {
      if (event.hasGap()) {
        assertThat(event.getGap().getFirstMissingSequence()).isEqualTo(expected);
        assertThat(event.getGap().getReason()).isEqualTo(GapReason.GAP_REASON_SLOW_CONSUMER);
        missed += event.getGap().getLastMissingSequence() - expected + 1;
        expected = event.getGap().getLastMissingSequence() + 1;
      } else if (event.getSequence() != 0) {
        assertThat(event.getSequence()).isEqualTo(expected++);
      }
    }
    assertThat(missed).isPositive();
    // Beside the trades the topic has had one change of state.
    assertThat(slow.events(PayloadCase.TRADES).size() + missed).isBetween(count + 1L, count + 2L);

    slowBook.read(count);
    long bookSequence = statusOf("order book").getSequence();
    slowBook.await(event -> Places.of(event) >= bookSequence);
    List<Event> bookEvents = slowBook.events();
    assertThat(bookEvents.stream().filter(Event::hasOrderBookSnapshot).count()).isGreaterThan(1);
    assertThat(RebuiltBook.of(bookEvents, bookSequence).toString())
        .isEqualTo(
            RebuiltBook.of(
                    fast.events().stream().filter(e -> e.getTopic().hasOrderBook()).toList(),
                    bookSequence)
                .toString());

    cutOff.read(count);
    Status end = cutOff.awaitEnd();
    assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(end.getDescription()).contains("resume from epoch").contains("sequence");
  }

  private TopicStatus statusOf(String kind) {
    return client.calls().getStatus(GetStatusRequest.getDefaultInstance()).getTopicsList().stream()
        .filter(topic -> kind.equals("order book") == topic.getTopic().hasOrderBook())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void quietStreamsGetHeartbeats() {
    venue.initialState(Channel.TRADES, "BTC-USD", Frames.tradesNewestFirst(1, 2));
    RecordedStream<?, ?> stream = client.subscribe(trades("BTC-USD"));
    stream.await(PayloadCase.HEARTBEAT, 2);
  }

  // ---- resuming

  @Test
  void clientThatResumesGetsExactlyTheEventsAfterItsLast() {
    venue.initialState(Channel.TRADES, "BTC-USD", Frames.tradesNewestFirst(1, 2));
    RecordedStream<?, ?> first = client.subscribe(trades(BTC));
    first.await(PayloadCase.TRADES, 1);
    for (int i = 3; i <= 10; i++) {
      venue.push(Channel.TRADES, "BTC-USD", Frames.trades(i, i));
    }
    long sixth = first.await(PayloadCase.TRADES, 9).get(4).getSequence();
    String epoch = first.await(PayloadCase.STREAM_OPENED, 1).get(0).getStreamOpened().getEpoch();

    var request = request(trades(BTC)).toBuilder();
    request.getSubscriptionsBuilder(0).getResumeFromBuilder().setEpoch(epoch).setSequence(sixth);
    RecordedStream<?, ?> resumed = client.subscribe(request.build());
    assertThat(ids(resumed.await(PayloadCase.TRADES, 4))).containsExactly(7, 8, 9, 10);

    request
        .getSubscriptionsBuilder(0)
        .getResumeFromBuilder()
        .setEpoch("another")
        .setSequence(sixth);
    RecordedStream<?, ?> stranger = client.subscribe(request.build());
    assertThat(stranger.await(PayloadCase.GAP, 1).get(0).getGap().getReason())
        .isEqualTo(GapReason.GAP_REASON_EPOCH_CHANGED);
    assertThat(ids(stranger.await(PayloadCase.TRADES, 1))).isEqualTo(idsFrom(1, 10));
  }

  // ---- sessions

  @Test
  void sessionTakesCommandsMidStream() {
    venue.initialState(Channel.TRADES, "BTC-USD", Frames.tradesNewestFirst(1, 2));
    venue.initialState(Channel.TRADES, "ETH-USD", Frames.tradesNewestFirst(1, 2));
    GatewayClient.Session session = client.session();
    session.stream().await(PayloadCase.STREAM_OPENED, 1);
    session.subscribe(trades("BTC-USD"), trades("NONE-USD"));
    session.stream().await(PayloadCase.TRADES, 1);
    Event error = session.stream().await(PayloadCase.SUBSCRIPTION_ERROR, 1).get(0);
    assertThat(error.getSubscriptionError().getCode()).isEqualTo(Status.Code.NOT_FOUND.value());
    assertThat(error.getTopic()).isEqualTo(trades("NONE-USD-PERP.DYDX"));

    session.subscribe(trades("ETH-USD"));
    session.stream().await(PayloadCase.TRADES, 2);
    session.unsubscribe(trades("BTC-USD"));
    session.stream().await(e -> e.getSubscriptionState().getState() == State.STATE_CLOSED);
    venue.push(Channel.TRADES, "BTC-USD", Frames.trades(3, 3));
    venue.push(Channel.TRADES, "ETH-USD", Frames.trades(3, 3));
    session.stream().await(PayloadCase.TRADES, 3);
    assertThat(session.stream().events(PayloadCase.TRADES).get(2).getTopic())
        .isEqualTo(trades("ETH-USD-PERP.DYDX"));

    session.commands().onCompleted();
    venue.push(Channel.TRADES, "ETH-USD", Frames.trades(4, 4));
    session.stream().await(PayloadCase.TRADES, 4);
    assertThat(session.stream().isOpen()).isTrue();
    session.stream().cancel();
  }

  private static List<Integer> ids(List<Event> events) {
    return events.stream()
        .flatMap(event -> event.getTrades().getTradesList().stream())
        .map(trade -> Integer.parseInt(trade.getTradeId(), 16))
        .toList();
  }

  private static List<Integer> idsFrom(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().toList();
  }
}
