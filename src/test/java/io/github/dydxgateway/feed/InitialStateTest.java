package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelListener.Refusal.Kind;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Order;
import io.github.dydxgateway.v1.OrderStatus;
import io.github.dydxgateway.v1.SubaccountSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The venue loses what happens while it fetches an initial state: what the first state lacks is
 * found in a further one, that of the second connection or one that is asked for to compare.
 */
class InitialStateTest {
  private static final String ID = "BTC-USD";
  private static final String ADDRESS = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";
  private static final String ACCOUNT = ADDRESS + "/0";
  private static final String CANDLES = "BTC-USD/1MIN";
  private static final PrivateAccounts ACCOUNTS =
      new PrivateAccounts(List.of(new PrivateAccounts.Account(ADDRESS, Set.of(), "")));
  private static final Duration DELAY = Duration.ofSeconds(5);
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private TestGateway gateway = TestGateway.redundantWithBtc(ACCOUNTS);

  private FakeVenue venue() {
    return gateway.venue();
  }

  private FakeVenue.Copy one() {
    return venue().copy(0);
  }

  private FakeVenue.Copy other() {
    return venue().copy(1);
  }

  // ---- the second connection comes after the first

  @Test
  void theSecondConnectionSubscribesOnlyWhenTheFirstIsLive() {
    gateway.client(Topics.trades(ID));
    assertThat(venue().subscriptions(Channel.TRADES, ID)).isEqualTo(1);
    one().initialState(Channel.TRADES, ID, "{'trades':[]}");
    assertThat(venue().subscriptions(Channel.TRADES, ID)).isEqualTo(2);
  }

  @Test
  void theSecondConnectionServesWhereTheFirstCantSayWhen() {
    RecordingClient client = gateway.client(Topics.trades(ID));
    one().interrupt(Channel.TRADES, ID, "no answer to the subscribe in time");
    other().initialState(Channel.TRADES, ID, "{'trades':[" + trade("a", 1) + "]}");
    assertThat(client.story()).endsWith("LIVE", "recent trades a:1.000@1.0");
  }

  @Test
  void theSecondConnectionServesWhereTheFirstIsRefused() {
    RecordingClient client = gateway.client(Topics.trades(ID));
    one().refuse(Channel.TRADES, ID, Kind.REFUSED_BY_VENUE, "not here");
    one().initialState(Channel.TRADES, ID, "{'trades':[" + trade("a", 1) + "]}");
    assertThat(client.story()).containsExactly("PENDING", "LIVE", "recent trades a:1.000@1.0");
  }

  @Test
  void aStateAskedForBeforeTheOtherConnectionWasLiveAgainIsAskedForOnceMore() {
    RecordingClient client = liveBook("'bids':[],'asks':[]", "'bids':[],'asks':[]");
    one().interrupt(Channel.ORDER_BOOK, ID, "connection lost");
    other().interrupt(Channel.ORDER_BOOK, ID, "connection lost");
    one().initialState(Channel.ORDER_BOOK, ID, "{'bids':[],'asks':[]}");
    venue().takeResyncs();
    other().initialState(Channel.ORDER_BOOK, ID, "{'bids':[],'asks':[]}");
    assertThat(venue().takeResyncs())
        .containsExactly(
            "v4_orderbook BTC-USD on 1: a state that is asked for while another connection is"
                + " live");
    other().initialState(Channel.ORDER_BOOK, ID, book(level("2", "2"), ""));
    client.take();
    gateway.settle(SETTLED);
    assertThat(client.story()).containsExactly("delta bids 2.0=2.000 asks");
    assertThat(venue().takeResyncs()).isEmpty();
  }

  // ---- what the first state lacks

  @Test
  void aTradeThatOnlyTheSecondStateHoldsIsPublished() {
    RecordingClient client = gateway.client(Topics.trades(ID));
    one().initialState(Channel.TRADES, ID, "{'trades':[" + trade("a", 1) + "]}");
    one().update(Channel.TRADES, ID, "{'trades':[" + trade("c", 3) + "]}");
    client.take();
    other()
        .initialState(
            Channel.TRADES,
            ID,
            "{'trades':[%s,%s,%s,%s]}"
                .formatted(trade("d", 4), trade("c", 3), trade("b", 2), trade("a", 1)));
    one().update(Channel.TRADES, ID, "{'trades':[" + trade("d", 4) + "]}");
    assertThat(client.story()).containsExactly("trades b:1.000@1.0 d:1.000@1.0");
    assertThat(gateway.feedCounters().stateDifferences(Channel.TRADES)).isEqualTo(1);
  }

  @Test
  void theFirstTradesOfAnEmptyMarketAreFoundToo() {
    RecordingClient client = gateway.client(Topics.trades(ID));
    one().initialState(Channel.TRADES, ID, "{'trades':[]}");
    one().update(Channel.TRADES, ID, "{'trades':[" + trade("b", 2) + "]}");
    client.take();
    other()
        .initialState(
            Channel.TRADES, ID, "{'trades':[" + trade("b", 2) + "," + trade("a", 1) + "]}");
    assertThat(client.story()).containsExactly("trades a:1.000@1.0");
  }

  @Test
  void aVersionOfACandleThatOnlyTheSecondStateHoldsIsPublished() {
    RecordingClient client =
        gateway.client(Topics.candles(ID, CandleResolution.CANDLE_RESOLUTION_1MIN));
    one().initialState(Channel.CANDLES, CANDLES, "{'candles':[" + candle(8, 1) + "]}");
    one().update(Channel.CANDLES, CANDLES, candle(10, 1));
    client.take();
    other()
        .initialState(
            Channel.CANDLES,
            CANDLES,
            "{'candles':[" + candle(10, 1) + "," + candle(9, 1) + "," + candle(8, 2) + "]}");
    assertThat(client.story())
        .containsExactly("candles 8!:1.0/1.0/1.0/1.0*2.000 9!:1.0/1.0/1.0/1.0*1.000");
  }

  @Test
  void levelsInWhichTheSecondStateDiffersAreCorrected() {
    RecordingClient client =
        liveBook(
            book(level("5", "1") + "," + level("4", "1") + "," + level("3", "1"), level("7", "1")),
            book(level("5", "2") + "," + level("3", "1"), level("7", "1") + "," + level("8", "1")));
    gateway.settle(Duration.ofSeconds(1));
    assertThat(client.story()).isEmpty();
    gateway.settle(SETTLED);
    assertThat(client.story()).containsExactly("delta bids 5.0=2.000 4.0=0.000 asks 8.0=1.000");
    assertThat(gateway.feedCounters().stateDifferences(Channel.ORDER_BOOK)).isEqualTo(3);
    gateway.settle(SETTLED);
    one().interrupt(Channel.ORDER_BOOK, ID, "connection lost");
    assertThat(client.story())
        .containsExactly("book bids 5.0=2.000 3.0=1.000 asks 7.0=1.000 8.0=1.000");
  }

  @Test
  void theStateOfEachOfThreeConnectionsIsCompared() {
    gateway = new TestGateway(ACCOUNTS, 3);
    for (int copy = 0; copy < 3; copy++) {
      venue()
          .copy(copy)
          .initialState(Channel.MARKETS, "", "{'markets':{" + TestGateway.BTC_MARKET + "}}");
    }
    RecordingClient client = gateway.client(Topics.orderBook(ID));
    one().initialState(Channel.ORDER_BOOK, ID, book(level("5", "1"), ""));
    other().initialState(Channel.ORDER_BOOK, ID, book(level("5", "1"), ""));
    assertThat(venue().subscriptions(Channel.ORDER_BOOK, ID)).isEqualTo(2);
    gateway.settle(SETTLED);
    assertThat(venue().subscriptions(Channel.ORDER_BOOK, ID)).isEqualTo(3);
    client.take();
    venue()
        .copy(2)
        .initialState(Channel.ORDER_BOOK, ID, book(level("5", "1") + "," + level("4", "1"), ""));
    gateway.settle(SETTLED);
    assertThat(client.story()).containsExactly("delta bids 4.0=1.000 asks");
    assertThat(gateway.feedCounters().stateDifferences(Channel.ORDER_BOOK)).isEqualTo(1);
  }

  @Test
  void levelsThatUpdatesHaveChangedMeanwhileStayAsTheyAre() {
    RecordingClient client = gateway.client(Topics.orderBook(ID));
    one().initialState(Channel.ORDER_BOOK, ID, book(level("5", "1") + "," + level("4", "1"), ""));
    one().update(Channel.ORDER_BOOK, ID, "{'bids':[['5','0'],['3','1']]}");
    other()
        .initialState(
            Channel.ORDER_BOOK, ID, book(level("5", "1") + "," + level("4", "9"), level("7", "1")));
    one().update(Channel.ORDER_BOOK, ID, "{'bids':[['4','2']],'asks':[['7','0.5'],['8','1']]}");
    client.take();
    gateway.settle(SETTLED);
    assertThat(client.story()).isEmpty();
    assertThat(gateway.feedCounters().stateDifferences(Channel.ORDER_BOOK)).isZero();
  }

  @Test
  void whatTheSecondStateLacksIsNotLostWhenTheSecondConnectionTakesOver() {
    RecordingClient client = gateway.client(Topics.orderBook(ID));
    one().initialState(Channel.ORDER_BOOK, ID, book(level("5", "1"), level("7", "1")));
    one().update(Channel.ORDER_BOOK, ID, "{'bids':[['4','2.5']],'asks':[['7','0'],['8','1']]}");
    other().initialState(Channel.ORDER_BOOK, ID, book(level("5", "1"), level("7", "1")));
    gateway.settle(SETTLED);
    client.take();
    one().interrupt(Channel.ORDER_BOOK, ID, "connection lost");
    assertThat(client.story()).containsExactly("book bids 5.0=1.000 4.0=2.500 asks 8.0=1.000");
  }

  @Test
  void aLevelThatTheSecondConnectionTakesOverHasTheUnknownFieldsOfTheFirst() {
    RecordingClient client = gateway.client(Topics.orderBook(ID));
    one().initialState(Channel.ORDER_BOOK, ID, book(level("5", "1"), ""));
    one().update(Channel.ORDER_BOOK, ID, "{'bids':[['4','2.5',9]]}");
    other().initialState(Channel.ORDER_BOOK, ID, book(level("5", "1"), ""));
    other().update(Channel.ORDER_BOOK, ID, "{'bids':[['4','0',7]]}");
    gateway.settle(SETTLED);
    client.take();
    one().interrupt(Channel.ORDER_BOOK, ID, "connection lost");
    assertThat(fieldsOf(client.take())).isEqualTo(Map.of("2", "9"));
    other().update(Channel.ORDER_BOOK, ID, "{'bids':[['3','1']]}");
    assertThat(fieldsOf(gateway.client(Topics.orderBook(ID)).take())).isEqualTo(Map.of("2", "9"));
  }

  /** Unknown fields of the second bid of the last event. */
  private static Map<String, String> fieldsOf(List<Event> events) {
    return events.get(events.size() - 1).getOrderBookSnapshot().getBids(1).getExtraFieldsMap();
  }

  @Test
  void levelsBeyondAStateThatIsCutOffAreNotDoubted() {
    String hundred =
        IntStream.range(0, 100)
            .mapToObj(i -> level(String.valueOf(200 - i), "1"))
            .collect(Collectors.joining(","));
    RecordingClient client = liveBook(book(hundred + "," + level("9", "1"), ""), book(hundred, ""));
    gateway.settle(SETTLED);
    assertThat(client.story()).isEmpty();
  }

  @Test
  void ordersAndPositionsInWhichTheSecondStateDiffersAreCorrected() {
    RecordingClient client = gateway.client(Topics.subaccount(ADDRESS, 0));
    one()
        .initialState(
            Channel.SUBACCOUNTS,
            ACCOUNT,
            account("1", order("a", "OPEN"), order("gone", "OPEN"), order("c", "OPEN")));
    one()
        .update(
            Channel.SUBACCOUNTS,
            ACCOUNT,
            "{'orders':[" + order("c", "CANCELED") + "],'blockHeight':'11'}");
    other()
        .initialState(
            Channel.SUBACCOUNTS,
            ACCOUNT,
            account("2", order("a", "OPEN"), order("b", "OPEN"), order("c", "OPEN")));
    client.take();
    gateway.settle(SETTLED);
    List<Event> events = client.take();
    assertThat(events).hasSize(2);
    assertThat(events.get(0).hasGap()).isTrue();
    SubaccountSnapshot snapshot = events.get(1).getSubaccountSnapshot();
    assertThat(snapshot.getOrdersList()).extracting(Order::getOrderId).containsExactly("a", "b");
    assertThat(snapshot.getPositions(0).getSize()).isEqualTo("2");
    assertThat(gateway.feedCounters().stateDifferences(Channel.SUBACCOUNTS)).isEqualTo(3);
  }

  @Test
  void childrenOfAParentAreComparedEachForItself() {
    RecordingClient client = gateway.client(Topics.parentSubaccount(ADDRESS, 0));
    String state =
        "{'subaccount':{'address':'x','parentSubaccountNumber':0,'childSubaccounts':["
            + "{'subaccountNumber':128,'assetPositions':{'USDC':{'symbol':'USDC','side':'LONG',"
            + "'size':'%s','subaccountNumber':128}}}]},'orders':[]}";
    one().initialState(Channel.PARENT_SUBACCOUNTS, ACCOUNT, state.formatted("5.0"));
    other().initialState(Channel.PARENT_SUBACCOUNTS, ACCOUNT, state.formatted("6"));
    client.take();
    gateway.settle(SETTLED);
    assertThat(client.take().get(1).getSubaccountSnapshot().getChildren(0).getBalances(0).getSize())
        .isEqualTo("6");
  }

  @Test
  void ordersOfAParentThatDifferAddNoChild() {
    RecordingClient client = gateway.client(Topics.parentSubaccount(ADDRESS, 0));
    String state =
        "{'subaccount':{'address':'x','parentSubaccountNumber':0,'childSubaccounts':["
            + "{'subaccountNumber':128}]},'orders':[%s]}";
    one().initialState(Channel.PARENT_SUBACCOUNTS, ACCOUNT, state.formatted(order("a", "OPEN")));
    other().initialState(Channel.PARENT_SUBACCOUNTS, ACCOUNT, state.formatted(order("b", "OPEN")));
    client.take();
    gateway.settle(SETTLED);
    SubaccountSnapshot snapshot = client.take().get(1).getSubaccountSnapshot();
    assertThat(snapshot.getOrdersList()).extracting(Order::getOrderId).containsExactly("b");
    assertThat(snapshot.getChildrenList())
        .extracting(SubaccountSnapshot::getSubaccountNumber)
        .containsExactly(128);
  }

  @Test
  void anOrderThatAComparisonBringsBackIsChangedByFurtherUpdates() {
    RecordingClient client = gateway.client(Topics.subaccount(ADDRESS, 0));
    one().initialState(Channel.SUBACCOUNTS, ACCOUNT, account("1", shortTerm("FILLED", 1010)));
    other().initialState(Channel.SUBACCOUNTS, ACCOUNT, account("1", shortTerm("OPEN", 1030)));
    gateway.settle(SETTLED);
    client.take();
    one()
        .update(
            Channel.SUBACCOUNTS,
            ACCOUNT,
            "{'orders':[{'id':'a','orderFlags':'0','status':'BEST_EFFORT_CANCELED'}]}");
    assertThat(client.take().get(0).getSubaccountUpdate().getOrders(0).getStatus())
        .isEqualTo(OrderStatus.ORDER_STATUS_BEST_EFFORT_CANCELED);
  }

  @Test
  void anAccountThatDoesNotDifferIsNotPublishedAgain() {
    RecordingClient client = gateway.client(Topics.subaccount(ADDRESS, 0));
    one().initialState(Channel.SUBACCOUNTS, ACCOUNT, account("1", order("a", "OPEN")));
    other().initialState(Channel.SUBACCOUNTS, ACCOUNT, account("1.0", order("a", "OPEN")));
    client.take();
    gateway.settle(SETTLED);
    assertThat(client.story()).isEmpty();
  }

  // ---- one connection

  @Test
  void aFirstStateOnOneConnectionIsComparedWithASecondOneOnAnother() {
    RecordingClient client = verifiedBook();
    assertThat(venue().subscriptions(Channel.ORDER_BOOK, ID)).isEqualTo(1);
    gateway.settle(DELAY);
    assertThat(venue().subscriptions(Channel.ORDER_BOOK, ID)).isEqualTo(2);
    other().initialState(Channel.ORDER_BOOK, ID, book(level("4", "1"), level("6", "1")));
    assertThat(venue().subscriptions(Channel.ORDER_BOOK, ID)).isEqualTo(1);
    gateway.settle(SETTLED);
    assertThat(client.story()).containsExactly("delta bids 5.0=0.000 4.0=1.000 asks 6.0=1.000");
    assertThat(gateway.feedCounters().stateDifferences(Channel.ORDER_BOOK)).isEqualTo(3);
    gateway.settle(DELAY);
    assertThat(venue().subscriptions(Channel.ORDER_BOOK, ID)).isEqualTo(1);
  }

  @Test
  void theStateAfterAReconnectIsComparedToo() {
    RecordingClient client = verifiedBook();
    gateway.settle(DELAY);
    one().interrupt(Channel.ORDER_BOOK, ID, "connection lost");
    assertThat(venue().subscriptions(Channel.ORDER_BOOK, ID)).isEqualTo(1);
    one().initialState(Channel.ORDER_BOOK, ID, book(level("5", "1"), ""));
    client.take();
    gateway.settle(DELAY);
    other().initialState(Channel.ORDER_BOOK, ID, book(level("5", "3"), ""));
    gateway.settle(SETTLED);
    assertThat(client.story()).containsExactly("delta bids 5.0=3.000 asks");
  }

  @Test
  void aComparisonThatFindsNoConnectionInterruptsNobody() {
    RecordingClient client = verifiedBook();
    gateway.settle(DELAY);
    other().refuse(Channel.ORDER_BOOK, ID, Kind.NO_CONNECTION_LEFT, "full");
    gateway.settle(DELAY);
    one().update(Channel.ORDER_BOOK, ID, "{'bids':[['4','1']]}");
    assertThat(client.story()).containsExactly("delta bids 4.0=1.000 asks");
    assertThat(venue().subscriptions(Channel.ORDER_BOOK, ID)).isEqualTo(1);
  }

  @Test
  void aComparisonWithoutAnAnswerIsGivenUp() {
    verifiedBook();
    gateway.settle(DELAY);
    gateway.settle(Duration.ofSeconds(60));
    assertThat(venue().subscriptions(Channel.ORDER_BOOK, ID)).isEqualTo(1);
  }

  @Test
  void aTopicThatClosesEndsItsComparison() {
    RecordingClient client = verifiedBook();
    gateway.settle(DELAY);
    client.leave();
    gateway.closeIdleTopics();
    assertThat(venue().subscriptions(Channel.ORDER_BOOK, ID)).isZero();
  }

  @Test
  void withoutTheKeyNothingIsAskedForTwice() {
    gateway = TestGateway.withBtc();
    gateway.client(Topics.orderBook(ID));
    one().initialState(Channel.ORDER_BOOK, ID, book("", ""));
    gateway.settle(DELAY);
    assertThat(venue().subscriptions(Channel.ORDER_BOOK, ID)).isEqualTo(1);
  }

  private RecordingClient verifiedBook() {
    gateway = TestGateway.verifyingWithBtc(ACCOUNTS);
    RecordingClient client = gateway.client(Topics.orderBook(ID));
    one().initialState(Channel.ORDER_BOOK, ID, book(level("5", "1"), ""));
    client.take();
    return client;
  }

  private RecordingClient liveBook(String first, String second) {
    RecordingClient client = gateway.client(Topics.orderBook(ID));
    one().initialState(Channel.ORDER_BOOK, ID, braced(first));
    other().initialState(Channel.ORDER_BOOK, ID, braced(second));
    client.take();
    return client;
  }

  private static String braced(String contents) {
    return contents.startsWith("{") ? contents : "{" + contents + "}";
  }

  private static String book(String bids, String asks) {
    return "{'bids':[" + bids + "],'asks':[" + asks + "]}";
  }

  private static String level(String price, String size) {
    return "{'price':'" + price + "','size':'" + size + "'}";
  }

  private static String trade(String id, int height) {
    return "{'id':'%s','side':'BUY','size':'1','price':'1','createdAtHeight':'%d'}"
        .formatted(id, height);
  }

  private static String candle(int minute, int trades) {
    return ("{'startedAt':'2023-04-04T19:%02d:00.000Z','open':'1','high':'1','low':'1',"
            + "'close':'1','baseTokenVolume':'%d','usdVolume':'9','trades':%d}")
        .formatted(minute, trades, trades);
  }

  private static String account(String size, String... orders) {
    return ("{'subaccount':{'address':'x','subaccountNumber':0,'equity':'1','openPerpetualPositions':"
            + "{'BTC-USD':{'market':'BTC-USD','status':'OPEN','side':'LONG','size':'%s',"
            + "'unrealizedPnl':'%s'}}},'orders':[%s],'blockHeight':'10'}")
        .formatted(size, size, String.join(",", orders));
  }

  private static String shortTerm(String status, int goodTilBlock) {
    return "{'id':'a','clientId':'1','orderFlags':'0','status':'%s','goodTilBlock':'%d'}"
        .formatted(status, goodTilBlock);
  }

  private static String order(String id, String status) {
    return "{'id':'%s','clientId':'1','orderFlags':'64','status':'%s'}".formatted(id, status);
  }
}
