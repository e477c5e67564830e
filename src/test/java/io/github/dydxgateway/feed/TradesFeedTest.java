package io.github.dydxgateway.feed;

import static io.github.dydxgateway.testing.Topics.trades;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Side;
import io.github.dydxgateway.v1.Trade;
import io.github.dydxgateway.v1.TradeType;
import io.github.dydxgateway.v1.Trades;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TradesFeedTest {
  private final TestGateway gateway = TestGateway.withBtc();
  private final FakeVenue venue = gateway.venue();
  private final RecordingClient client = gateway.client(trades("BTC-USD"));

  @Test
  void theInitialStateIsOneSnapshotOldestFirst() {
    assertThat(client.story()).containsExactly("PENDING");
    initialState(trade("c", "27000.3", "3"), trade("b", "27000.2", "2"), trade("a", "27000", "1"));
    assertThat(client.story())
        .containsExactly("LIVE", "recent trades a:1.000@27000.0 b:2.000@27000.2 c:3.000@27000.3");
  }

  @Test
  void anEmptyInitialStateIsAnEmptySnapshot() {
    initialState();
    assertThat(client.story()).containsExactly("PENDING", "LIVE", "recent trades");
  }

  @Test
  void updatesFollowInTheVenuesOrder() {
    live(trade("a", "27000", "1"));
    update(trade("b", "27001", "2"), trade("c", "27002", "3"));
    update(trade("d", "27003", "4"));
    assertThat(client.story())
        .containsExactly("trades b:2.000@27001.0 c:3.000@27002.0", "trades d:4.000@27003.0");
  }

  @Test
  void anUpdateOfABatchIsAnEventOfItsOwn() {
    live(trade("a", "27000", "1"));
    venue.batch(
        Channel.TRADES,
        "BTC-USD",
        "{'trades':[" + trade("b", "1", "1") + "]}",
        "{'trades':[" + trade("c", "1", "1") + "]}");
    assertThat(client.story()).containsExactly("trades b:1.000@1.0", "trades c:1.000@1.0");
  }

  @Test
  void everyFieldArrives() {
    live();
    update(
        "{'id':'a','side':'SELL','size':'0.5','price':'27000.1','type':'LIQUIDATED',"
            + "'createdAt':'2023-04-04T19:09:24.869Z','createdAtHeight':'77','new':{'x':[1]}}");
    Event event = client.take().get(0);
    assertThat(event.getReceiveTimeNs()).isEqualTo(venue.receiveTimeNs());
    assertThat(event.getTopic()).isEqualTo(trades("BTC-USD"));
    assertThat(event.getTrades())
        .isEqualTo(
            Trades.newBuilder()
                .setInstrumentId("BTC-USD-PERP.DYDX")
                .setPriceScale(1)
                .setSizeScale(3)
                .addTrades(
                    Trade.newBuilder()
                        .setTradeId("a")
                        .setSide(Side.SIDE_SELL)
                        .setPrice(270001)
                        .setSize(500)
                        .setType(TradeType.TRADE_TYPE_LIQUIDATED)
                        .setEventTimeNs(1680635364869000000L)
                        .setBlockHeight(77)
                        .putExtraFields("new", "{\"x\":[1]}"))
                .build());
  }

  @Test
  void aTypeOrSideThatIsNotKnownIsUnspecifiedWithItsTextBeside() {
    live();
    update("{'id':'a','side':'HOLD','size':'1','price':'1','type':'AUCTION'}");
    assertThat(onlyTrade())
        .isEqualTo(
            Trade.newBuilder()
                .setTradeId("a")
                .setSideRaw("HOLD")
                .setTypeRaw("AUCTION")
                .setPrice(10)
                .setSize(1000)
                .build());
  }

  @Test
  void aTradeInTheInitialStateAndInAnUpdateIsDeliveredOnce() {
    live(trade("b", "2", "1"), trade("a", "1", "1"));
    update(trade("b", "2", "1"), trade("c", "3", "1"));
    update(trade("c", "3", "1"));
    assertThat(client.story()).containsExactly("trades c:1.000@3.0");
  }

  @Test
  void aTradeSentAgainAfterTenThousandOthersIsDroppedByItsBlock() {
    live(at(1, "first"));
    for (int i = 2; i <= 10_000; i++) {
      update(at(i, "t" + i));
    }
    client.take();
    update(at(2, "t2"));
    update(at(1, "older-than-the-window"), at(10_000, "same-block"));
    update(at(9_999, "late"));
    assertThat(client.story())
        .containsExactly("trades same-block:1.000@1.0", "trades late:1.000@1.0");
    assertThat(gateway.feedCounters().repeatedRecords(Channel.TRADES)).isEqualTo(2);
  }

  @Test
  void aTradeOfAnImpossibleBlockDoesNotHideThoseAfterIt() {
    live(at(1, "first"));
    update(at(2_000_000_000, "impossible"));
    for (int i = 2; i <= 10_000; i++) {
      update(at(i, "t" + i));
    }
    assertThat(client.take()).hasSize(10_000);
  }

  @Test
  void aTradeOlderThanTheFirstStateIsNotNew() {
    live(at(9, "c"), at(8, "b"), at(7, "a"));
    update(at(6, "x"), at(10, "d"));
    venue.batch(
        Channel.TRADES,
        "BTC-USD",
        "{'trades':[" + at(7, "cut-off") + "]}",
        "{'trades':[" + at(9, "c") + "," + at(8, "b") + "," + at(10, "d") + "]}");
    assertThat(client.story()).containsExactly("trades d:1.000@1.0");
    assertThat(gateway.feedCounters().repeatedRecords(Channel.TRADES)).isEqualTo(5);
  }

  @Test
  void tradesWithoutIdsThatAreSentAgainAreDropped() {
    String twins = "{'side':'BUY','size':'1','price':'1','createdAt':'2023-04-04T19:09:24.869Z'}";
    live();
    update(twins, twins);
    update(twins, twins);
    assertThat(client.story()).containsExactly("trades :1.000@1.0 :1.000@1.0");
  }

  @Test
  void aTradeThatOnlyALaterStateHoldsComesLateAndOnce() {
    live(at(7, "a"));
    update(at(9, "c"));
    interrupt();
    client.take();
    initialState(at(9, "c"), at(8, "b"), at(7, "a"), at(6, "older"));
    update(at(8, "b"));
    assertThat(client.story()).containsExactly("LIVE", "trades b:1.000@1.0");
    assertThat(gateway.feedCounters().stateDifferences(Channel.TRADES)).isEqualTo(1);
    assertThat(gateway.client(trades("BTC-USD")).story())
        .endsWith("recent trades a:1.000@1.0 b:1.000@1.0 c:1.000@1.0");
  }

  @Test
  void reconnectDeliversTradesMissedMeanwhileInOrderAndOnce() {
    live(trade("b", "2", "1"), trade("a", "1", "1"));
    update(trade("c", "3", "1"));
    interrupt();
    initialState(
        trade("e", "5", "1"),
        trade("d", "4", "1"),
        trade("c", "3", "1"),
        trade("b", "2", "1"),
        trade("a", "1", "1"));
    update(trade("e", "5", "1"), trade("f", "6", "1"));
    assertThat(client.story())
        .containsExactly(
            "trades c:1.000@3.0",
            "RECOVERING: connection lost",
            "LIVE",
            "trades d:1.000@4.0 e:1.000@5.0",
            "trades f:1.000@6.0");
  }

  @Test
  void reconnectWithNothingMissedDeliversNothing() {
    live(trade("a", "1", "1"));
    interrupt();
    initialState(trade("a", "1", "1"));
    assertThat(client.story()).containsExactly("RECOVERING: connection lost", "LIVE");
  }

  @Test
  void aReconnectDoesNotDeliverWhatIsOlderThanTheFirstState() {
    live(trade("b", "2", "1"));
    interrupt();
    initialState(trade("c", "3", "1"), trade("b", "2", "1"), trade("older", "1", "1"));
    assertThat(client.story())
        .containsExactly("RECOVERING: connection lost", "LIVE", "trades c:1.000@3.0");
  }

  @Test
  void reconnectWithoutOverlapAnnouncesTheLossAndGoesOn() {
    live(trade("a", "1", "1"));
    interrupt();
    initialState(trade("z", "9", "1"), trade("y", "8", "1"));
    assertThat(client.story())
        .containsExactly(
            "RECOVERING: connection lost",
            "LIVE",
            "gap UPSTREAM_LOSS",
            "trades y:1.000@8.0 z:1.000@9.0");
  }

  @Test
  void tradesWithoutIdAreToldApartByTheirFieldsAndNumber() {
    String twin = "{'side':'BUY','size':'1','price':'1','createdAt':'2023-04-04T19:09:24.869Z'}";
    String other = "{'side':'SELL','size':'1','price':'1','createdAt':'2023-04-04T19:09:24.869Z'}";
    live(twin, twin);
    interrupt();
    initialState(twin, other, twin, twin);
    assertThat(client.story())
        .containsExactly("RECOVERING: connection lost", "LIVE", "trades :1.000@1.0 :1.000@1.0");
  }

  @Test
  void aLateJoinerGetsTheRecentTradesOfThoseBefore() {
    live(trade("a", "1", "1"));
    update(trade("b", "2", "1"));
    assertThat(gateway.client(trades("BTC-USD")).story())
        .containsExactly("LIVE", "recent trades a:1.000@1.0 b:1.000@2.0");
  }

  @Test
  void aClientThatJoinsDuringAnInterruptionGetsWhatTheOthersHave() {
    live(trade("a", "1", "1"));
    interrupt();
    RecordingClient late = gateway.client(trades("BTC-USD"));
    initialState(trade("b", "2", "1"), trade("a", "1", "1"));
    assertThat(late.story())
        .containsExactly(
            "RECOVERING: connection lost",
            "recent trades a:1.000@1.0",
            "LIVE",
            "trades b:1.000@2.0");
  }

  @Test
  void aTradeThatCantBeExpressedIsAnnouncedAtItsPlaceAndTheOthersDelivered() {
    live();
    update(
        trade("a", "1", "1"),
        trade("b", "1", "123456789012345678901234567890"),
        trade("c", "1", "1"),
        "{'id':'d','side':'BUY','size':'1','price':null,'type':'LIMIT'}",
        "{'id':'e','side':'BUY','size':'1','type':'LIMIT'}",
        trade("f", "soon", "1"),
        trade("g", "-1", "1"),
        trade("h", "1", "1"));
    assertThat(client.story())
        .containsExactly(
            "trades a:1.000@1.0",
            "gap NOT_REPRESENTABLE",
            "trades c:1.000@1.0",
            "gap NOT_REPRESENTABLE",
            "gap NOT_REPRESENTABLE",
            "gap NOT_REPRESENTABLE",
            "gap NOT_REPRESENTABLE",
            "trades h:1.000@1.0");
    assertThat(gateway.feedCounters().count(Channel.TRADES)).isEqualTo(5);
  }

  @Test
  void whatAnInitialStateCantExpressIsAnnouncedOnceAfterIt() {
    String huge = trade("b", "1", "123456789012345678901234567890");
    live(trade("c", "1", "1"), huge, trade("a", "1", "1"));
    assertThat(client.events().stream().map(io.github.dydxgateway.testing.EventText::of))
        .containsExactly(
            "PENDING", "LIVE", "recent trades a:1.000@1.0 c:1.000@1.0", "gap NOT_REPRESENTABLE");
    interrupt();
    initialState(trade("c", "1", "1"), huge, trade("a", "1", "1"));
    assertThat(client.story()).containsExactly("RECOVERING: connection lost", "LIVE");
  }

  @Test
  void aValueOfMoreDigitsRaisesTheScaleOfItsMessageOnly() {
    live();
    update(trade("a", "1", "4e-9"), trade("b", "1.25", "2"));
    update(trade("c", "1", "1"));
    assertThat(client.story())
        .containsExactly("trades a:0.000000004@1.00 b:2.000000000@1.25", "trades c:1.000@1.0");
  }

  @Test
  void trailingZerosDoNotRaiseTheScale() {
    live();
    update(trade("a", "1.0000000", "2.00000000000"));
    assertThat(client.story()).containsExactly("trades a:2.000@1.0");
  }

  @Test
  void aMessageIsSplitWhereOneValueWouldMakeAnotherOverflow() {
    live();
    update(
        trade("a", "1", "9000000000000"),
        trade("b", "1", "1e-18"),
        trade("c", "1", "9000000000000"));
    assertThat(client.story())
        .containsExactly(
            "trades a:9000000000000.000@1.0",
            "trades b:0.000000000000000001@1.0",
            "trades c:9000000000000.000@1.0");
  }

  @Test
  void aSplitSnapshotOfALateJoinerHasSequencesThatEndWithTheLast() {
    live();
    update(trade("a", "1", "9000000000000"), trade("b", "1", "1e-18"));
    assertThat(gateway.client(trades("BTC-USD")).story())
        .containsExactly(
            "LIVE",
            "recent trades a:9000000000000.000@1.0",
            "recent trades b:0.000000000000000001@1.0");
  }

  @Test
  void noMoreThanAThousandTradesAreKept() {
    List<String> newestFirst = new ArrayList<>();
    for (int i = 1; i <= 1200; i++) {
      newestFirst.add(trade("t" + i, "1", "1"));
    }
    Collections.reverse(newestFirst);
    live(newestFirst.toArray(String[]::new));
    update(trade("last", "1", "1"));
    Trades recent = gateway.client(trades("BTC-USD")).take().get(1).getTrades();
    assertThat(recent.getTradesCount()).isEqualTo(1000);
    assertThat(recent.getTrades(0).getTradeId()).isEqualTo("t202");
    assertThat(recent.getTrades(999).getTradeId()).isEqualTo("last");
  }

  @Test
  void aMalformedFrameIsAnnouncedAndTheNextOneDelivered() {
    live();
    venue.frame(
        "{'type':'channel_data','channel':'v4_trades','id':'BTC-USD','contents':{'trades':[7]}}");
    update(trade("a", "1", "1"));
    assertThat(client.story()).containsExactly("gap UPSTREAM_LOSS", "trades a:1.000@1.0");
  }

  @Test
  void aFinerTickSizeKeepsTheRecentTradesReadable() {
    live();
    update(trade("a", "9000000000000000", "1"), trade("b", "1", "1"));
    venue.update(Channel.MARKETS, "", "{'trading':{'BTC-USD':{'tickSize':'0.000001'}}}");
    assertThat(gateway.client(trades("BTC-USD")).story())
        .containsExactly("LIVE", "recent trades a:1.000@9000000000000000.0 b:1.000@1.0");
  }

  @Test
  void tradesOfAChainThatHasStartedAgainReplaceTheOthers() {
    live(at(5_000, "a"));
    interrupt();
    initialState(at(8, "c"), at(7, "b"));
    update(at(9, "d"));
    assertThat(client.story())
        .containsExactly(
            "RECOVERING: connection lost",
            "LIVE",
            "gap UPSTREAM_LOSS",
            "recent trades b:1.000@1.0 c:1.000@1.0",
            "trades d:1.000@1.0");
    assertThat(gateway.client(trades("BTC-USD")).story())
        .last()
        .isEqualTo("recent trades b:1.000@1.0 c:1.000@1.0 d:1.000@1.0");
  }

  @Test
  void theSubscriptionEndsWithTheLastClientAndBeginsAnewWithTheNext() {
    live(trade("a", "1", "1"));
    client.leave();
    gateway.closeIdleTopics();
    assertThat(venue.isSubscribed(Channel.TRADES, "BTC-USD")).isFalse();
    RecordingClient next = gateway.client(trades("BTC-USD"));
    initialState(trade("b", "2", "1"));
    assertThat(next.story()).containsExactly("PENDING", "LIVE", "recent trades b:1.000@2.0");
  }

  private void live(String... trades) {
    initialState(trades);
    client.take();
  }

  private void initialState(String... newestFirst) {
    venue.initialState(
        Channel.TRADES, "BTC-USD", "{'trades':[" + String.join(",", newestFirst) + "]}");
  }

  private void update(String... trades) {
    venue.update(Channel.TRADES, "BTC-USD", "{'trades':[" + String.join(",", trades) + "]}");
  }

  private void interrupt() {
    venue.interrupt(Channel.TRADES, "BTC-USD", "connection lost");
  }

  private Trade onlyTrade() {
    return client.take().get(0).getTrades().getTrades(0);
  }

  private static String at(int height, String id) {
    return trade(id, "1", "1").replace("}", ",'createdAtHeight':'" + height + "'}");
  }

  private static String trade(String id, String price, String size) {
    return "{'id':'%s','side':'BUY','size':'%s','price':'%s','type':'LIMIT'}"
        .formatted(id, size, price);
  }
}
