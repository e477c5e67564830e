package io.github.dydxgateway.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dydxgateway.stream.EventBatch;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Candle;
import io.github.dydxgateway.v1.Candles;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Gap;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.Quote;
import io.github.dydxgateway.v1.Side;
import io.github.dydxgateway.v1.SubaccountUpdate;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.github.dydxgateway.v1.SubscriptionState;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.Trade;
import io.github.dydxgateway.v1.Trades;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventJsonTest {
  private static final Topic BOOK =
      Topic.newBuilder()
          .setOrderBook(OrderBookTopic.newBuilder().setInstrumentId("BTC-USD-PERP.DYDX"))
          .build();

  private static String json(Event.Builder event) {
    byte[] message =
        SubscribeResponse.newBuilder()
            .addEvents(event.setSequence(7).setReceiveTimeNs(9))
            .build()
            .toByteArray();
    EventBatch batch = new EventBatch();
    batch.add(message);
    return new String(EventJson.of(batch).get(0), StandardCharsets.UTF_8);
  }

  @Test
  void amountsStayExactAsText() {
    assertThat(
            json(
                Event.newBuilder()
                    .setTopic(BOOK)
                    .setOrderBookDelta(
                        OrderBookDelta.newBuilder()
                            .setPriceScale(1)
                            .setSizeScale(18)
                            .addBids(
                                PriceLevel.newBuilder().setPrice(270_005).setSize(Long.MAX_VALUE))
                            .addAsks(PriceLevel.newBuilder().setPrice(270_010)))))
        .isEqualTo(
            "{'sequence':'7','receive_time_ns':'9','topic':'order_book','order_book_delta':"
                    .replace('\'', '"')
                + "{'price_scale':1,'size_scale':18,'bids':[['270005','9223372036854775807']],"
                    .replace('\'', '"')
                + "'asks':[['270010','0']]}}".replace('\'', '"'));
  }

  @Test
  void numbersWithoutSignReachTheirLast() {
    assertThat(
            json(
                Event.newBuilder()
                    .setTopic(BOOK)
                    .setGap(
                        Gap.newBuilder()
                            .setFirstMissingSequence(1)
                            .setLastMissingSequence(-1)
                            .setReason(GapReason.GAP_REASON_SLOW_CONSUMER))))
        .contains("\"last_missing_sequence\":\"18446744073709551615\"")
        .contains("\"reason\":\"SLOW_CONSUMER\"");
  }

  @Test
  void enumsLoseTheirPrefix() {
    assertThat(
            json(
                Event.newBuilder()
                    .setTopic(BOOK)
                    .setSubscriptionState(
                        SubscriptionState.newBuilder()
                            .setState(SubscriptionState.State.STATE_RECOVERING)
                            .setReason("closed by \"the venue\"\n"))))
        .contains("{\"state\":\"RECOVERING\",\"reason\":\"closed by \\\"the venue\\\"\\n\"}");
  }

  @Test
  void quotesAreWhole() {
    assertThat(
            json(
                Event.newBuilder()
                    .setQuote(
                        Quote.newBuilder()
                            .setSizeScale(4)
                            .setBidPrice(1)
                            .setBidSize(2)
                            .setAskPrice(3)
                            .setAskSize(4))))
        .contains(
            "{\"price_scale\":0,\"size_scale\":4,\"bid_price\":\"1\",\"bid_size\":\"2\","
                + "\"ask_price\":\"3\",\"ask_size\":\"4\"}");
  }

  @Test
  void snapshotsAreCutToTheNewestThatFitOnAScreen() {
    Trades.Builder trades = Trades.newBuilder().setSnapshot(true);
    for (int i = 0; i < 1000; i++) {
      trades.addTrades(Trade.newBuilder().setTradeId("t" + i).setSide(Side.SIDE_SELL));
    }
    Candles.Builder candles = Candles.newBuilder().setSnapshot(true);
    for (int i = 0; i < 1000; i++) {
      candles.addCandles(Candle.newBuilder().setStartTimeNs(i));
    }

    assertThat(json(Event.newBuilder().setTrades(trades)))
        .contains("\"t999\"")
        .contains("\"t900\"")
        .doesNotContain("\"t899\"")
        .contains("\"side\":\"SELL\"");
    assertThat(json(Event.newBuilder().setCandles(candles)))
        .contains("\"start_time_ns\":\"999\"")
        .contains("\"start_time_ns\":\"600\"")
        .doesNotContain("\"start_time_ns\":\"599\"");
  }

  @Test
  void newTradesAreNeverCut() {
    Trades.Builder trades = Trades.newBuilder();
    for (int i = 0; i < 150; i++) {
      trades.addTrades(Trade.newBuilder().setTradeId("t" + i));
    }
    assertThat(json(Event.newBuilder().setTrades(trades))).contains("\"t0\"").contains("\"t149\"");
  }

  @Test
  void eventsOfAccountsAreRefused() {
    assertThatThrownBy(
            () ->
                json(
                    Event.newBuilder()
                        .setTopic(Topics.subaccount("dydx1owner", 0))
                        .setSubaccountUpdate(SubaccountUpdate.getDefaultInstance())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the page does not show SUBACCOUNT_UPDATE events");
  }

  @Test
  void aFailureSaysWhy() {
    assertThat(
            new String(
                EventJson.of(new TopicFailure(TopicFailure.NOT_FOUND, "no instrument X", false)),
                StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"failure\":{\"code\":5,\"message\":\"no instrument X\",\"retryable\":false}}");
  }
}
