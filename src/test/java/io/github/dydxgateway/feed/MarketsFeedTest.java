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
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Instrument;
import java.util.List;
import java.util.Map;
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
            "all instruments BTC-USD(ACTIVE,tick 1,step 0.1) ETH-USD(PAUSED,tick 0.1,step 0.001)",
            "market instrument_id: \"BTC-USD-PERP.DYDX\" status: INSTRUMENT_STATUS_ACTIVE",
            "market instrument_id: \"ETH-USD-PERP.DYDX\" volume_24h: \"5.50\" trades_24h: 7"
                + " status: INSTRUMENT_STATUS_PAUSED");
  }

  @Test
  void aLateJoinerGetsTheStateAsOneSnapshotWhoseSequencesEndWithTheLast() {
    live(BTC);
    update("{'trading':{'BTC-USD':{'volume24H':'9'}}}");
    assertThat(gateway.client(markets()).story())
        .containsExactly(
            "LIVE",
            "all instruments BTC-USD(ACTIVE,tick 1,step 0.1)",
            "market instrument_id: \"BTC-USD-PERP.DYDX\" volume_24h: \"9\""
                + " status: INSTRUMENT_STATUS_ACTIVE");
  }

  @Test
  void anUpdateTellsOnlyWhatChanged() {
    live(ETH);
    update("{'trading':{'ETH-USD':{'volume24H':'6','trades24H':7,'nextFundingRate':'1e-5'}}}");
    update("{'trading':{'ETH-USD':{'volume24H':'6'}}}");
    assertThat(client.story())
        .containsExactly(
            "market change instrument_id: \"ETH-USD-PERP.DYDX\" next_funding_rate: \"0.00001\""
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
            "instruments BTC-USD(ACTIVE,tick 1,step 0.1)",
            "market change instrument_id: \"BTC-USD-PERP.DYDX\" oracle_price: \"27000.50\""
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
        .containsExactly("market change instrument_id: \"BTC-USD-PERP.DYDX\" open_interest: \"3\"");
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
            "instruments DOGE-USD(INITIALIZING,tick 0.01,step 10)",
            "market change instrument_id: \"DOGE-USD-PERP.DYDX\" oracle_price: \"0.5\""
                + " volume_24h: \"1\" status: INSTRUMENT_STATUS_INITIALIZING");
    assertThat(gateway.instruments().find(new InstrumentId("DOGE-USD")).priceScale()).isEqualTo(2);
    assertThat(gateway.instruments().find(new InstrumentId("DOGE-USD")).sizeScale()).isZero();
  }

  @Test
  void aChangedTickSizeIsAnnounced() {
    live(BTC);
    update("{'trading':{'BTC-USD':{'tickSize':'1e-2'}}}");
    assertThat(client.story()).containsExactly("instruments BTC-USD(ACTIVE,tick 0.01,step 0.1)");
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
    assertThat(client.story()).containsExactly("instruments BTC-USD(ACTIVE,tick 0.5,step 0.1)");
    assertThat(gateway.feedCounters().count(Channel.MARKETS)).isEqualTo(2);
  }

  @Test
  void aStatusIsADefinitionAndAStatistic() {
    live(BTC);
    update("{'trading':{'BTC-USD':{'status':'CANCEL_ONLY'}}}");
    assertThat(client.story())
        .containsExactly(
            "instruments BTC-USD(CANCEL_ONLY,tick 1,step 0.1)",
            "market change instrument_id: \"BTC-USD-PERP.DYDX\""
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
            "instruments BTC-USD(UNSPECIFIEDSLEEPING,tick 1,step 0.1)",
            "market change instrument_id: \"BTC-USD-PERP.DYDX\""
                + " status: INSTRUMENT_STATUS_UNSPECIFIED status_raw: \"SLEEPING\"",
            "instruments BTC-USD(UNSPECIFIEDDREAMING,tick 1,step 0.1)",
            "market change instrument_id: \"BTC-USD-PERP.DYDX\""
                + " status: INSTRUMENT_STATUS_UNSPECIFIED status_raw: \"DREAMING\"",
            "instruments BTC-USD(ACTIVE,tick 1,step 0.1)",
            "market change instrument_id: \"BTC-USD-PERP.DYDX\""
                + " status: INSTRUMENT_STATUS_ACTIVE");
  }

  @Test
  void anUnknownFieldOfAMarketIsAStatisticAndResendsNoDefinition() {
    live(BTC.replace("}", ",'colour':'red','odd':null}"));
    update("{'trading':{'BTC-USD':{'colour':'blue'}}}");
    update("{'trading':{'BTC-USD':{'colour':'blue','shape':{'a':[1]}}}}");
    assertThat(client.story())
        .containsExactly(
            "market change instrument_id: \"BTC-USD-PERP.DYDX\""
                + " extra_fields { key: \"colour\" value: \"\\\"blue\\\"\" }",
            "market change instrument_id: \"BTC-USD-PERP.DYDX\""
                + " extra_fields { key: \"shape\" value: \"{\\\"a\\\":[1]}\" }");
    assertThat(gateway.client(markets()).events().get(2).getMarketUpdate().getExtraFieldsMap())
        .containsOnly(Map.entry("colour", "\"blue\""), Map.entry("shape", "{\"a\":[1]}"));
  }

  @Test
  void aFieldThatBecomesNullHasNoValueAnyMore() {
    live(
        "'BTC-USD':{'status':'ACTIVE','tickSize':'1','stepSize':'0.1','clobPairId':'7',"
            + "'oraclePrice':'5','volume24H':'9','trades24H':3,'nextFundingRate':'1','colour':'red',"
            + "'openInterestLowerCap':'6','liquidityTierId':2,'marketId':4}");
    update("{'trading':{'BTC-USD':{'oraclePrice':null,'volume24H':null,'trades24H':null}}}");
    update("{'trading':{'BTC-USD':{'nextFundingRate':null,'colour':null,'never':null}}}");
    update("{'trading':{'BTC-USD':{'status':null}}}");
    update(
        "{'trading':{'BTC-USD':{'openInterestLowerCap':null,'liquidityTierId':null,"
            + "'marketId':null,'clobPairId':null}}}");
    List<Event> events = client.take();
    assertThat(events).hasSize(5);
    assertThat(events.get(0).getMarketUpdate().getClearedFieldsList())
        .containsExactlyInAnyOrder("oracle_price", "volume_24h", "trades_24h");
    assertThat(events.get(1).getMarketUpdate().getClearedFieldsList())
        .containsExactlyInAnyOrder("next_funding_rate", "extra_fields.colour");
    assertThat(events.get(2).getInstruments().getInstruments(0).getStatusValue()).isZero();
    assertThat(events.get(3).getMarketUpdate().getClearedFieldsList()).containsExactly("status");
    Instrument definition = events.get(4).getInstruments().getInstruments(0);
    assertThat(definition.getOpenInterestLowerCap()).isEmpty();
    assertThat(definition.hasLiquidityTierId()).isFalse();
    assertThat(definition.hasMarketId()).isFalse();
    assertThat(definition.hasClobPairId()).isFalse();
    assertThat(gateway.client(markets()).story())
        .endsWith("market instrument_id: \"BTC-USD-PERP.DYDX\"");
  }

  @Test
  void anOraclePriceOfNullHasNoValueAnyMore() {
    live(BTC.replace("}", ",'oraclePrice':'5'}"));
    update("{'oraclePrices':{'BTC-USD':{'oraclePrice':null,'effectiveAtHeight':'7','odd':1}}}");
    assertThat(client.story())
        .containsExactly(
            "market change instrument_id: \"BTC-USD-PERP.DYDX\" oracle_block_height: 7"
                + " extra_fields { key: \"oraclePrices.odd\" value: \"1\" }"
                + " cleared_fields: \"oracle_price\"");
    update("{'oraclePrices':{'BTC-USD':{'effectiveAtHeight':null,'odd':null}}}");
    assertThat(client.take().get(0).getMarketUpdate().getClearedFieldsList())
        .containsExactlyInAnyOrder("oracle_block_height", "extra_fields.oraclePrices.odd");
  }

  @Test
  void aTickSizeOfNullIsCountedAndTheOldOneKept() {
    live(BTC);
    update("{'trading':{'BTC-USD':{'tickSize':null,'stepSize':null}}}");
    assertThat(client.story()).isEmpty();
    assertThat(gateway.feedCounters().count(Channel.MARKETS)).isEqualTo(2);
  }

  @Test
  void whatTheNextWholeStateLacksHasNoValueAnyMore() {
    live(BTC.replace("}", ",'volume24H':'1','openInterestLowerCap':'6','odd':1}"));
    update("{'oraclePrices':{'BTC-USD':{'oraclePrice':'5','effectiveAtHeight':'7','marketId':3}}}");
    client.take();
    interrupt();
    initialState(BTC.replace("}", ",'oraclePrice':'5'}"));
    List<Event> events = client.take();
    Instrument definition = events.get(2).getInstruments().getInstruments(0);
    assertThat(definition.getOpenInterestLowerCap()).isEmpty();
    assertThat(definition.getMarketId()).isEqualTo(3);
    assertThat(events.get(3).getMarketUpdate().getClearedFieldsList())
        .containsExactlyInAnyOrder("volume_24h", "extra_fields.odd");
  }

  @Test
  void fieldsBesideTheMarketsAreKeptOnTheTopicOfAllMarkets() {
    live(BTC);
    RecordingClient one = gateway.client(market("BTC-USD"));
    one.take();
    update("{'trading':{},'serverTime':5,'odd':null}");
    update("{'trading':{},'serverTime':5}");
    assertThat(client.take())
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getInstruments().getExtraFieldsMap())
                    .containsOnly(Map.entry("serverTime", "5")));
    assertThat(one.take()).isEmpty();
    assertThat(gateway.client(markets()).events().get(1).getInstruments().getExtraFieldsMap())
        .containsOnly(Map.entry("serverTime", "5"));
  }

  @Test
  void numbersOfMoreThan32BitsAreWhatTheyAre() {
    live(
        "'BTC-USD':{'tickSize':'1','stepSize':'0.1','clobPairId':'4294967297',"
            + "'atomicResolution':-4294967298,'quantumConversionExponent':4294967299,"
            + "'stepBaseQuantums':9223372036854775807,'subticksPerTick':4294967300,"
            + "'trades24H':4294967301,'marketId':4294967302,'liquidityTierId':4294967303}");
    Instrument definition = gateway.instruments().find(new InstrumentId("BTC-USD")).definition();
    assertThat(definition.getClobPairId()).isEqualTo(4294967297L);
    assertThat(definition.getAtomicResolution()).isEqualTo(-4294967298L);
    assertThat(definition.getQuantumConversionExponent()).isEqualTo(4294967299L);
    assertThat(definition.getStepBaseQuantums()).isEqualTo(Long.MAX_VALUE);
    assertThat(definition.getSubticksPerTick()).isEqualTo(4294967300L);
    assertThat(definition.getMarketId()).isEqualTo(4294967302L);
    assertThat(definition.getLiquidityTierId()).isEqualTo(4294967303L);
    update("{'oraclePrices':{'BTC-USD':{'marketId':4294967306}}}");
    assertThat(client.take().get(0).getInstruments().getInstruments(0).getMarketId())
        .isEqualTo(4294967306L);
  }

  @Test
  void aNumberOutOfItsRangeIsCountedAndLeftOut() {
    live(
        "'BTC-USD':{'tickSize':'1','stepSize':'0.1','clobPairId':'-1','trades24H':-1,"
            + "'marketId':1.5,'atomicResolution':9223372036854775808}");
    Instrument definition = gateway.instruments().find(new InstrumentId("BTC-USD")).definition();
    assertThat(definition.hasClobPairId()).isFalse();
    assertThat(definition.hasMarketId()).isFalse();
    assertThat(definition.hasAtomicResolution()).isFalse();
    assertThat(gateway.feedCounters().count(Channel.MARKETS)).isEqualTo(4);
  }

  @Test
  void tickersOfAnyCharactersAreInstrumentsLikeOthers() {
    initialState(
        BTC,
        "'FOO':{'tickSize':'1','stepSize':'1'}",
        "'FOO-PERP':{'tickSize':'0.1','stepSize':'1'}",
        "'币安 人生/USD\\\"':{'tickSize':'0.01','stepSize':'1'}",
        "'" + "é".repeat(255) + "':{'tickSize':'0.001','stepSize':'1'}");
    assertThat(gateway.instruments().all())
        .extracting(instrument -> instrument.id().ticker())
        .containsExactly("BTC-USD", "FOO", "FOO-PERP", "é".repeat(255), "币安 人生/USD\"");
    RecordingClient fooPerp = gateway.client(trades("FOO-PERP"), market("FOO-PERP"));
    assertThat(venue.isSubscribed(Channel.TRADES, "FOO-PERP")).isTrue();
    assertThat(venue.isSubscribed(Channel.TRADES, "FOO")).isFalse();
    assertThat(fooPerp.events().get(2).getInstruments().getInstruments(0).getTickSize())
        .isEqualTo("0.1");
  }

  @Test
  void aTickerThatCantBeOneIsCountedAndCostsNoOther() {
    initialState(
        BTC, "'A\\nB':{'tickSize':'1','stepSize':'1'}", "' ':{'tickSize':'1','stepSize':'1'}");
    assertThat(gateway.instruments().size()).isEqualTo(1);
    assertThat(gateway.feedCounters().count(Channel.MARKETS)).isEqualTo(2);
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
            "instruments ETH-USD(PAUSED,tick 0.01,step 0.001)");
  }

  @Test
  void theTopicOfAnInstrumentHasOnlyItsOwn() {
    initialState(BTC, ETH);
    RecordingClient eth = gateway.client(market("ETH-USD"));
    assertThat(eth.story())
        .containsExactly(
            "LIVE",
            "all instruments ETH-USD(PAUSED,tick 0.1,step 0.001)",
            "market instrument_id: \"ETH-USD-PERP.DYDX\" volume_24h: \"5.50\" trades_24h: 7"
                + " status: INSTRUMENT_STATUS_PAUSED");
    update("{'trading':{'BTC-USD':{'volume24H':'1'},'ETH-USD':{'volume24H':'2'}}}");
    update("{'trading':{'BTC-USD':{'status':'PAUSED'}}}");
    assertThat(eth.story())
        .containsExactly("market change instrument_id: \"ETH-USD-PERP.DYDX\" volume_24h: \"2\"");
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
            "all instruments BTC-USD(ACTIVE,tick 1,step 0.1)",
            "market instrument_id: \"BTC-USD-PERP.DYDX\" status: INSTRUMENT_STATUS_ACTIVE",
            "LIVE");
  }

  @Test
  void aMalformedFrameIsAnnouncedAndAFreshStateAskedFor() {
    live(BTC);
    update("{'trading':7}");
    assertThat(client.story()).containsExactly("gap UPSTREAM_LOSS");
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
    assertThat(early.story()).containsExactly("LIVE", "recent trades");
  }

  @Test
  void aTopicOfAnIncompleteInstrumentWaitsForItsTickSize() {
    live("'BTC-USD':{'status':'INITIALIZING','stepSize':'1'}");
    RecordingClient early = gateway.client(trades("BTC-USD"));
    assertThat(early.story()).containsExactly("PENDING");
    update("{'trading':{'BTC-USD':{'tickSize':'0.01'}}}");
    venue.initialState(Channel.TRADES, "BTC-USD", "{'trades':[]}");
    assertThat(early.story()).containsExactly("LIVE", "recent trades");
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
