package io.github.dydxgateway.feed;

import static io.github.dydxgateway.testing.Topics.candles;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Candle;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Candles;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In the stories {@code 9!:1/2/3/4*5} is the final candle of minute 9. */
class CandlesFeedTest {
  private final TestGateway gateway = TestGateway.withBtc();
  private final FakeVenue venue = gateway.venue();
  private final RecordingClient client =
      gateway.client(candles("BTC-USD", CandleResolution.CANDLE_RESOLUTION_1MIN));

  @Test
  void theInitialStateIsOneSnapshotOldestFirstAndAllButTheLastAreFinal() {
    initialState(candle(9, "3"), candle(8, "2"), candle(7, "1"));
    assertThat(client.story())
        .containsExactly(
            "PENDING",
            "LIVE",
            "recent candles 7!:1.0/1.0/1.0/1.0*5.000 8!:2.0/2.0/2.0/2.0*5.000"
                + " 9:3.0/3.0/3.0/3.0*5.000");
  }

  @Test
  void everyFieldArrives() {
    live();
    update(
        "{'startedAt':'2023-04-04T19:09:00.000Z','ticker':'BTC-USD','resolution':'1MIN',"
            + "'low':'1.5','high':'4','open':'2','close':'3','baseTokenVolume':'0.25',"
            + "'usdVolume':'1e3','trades':7,'startingOpenInterest':'10.50',"
            + "'orderbookMidPriceOpen':'2.05','orderbookMidPriceClose':'3.05','vwap':'2.5'}");
    assertThat(client.take().get(0).getCandles())
        .isEqualTo(
            Candles.newBuilder()
                .setInstrumentId("BTC-USD-PERP.DYDX")
                .setResolution(CandleResolution.CANDLE_RESOLUTION_1MIN)
                .setPriceScale(1)
                .setSizeScale(3)
                .addCandles(
                    Candle.newBuilder()
                        .setStartTimeNs(1680635340000000000L)
                        .setOpen(20)
                        .setHigh(40)
                        .setLow(15)
                        .setClose(30)
                        .setBaseVolume(250)
                        .setUsdVolume("1000")
                        .setTradeCount(7)
                        .setStartingOpenInterest("10.50")
                        .setOrderbookMidPriceOpen("2.05")
                        .setOrderbookMidPriceClose("3.05")
                        .putExtraFields("vwap", "\"2.5\""))
                .build());
  }

  @Test
  void anUpdateReplacesTheOpenCandle() {
    live(candle(8, "2"), candle(7, "1"));
    update(candle(8, "4"));
    assertThat(client.story()).containsExactly("candles 8:4.0/4.0/4.0/4.0*5.000");
    assertThat(lateJoiner())
        .isEqualTo("recent candles 7!:1.0/1.0/1.0/1.0*5.000 8:4.0/4.0/4.0/4.0*5.000");
  }

  @Test
  void aCandleThatStaysAsItWasIsNoEvent() {
    live(candle(8, "2"));
    update(candle(8, "2"));
    assertThat(client.story()).isEmpty();
  }

  @Test
  void aLaterStartMakesThePreviousCandleFinal() {
    live(candle(8, "2"));
    update(candle(9, "3"));
    assertThat(client.story())
        .containsExactly("candles 8!:2.0/2.0/2.0/2.0*5.000 9:3.0/3.0/3.0/3.0*5.000");
  }

  @Test
  void reconnectDeliversWhatChangedAndWhatIsMissingAndNoMore() {
    live(candle(8, "2"), candle(7, "1"));
    interrupt();
    initialState(candle(10, "5"), candle(9, "4"), candle(8, "3"), candle(7, "1"));
    assertThat(client.story())
        .containsExactly(
            "RECOVERING: connection lost",
            "LIVE",
            "candles 8!:3.0/3.0/3.0/3.0*5.000 9!:4.0/4.0/4.0/4.0*5.000"
                + " 10:5.0/5.0/5.0/5.0*5.000");
  }

  @Test
  void reconnectWithNothingMissedDeliversNothing() {
    live(candle(8, "2"), candle(7, "1"));
    interrupt();
    initialState(candle(8, "2"), candle(7, "1"));
    assertThat(client.story()).containsExactly("RECOVERING: connection lost", "LIVE");
  }

  @Test
  void reconnectWithoutOverlapAnnouncesTheLoss() {
    live(candle(8, "2"));
    interrupt();
    initialState(candle(12, "3"));
    assertThat(client.story())
        .containsExactly(
            "RECOVERING: connection lost",
            "LIVE",
            "gap UPSTREAM_LOSS",
            "candles 8!:2.0/2.0/2.0/2.0*5.000 12:3.0/3.0/3.0/3.0*5.000");
  }

  @Test
  void aCandleThatCantBeExpressedIsAnnounced() {
    live(candle(8, "2"));
    update(candle(9, "soon"));
    update("{'startedAt':'2023-04-04T19:09:00Z','open':null,'high':'1','low':'1','close':'1'}");
    update(candle(9, "123456789012345678901234567890"));
    update("{'open':'1','high':'1','low':'1','close':'1','baseTokenVolume':'1'}");
    assertThat(client.story())
        .containsExactly(
            "gap NOT_REPRESENTABLE",
            "gap NOT_REPRESENTABLE",
            "gap NOT_REPRESENTABLE",
            "gap NOT_REPRESENTABLE");
    assertThat(gateway.feedCounters().count(Channel.CANDLES)).isEqualTo(4);
    assertThat(lateJoiner()).isEqualTo("recent candles 8:2.0/2.0/2.0/2.0*5.000");
  }

  @Test
  void aCandleWhoseLastVersionMayBeLostIsFinalOnlyWithTheNextState() {
    live(candle(8, "2"));
    venue.frame(
        "{'type':'channel_data','channel':'v4_candles','id':'BTC-USD/1MIN','contents':{'sta");
    update(candle(9, "4"));
    update(candle(10, "5"));
    assertThat(client.story())
        .containsExactly(
            "gap UPSTREAM_LOSS",
            "candles 8:2.0/2.0/2.0/2.0*5.000 9:4.0/4.0/4.0/4.0*5.000",
            "candles 9:4.0/4.0/4.0/4.0*5.000 10:5.0/5.0/5.0/5.0*5.000");
    assertThat(lateJoiner())
        .isEqualTo(
            "recent candles 8:2.0/2.0/2.0/2.0*5.000 9:4.0/4.0/4.0/4.0*5.000"
                + " 10:5.0/5.0/5.0/5.0*5.000");
    assertThat(venue.takeResyncs())
        .containsExactly("v4_candles BTC-USD/1MIN: an update of the candles could not be read");
    initialState(candle(10, "5"), candle(9, "4"), candle(8, "3"));
    update(candle(11, "6"));
    assertThat(client.story())
        .containsExactly(
            "candles 8!:3.0/3.0/3.0/3.0*5.000 9!:4.0/4.0/4.0/4.0*5.000"
                + " 10:5.0/5.0/5.0/5.0*5.000",
            "candles 10!:5.0/5.0/5.0/5.0*5.000 11:6.0/6.0/6.0/6.0*5.000");
  }

  @Test
  void aVersionThatCantBeUsedAsksForTheStateOnlyIfNoLaterOneFollows() {
    live(candle(8, "2"));
    update(candle(8, "soon"));
    update(candle(8, "3"));
    update(candle(9, "4"));
    assertThat(venue.takeResyncs()).isEmpty();
    update(candle(9, "later"));
    update(candle(10, "5"));
    assertThat(venue.takeResyncs())
        .containsExactly("v4_candles BTC-USD/1MIN: the last version of a candle could not be used");
    assertThat(client.story())
        .containsExactly(
            "gap NOT_REPRESENTABLE",
            "candles 8:3.0/3.0/3.0/3.0*5.000",
            "candles 8!:3.0/3.0/3.0/3.0*5.000 9:4.0/4.0/4.0/4.0*5.000",
            "gap NOT_REPRESENTABLE",
            "candles 9:4.0/4.0/4.0/4.0*5.000 10:5.0/5.0/5.0/5.0*5.000");
    initialState(candle(10, "5"), candle(9, "later"), candle(8, "3"));
    update(candle(11, "6"));
    assertThat(client.story())
        .containsExactly(
            "candles 9:4.0/4.0/4.0/4.0*5.000 10:5.0/5.0/5.0/5.0*5.000",
            "gap NOT_REPRESENTABLE",
            "candles 10!:5.0/5.0/5.0/5.0*5.000 11:6.0/6.0/6.0/6.0*5.000");
    assertThat(venue.takeResyncs()).isEmpty();
  }

  @Test
  void aCandleThatTheStateCantTellIsNotFinalAsItWas() {
    live(candle(8, "2"));
    interrupt();
    initialState(candle(8, "later"));
    update(candle(9, "4"));
    assertThat(client.story())
        .containsExactly(
            "RECOVERING: connection lost",
            "LIVE",
            "gap NOT_REPRESENTABLE",
            "candles 8:2.0/2.0/2.0/2.0*5.000 9:4.0/4.0/4.0/4.0*5.000");
  }

  @Test
  void aFinalCandleThatALaterStateCantTellStaysFinal() {
    live(candle(8, "2"), candle(7, "1"));
    interrupt();
    initialState(candle(8, "2"), candle(7, "soon"));
    assertThat(lateJoiner())
        .endsWith("recent candles 7!:1.0/1.0/1.0/1.0*5.000 8:2.0/2.0/2.0/2.0*5.000");
  }

  @Test
  void thatACandleInDoubtWasRightIsTold() {
    live(candle(8, "2"));
    interrupt();
    initialState(candle(9, "3"), candle(8, "soon"));
    interrupt();
    client.take();
    initialState(candle(9, "3"), candle(8, "2"));
    assertThat(client.story())
        .containsExactly("LIVE", "candles 8!:2.0/2.0/2.0/2.0*5.000 9:3.0/3.0/3.0/3.0*5.000");
  }

  @Test
  void moreDigitsRaiseTheScaleOfThatMessageOnly() {
    live(candle(8, "2"));
    update(candle(8, "2.125"));
    update(candle(8, "3"));
    assertThat(client.story())
        .containsExactly(
            "candles 8:2.125/2.125/2.125/2.125*5.000", "candles 8:3.0/3.0/3.0/3.0*5.000");
  }

  @Test
  void aSnapshotIsSplitWhereOneValueWouldMakeAnotherOverflow() {
    live(candle(9, "3"), candle(8, "1e-18"), candle(7, "1000000"));
    assertThat(gateway.client(topic()).story())
        .containsExactly(
            "LIVE",
            "recent candles 7!:1000000.0/1000000.0/1000000.0/1000000.0*5.000",
            "recent candles 8!:0.000000000000000001/0.000000000000000001"
                + "/0.000000000000000001/0.000000000000000001*5.000"
                + " 9:3.000000000000000000/3.000000000000000000"
                + "/3.000000000000000000/3.000000000000000000*5.000");
  }

  @Test
  void aVersionThatTheVenueSendsAgainIsDroppedAndCounted() {
    live(candle(7, "1"));
    update(version(8, 1, "1"));
    update(version(8, 2, "2"));
    update(version(9, 1, "1"));
    client.take();
    update(version(8, 1, "1"));
    update(version(8, 2, "2"));
    update(version(9, 1, "1"));
    assertThat(client.story()).isEmpty();
    assertThat(gateway.feedCounters().repeatedRecords(Channel.CANDLES)).isEqualTo(3);
    assertThat(lateJoiner()).endsWith("8!:1.0/1.0/1.0/1.0*2.000 9:1.0/1.0/1.0/1.0*1.000");
  }

  @Test
  void anOlderVersionOfTheOpenCandleNeitherReplacesItNorBecomesFinal() {
    live(version(8, 3, "3"));
    update(version(8, 2, "2"));
    update(version(8, 3, "2"));
    update(version(9, 1, "1"));
    assertThat(client.story())
        .containsExactly("candles 8!:1.0/1.0/1.0/1.0*3.000 9:1.0/1.0/1.0/1.0*1.000");
    assertThat(gateway.feedCounters().repeatedRecords(Channel.CANDLES)).isEqualTo(2);
  }

  @Test
  void ofABatchThatIsSentAgainOnlyWhatIsNewIsPublished() {
    live(version(8, 1, "1"));
    update(version(8, 2, "2"));
    client.take();
    venue.batch(
        Channel.CANDLES,
        "BTC-USD/1MIN",
        version(8, 1, "1"),
        version(8, 2, "2"),
        version(9, 1, "1"));
    assertThat(client.story())
        .containsExactly("candles 8!:1.0/1.0/1.0/1.0*2.000 9:1.0/1.0/1.0/1.0*1.000");
    venue.batch(Channel.CANDLES, "BTC-USD/1MIN", version(8, 2, "2"), version(9, 1, "1"));
    assertThat(client.story()).isEmpty();
  }

  @Test
  void aVersionAfterTheFinalOneIsACorrectionThatIsFinalAgain() {
    live(version(8, 2, "2"));
    update(version(9, 1, "1"));
    client.take();
    update(version(8, 3, "3"));
    assertThat(client.story()).containsExactly("candles 8!:1.0/1.0/1.0/1.0*3.000");
    assertThat(lateJoiner()).contains("8!:1.0/1.0/1.0/1.0*3.000 9:");
  }

  @Test
  void moreVolumeInAsManyTradesIsLater() {
    live(version(8, 2, "2"));
    update(version(9, 1, "1"));
    client.take();
    update(version(8, 2, "2.5"));
    update(version(8, 2, "2"));
    assertThat(client.story()).containsExactly("candles 8!:1.0/1.0/1.0/1.0*2.500");
  }

  @Test
  void aVersionThatDiffersInTheMiddleOfTheBookOnlyIsNewOnce() {
    live(middle(8, "1"));
    update(middle(8, "2"));
    update(middle(8, "1"));
    update(version(9, 1, "1"));
    update(middle(8, "3"));
    update(middle(8, "2"));
    List<Candle> candles =
        client.take().stream()
            .flatMap(event -> event.getCandles().getCandlesList().stream())
            .filter(candle -> candle.getTradeCount() == 0)
            .toList();
    assertThat(candles)
        .extracting(Candle::getOrderbookMidPriceClose)
        .containsExactly("2", "2", "3");
    assertThat(candles).extracting(Candle::getIsFinal).containsExactly(false, true, true);
    assertThat(gateway.feedCounters().repeatedRecords(Channel.CANDLES)).isEqualTo(2);
  }

  @Test
  void aStateThatIsBehindTakesNothingBack() {
    live(version(9, 2, "2"), version(8, 3, "3"));
    interrupt();
    client.take();
    initialState(version(9, 1, "1"), version(8, 2, "2"));
    assertThat(client.story()).containsExactly("LIVE");
    update(version(9, 2, "2"));
    update(version(10, 0, "0"));
    assertThat(client.story())
        .containsExactly("candles 9!:1.0/1.0/1.0/1.0*2.000 10:1.0/1.0/1.0/1.0*0.000");
  }

  @Test
  void aCandleBetweenOthersThatComesLateIsFinalAndDoesNotReopenThem() {
    live(version(7, 1, "1"));
    update(version(12, 0, "0"));
    client.take();
    update(version(9, 1, "1"));
    update(version(9, 2, "2"));
    update(version(9, 1, "1"));
    update(version(13, 1, "1"));
    assertThat(client.story())
        .containsExactly(
            "candles 9!:1.0/1.0/1.0/1.0*1.000",
            "candles 9!:1.0/1.0/1.0/1.0*2.000",
            "candles 12!:1.0/1.0/1.0/1.0*0.000 13:1.0/1.0/1.0/1.0*1.000");
  }

  @Test
  void candlesAfterOneOfTheFutureAreFinalAtEveryChange() {
    live(version(7, 1, "1"));
    update(version(50, 0, "0"));
    client.take();
    update(version(8, 1, "1"));
    update(version(8, 2, "2"));
    update(version(9, 1, "1"));
    assertThat(client.story())
        .containsExactly(
            "candles 8!:1.0/1.0/1.0/1.0*1.000",
            "candles 8!:1.0/1.0/1.0/1.0*2.000",
            "candles 9!:1.0/1.0/1.0/1.0*1.000");
  }

  @ParameterizedTest
  @CsvSource({
    "CANDLE_RESOLUTION_1MIN,1MIN",
    "CANDLE_RESOLUTION_5MINS,5MINS",
    "CANDLE_RESOLUTION_15MINS,15MINS",
    "CANDLE_RESOLUTION_30MINS,30MINS",
    "CANDLE_RESOLUTION_1HOUR,1HOUR",
    "CANDLE_RESOLUTION_4HOURS,4HOURS",
    "CANDLE_RESOLUTION_1DAY,1DAY"
  })
  void eachResolutionIsSubscribedByTheVenuesName(CandleResolution resolution, String name) {
    RecordingClient other = gateway.client(Topics.candles("BTC-USD", resolution));
    venue.initialState(Channel.CANDLES, "BTC-USD/" + name, "{'candles':[]}");
    assertThat(other.take().get(2).getCandles().getResolution()).isEqualTo(resolution);
  }

  private static io.github.dydxgateway.v1.Topic topic() {
    return candles("BTC-USD", CandleResolution.CANDLE_RESOLUTION_1MIN);
  }

  private String lateJoiner() {
    List<String> story = gateway.client(topic()).story();
    return story.get(1);
  }

  private void live(String... candles) {
    initialState(candles);
    client.take();
  }

  private void initialState(String... newestFirst) {
    venue.initialState(
        Channel.CANDLES, "BTC-USD/1MIN", "{'candles':[" + String.join(",", newestFirst) + "]}");
  }

  private void update(String candle) {
    venue.update(Channel.CANDLES, "BTC-USD/1MIN", candle);
  }

  private void interrupt() {
    venue.interrupt(Channel.CANDLES, "BTC-USD/1MIN", "connection lost");
  }

  private static String version(int minute, int trades, String volume) {
    return ("{'startedAt':'2023-04-04T19:%02d:00.000Z','open':'1','high':'1','low':'1',"
            + "'close':'1','baseTokenVolume':'%s','usdVolume':'9','trades':%d}")
        .formatted(minute, volume, trades);
  }

  private static String middle(int minute, String price) {
    return version(minute, 0, "0").replace("}", ",'orderbookMidPriceClose':'" + price + "'}");
  }

  private static String candle(int minute, String price) {
    return ("{'startedAt':'2023-04-04T19:%02d:00.000Z','open':'%s','high':'%s','low':'%s',"
            + "'close':'%s','baseTokenVolume':'5','usdVolume':'9','trades':2}")
        .formatted(minute, price, price, price, price);
  }
}
