package io.github.dydxgateway.feed;

import static io.github.dydxgateway.testing.Topics.market;
import static io.github.dydxgateway.testing.Topics.markets;
import static io.github.dydxgateway.testing.Topics.orderBook;
import static io.github.dydxgateway.testing.Topics.trades;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelListener.Refusal;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import org.junit.jupiter.api.Test;

class MarketsFeedTest {
  private static final String BTC = "'BTC-USD':{'status':'ACTIVE','tickSize':'1','stepSize':'0.1'}";
  private static final String ETH =
      "'ETH-USD':{'status':'PAUSED','oraclePrice':null,'tickSize':'0.1','stepSize':'0.001',"
          + "'volume24H':'5.50','trades24H':7}";

  private final TestGateway gateway = TestGateway.started();
  private final FakeVenue venue = gateway.venue();
  private final RecordingClient client = gateway.client(markets());

  @Test
  void theInitialStateIsAllInstrumentsAndTheStatisticsOfEach() {
    assertThat(client.story()).containsExactly("PENDING");
    initialState(ETH, BTC);
    assertThat(client.story())
        .containsExactly(
            "LIVE",
            "1 all instruments BTC-USD(ACTIVE,tick 1,step 0.1) ETH-USD(PAUSED,tick 0.1,step 0.001)",
            "2 market instrument_id: \"BTC-USD-PERP.DYDX\" status: INSTRUMENT_STATUS_ACTIVE",
            "3 market instrument_id: \"ETH-USD-PERP.DYDX\" volume_24h: \"5.50\" trades_24h: 7"
                + " status: INSTRUMENT_STATUS_PAUSED");
  }

  @Test
  void aLateJoinerGetsTheStateAsOneSnapshotWhoseSequencesEndWithTheLast() {
    live(BTC);
    update("{'trading':{'BTC-USD':{'volume24H':'9'}}}");
    assertThat(gateway.client(markets()).story())
        .containsExactly(
            "LIVE",
            "2 all instruments BTC-USD(ACTIVE,tick 1,step 0.1)",
            "3 market instrument_id: \"BTC-USD-PERP.DYDX\" volume_24h: \"9\""
                + " status: INSTRUMENT_STATUS_ACTIVE");
  }

  @Test
  void anUpdateTellsOnlyWhatChanged() {
    live(ETH);
    update("{'trading':{'ETH-USD':{'volume24H':'6','trades24H':7,'nextFundingRate':'1e-5'}}}");
    update("{'trading':{'ETH-USD':{'volume24H':'6'}}}");
    assertThat(client.story())
        .containsExactly(
            "3 market change instrument_id: \"ETH-USD-PERP.DYDX\" next_funding_rate: \"0.00001\""
                + " volume_24h: \"6\"");
  }

  @Test
  void anOraclePriceComesWithItsTimeAndHeight() {
    live(BTC);
    update(
        "{'oraclePrices':{'BTC-USD':{'oraclePrice':'27000.50',"
            + "'effectiveAt':'2023-04-04T19:09:24.869Z','effectiveAtHeight':'77','marketId':3}}}");
    assertThat(client.story())
        .containsExactly(
            "3 instruments BTC-USD(ACTIVE,tick 1,step 0.1)",
            "4 market change instrument_id: \"BTC-USD-PERP.DYDX\" oracle_price: \"27000.50\""
                + " oracle_time_ns: 1680635364869000000 oracle_block_height: 77");
  }

  @Test
  void anOraclePriceThatSaysNothingIsNoEvent() {
    live(BTC);
    update("{'oraclePrices':{'BTC-USD':{'oraclePrice':null}}}");
    assertThat(client.story()).isEmpty();
  }

  @Test
  void anUnreadableStatisticIsCountedAndTheOthersTold() {
    live(BTC);
    update("{'trading':{'BTC-USD':{'volume24H':'lots','openInterest':'3'}}}");
    assertThat(client.story())
        .containsExactly(
            "3 market change instrument_id: \"BTC-USD-PERP.DYDX\" open_interest: \"3\"");
    assertThat(gateway.feedCounters().count(Channel.MARKETS)).isEqualTo(1);
  }

  @Test
  void aNewMarketIsAnnouncedOnceItsTickAndStepSizeAreKnown() {
    live(BTC);
    update("{'trading':{'DOGE-USD':{'status':'INITIALIZING','volume24H':'1'}}}");
    update("{'oraclePrices':{'DOGE-USD':{'oraclePrice':'0.5'}}}");
    update("{'trading':{'DOGE-USD':{'tickSize':'0.01'}}}");
    assertThat(client.story()).isEmpty();
    assertThat(gateway.instruments().size()).isEqualTo(1);
    update("{'trading':{'DOGE-USD':{'stepSize':'10'}}}");
    assertThat(client.story())
        .containsExactly(
            "3 instruments DOGE-USD(INITIALIZING,tick 0.01,step 10)",
            "4 market change instrument_id: \"DOGE-USD-PERP.DYDX\" oracle_price: \"0.5\""
                + " volume_24h: \"1\" status: INSTRUMENT_STATUS_INITIALIZING");
    assertThat(gateway.instruments().find(new InstrumentId("DOGE-USD")).priceScale()).isEqualTo(2);
    assertThat(gateway.instruments().find(new InstrumentId("DOGE-USD")).sizeScale()).isZero();
  }

  @Test
  void aChangedTickSizeIsAnnounced() {
    live(BTC);
    update("{'trading':{'BTC-USD':{'tickSize':'1e-2'}}}");
    assertThat(client.story()).containsExactly("3 instruments BTC-USD(ACTIVE,tick 0.01,step 0.1)");
    assertThat(gateway.instruments().find(new InstrumentId("BTC-USD")).priceScale()).isEqualTo(2);
  }

  @Test
  void aTickSizeOfTooManyDigitsIsCountedAndTheOldOneKept() {
    live(BTC);
    update("{'trading':{'BTC-USD':{'tickSize':'1e-40'}}}");
    assertThat(client.story()).isEmpty();
    assertThat(gateway.feedCounters().count(Channel.MARKETS)).isEqualTo(1);
    assertThat(gateway.instruments().find(new InstrumentId("BTC-USD")).priceScale()).isZero();
  }

  @Test
  void aTickSizeThatCanBeNoneIsCountedOnceAndStopsNothingElse() {
    live(BTC);
    update("{'trading':{'BTC-USD':{'tickSize':'0','stepSize':'-5'}}}");
    assertThat(client.story()).isEmpty();
    update("{'trading':{'BTC-USD':{'initialMarginFraction':'0.1','tickSize':'0.5'}}}");
    assertThat(client.story()).containsExactly("3 instruments BTC-USD(ACTIVE,tick 0.5,step 0.1)");
    assertThat(gateway.feedCounters().count(Channel.MARKETS)).isEqualTo(2);
  }

  @Test
  void aStatusIsADefinitionAndAStatistic() {
    live(BTC);
    update("{'trading':{'BTC-USD':{'status':'CANCEL_ONLY'}}}");
    assertThat(client.story())
        .containsExactly(
            "3 instruments BTC-USD(CANCEL_ONLY,tick 1,step 0.1)",
            "4 market change instrument_id: \"BTC-USD-PERP.DYDX\""
                + " status: INSTRUMENT_STATUS_CANCEL_ONLY");
  }

  @Test
  void aStatusThatIsNotKnownIsUnspecifiedWithItsTextBeside() {
    live(BTC);
    update("{'trading':{'BTC-USD':{'status':'SLEEPING'}}}");
    update("{'trading':{'BTC-USD':{'status':'DREAMING'}}}");
    update("{'trading':{'BTC-USD':{'status':'ACTIVE'}}}");
    assertThat(client.story())
        .containsExactly(
            "3 instruments BTC-USD(UNSPECIFIEDSLEEPING,tick 1,step 0.1)",
            "4 market change instrument_id: \"BTC-USD-PERP.DYDX\""
                + " status: INSTRUMENT_STATUS_UNSPECIFIED status_raw: \"SLEEPING\"",
            "5 instruments BTC-USD(UNSPECIFIEDDREAMING,tick 1,step 0.1)",
            "6 market change instrument_id: \"BTC-USD-PERP.DYDX\""
                + " status: INSTRUMENT_STATUS_UNSPECIFIED status_raw: \"DREAMING\"",
            "7 instruments BTC-USD(ACTIVE,tick 1,step 0.1)",
            "8 market change instrument_id: \"BTC-USD-PERP.DYDX\""
                + " status: INSTRUMENT_STATUS_ACTIVE");
  }

  @Test
  void unknownFieldsOfAMarketAreKept() {
    live(BTC);
    update("{'trading':{'BTC-USD':{'colour':'blue'}}}");
    assertThat(client.take().get(0).getInstruments().getInstruments(0).getExtraFieldsMap())
        .containsEntry("colour", "\"blue\"");
  }

  @Test
  void reconnectTellsOnlyWhatChangedMeanwhile() {
    live(BTC, ETH);
    interrupt();
    initialState(BTC, ETH.replace("'0.1'", "'0.01'"));
    assertThat(client.story())
        .containsExactly(
            "RECOVERING: connection lost",
            "LIVE",
            "4 instruments ETH-USD(PAUSED,tick 0.01,step 0.001)");
  }

  @Test
  void theTopicOfAnInstrumentHasOnlyItsOwn() {
    initialState(BTC, ETH);
    RecordingClient eth = gateway.client(market("ETH-USD"));
    assertThat(eth.story())
        .containsExactly(
            "LIVE",
            "1 all instruments ETH-USD(PAUSED,tick 0.1,step 0.001)",
            "2 market instrument_id: \"ETH-USD-PERP.DYDX\" volume_24h: \"5.50\" trades_24h: 7"
                + " status: INSTRUMENT_STATUS_PAUSED");
    update("{'trading':{'BTC-USD':{'volume24H':'1'},'ETH-USD':{'volume24H':'2'}}}");
    update("{'trading':{'BTC-USD':{'status':'PAUSED'}}}");
    assertThat(eth.story())
        .containsExactly("3 market change instrument_id: \"ETH-USD-PERP.DYDX\" volume_24h: \"2\"");
  }

  @Test
  void aTopicOpenedDuringAnInterruptionHasWhatTheOthersHave() {
    live(BTC);
    interrupt();
    RecordingClient late = gateway.client(market("BTC-USD"));
    initialState(BTC);
    assertThat(late.story())
        .containsExactly(
            "RECOVERING: connection lost",
            "1 all instruments BTC-USD(ACTIVE,tick 1,step 0.1)",
            "2 market instrument_id: \"BTC-USD-PERP.DYDX\" status: INSTRUMENT_STATUS_ACTIVE",
            "LIVE");
  }

  @Test
  void aMalformedFrameIsAnnouncedAndAFreshStateAskedFor() {
    live(BTC);
    update("{'trading':7}");
    assertThat(client.story()).containsExactly("gap 3 UPSTREAM_LOSS");
    assertThat(venue.takeResyncs())
        .containsExactly("v4_markets: an update of the markets could not be read");
  }

  @Test
  void anUnknownInstrumentIsNotFoundOnceInstrumentsAreLoaded() {
    live(BTC);
    assertThat(gateway.client(trades("FOO-USD"), market("FOO-USD")).story())
        .containsExactly(
            "error 5: no instrument FOO-USD-PERP.DYDX", "error 5: no instrument FOO-USD-PERP.DYDX");
  }

  @Test
  void topicsAskedForBeforeInstrumentsAreKnownWaitForThem() {
    RecordingClient early =
        gateway.client(trades("BTC-USD"), orderBook("FOO-USD"), market("FOO-USD"));
    assertThat(early.story()).containsExactly("PENDING", "PENDING", "PENDING");
    assertThat(venue.isSubscribed(Channel.TRADES, "BTC-USD")).isFalse();

    initialState(BTC);
    assertThat(early.story())
        .containsExactlyInAnyOrder(
            "error 5: no instrument FOO-USD-PERP.DYDX", "error 5: no instrument FOO-USD-PERP.DYDX");

    venue.initialState(Channel.TRADES, "BTC-USD", "{'trades':[]}");
    assertThat(early.story()).containsExactly("LIVE", "1 recent trades");
  }

  @Test
  void aTopicOfAnIncompleteInstrumentWaitsForItsTickSize() {
    live("'BTC-USD':{'status':'INITIALIZING','stepSize':'1'}");
    RecordingClient early = gateway.client(trades("BTC-USD"));
    assertThat(early.story()).containsExactly("PENDING");
    update("{'trading':{'BTC-USD':{'tickSize':'0.01'}}}");
    venue.initialState(Channel.TRADES, "BTC-USD", "{'trades':[]}");
    assertThat(early.story()).containsExactly("LIVE", "1 recent trades");
  }

  @Test
  void whatTheVenueRefusesFailsWithItsWords() {
    live(BTC);
    RecordingClient other = gateway.client(trades("BTC-USD"), orderBook("BTC-USD"));
    other.take();
    venue.refuse(Channel.TRADES, "BTC-USD", Refusal.Kind.REFUSED_BY_VENUE, "Not in your country.");
    venue.refuse(Channel.ORDER_BOOK, "BTC-USD", Refusal.Kind.NO_CONNECTION_LEFT, "all 16 are full");
    assertThat(other.story())
        .containsExactly("error 9: Not in your country.", "error 8 retryable: all 16 are full");
  }

  private void live(String... all) {
    initialState(all);
    client.take();
  }

  private void initialState(String... all) {
    venue.initialState(Channel.MARKETS, "", "{'markets':{" + String.join(",", all) + "}}");
  }

  private void update(String contents) {
    venue.update(Channel.MARKETS, "", contents);
  }

  private void interrupt() {
    venue.interrupt(Channel.MARKETS, "", "connection lost");
  }
}
