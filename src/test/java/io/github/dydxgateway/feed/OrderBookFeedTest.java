package io.github.dydxgateway.feed;

import static io.github.dydxgateway.testing.Topics.orderBook;
import static io.github.dydxgateway.testing.Topics.quotes;
import static io.github.dydxgateway.testing.Topics.rawOrderBook;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.stream.TopicRefusedException;
import io.github.dydxgateway.testing.EventText;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.OrderBookDelta;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderBookFeedTest {
  private final TestGateway gateway = TestGateway.withBtc();
  private final FakeVenue venue = gateway.venue();
  private final RecordingClient book = gateway.client(orderBook("BTC-USD"));
  private final RecordingClient raw = gateway.client(rawOrderBook("BTC-USD"));
  private final RecordingClient quotes = gateway.client(quotes("BTC-USD"));

  @Test
  void theInitialStateIsASnapshotWithTheBestLevelsFirst() {
    initialState(
        "{'bids':[{'price':'26999','size':'1'},{'price':'27000.1','size':'2.5'}],"
            + "'asks':[{'price':'27002','size':'3'},{'price':'27001.9','size':'0.001'}]}");
    String levels = " bids 27000.1=2.500 26999.0=1.000 asks 27001.9=0.001 27002.0=3.000";
    assertThat(book.story()).containsExactly("PENDING", "LIVE", "book" + levels);
    assertThat(raw.story()).containsExactly("PENDING", "LIVE", "book" + levels);
    assertThat(quotes.story())
        .containsExactly("PENDING", "LIVE", "quote 2.500@27000.1 0.001@27001.9");
  }

  @Test
  void oneSubscriptionAtTheVenueServesAllThreeTopics() {
    assertThat(venue.isSubscribed(Channel.ORDER_BOOK, "BTC-USD")).isTrue();
    raw.leave();
    quotes.leave();
    gateway.closeIdleTopics();
    assertThat(venue.isSubscribed(Channel.ORDER_BOOK, "BTC-USD")).isTrue();
    book.leave();
    gateway.closeIdleTopics();
    assertThat(venue.isSubscribed(Channel.ORDER_BOOK, "BTC-USD")).isFalse();
  }

  @Test
  void everyFieldArrives() {
    live("{'bids':[],'asks':[]}");
    update("{'bids':[['27000.1','0.5']]}");
    Event event = book.take().get(0);
    assertThat(event.getReceiveTimeNs()).isEqualTo(venue.receiveTimeNs());
    assertThat(event.getTopic()).isEqualTo(orderBook("BTC-USD"));
    OrderBookDelta delta = event.getOrderBookDelta();
    assertThat(delta.getInstrumentId()).isEqualTo("BTC-USD-PERP.DYDX");
    assertThat(delta.getBids(0).getPrice()).isEqualTo(270001);
    assertThat(delta.getBids(0).getSize()).isEqualTo(500);
  }

  @Test
  void aSizeReplacesTheOneBeforeAndZeroRemovesTheLevel() {
    live("{'bids':[{'price':'10','size':'1'},{'price':'9','size':'1'}],'asks':[]}");
    update("{'bids':[['10','4'],['9','0']]}");
    update("{'bids':[['10','0.0'],['8','2']]}");
    assertThat(book.story())
        .containsExactly(
            "delta bids 10.0=4.000 9.0=0.000 asks", "delta bids 10.0=0.000 8.0=2.000 asks");
    assertThat(lateJoiner()).isEqualTo("book bids 8.0=2.000 asks");
  }

  @Test
  void aDeltaHasEachLevelOnceBidsFallingAndAsksRising() {
    live("{'bids':[],'asks':[]}");
    update(
        "{'bids':[['8','1'],['10','1'],['9','1'],['8','5']],"
            + "'asks':[['22','1'],['20','1'],['21','1'],['20','5']]}");
    String expected =
        "delta bids 10.0=1.000 9.0=1.000 8.0=5.000 asks 20.0=5.000 21.0=1.000 22.0=1.000";
    assertThat(book.story()).containsExactly(expected);
    assertThat(raw.story()).containsExactly(expected);
  }

  @Test
  void levelsThatStayAsTheyWereAreNotInTheUncrossedDelta() {
    live("{'bids':[{'price':'10','size':'1'},{'price':'9','size':'1'}],'asks':[]}");
    update("{'bids':[['10','1.000'],['9','2']]}");
    update("{'bids':[['10','1']],'asks':[['99','0']]}");
    assertThat(book.story()).containsExactly("delta bids 9.0=2.000 asks");
  }

  @Test
  void theRawTopicHasEveryLevelAsPublished() {
    live("{'bids':[{'price':'10','size':'1'}],'asks':[]}");
    update("{'bids':[['10','1']],'asks':[['99','0']]}");
    assertThat(raw.story()).containsExactly("delta bids 10.0=1.000 asks 99.0=0.000");
  }

  @Test
  void anUpdateWithoutLevelsIsNoEvent() {
    live("{'bids':[{'price':'10','size':'1'}],'asks':[]}");
    update("{}");
    update("{'bids':[],'asks':null}");
    assertThat(book.story()).isEmpty();
    assertThat(raw.story()).isEmpty();
    assertThat(quotes.story()).isEmpty();
  }

  @Test
  void aBatchIsOneDelta() {
    live("{'bids':[{'price':'10','size':'1'}],'asks':[]}");
    venue.batch(
        Channel.ORDER_BOOK,
        "BTC-USD",
        "{'bids':[['10','2'],['9','1']]}",
        "{'bids':[['10','3'],['9','0']],'asks':[['20','1']]}");
    assertThat(book.story()).containsExactly("delta bids 10.0=3.000 asks 20.0=1.000");
    assertThat(raw.story()).containsExactly("delta bids 10.0=3.000 9.0=0.000 asks 20.0=1.000");
  }

  // ---- uncrossing

  @Test
  void ofTwoLevelsThatCrossTheOlderGoesAndRawKeepsBoth() {
    live("{'bids':[{'price':'10','size':'1'}],'asks':[{'price':'12','size':'1'}]}");
    update("{'bids':[['12','5']]}");
    assertThat(book.story()).containsExactly("delta bids 12.0=5.000 asks 12.0=0.000");
    assertThat(raw.story()).containsExactly("delta bids 12.0=5.000 asks");
    update("{'asks':[['11','2']]}");
    assertThat(book.story()).containsExactly("delta bids 12.0=0.000 asks 11.0=2.000");
    assertThat(rawLateJoiner())
        .isEqualTo("book bids 12.0=5.000 10.0=1.000 asks 11.0=2.000 12.0=1.000");
  }

  @Test
  void ofTwoLevelsEquallyOldTheSmallerGoesAndTheLargerLosesAsMuch() {
    live("{'bids':[],'asks':[]}");
    update("{'bids':[['12','5']],'asks':[['11','2']]}");
    assertThat(book.story()).containsExactly("delta bids 12.0=3.000 asks");
    update("{'bids':[['12','1']],'asks':[['11.5','4']]}");
    assertThat(book.story()).containsExactly("delta bids 12.0=0.000 asks 11.5=3.000");
  }

  @Test
  void ofTwoLevelsEquallyOldAndLargeBothGo() {
    live("{'bids':[{'price':'12','size':'2'},{'price':'9','size':'1'}],'asks':[]}");
    update("{'bids':[['12','3']],'asks':[['12','3']]}");
    assertThat(book.story()).containsExactly("delta bids 12.0=0.000 asks");
    assertThat(lateJoiner()).isEqualTo("book bids 9.0=1.000 asks");
  }

  @Test
  void oneLevelMayTakeSeveralWithIt() {
    live(
        "{'bids':[{'price':'10','size':'1'}],"
            + "'asks':[{'price':'11','size':'1'},{'price':'12','size':'1'},{'price':'13','size':'1'}]}");
    update("{'bids':[['12.5','1']]}");
    assertThat(book.story()).containsExactly("delta bids 12.5=1.000 asks 11.0=0.000 12.0=0.000");
  }

  @Test
  void anInitialStateThatCrossesIsUncrossed() {
    initialState(
        "{'bids':[{'price':'12','size':'5'},{'price':'11.5','size':'1'}],"
            + "'asks':[{'price':'11','size':'3'},{'price':'11.2','size':'2.5'}]}");
    assertThat(lateJoiner()).isEqualTo("book bids 11.5=0.500 asks");
    assertThat(rawLateJoiner())
        .isEqualTo("book bids 12.0=5.000 11.5=1.000 asks 11.0=3.000 11.2=2.500");
  }

  @Test
  void whatWasTakenFromALevelComesBackWithItsNextChange() {
    live("{'bids':[],'asks':[]}");
    update("{'bids':[['12','5']],'asks':[['11','2']]}");
    update("{'bids':[['12','5.0']]}");
    assertThat(book.story())
        .containsExactly("delta bids 12.0=3.000 asks", "delta bids 12.0=5.000 asks");
  }

  // ---- quotes

  @Test
  void aQuoteComesOnlyWhenTheBestLevelsChange() {
    live(
        "{'bids':[{'price':'10','size':'1'},{'price':'9','size':'1'}],"
            + "'asks':[{'price':'20','size':'1'}]}");
    update("{'bids':[['9','7']],'asks':[['21','3']]}");
    update("{'bids':[['10','1']]}");
    assertThat(quotes.story()).isEmpty();
    update("{'bids':[['10','2']]}");
    update("{'bids':[['10','0']]}");
    assertThat(quotes.story())
        .containsExactly("quote 2.000@10.0 1.000@20.0", "quote 7.000@9.0 1.000@20.0");
  }

  @Test
  void anEmptySideOfAQuoteHasSizeZero() {
    live("{'bids':[{'price':'10','size':'1'}],'asks':[{'price':'20','size':'1'}]}");
    update("{'bids':[['10','0']]}");
    update("{'asks':[['20','0']]}");
    assertThat(quotes.story())
        .containsExactly("quote 0.000@0.0 1.000@20.0", "quote 0.000@0.0 0.000@0.0");
  }

  @Test
  void aJoiningClientDoesNotMakeOthersMissAQuote() {
    live("{'bids':[{'price':'10','size':'1'}],'asks':[]}");
    gateway.client(quotes("BTC-USD"));
    update("{'bids':[['10','2']]}");
    assertThat(quotes.story()).containsExactly("quote 2.000@10.0 0.000@0.0");
  }

  @Test
  void aQuoteDoesNotComeAgainForAnotherScaleAlone() {
    live("{'bids':[{'price':'10','size':'1'}],'asks':[]}");
    venue.update(Channel.MARKETS, "", "{'trading':{'BTC-USD':{'tickSize':'0.01'}}}");
    update("{'bids':[['9.25','1']]}");
    assertThat(quotes.story()).isEmpty();
  }

  // ---- what can't be expressed

  @Test
  void aLevelWhoseSizeCantBeExpressedIsRemovedAndAnnounced() {
    live("{'bids':[{'price':'10','size':'1'},{'price':'9','size':'1'}],'asks':[]}");
    update("{'bids':[['10','123456789012345678901234567890'],['9','2']]}");
    update("{'bids':[['10','3']]}");
    String[] expected = {
      "delta bids 10.0=0.000 9.0=2.000 asks", "gap NOT_REPRESENTABLE", "delta bids 10.0=3.000 asks"
    };
    assertThat(book.story()).containsExactly(expected);
    assertThat(raw.story()).containsExactly(expected);
    assertThat(gateway.feedCounters().count(Channel.ORDER_BOOK)).isEqualTo(1);
  }

  @Test
  void whatAnInitialStateCantExpressIsAnnouncedAfterIt() {
    initialState(
        "{'bids':[{'price':'10','size':'much'},{'price':'9','size':'1'},{'size':'1'},"
            + "{'price':'0','size':'1'},{'price':'-1','size':'1'}],'asks':[7]}");
    assertThat(book.story())
        .containsExactly(
            "PENDING",
            "LIVE",
            "book bids 9.0=1.000 asks",
            "gap NOT_REPRESENTABLE",
            "gap NOT_REPRESENTABLE",
            "gap NOT_REPRESENTABLE",
            "gap NOT_REPRESENTABLE",
            "gap NOT_REPRESENTABLE");
  }

  @Test
  void moreDigitsThanTheTickRaiseTheScalesWithASnapshot() {
    live("{'bids':[{'price':'10','size':'1'}],'asks':[]}");
    update("{'bids':[['9.25','0.00001']]}");
    update("{'bids':[['9.25','0'],['8','1']]}");
    update("{'bids':[['8','2']]}");
    assertThat(book.story())
        .containsExactly(
            "book bids 10.00=1.00000 9.25=0.00001 asks",
            "delta bids 9.25=0.00000 8.00=1.00000 asks",
            "delta bids 8.00=2.00000 asks");
    assertThat(lateJoiner()).isEqualTo("book bids 10.00=1.00000 8.00=2.00000 asks");
    assertThat(quotes.story()).isEmpty();
  }

  @Test
  void aScaleThatRisesInTheMidstOfAFrameLeavesItsOtherLevelsRight() {
    live("{'bids':[{'price':'10','size':'1'},{'price':'7','size':'1'}],'asks':[]}");
    update("{'bids':[['10','2'],['7','0'],['9.125','0.00005'],['8','3']],'asks':[['11','1']]}");
    String expected = "book bids 10.000=2.00000 9.125=0.00005 8.000=3.00000 asks 11.000=1.00000";
    assertThat(book.story()).containsExactly(expected);
    assertThat(raw.story()).containsExactly(expected);
    assertThat(lateJoiner())
        .isEqualTo("book bids 10.000=2.00000 9.125=0.00005 8.000=3.00000 asks 11.000=1.00000");
  }

  @Test
  void aValueThatIsGoneDoesNotKeepLaterOnesFromBeingExpressed() {
    live("{'bids':[],'asks':[]}");
    update("{'bids':[['10','1e-18']]}");
    update("{'bids':[['10','0']]}");
    update("{'bids':[['9','1000000']]}");
    assertThat(book.story())
        .containsExactly(
            "book bids 10.0=0.000000000000000001 asks",
            "delta bids 10.0=0.000000000000000000 asks",
            "book bids 9.0=1000000.000 asks");
  }

  @Test
  void aValueThatDoesNotFitTogetherWithTheOthersIsLeftOutAndAnnounced() {
    live("{'bids':[{'price':'10','size':'1000000'}],'asks':[]}");
    update("{'bids':[['9','1e-18'],['8','1']]}");
    assertThat(book.story()).containsExactly("delta bids 8.0=1.000 asks", "gap NOT_REPRESENTABLE");
  }

  @Test
  void aFinerTickSizeIsUsedFromTheNextStateOn() {
    live("{'bids':[{'price':'10','size':'1'}],'asks':[]}");
    venue.update(Channel.MARKETS, "", "{'trading':{'BTC-USD':{'tickSize':'0.01'}}}");
    update("{'bids':[['9','1']]}");
    update("{'bids':[['9.25','1']]}");
    interrupt("connection lost");
    initialState("{'bids':[{'price':'10','size':'1'}],'asks':[]}");
    assertThat(book.story())
        .containsExactly(
            "delta bids 9.0=1.000 asks",
            "book bids 10.00=1.000 9.25=1.000 9.00=1.000 asks",
            "RECOVERING: connection lost",
            "LIVE",
            "book bids 10.00=1.000 asks");
  }

  @Test
  void aCoarserTickSizeLosesNoDigit() {
    live("{'bids':[{'price':'10.1','size':'1'}],'asks':[]}");
    venue.update(Channel.MARKETS, "", "{'trading':{'BTC-USD':{'tickSize':'1'}}}");
    update("{'bids':[['9','1']]}");
    assertThat(book.story()).containsExactly("delta bids 9.0=1.000 asks");
    assertThat(lateJoiner()).isEqualTo("book bids 10.1=1.000 9.0=1.000 asks");
  }

  // ---- loss

  @Test
  void afterAnInterruptionTheBookIsLiveAgainWithAFreshSnapshot() {
    live("{'bids':[{'price':'10','size':'1'}],'asks':[]}");
    interrupt("connection lost");
    assertThat(lateJoinerStory())
        .containsExactly("RECOVERING: connection lost", "book bids 10.0=1.000 asks");
    initialState("{'bids':[{'price':'11','size':'2'}],'asks':[]}");
    assertThat(book.story())
        .containsExactly("RECOVERING: connection lost", "LIVE", "book bids 11.0=2.000 asks");
    assertThat(quotes.story())
        .containsExactly("RECOVERING: connection lost", "LIVE", "quote 2.000@11.0 0.000@0.0");
  }

  @Test
  void aMalformedFrameIsAnnouncedAndAFreshStateAskedFor() {
    live("{'bids':[{'price':'10','size':'1'}],'asks':[]}");
    venue.frame(
        "{'type':'channel_data','channel':'v4_orderbook','id':'BTC-USD','message_id':9,"
            + "'contents':{'bids':7}}");
    assertThat(book.story()).containsExactly("gap UPSTREAM_LOSS");
    assertThat(venue.takeResyncs())
        .containsExactly("v4_orderbook BTC-USD: an update of the book could not be read");
    assertThat(gateway.feedCounters().count(Channel.ORDER_BOOK)).isEqualTo(1);
  }

  @Test
  void aTopicOpenedDuringAnInterruptionHasWhatTheOthersHave() {
    raw.leave();
    gateway.closeIdleTopics();
    live("{'bids':[{'price':'10','size':'1'}],'asks':[]}");
    interrupt("connection lost");
    RecordingClient late = gateway.client(rawOrderBook("BTC-USD"));
    initialState("{'bids':[{'price':'11','size':'2'}],'asks':[]}");
    assertThat(late.story())
        .containsExactly(
            "RECOVERING: connection lost",
            "book bids 10.0=1.000 asks",
            "LIVE",
            "book bids 11.0=2.000 asks");
  }

  // ---- unary calls

  @Test
  void whoeverWaitsForTheBookGetsTheOneJustReceived() throws TopicRefusedException {
    List<String> answers = new ArrayList<>();
    awaitBook(answers);
    initialState("{'bids':[{'price':'10','size':'1'}],'asks':[]}");
    assertThat(answers).containsExactly("book bids 10.0=1.000 asks");

    interrupt("connection lost");
    awaitBook(answers);
    initialState("{'bids':[{'price':'11','size':'2'}],'asks':[]}");
    assertThat(answers).containsExactly("book bids 10.0=1.000 asks", "book bids 11.0=2.000 asks");
  }

  private void awaitBook(List<String> answers) throws TopicRefusedException {
    gateway
        .topics()
        .open(new TopicKey(orderBook("BTC-USD")))
        .awaitSnapshot(
            new io.github.dydxgateway.stream.Topic.SnapshotWaiter() {
              @Override
              public void onSnapshot(List<Event> events) {
                events.forEach(
                    event -> answers.add(EventText.of(event).replaceFirst("^\\d+ ", "")));
              }

              @Override
              public void onFailure(TopicFailure failure) {
                answers.add(failure.message());
              }
            });
    venue.loop().run();
  }

  private void live(String contents) {
    initialState(contents);
    book.take();
    raw.take();
    quotes.take();
  }

  private void initialState(String contents) {
    venue.initialState(Channel.ORDER_BOOK, "BTC-USD", contents);
  }

  private void update(String contents) {
    venue.update(Channel.ORDER_BOOK, "BTC-USD", contents);
  }

  private void interrupt(String reason) {
    venue.interrupt(Channel.ORDER_BOOK, "BTC-USD", reason);
  }

  private String lateJoiner() {
    return lateJoinerStory().get(1);
  }

  private List<String> lateJoinerStory() {
    return gateway.client(orderBook("BTC-USD")).story();
  }

  private String rawLateJoiner() {
    return gateway.client(rawOrderBook("BTC-USD")).story().get(1);
  }
}
