package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelListener.Refusal.Kind;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two connections: what is said and what not when one or both of them fail. */
class RedundancyTest {
  private static final String ADDRESS = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";
  private static final String ACCOUNT = ADDRESS + "/0";
  private static final String CANDLES = "BTC-USD/1MIN";
  private static final Topic CANDLES_TOPIC =
      Topics.candles("BTC-USD", CandleResolution.CANDLE_RESOLUTION_1MIN);
  private static final String MANGLED_CANDLE =
      "{'type':'channel_data','channel':'v4_candles','id':'BTC-USD/1MIN','contents':{'st";

  private final TestGateway gateway =
      TestGateway.redundantWithBtc(
          new PrivateAccounts(List.of(new PrivateAccounts.Account(ADDRESS, Set.of(), ""))));
  private final FakeVenue venue = gateway.venue();
  private final FakeVenue.Copy one = venue.copy(0);
  private final FakeVenue.Copy other = venue.copy(1);

  // ---- one fails

  @Test
  void theFirstCopyOfATradeWins() {
    RecordingClient client = liveTrades();
    other.update(Channel.TRADES, "BTC-USD", trades("b"));
    one.update(Channel.TRADES, "BTC-USD", trades("b"));
    one.update(Channel.TRADES, "BTC-USD", trades("c"));
    assertThat(client.story()).containsExactly("trades b:1.000@1.0", "trades c:1.000@1.0");
    assertThat(gateway.feedCounters().redundantFrames(Channel.TRADES)).isEqualTo(1);
  }

  @Test
  void aConnectionThatBreaksIsNotNoticed() {
    RecordingClient client = liveTrades();
    one.interrupt(Channel.TRADES, "BTC-USD", "connection lost");
    assertThat(gateway.feedCounters().missingCopies(Channel.TRADES)).isEqualTo(1);
    other.update(Channel.TRADES, "BTC-USD", trades("b"));
    one.initialState(Channel.TRADES, "BTC-USD", trades("c", "b", "a"));
    other.update(Channel.TRADES, "BTC-USD", trades("c"));
    assertThat(client.story()).containsExactly("trades b:1.000@1.0", "trades c:1.000@1.0");
    assertThat(gateway.feedCounters().failovers(Channel.TRADES)).isEqualTo(1);
    assertThat(gateway.feedCounters().missingCopies(Channel.TRADES)).isZero();
  }

  @Test
  void aFrameThatOneConnectionMangledComesFromTheOther() {
    RecordingClient client = liveTrades();
    one.frame(mangledTrades());
    assertThat(venue.takeResyncs())
        .containsExactly("v4_trades BTC-USD: an update could not be read");
    other.update(Channel.TRADES, "BTC-USD", trades("b"));
    assertThat(client.story()).containsExactly("trades b:1.000@1.0");
  }

  @Test
  void aCandleOfWhichTheOnlyConnectionMangledAVersionIsFinalOnceItsStateHasCome() {
    RecordingClient client =
        gateway.client(Topics.candles("BTC-USD", CandleResolution.CANDLE_RESOLUTION_1MIN));
    String id = "BTC-USD/1MIN";
    one.initialState(Channel.CANDLES, id, candles(candle(8, 1)));
    other.initialState(Channel.CANDLES, id, candles(candle(8, 1)));
    client.take();
    other.interrupt(Channel.CANDLES, id, "connection lost");
    one.frame("{'type':'channel_data','channel':'v4_candles','id':'BTC-USD/1MIN','contents':{'st");
    one.update(Channel.CANDLES, id, candle(9, 1));
    other.initialState(Channel.CANDLES, id, candles(candle(9, 1), candle(8, 2)));
    one.initialState(Channel.CANDLES, id, candles(candle(9, 1), candle(8, 2)));
    assertThat(client.story())
        .containsExactly(
            "gap UPSTREAM_LOSS",
            "candles 8:1.0/1.0/1.0/1.0*1.000 9:1.0/1.0/1.0/1.0*1.000",
            "candles 8!:1.0/1.0/1.0/1.0*2.000 9:1.0/1.0/1.0/1.0*1.000");
  }

  @Test
  void aFinalCandleStaysAsItIsWhenTheConnectionThatToldItBreaks() {
    RecordingClient client = liveCandles();
    one.update(Channel.CANDLES, CANDLES, candle(8, 1, "2"));
    one.update(Channel.CANDLES, CANDLES, candle(9, 1));
    one.interrupt(Channel.CANDLES, CANDLES, "connection lost");
    other.update(Channel.CANDLES, CANDLES, candle(8, 1, "2"));
    other.update(Channel.CANDLES, CANDLES, candle(9, 1));
    assertThat(client.story())
        .containsExactly(
            "candles 8:2.0/2.0/2.0/2.0*1.000",
            "candles 8!:2.0/2.0/2.0/2.0*1.000 9:1.0/1.0/1.0/1.0*1.000");
  }

  @Test
  void anOpenCandleDoesNotGoBackWhenTheConnectionThatToldItBreaks() {
    RecordingClient client = liveCandles();
    one.update(Channel.CANDLES, CANDLES, candle(8, 1, "2"));
    one.update(Channel.CANDLES, CANDLES, candle(8, 1, "3"));
    other.update(Channel.CANDLES, CANDLES, candle(8, 1, "2"));
    one.interrupt(Channel.CANDLES, CANDLES, "connection lost");
    other.update(Channel.CANDLES, CANDLES, candle(8, 1, "3"));
    other.update(Channel.CANDLES, CANDLES, candle(8, 1, "4"));
    assertThat(client.story())
        .containsExactly(
            "candles 8:2.0/2.0/2.0/2.0*1.000",
            "candles 8:3.0/3.0/3.0/3.0*1.000",
            "candles 8:4.0/4.0/4.0/4.0*1.000");
  }

  @Test
  void theLastVersionOfACandleIsThatOfTheConnectionThatGoesOnToTheNext() {
    RecordingClient client = liveCandles();
    other.interrupt(Channel.CANDLES, CANDLES, "connection lost");
    other.initialState(Channel.CANDLES, CANDLES, candles(candle(8, 1, "2")));
    one.interrupt(Channel.CANDLES, CANDLES, "connection lost");
    other.update(Channel.CANDLES, CANDLES, candle(9, 1));
    assertThat(last(client.story()))
        .isEqualTo("candles 8!:2.0/2.0/2.0/2.0*1.000 9:1.0/1.0/1.0/1.0*1.000");
  }

  @Test
  void aStateOfOneConnectionThatIsBehindMakesNoCandleFinal() {
    RecordingClient client = liveCandles();
    other.interrupt(Channel.CANDLES, CANDLES, "connection lost");
    one.frame(MANGLED_CANDLE);
    one.update(Channel.CANDLES, CANDLES, candle(9, 1));
    one.interrupt(Channel.CANDLES, CANDLES, "an update of the candles could not be read");
    other.initialState(Channel.CANDLES, CANDLES, candles(candle(8, 1)));
    other.update(Channel.CANDLES, CANDLES, candle(8, 2));
    other.update(Channel.CANDLES, CANDLES, candle(9, 1));
    assertThat(client.events().stream().flatMap(e -> e.getCandles().getCandlesList().stream()))
        .filteredOn(candle -> candle.getIsFinal())
        .singleElement()
        .satisfies(candle -> assertThat(candle.getTradeCount()).isEqualTo(2));
  }

  @Test
  void candlesBecomeFinalWhileAConnectionInDoubtStaysAway() {
    RecordingClient client = liveCandles();
    one.update(Channel.CANDLES, CANDLES, candle(8, 2, "soon"));
    one.update(Channel.CANDLES, CANDLES, candle(9, 1));
    other.update(Channel.CANDLES, CANDLES, candle(8, 2, "soon"));
    other.update(Channel.CANDLES, CANDLES, candle(9, 1));
    one.interrupt(Channel.CANDLES, CANDLES, "a version could not be used");
    one.initialState(Channel.CANDLES, CANDLES, candles(candle(9, 1), candle(8, 2)));
    other.interrupt(Channel.CANDLES, CANDLES, "a version could not be used");
    client.take();
    one.update(Channel.CANDLES, CANDLES, candle(10, 1));
    assertThat(last(client.story()))
        .isEqualTo("candles 9!:1.0/1.0/1.0/1.0*1.000 10:1.0/1.0/1.0/1.0*1.000");
    assertThat(lateJoiner())
        .isEqualTo(
            "candles 8!:1.0/1.0/1.0/1.0*2.000 9!:1.0/1.0/1.0/1.0*1.000"
                + " 10:1.0/1.0/1.0/1.0*1.000");
  }

  @Test
  void candlesBecomeFinalWhileTheConnectionThatMangledAVersionStaysAway() {
    RecordingClient client = liveCandles();
    other.interrupt(Channel.CANDLES, CANDLES, "connection lost");
    one.frame(MANGLED_CANDLE);
    other.initialState(Channel.CANDLES, CANDLES, candles(candle(8, 2)));
    one.interrupt(Channel.CANDLES, CANDLES, "an update of the candles could not be read");
    client.take();
    other.update(Channel.CANDLES, CANDLES, candle(9, 1));
    assertThat(last(client.story()))
        .isEqualTo("candles 8!:1.0/1.0/1.0/1.0*2.000 9:1.0/1.0/1.0/1.0*1.000");
  }

  @Test
  void aCandleWhoseLastVersionCantBeUsedIsNotFinalByAnOlderOneOfAConnectionBehind() {
    liveCandles();
    one.update(Channel.CANDLES, CANDLES, candle(8, 2));
    one.update(Channel.CANDLES, CANDLES, candle(8, 3, "soon"));
    one.update(Channel.CANDLES, CANDLES, candle(9, 1));
    one.interrupt(Channel.CANDLES, CANDLES, "a version could not be used");
    one.initialState(Channel.CANDLES, CANDLES, candles(candle(9, 1), candle(8, 3, "soon")));
    other.update(Channel.CANDLES, CANDLES, candle(8, 2));
    assertThat(lateJoiner()).isEqualTo("candles 8:1.0/1.0/1.0/1.0*2.000 9:1.0/1.0/1.0/1.0*1.000");
  }

  @Test
  void aVersionThatEitherConnectionRepeatsIsDropped() {
    RecordingClient client = liveCandles();
    one.update(Channel.CANDLES, CANDLES, candle(8, 2));
    other.update(Channel.CANDLES, CANDLES, candle(8, 2));
    one.update(Channel.CANDLES, CANDLES, candle(9, 1));
    other.update(Channel.CANDLES, CANDLES, candle(9, 1));
    client.take();
    one.update(Channel.CANDLES, CANDLES, candle(8, 1));
    other.update(Channel.CANDLES, CANDLES, candle(8, 1));
    assertThat(client.story()).isEmpty();
    other.update(Channel.CANDLES, CANDLES, candle(8, 3));
    one.update(Channel.CANDLES, CANDLES, candle(8, 3));
    assertThat(client.story()).containsExactly("candles 8!:1.0/1.0/1.0/1.0*3.000");
  }

  private RecordingClient liveCandles() {
    RecordingClient client = gateway.client(CANDLES_TOPIC);
    one.initialState(Channel.CANDLES, CANDLES, candles(candle(8, 1)));
    other.initialState(Channel.CANDLES, CANDLES, candles(candle(8, 1)));
    client.take();
    return client;
  }

  private String lateJoiner() {
    return last(gateway.client(CANDLES_TOPIC).story()).replace("recent ", "");
  }

  private static String last(List<String> story) {
    return story.get(story.size() - 1);
  }

  private static String candles(String... candles) {
    return "{'candles':[" + String.join(",", candles) + "]}";
  }

  private static String candle(int minute, int trades) {
    return candle(minute, trades, "1");
  }

  private static String candle(int minute, int trades, String price) {
    return ("{'startedAt':'2023-04-04T19:%02d:00.000Z','open':'%s','high':'%s','low':'%s',"
            + "'close':'%s','baseTokenVolume':'%d','usdVolume':'9','trades':%d}")
        .formatted(minute, price, price, price, price, trades, trades);
  }

  @Test
  void aBookSwitchesToASnapshotOfTheOtherConnection() {
    RecordingClient client = gateway.client(Topics.orderBook("BTC-USD"));
    one.initialState(
        Channel.ORDER_BOOK, "BTC-USD", "{'bids':[{'price':'1','size':'1'}],'asks':[]}");
    other.initialState(
        Channel.ORDER_BOOK, "BTC-USD", "{'bids':[{'price':'1','size':'1'}],'asks':[]}");
    other.update(Channel.ORDER_BOOK, "BTC-USD", "{'bids':[['2','2']]}");
    one.update(Channel.ORDER_BOOK, "BTC-USD", "{'bids':[['2','2']]}");
    other.update(Channel.ORDER_BOOK, "BTC-USD", "{'bids':[['3','3']]}");
    client.take();
    one.interrupt(Channel.ORDER_BOOK, "BTC-USD", "connection lost");
    assertThat(client.story()).containsExactly("book bids 3.0=3.000 2.0=2.000 1.0=1.000 asks");
    other.update(Channel.ORDER_BOOK, "BTC-USD", "{'bids':[['3','0']]}");
    assertThat(client.story()).containsExactly("delta bids 3.0=0.000 asks");
  }

  @Test
  void aConnectionThatHangsIsFollowedNoLonger() {
    RecordingClient client = gateway.client(Topics.orderBook("BTC-USD"));
    one.initialState(Channel.ORDER_BOOK, "BTC-USD", "{'bids':[],'asks':[]}");
    other.initialState(Channel.ORDER_BOOK, "BTC-USD", "{'bids':[],'asks':[]}");
    client.take();
    other.update(Channel.ORDER_BOOK, "BTC-USD", "{'bids':[['1','1']]}");
    assertThat(client.story()).isEmpty();
    venue.advance(Duration.ofSeconds(3));
    other.update(Channel.ORDER_BOOK, "BTC-USD", "{'bids':[['2','2']]}");
    assertThat(client.story()).containsExactly("book bids 2.0=2.000 1.0=1.000 asks");
    assertThat(gateway.feedCounters().failovers(Channel.ORDER_BOOK)).isEqualTo(1);
  }

  @Test
  void marketsSayOnlyWhatDiffersAfterASwitch() {
    RecordingClient client = gateway.client(Topics.market("BTC-USD"));
    other.update(Channel.MARKETS, "", "{'trading':{'BTC-USD':{'volume24H':'7'}}}");
    client.take();
    one.interrupt(Channel.MARKETS, "", "connection lost");
    assertThat(client.take())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getMarketUpdate().getVolume24H()).isEqualTo("7");
              assertThat(event.getMarketUpdate().hasOraclePrice()).isFalse();
            });
  }

  @Test
  void anAccountThatWasQuietForLongSwitchesWithoutAWord() {
    RecordingClient client = liveAccount();
    assertThat(gateway.feedCounters().missingCopies(Channel.SUBACCOUNTS)).isEqualTo(1);
    gateway.advance(Duration.ofSeconds(11));
    one.interrupt(Channel.SUBACCOUNTS, ACCOUNT, "connection lost");
    other.update(Channel.SUBACCOUNTS, ACCOUNT, fill("f"));
    assertThat(client.take())
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getSubaccountUpdate().getFills(0).getFillId()).isEqualTo("f"));
  }

  @Test
  void aFillWordedDifferentlyByTheOtherConnectionComesOnce() {
    RecordingClient client = liveAccount();
    gateway.advance(Duration.ofSeconds(11));
    one.update(Channel.SUBACCOUNTS, ACCOUNT, fill("f"));
    other.update(
        Channel.SUBACCOUNTS,
        ACCOUNT,
        "{'fills':[{'id':'f','side':'BUY','size':'1','price':'1','new':1}],'blockHeight':'5'}");
    assertThat(client.take()).hasSize(1);
  }

  @Test
  void aChildWhoseBatchBeganInTheMidstWaitsForTheOtherConnection() {
    RecordingClient client = gateway.client(Topics.parentSubaccount(ADDRESS, 0));
    one.initialState(Channel.PARENT_SUBACCOUNTS, ACCOUNT, "{}");
    other.initialState(Channel.PARENT_SUBACCOUNTS, ACCOUNT, "{}");
    client.take();
    other.updateOfChild(ACCOUNT, 0, fill("b"));
    other.updateOfChild(ACCOUNT, 128, fill("d"));
    one.updateOfChild(ACCOUNT, 0, fill("a"));
    one.updateOfChild(ACCOUNT, 0, fill("b"));
    one.updateOfChild(ACCOUNT, 128, fill("c"));
    one.updateOfChild(ACCOUNT, 128, fill("d"));
    gateway.advance(Duration.ofSeconds(1));
    assertThat(gateway.feedCounters().missingCopies(Channel.PARENT_SUBACCOUNTS)).isEqualTo(1);
    other.updateOfChild(ACCOUNT, 0, fill("e"));
    one.updateOfChild(ACCOUNT, 0, fill("e"));
    assertThat(gateway.feedCounters().missingCopies(Channel.PARENT_SUBACCOUNTS)).isZero();
    assertThat(client.take())
        .extracting(event -> event.getSubaccountUpdate().getFills(0).getFillId())
        .containsExactly("a", "b", "c", "d", "e");
  }

  // ---- one loses something and finds out late

  @Test
  void aBlockThatTheFasterConnectionLostIsAnnounced() {
    RecordingClient client = gateway.client(Topics.blockHeight());
    one.initialState(Channel.BLOCK_HEIGHT, "", "{'height':'10'}");
    other.initialState(Channel.BLOCK_HEIGHT, "", "{'height':'10'}");
    one.update(Channel.BLOCK_HEIGHT, "", "{'blockHeight':'12'}");
    other.update(Channel.BLOCK_HEIGHT, "", "{'blockHeight':'11'}");
    other.update(Channel.BLOCK_HEIGHT, "", "{'blockHeight':'12'}");
    client.take();
    one.lose(Channel.BLOCK_HEIGHT, "", "messages are missing");
    assertThat(client.story()).containsExactly("gap UPSTREAM_LOSS");
  }

  @Test
  void aTradeThatTheFasterConnectionLostComesLateAndThatIsSaid() {
    RecordingClient client = liveTrades();
    one.update(Channel.TRADES, "BTC-USD", tradeOfBlock("c", 7));
    other.update(Channel.TRADES, "BTC-USD", tradeOfBlock("b", 6));
    other.update(Channel.TRADES, "BTC-USD", tradeOfBlock("c", 7));
    one.lose(Channel.TRADES, "BTC-USD", "messages are missing");
    assertThat(client.story())
        .containsExactly("trades c:1.000@1.0", "trades b:1.000@1.0", "gap UPSTREAM_LOSS");
    assertThat(gateway.client(Topics.trades("BTC-USD")).story())
        .endsWith("recent trades a:1.000@1.0 b:1.000@1.0 c:1.000@1.0", "gap UPSTREAM_LOSS");
  }

  @Test
  void whatTheSlowerConnectionLostIsOfNoInterest() {
    RecordingClient client = liveTrades();
    one.update(Channel.TRADES, "BTC-USD", trades("b"));
    one.update(Channel.TRADES, "BTC-USD", trades("c"));
    other.update(Channel.TRADES, "BTC-USD", trades("c"));
    client.take();
    other.lose(Channel.TRADES, "BTC-USD", "messages are missing");
    assertThat(client.story()).isEmpty();
  }

  @Test
  void anAccountOfWhichTheFasterConnectionLostAnUpdateIsToldAnew() {
    RecordingClient client = liveAccount();
    gateway.advance(Duration.ofSeconds(11));
    one.update(Channel.SUBACCOUNTS, ACCOUNT, fill("g"));
    other.update(Channel.SUBACCOUNTS, ACCOUNT, fill("f"));
    client.take();
    one.lose(Channel.SUBACCOUNTS, ACCOUNT, "messages are missing");
    String reason = "another copy that was ahead: messages are missing";
    assertThat(venue.takeResyncs())
        .containsExactly("v4_subaccounts %s on 1: %s".formatted(ACCOUNT, reason));
    other.initialState(
        Channel.SUBACCOUNTS,
        ACCOUNT,
        "{'subaccount':{'address':'" + ADDRESS + "','subaccountNumber':0},'orders':[]}");
    assertThat(client.story().subList(0, 3))
        .containsExactly("RECOVERING: " + reason, "LIVE", "gap UPSTREAM_LOSS");
  }

  // ---- both fail

  @Test
  void aFrameThatBothMangledIsAnnounced() {
    RecordingClient client = liveTrades();
    one.frame(mangledTrades());
    other.frame(mangledTrades());
    assertThat(client.story()).containsExactly("gap UPSTREAM_LOSS");
  }

  @Test
  void whatIsMissingAfterBothBrokeIsAnnounced() {
    RecordingClient client = liveTrades();
    one.interrupt(Channel.TRADES, "BTC-USD", "connection lost");
    other.interrupt(Channel.TRADES, "BTC-USD", "the other too");
    other.initialState(Channel.TRADES, "BTC-USD", trades("z"));
    assertThat(client.story())
        .containsExactly(
            "RECOVERING: the other too", "LIVE", "gap UPSTREAM_LOSS", "trades z:1.000@1.0");
  }

  @Test
  void aCopyThatIsNotInStepYetDoesNotHideALoss() {
    RecordingClient client = gateway.client(Topics.blockHeight());
    one.initialState(Channel.BLOCK_HEIGHT, "", "{'height':'10'}");
    other.initialState(Channel.BLOCK_HEIGHT, "", "{'height':'15'}");
    client.take();
    one.interrupt(Channel.BLOCK_HEIGHT, "", "connection lost");
    assertThat(venue.takeResyncs()).containsExactly("v4_block_height on 1: no other copy is left");
    other.interrupt(Channel.BLOCK_HEIGHT, "", "resync");
    other.initialState(Channel.BLOCK_HEIGHT, "", "{'height':'16'}");
    assertThat(client.story())
        .containsExactly("RECOVERING: connection lost", "LIVE", "gap UPSTREAM_LOSS", "block 16");
  }

  @Test
  void anAccountOfWhichBothCopiesBrokeSaysSo() {
    RecordingClient client = liveAccount();
    gateway.advance(Duration.ofSeconds(11));
    one.interrupt(Channel.SUBACCOUNTS, ACCOUNT, "connection lost");
    other.interrupt(Channel.SUBACCOUNTS, ACCOUNT, "connection lost");
    one.initialState(Channel.SUBACCOUNTS, ACCOUNT, "{}");
    assertThat(client.story().subList(0, 3))
        .containsExactly("RECOVERING: connection lost", "LIVE", "gap UPSTREAM_LOSS");
  }

  // ---- refusals

  @Test
  void oneConnectionIsEnoughAndTheOtherIsTriedAgain() {
    RecordingClient client = gateway.client(Topics.trades("BTC-USD"));
    one.initialState(Channel.TRADES, "BTC-USD", trades("a"));
    other.refuse(Channel.TRADES, "BTC-USD", Kind.NO_CONNECTION_LEFT, "full");
    assertThat(client.story()).endsWith("recent trades a:1.000@1.0");
    assertThat(venue.subscriptions(Channel.TRADES, "BTC-USD")).isEqualTo(1);
    gateway.retryRefused();
    assertThat(venue.subscriptions(Channel.TRADES, "BTC-USD")).isEqualTo(2);
    other.initialState(Channel.TRADES, "BTC-USD", trades("a"));
    one.interrupt(Channel.TRADES, "BTC-USD", "connection lost");
    other.update(Channel.TRADES, "BTC-USD", trades("b"));
    assertThat(client.story()).containsExactly("trades b:1.000@1.0");
  }

  @Test
  void aTopicFailsWhenAllCopiesAreRefusedWithTheVenuesReason() {
    RecordingClient client = gateway.client(Topics.trades("BTC-USD"));
    one.refuse(Channel.TRADES, "BTC-USD", Kind.REFUSED_BY_VENUE, "not here");
    assertThat(client.story()).containsExactly("PENDING");
    one.refuse(Channel.TRADES, "BTC-USD", Kind.NO_CONNECTION_LEFT, "full");
    assertThat(client.story()).singleElement().asString().contains("not here");
  }

  private RecordingClient liveTrades() {
    RecordingClient client = gateway.client(Topics.trades("BTC-USD"));
    one.initialState(Channel.TRADES, "BTC-USD", trades("a"));
    other.initialState(Channel.TRADES, "BTC-USD", trades("a"));
    client.take();
    return client;
  }

  private RecordingClient liveAccount() {
    RecordingClient client = gateway.client(Topics.subaccount(ADDRESS, 0));
    one.initialState(Channel.SUBACCOUNTS, ACCOUNT, "{}");
    other.initialState(Channel.SUBACCOUNTS, ACCOUNT, "{}");
    client.take();
    return client;
  }

  private static String mangledTrades() {
    return "{'type':'channel_data','channel':'v4_trades','id':'BTC-USD','contents':{'trades':[7]}}";
  }

  private static String fill(String id) {
    return "{'fills':[{'id':'" + id + "','side':'BUY','size':'1','price':'1'}],'blockHeight':'5'}";
  }

  private static String tradeOfBlock(String id, int height) {
    return "{'trades':[{'id':'%s','side':'BUY','size':'1','price':'1','createdAtHeight':'%d'}]}"
        .formatted(id, height);
  }

  private static String trades(String... ids) {
    StringBuilder text = new StringBuilder();
    for (String id : ids) {
      text.append(text.isEmpty() ? "" : ",")
          .append("{'id':'%s','side':'BUY','size':'1','price':'1','type':'LIMIT'}".formatted(id));
    }
    return "{'trades':[" + text + "]}";
  }
}
