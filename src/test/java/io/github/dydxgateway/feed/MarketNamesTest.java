package io.github.dydxgateway.feed;

import static io.github.dydxgateway.testing.Topics.candles;
import static io.github.dydxgateway.testing.Topics.market;
import static io.github.dydxgateway.testing.Topics.markets;
import static io.github.dydxgateway.testing.Topics.orderBook;
import static io.github.dydxgateway.testing.Topics.quotes;
import static io.github.dydxgateway.testing.Topics.trades;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.v1.CandleResolution;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Markets that the venue renames, no longer lists, or lists again. */
class MarketNamesTest {
  private static final String RENAMED = "OLD-USD-PERP.DYDX is renamed to NEW-USD-PERP.DYDX";
  private static final String GONE = "OLD-USD-PERP.DYDX is no longer listed by the venue";

  private TestGateway gateway = TestGateway.started();
  private FakeVenue venue = gateway.venue();
  private FakeVenue.Copy one = venue.copy(0);
  private final RecordingClient client = gateway.client(markets());

  private static String json(String ticker, int pair, String tickSize) {
    return "'%s':{'ticker':'%s','clobPairId':'%d','status':'ACTIVE','tickSize':'%s','stepSize':'1'}"
        .formatted(ticker, ticker, pair, tickSize);
  }

  @Test
  void aRenamedMarketIsOneInstrumentWithItsNewName() {
    live(json("OLD-USD", 301, "1"), json("BTC-USD", 0, "1"));
    update("{'trading':{'OLD-USD':{'volume24H':'5'}}}");
    client.take();
    update("{'trading':{'NEW-USD':{'clobPairId':'301','ticker':'NEW-USD'}}}");
    assertThat(client.story())
        .containsExactly(
            "instruments -OLD-USD-PERP.DYDX>NEW-USD-PERP.DYDX NEW-USD(ACTIVE,tick 1,step 1)",
            "market change instrument_id: \"NEW-USD-PERP.DYDX\" volume_24h: \"5\""
                + " status: INSTRUMENT_STATUS_ACTIVE");
    assertThat(tickers()).containsExactly("BTC-USD", "NEW-USD");
    assertThat(definitionsOfALateJoiner()).isEqualTo(tickers());
    update("{'trading':{'NEW-USD':{'volume24H':'6'}}}");
    assertThat(client.story())
        .containsExactly("market change instrument_id: \"NEW-USD-PERP.DYDX\" volume_24h: \"6\"");
  }

  @Test
  void aMarketIsRenamedByTheNextWholeStateToo() {
    live(json("OLD-USD", 301, "1"), json("BTC-USD", 0, "1"));
    one.interrupt(Channel.MARKETS, "", "connection lost");
    initialState(json("NEW-USD", 301, "1"), json("BTC-USD", 0, "1"));
    assertThat(client.story())
        .containsExactly(
            "RECOVERING: connection lost",
            "LIVE",
            "instruments -OLD-USD-PERP.DYDX>NEW-USD-PERP.DYDX NEW-USD(ACTIVE,tick 1,step 1)",
            "market change instrument_id: \"NEW-USD-PERP.DYDX\""
                + " status: INSTRUMENT_STATUS_ACTIVE");
    assertThat(tickers()).containsExactly("BTC-USD", "NEW-USD");
  }

  @Test
  void allTopicsOfARenamedInstrumentEndWithItsNewName() {
    live(json("OLD-USD", 301, "1"));
    List<RecordingClient> clients = clientsOfOld();
    RecordingClient ofOne = gateway.client(market("OLD-USD"));
    ofOne.take();
    update("{'trading':{'NEW-USD':{'clobPairId':'301'}}}");
    assertThat(clients)
        .allSatisfy(one -> assertThat(one.story()).containsExactly("error 5: " + RENAMED));
    assertThat(ofOne.story())
        .containsExactly("instruments -OLD-USD-PERP.DYDX>NEW-USD-PERP.DYDX", "error 5: " + RENAMED);
    for (Channel channel : List.of(Channel.TRADES, Channel.ORDER_BOOK)) {
      assertThat(venue.isSubscribed(channel, "OLD-USD")).isFalse();
    }
    assertThat(venue.isSubscribed(Channel.CANDLES, "OLD-USD/1MIN")).isFalse();
    assertThat(gateway.client(trades("OLD-USD"), market("OLD-USD")).story())
        .containsExactly("error 5: " + RENAMED, "error 5: " + RENAMED);
    gateway.client(trades("NEW-USD"));
    assertThat(venue.isSubscribed(Channel.TRADES, "NEW-USD")).isTrue();
  }

  @Test
  void aMarketThatTheNextWholeStateLacksIsRemoved() {
    live(json("OLD-USD", 301, "1"), json("BTC-USD", 0, "1"));
    List<RecordingClient> clients = clientsOfOld();
    RecordingClient ofOne = gateway.client(market("OLD-USD"));
    ofOne.take();
    one.interrupt(Channel.MARKETS, "", "connection lost");
    initialState(json("BTC-USD", 0, "1"));
    assertThat(client.story())
        .containsExactly("RECOVERING: connection lost", "LIVE", "instruments -OLD-USD-PERP.DYDX");
    assertThat(ofOne.story())
        .containsExactly(
            "RECOVERING: connection lost",
            "LIVE",
            "instruments -OLD-USD-PERP.DYDX",
            "error 5: " + GONE);
    assertThat(clients)
        .allSatisfy(one -> assertThat(one.story()).containsExactly("error 5: " + GONE));
    assertThat(definitionsOfALateJoiner()).containsExactly("BTC-USD");
    assertThat(gateway.client(trades("OLD-USD")).story())
        .containsExactly("error 5: no instrument OLD-USD-PERP.DYDX");
  }

  @Test
  void aFrameOfTheOldNameAfterTheRenameHarmsNothing() {
    live(json("OLD-USD", 301, "1"));
    RecordingClient book = gateway.client(orderBook("OLD-USD"));
    one.initialState(Channel.ORDER_BOOK, "OLD-USD", "{'bids':[],'asks':[]}");
    book.take();
    gateway.instruments().remove(gateway.instruments().resolve("OLD-USD"), null);
    one.update(Channel.ORDER_BOOK, "OLD-USD", "{'bids':[['1','1']]}");
    assertThat(gateway.instruments().size()).isZero();
  }

  @Test
  void aMarketRenamedBackIsItselfAgain() {
    live(json("OLD-USD", 301, "1"));
    update("{'trading':{'NEW-USD':{'clobPairId':'301'}}}");
    gateway.advance(Duration.ofSeconds(11));
    update("{'trading':{'OLD-USD':{'clobPairId':'301'}}}");
    assertThat(client.story())
        .containsExactly(
            "instruments -OLD-USD-PERP.DYDX>NEW-USD-PERP.DYDX NEW-USD(ACTIVE,tick 1,step 1)",
            "market change instrument_id: \"NEW-USD-PERP.DYDX\""
                + " status: INSTRUMENT_STATUS_ACTIVE",
            "instruments -NEW-USD-PERP.DYDX>OLD-USD-PERP.DYDX OLD-USD(ACTIVE,tick 1,step 1)",
            "market change instrument_id: \"OLD-USD-PERP.DYDX\""
                + " status: INSTRUMENT_STATUS_ACTIVE");
    gateway.client(trades("OLD-USD"));
    assertThat(venue.isSubscribed(Channel.TRADES, "OLD-USD")).isTrue();
  }

  @Test
  void aMarketThatComesBackIsANewInstrument() {
    live(json("OLD-USD", 301, "1"), json("BTC-USD", 0, "1"));
    reconnect(json("BTC-USD", 0, "1"));
    assertThat(tickers()).containsExactly("BTC-USD");
    client.take();
    update("{'trading':{" + json("OLD-USD", 301, "0.1") + "}}");
    assertThat(client.story())
        .containsExactly(
            "instruments OLD-USD(ACTIVE,tick 0.1,step 1)",
            "market change instrument_id: \"OLD-USD-PERP.DYDX\""
                + " status: INSTRUMENT_STATUS_ACTIVE");
    assertThat(gateway.client(market("OLD-USD")).story()).hasSize(3);
  }

  @Test
  void marketsThatSwapTheirNamesSwapTheirDefinitions() {
    live(json("A-USD", 1, "0.1"), json("B-USD", 2, "0.2"));
    RecordingClient ofA = gateway.client(market("A-USD"));
    ofA.take();
    update("{'trading':{'A-USD':{'clobPairId':'2'},'B-USD':{'clobPairId':'1'}}}");
    assertThat(client.story().get(0))
        .isEqualTo(
            "instruments -B-USD-PERP.DYDX>A-USD-PERP.DYDX -A-USD-PERP.DYDX>B-USD-PERP.DYDX"
                + " A-USD(ACTIVE,tick 0.2,step 1) B-USD(ACTIVE,tick 0.1,step 1)");
    assertThat(tickers()).containsExactly("A-USD", "B-USD");
    assertThat(ofA.story())
        .last()
        .isEqualTo("error 5: A-USD-PERP.DYDX is renamed to B-USD-PERP.DYDX");
    assertThat(gateway.client(market("A-USD")).story().get(1))
        .endsWith("all instruments A-USD(ACTIVE,tick 0.2,step 1)");
  }

  @Test
  void marketsThatSwapTheirNamesInAWholeStateDoSoToo() {
    live(json("A-USD", 1, "0.1"), json("B-USD", 2, "0.2"), json("C-USD", 3, "0.3"));
    reconnect(json("A-USD", 2, "0.2"), json("B-USD", 3, "0.3"), json("C-USD", 1, "0.1"));
    assertThat(client.story().get(2))
        .contains("-A-USD-PERP.DYDX>C-USD-PERP.DYDX")
        .contains("-B-USD-PERP.DYDX>A-USD-PERP.DYDX")
        .contains("-C-USD-PERP.DYDX>B-USD-PERP.DYDX")
        .contains("A-USD(ACTIVE,tick 0.2")
        .contains("B-USD(ACTIVE,tick 0.3")
        .contains("C-USD(ACTIVE,tick 0.1");
    assertThat(tickers()).containsExactly("A-USD", "B-USD", "C-USD");
  }

  @Test
  void anotherMarketUnderTheSameNameIsAnotherInstrument() {
    live(json("OLD-USD", 301, "1"));
    RecordingClient old = gateway.client(trades("OLD-USD"));
    old.take();
    update("{'trading':{'OLD-USD':{'volume24H':'5'}}}");
    client.take();
    update("{'trading':{" + json("OLD-USD", 302, "0.1") + "}}");
    assertThat(client.story())
        .containsExactly(
            "instruments -OLD-USD-PERP.DYDX OLD-USD(ACTIVE,tick 0.1,step 1)",
            "market change instrument_id: \"OLD-USD-PERP.DYDX\""
                + " status: INSTRUMENT_STATUS_ACTIVE");
    assertThat(old.story()).containsExactly("error 5: " + GONE);
  }

  @Test
  void aNameThatAnotherMarketTakesIsNoLongerTheFirstOnes() {
    live(json("A-USD", 1, "0.1"), json("B-USD", 2, "0.2"));
    update("{'trading':{'B-USD':{'clobPairId':'1'}}}");
    assertThat(client.story().get(0))
        .isEqualTo(
            "instruments -B-USD-PERP.DYDX -A-USD-PERP.DYDX>B-USD-PERP.DYDX"
                + " B-USD(ACTIVE,tick 0.1,step 1)");
    assertThat(tickers()).containsExactly("B-USD");
  }

  @Test
  void aNewNameThatComesBeforeTheIdOfItsMarketIsTheSameMarket() {
    live(json("OLD-USD", 301, "1"));
    update("{'oraclePrices':{'NEW-USD':{'oraclePrice':'7'}}}");
    assertThat(client.story()).isEmpty();
    update("{'trading':{'NEW-USD':{'clobPairId':'301'}}}");
    assertThat(client.story())
        .containsExactly(
            "instruments -OLD-USD-PERP.DYDX>NEW-USD-PERP.DYDX NEW-USD(ACTIVE,tick 1,step 1)",
            "market change instrument_id: \"NEW-USD-PERP.DYDX\" oracle_price: \"7\""
                + " status: INSTRUMENT_STATUS_ACTIVE");
    assertThat(tickers()).containsExactly("NEW-USD");
  }

  @Test
  void marketsWithoutIdsAreKnownByTheirTickers() {
    live("'A-USD':{'tickSize':'1','stepSize':'1'}", "'B-USD':{'tickSize':'1','stepSize':'1'}");
    reconnect("'A-USD':{'tickSize':'1','stepSize':'1'}", "'C-USD':{'tickSize':'1','stepSize':'1'}");
    assertThat(client.story())
        .containsExactly(
            "RECOVERING: connection lost",
            "LIVE",
            "instruments -B-USD-PERP.DYDX C-USD(UNSPECIFIED,tick 1,step 1)",
            "market change instrument_id: \"C-USD-PERP.DYDX\"");
  }

  @Test
  void anIncompleteMarketIsRenamedAndRemovedWithoutAWord() {
    live("'OLD-USD':{'clobPairId':'301','stepSize':'1'}");
    RecordingClient waiting = gateway.client(trades("OLD-USD"), market("OLD-USD"));
    waiting.take();
    update("{'trading':{'NEW-USD':{'clobPairId':'301'}}}");
    assertThat(client.story()).isEmpty();
    assertThat(waiting.story())
        .containsExactlyInAnyOrder("error 5: " + RENAMED, "error 5: " + RENAMED);
    update("{'trading':{'NEW-USD':{'tickSize':'1'}}}");
    assertThat(client.story()).hasSize(2);
    assertThat(tickers()).containsExactly("NEW-USD");
  }

  @Test
  void renamesWithinOneBatchAreOneEvent() {
    live(json("OLD-USD", 301, "1"));
    venue.batch(
        Channel.MARKETS,
        "",
        "{'trading':{'OLD-USD':{'volume24H':'1'}}}",
        "{'trading':{'MID-USD':{'clobPairId':'301'}}}",
        "{'trading':{'NEW-USD':{'clobPairId':'301','volume24H':'2'}}}");
    assertThat(client.story())
        .containsExactly(
            "instruments -OLD-USD-PERP.DYDX>MID-USD-PERP.DYDX"
                + " -MID-USD-PERP.DYDX>NEW-USD-PERP.DYDX NEW-USD(ACTIVE,tick 1,step 1)",
            "market change instrument_id: \"NEW-USD-PERP.DYDX\" volume_24h: \"1\""
                + " status: INSTRUMENT_STATUS_ACTIVE",
            "market change instrument_id: \"NEW-USD-PERP.DYDX\" volume_24h: \"2\"");
  }

  // ---- states and updates of before

  @Test
  void aFurtherStateWithoutMarketsIsAskedForAgain() {
    live(json("OLD-USD", 301, "1"));
    List<RecordingClient> clients = clientsOfOld();
    venue.takeResyncs();
    reconnect();
    assertThat(client.story()).containsExactly("RECOVERING: connection lost", "LIVE");
    assertThat(clients).allSatisfy(one -> assertThat(one.story()).isEmpty());
    assertThat(tickers()).containsExactly("OLD-USD");
    assertThat(venue.takeResyncs()).containsExactly("v4_markets: its state has no markets");
    reconnect(json("BTC-USD", 0, "1"));
    assertThat(tickers()).containsExactly("BTC-USD");
  }

  @Test
  void aStateWithoutMarketsOfTheOtherConnectionRemovesNothingEither() {
    for (int reconnected = 0; reconnected < 2; reconnected++) {
      redundant(json("OLD-USD", 301, "1"));
      RecordingClient all = all();
      venue.copy(reconnected).interrupt(Channel.MARKETS, "", "connection lost");
      venue.copy(reconnected).initialState(Channel.MARKETS, "", "{'markets':{}}");
      venue.copy(1 - reconnected).interrupt(Channel.MARKETS, "", "connection lost");
      assertThat(all.story()).isEmpty();
      assertThat(venue.takeResyncs())
          .containsExactly(
              "v4_markets" + (reconnected == 0 ? "" : " on 1") + ": its state has no markets");
      venue
          .copy(reconnected)
          .update(Channel.MARKETS, "", "{'trading':{'OLD-USD':{'volume24H':'5'}}}");
      assertThat(all.story()).hasSize(1);
      assertThat(tickers()).containsExactly("OLD-USD");
    }
  }

  @Test
  void anUpdateOfBeforeARenameDoesNotUndoIt() {
    for (String repeated :
        List.of(
            "{'trading':{'OLD-USD':{'ticker':'OLD-USD','clobPairId':'301','status':'ACTIVE'}}}",
            "{'trading':{'OLD-USD':{'clobPairId':'301'}}}",
            "{'trading':{'OLD-USD':{'status':'ACTIVE'}}}",
            "{'oraclePrices':{'OLD-USD':{}}}")) {
      gateway = TestGateway.started();
      one = gateway.venue().copy(0);
      initialState(json("OLD-USD", 301, "1"));
      update("{'trading':{'NEW-USD':{'clobPairId':'301'}}}");
      RecordingClient all = all();
      update(repeated);
      update("{'trading':{'NEW-USD':{'status':'ACTIVE'}}}");
      update(repeated);
      assertThat(all.story()).isEmpty();
      assertThat(tickers()).containsExactly("NEW-USD");
      assertThat(gateway.client(trades("OLD-USD")).story()).containsExactly("error 5: " + RENAMED);
    }
  }

  @Test
  void aDefinitionOfBeforeARenameRemovesNothing() {
    live(json("OLD-USD", 301, "1"));
    update("{'trading':{'NEW-USD':{'clobPairId':'301'}}}");
    RecordingClient trades = gateway.client(trades("NEW-USD"));
    trades.take();
    update("{'trading':{" + json("OLD-USD", 301, "1") + "}}");
    assertThat(trades.story()).isEmpty();
    assertThat(tickers()).containsExactly("NEW-USD");
  }

  @Test
  void anUpdateOfBeforeARenameIsAppliedToTheNewName() {
    live(json("OLD-USD", 301, "1"));
    update("{'trading':{'MID-USD':{'clobPairId':'301'}}}");
    update("{'trading':{'NEW-USD':{'clobPairId':'301'}}}");
    client.take();
    update("{'trading':{'OLD-USD':{'volume24H':'5'}}}");
    update("{'oraclePrices':{'MID-USD':{'oraclePrice':'7'}}}");
    assertThat(client.story())
        .containsExactly(
            "market change instrument_id: \"NEW-USD-PERP.DYDX\" volume_24h: \"5\"",
            "market change instrument_id: \"NEW-USD-PERP.DYDX\" oracle_price: \"7\"");
  }

  @Test
  void anUpdateOfBeforeASwapOfNamesDoesNotUndoIt() {
    live(json("A-USD", 1, "0.1"), json("B-USD", 2, "0.2"));
    update("{'trading':{'A-USD':{'clobPairId':'2'},'B-USD':{'clobPairId':'1'}}}");
    client.take();
    update("{'trading':{'A-USD':{'clobPairId':'1'}}}");
    assertThat(client.story()).isEmpty();
    update("{'trading':{'A-USD':{'volume24H':'5'}}}");
    assertThat(client.story()).hasSize(1).first().asString().contains("A-USD-PERP.DYDX");
  }

  @Test
  void anotherMarketMayTakeTheNameOfARenamedOneImmediately() {
    live(json("OLD-USD", 301, "1"));
    update("{'trading':{'NEW-USD':{'clobPairId':'301'}}}");
    update("{'trading':{" + json("OLD-USD", 302, "0.1") + "}}");
    assertThat(tickers()).containsExactly("NEW-USD", "OLD-USD");
  }

  @Test
  void anUpdateOfBeforeTheEndOfAMarketDoesNotAddIt() {
    live(json("OLD-USD", 301, "1"), json("BTC-USD", 0, "1"));
    reconnect(json("BTC-USD", 0, "1"));
    update("{'oraclePrices':{'OLD-USD':{'oraclePrice':'7'}}}");
    update("{'trading':{'OLD-USD':{'volume24H':'7'}}}");
    assertThat(gateway.client(trades("OLD-USD")).story())
        .containsExactly("error 5: no instrument OLD-USD-PERP.DYDX");
    assertThat(gateway.feedCounters().repeatedRecords(Channel.MARKETS)).isEqualTo(2);
  }

  @Test
  void aRenameBackThatLooksLikeARepeatedUpdateIsFoundInALaterState() {
    live(json("OLD-USD", 301, "1"));
    update("{'trading':{'NEW-USD':{'clobPairId':'301'}}}");
    update("{'trading':{'OLD-USD':{'clobPairId':'301'}}}");
    gateway.advance(Duration.ofSeconds(11));
    venue.takeResyncs();
    update("{'trading':{'BTC-USD':{'volume24H':'1'}}}");
    assertThat(venue.takeResyncs()).hasSize(1);
    reconnect(json("OLD-USD", 301, "1"));
    assertThat(tickers()).containsExactly("OLD-USD");
  }

  @Test
  void theLaterStateIsAskedForEvenIfTheVenueSendsNothingOfMarkets() {
    live(json("BTC-USD", 0, "1"));
    update("{'trading':{" + json("NEW-USD", 301, "1") + "}}");
    reconnect(json("BTC-USD", 0, "1"));
    assertThat(tickers()).containsExactly("BTC-USD", "NEW-USD");
    venue.takeResyncs();
    gateway.settle(Duration.ofSeconds(9));
    assertThat(venue.takeResyncs()).isEmpty();
    gateway.settle(Duration.ofSeconds(2));
    assertThat(venue.takeResyncs()).hasSize(1);
    reconnect(json("BTC-USD", 0, "1"));
    assertThat(tickers()).containsExactly("BTC-USD");
  }

  @Test
  void aNameThatTheOtherConnectionRepeatsIsNotTakenOver() {
    redundant(json("OLD-USD", 301, "1"));
    for (int copy = 0; copy < 2; copy++) {
      venue.copy(copy).update(Channel.MARKETS, "", "{'trading':{'NEW-USD':{'clobPairId':'301'}}}");
    }
    venue.copy(1).update(Channel.MARKETS, "", "{'trading':{'OLD-USD':{'clobPairId':'301'}}}");
    RecordingClient all = all();
    one.interrupt(Channel.MARKETS, "", "connection lost");
    assertThat(all.story()).isEmpty();
    assertThat(tickers()).containsExactly("NEW-USD");
  }

  @Test
  void aMarketThatAnUpdateAnnouncedIsKeptThoughAStateOfBeforeLacksIt() {
    live(json("BTC-USD", 0, "1"));
    update("{'trading':{" + json("NEW-USD", 9, "1") + "}}");
    RecordingClient trades = gateway.client(trades("NEW-USD"));
    trades.take();
    gateway.advance(Duration.ofSeconds(2));
    reconnect(json("BTC-USD", 0, "1"));
    update("{'oraclePrices':{'NEW-USD':{'oraclePrice':'7'}}}");
    assertThat(trades.story()).isEmpty();
    assertThat(tickers()).containsExactly("BTC-USD", "NEW-USD");
    venue.takeResyncs();
    gateway.advance(Duration.ofSeconds(11));
    update("{'trading':{'BTC-USD':{'volume24H':'1'}}}");
    assertThat(venue.takeResyncs()).hasSize(1);
    reconnect(json("BTC-USD", 0, "1"));
    assertThat(tickers()).containsExactly("BTC-USD");
    update("{'trading':{'BTC-USD':{'volume24H':'2'}}}");
    gateway.advance(Duration.ofSeconds(11));
    update("{'trading':{'BTC-USD':{'volume24H':'3'}}}");
    assertThat(venue.takeResyncs()).isEmpty();
  }

  @Test
  void aRenameIsKeptThoughAStateOfBeforeHasTheOldName() {
    live(json("OLD-USD", 301, "1"));
    update("{'trading':{'NEW-USD':{'clobPairId':'301'}}}");
    gateway.advance(Duration.ofSeconds(2));
    reconnect(json("OLD-USD", 301, "1"));
    assertThat(tickers()).containsExactly("NEW-USD");
    gateway.advance(Duration.ofSeconds(11));
    reconnect(json("OLD-USD", 301, "1"));
    assertThat(tickers()).containsExactly("OLD-USD");
  }

  // ---- two connections

  @Test
  void aRenameThatTheOtherConnectionHasYetToSendDoesNotGoBack() {
    redundant(json("OLD-USD", 301, "1"));
    RecordingClient all = all();
    one.update(Channel.MARKETS, "", "{'trading':{'NEW-USD':{'clobPairId':'301'}}}");
    assertThat(all.story()).hasSize(2);
    one.interrupt(Channel.MARKETS, "", "connection lost");
    venue.copy(1).update(Channel.MARKETS, "", "{'trading':{'OLD-USD':{'volume24H':'5'}}}");
    venue.copy(1).update(Channel.MARKETS, "", "{'oraclePrices':{'OLD-USD':{'oraclePrice':'7'}}}");
    assertThat(all.story())
        .containsExactly(
            "market change instrument_id: \"NEW-USD-PERP.DYDX\" volume_24h: \"5\"",
            "market change instrument_id: \"NEW-USD-PERP.DYDX\" oracle_price: \"7\"");
    venue.copy(1).update(Channel.MARKETS, "", "{'trading':{'NEW-USD':{'clobPairId':'301'}}}");
    assertThat(all.story()).isEmpty();
    assertThat(tickers()).containsExactly("NEW-USD");
    // It has sent the new name, and the old one is not a repeated update any more.
    gateway.advance(Duration.ofSeconds(11));
    venue.copy(1).update(Channel.MARKETS, "", "{'trading':{'OLD-USD':{'clobPairId':'301'}}}");
    assertThat(tickers()).containsExactly("OLD-USD");
  }

  @Test
  void aRenameThatTheOtherConnectionSentFirstIsPublishedWhenItIsFollowed() {
    redundant(json("OLD-USD", 301, "1"));
    RecordingClient all = all();
    venue.copy(1).update(Channel.MARKETS, "", "{'trading':{'NEW-USD':{'clobPairId':'301'}}}");
    assertThat(all.story()).isEmpty();
    one.interrupt(Channel.MARKETS, "", "connection lost");
    assertThat(all.story().get(0)).contains("-OLD-USD-PERP.DYDX>NEW-USD-PERP.DYDX NEW-USD");
    one.initialState(Channel.MARKETS, "", "{'markets':{" + json("NEW-USD", 301, "1") + "}}");
    assertThat(all.story()).isEmpty();
    assertThat(tickers()).containsExactly("NEW-USD");
  }

  @Test
  void aMarketThatOneReconnectedConnectionNoLongerListsIsRemovedForAll() {
    for (int reconnected = 0; reconnected < 2; reconnected++) {
      redundant(json("OLD-USD", 301, "1"), json("BTC-USD", 0, "1"));
      RecordingClient all = all();
      venue.copy(reconnected).interrupt(Channel.MARKETS, "", "connection lost");
      venue
          .copy(reconnected)
          .initialState(Channel.MARKETS, "", "{'markets':{" + json("BTC-USD", 0, "1") + "}}");
      assertThat(all.story()).containsExactly("instruments -OLD-USD-PERP.DYDX");
      // What the other one still had on the way is of a market that is no more.
      venue.copy(0).update(Channel.MARKETS, "", "{'trading':{'OLD-USD':{'volume24H':'5'}}}");
      venue.copy(1).update(Channel.MARKETS, "", "{'trading':{'OLD-USD':{'volume24H':'5'}}}");
      assertThat(all.story()).isEmpty();
      assertThat(tickers()).containsExactly("BTC-USD");
      venue.copy(1 - reconnected).interrupt(Channel.MARKETS, "", "connection lost");
      venue
          .copy(1 - reconnected)
          .initialState(Channel.MARKETS, "", "{'markets':{" + json("BTC-USD", 0, "1") + "}}");
      assertThat(all.story()).isEmpty();
    }
  }

  @Test
  void aNewMarketThatTheOtherConnectionHasYetToSendIsNotRemoved() {
    redundant(json("BTC-USD", 0, "1"));
    RecordingClient all = all();
    one.update(Channel.MARKETS, "", "{'trading':{" + json("NEW-USD", 9, "1") + "}}");
    all.take();
    one.interrupt(Channel.MARKETS, "", "connection lost");
    assertThat(all.story()).isEmpty();
    venue.copy(1).update(Channel.MARKETS, "", "{'trading':{" + json("NEW-USD", 9, "1") + "}}");
    one.initialState(
        Channel.MARKETS,
        "",
        "{'markets':{" + json("BTC-USD", 0, "1") + "," + json("NEW-USD", 9, "1") + "}}");
    assertThat(all.story()).isEmpty();
    assertThat(tickers()).containsExactly("BTC-USD", "NEW-USD");
  }

  @Test
  void marketsThatTheVenueListsWithTheSameIdAreTwo() {
    redundant(json("A-USD", 7, "1"), json("B-USD", 7, "2"));
    RecordingClient all = all();
    for (int copy : new int[] {0, 1, 0}) {
      venue.copy(copy).interrupt(Channel.MARKETS, "", "connection lost");
      venue
          .copy(copy)
          .initialState(
              Channel.MARKETS,
              "",
              "{'markets':{" + json("B-USD", 7, "2") + "," + json("A-USD", 7, "1") + "}}");
    }
    assertThat(all.story()).isEmpty();
    assertThat(tickers()).containsExactly("A-USD", "B-USD");
  }

  @Test
  void aMarketThatOnlyTheOtherConnectionsStateListsIsAddedOnce() {
    redundant(json("BTC-USD", 0, "1"));
    RecordingClient all = all();
    venue.copy(1).interrupt(Channel.MARKETS, "", "connection lost");
    venue
        .copy(1)
        .initialState(
            Channel.MARKETS,
            "",
            "{'markets':{" + json("BTC-USD", 0, "1") + "," + json("NEW-USD", 9, "1") + "}}");
    assertThat(all.story())
        .containsExactly(
            "instruments NEW-USD(ACTIVE,tick 1,step 1)",
            "market change instrument_id: \"NEW-USD-PERP.DYDX\""
                + " status: INSTRUMENT_STATUS_ACTIVE");
    one.update(Channel.MARKETS, "", "{'trading':{" + json("NEW-USD", 9, "1") + "}}");
    assertThat(all.story()).isEmpty();
  }

  @Test
  void aNameThatNoConnectionListsAnyMoreIsRemovedOnceNoneCanBeBehind() {
    redundant(json("BTC-USD", 0, "1"));
    RecordingClient all = all();
    one.update(Channel.MARKETS, "", "{'trading':{" + json("NEW-USD", 9, "1") + "}}");
    venue.copy(1).interrupt(Channel.MARKETS, "", "connection lost");
    venue
        .copy(1)
        .initialState(Channel.MARKETS, "", "{'markets':{" + json("BTC-USD", 0, "1") + "}}");
    all.take();
    gateway.advance(Duration.ofSeconds(11));
    one.update(Channel.MARKETS, "", "{'trading':{'BTC-USD':{'volume24H':'1'}}}");
    assertThat(all.story()).contains("instruments -NEW-USD-PERP.DYDX");
    assertThat(tickers()).containsExactly("BTC-USD");
  }

  @Test
  void aMarketThatIsRemovedWhileAllConnectionsAreLostIsRemoved() {
    redundant(json("OLD-USD", 301, "1"), json("BTC-USD", 0, "1"));
    RecordingClient all = all();
    one.interrupt(Channel.MARKETS, "", "connection lost");
    venue.copy(1).interrupt(Channel.MARKETS, "", "connection lost");
    for (int copy = 1; copy >= 0; copy--) {
      venue
          .copy(copy)
          .initialState(Channel.MARKETS, "", "{'markets':{" + json("BTC-USD", 0, "1") + "}}");
    }
    assertThat(all.story())
        .containsExactly("RECOVERING: connection lost", "LIVE", "instruments -OLD-USD-PERP.DYDX");
  }

  private List<RecordingClient> clientsOfOld() {
    List<RecordingClient> clients =
        Stream.of(
                trades("OLD-USD"),
                orderBook("OLD-USD"),
                quotes("OLD-USD"),
                candles("OLD-USD", CandleResolution.CANDLE_RESOLUTION_1MIN))
            .map(topic -> gateway.client(topic))
            .toList();
    one.initialState(Channel.TRADES, "OLD-USD", "{'trades':[]}");
    one.initialState(Channel.ORDER_BOOK, "OLD-USD", "{'bids':[],'asks':[]}");
    clients.forEach(RecordingClient::take);
    return clients;
  }

  private List<String> tickers() {
    return gateway.instruments().all().stream().map(one -> one.id().ticker()).toList();
  }

  private List<String> definitionsOfALateJoiner() {
    return gateway.client(markets()).events().get(1).getInstruments().getInstrumentsList().stream()
        .map(definition -> definition.getTicker())
        .toList();
  }

  private void live(String... all) {
    initialState(all);
    client.take();
  }

  private void redundant(String... all) {
    gateway = new TestGateway(new PrivateAccounts(List.of()), 2);
    venue = gateway.venue();
    one = venue.copy(0);
    for (int copy = 0; copy < 2; copy++) {
      venue
          .copy(copy)
          .initialState(Channel.MARKETS, "", "{'markets':{" + String.join(",", all) + "}}");
    }
  }

  private RecordingClient all() {
    RecordingClient all = gateway.client(markets());
    all.take();
    return all;
  }

  private void reconnect(String... all) {
    one.interrupt(Channel.MARKETS, "", "connection lost");
    initialState(all);
  }

  private void initialState(String... all) {
    one.initialState(Channel.MARKETS, "", "{'markets':{" + String.join(",", all) + "}}");
  }

  private void update(String contents) {
    one.update(Channel.MARKETS, "", contents);
  }
}
