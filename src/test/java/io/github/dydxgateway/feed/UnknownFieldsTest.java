package io.github.dydxgateway.feed;

import static io.github.dydxgateway.testing.Topics.blockHeight;
import static io.github.dydxgateway.testing.Topics.candles;
import static io.github.dydxgateway.testing.Topics.orderBook;
import static io.github.dydxgateway.testing.Topics.quotes;
import static io.github.dydxgateway.testing.Topics.rawOrderBook;
import static io.github.dydxgateway.testing.Topics.trades;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.Trade;
import io.github.dydxgateway.v1.Trades;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One rule for all records: what is not known is kept as JSON text, and null is as absent. */
class UnknownFieldsTest {
  private static final String BTC = "BTC-USD";
  private static final String CANDLE =
      "{'startedAt':'2023-04-04T19:0%d:00.000Z','open':'1','high':'1','low':'1','close':'1',"
          + "'baseTokenVolume':'1','trades':1,'new':[%d],'odd':null}";

  private final TestGateway gateway = TestGateway.withBtc();
  private final FakeVenue venue = gateway.venue();

  @Test
  void ofTradesAndBesideThem() {
    RecordingClient client = gateway.client(trades(BTC));
    venue.initialState(
        Channel.TRADES, BTC, "{'trades':[" + trade(1) + "],'first':1,'odd':null,'same':{}}");
    client.take();
    venue.update(Channel.TRADES, BTC, "{'later':'a','trades':[" + trade(2) + "],'same':{}}");
    venue.update(Channel.TRADES, BTC, "{'trades':[],'later':'b'}");
    List<Event> events = client.take();
    assertThat(events).hasSize(3);
    Trade second = events.get(0).getTrades().getTrades(0);
    assertThat(second.getExtraFieldsMap()).containsOnly(Map.entry("new", "[2]"));
    assertThat(events.get(1).getTrades().getExtraFieldsMap())
        .containsOnly(Map.entry("later", "\"a\""));
    assertThat(events.get(1).getTrades().getTradesCount()).isZero();
    assertThat(events.get(2).getTrades().getExtraFieldsMap())
        .containsOnly(Map.entry("later", "\"b\""));
    Trades late = gateway.client(trades(BTC)).events().get(1).getTrades();
    assertThat(late.getExtraFieldsMap())
        .containsOnly(
            Map.entry("first", "1"), Map.entry("same", "{}"), Map.entry("later", "\"b\""));
    assertThat(late.getTradesList())
        .extracting(trade -> trade.getExtraFieldsMap().get("new"))
        .containsExactly("[1]", "[2]");
  }

  private static String trade(int number) {
    return ("{'id':'%d','side':'BUY','price':'1','size':'1','createdAtHeight':'%d','new':[%d],"
            + "'odd':null}")
        .formatted(number, number, number);
  }

  @Test
  void ofCandlesAndBesideThem() {
    RecordingClient client = gateway.client(candles(BTC, CandleResolution.CANDLE_RESOLUTION_1MIN));
    venue.initialState(
        Channel.CANDLES,
        BTC + "/1MIN",
        "{'before':1,'candles':[" + CANDLE.formatted(1, 1) + "],'after':2,'odd':null}");
    assertThat(client.events().get(2).getCandles().getExtraFieldsMap())
        .containsOnly(Map.entry("before", "1"), Map.entry("after", "2"));
    client.take();
    venue.update(Channel.CANDLES, BTC + "/1MIN", CANDLE.formatted(2, 2));
    assertThat(client.take())
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getCandles().getCandles(1).getExtraFieldsMap())
                    .containsOnly(Map.entry("new", "[2]")));
  }

  @Test
  void ofBlocks() {
    RecordingClient client = gateway.client(blockHeight());
    venue.initialState(
        Channel.BLOCK_HEIGHT, "", "{'height':'4294967297','proposer':'x','odd':null}");
    venue.update(Channel.BLOCK_HEIGHT, "", "{'blockHeight':'4294967298','proposer':{}}");
    List<Event> events = client.events();
    assertThat(events.get(2).getBlockHeight().getExtraFieldsMap())
        .containsOnly(Map.entry("proposer", "\"x\""));
    assertThat(events.get(3).getBlockHeight().getExtraFieldsMap())
        .containsOnly(Map.entry("proposer", "{}"));
    assertThat(events.get(3).getBlockHeight().getHeight()).isEqualTo(4294967298L);
  }

  @Test
  void ofBooksAndBesideTheirLevels() {
    RecordingClient client = gateway.client(orderBook(BTC));
    RecordingClient quote = gateway.client(quotes(BTC));
    venue.initialState(
        Channel.ORDER_BOOK,
        BTC,
        "{'bids':[{'price':'2.00','size':'1','orders':3,'odd':null},{'price':'1','size':'1'}],"
            + "'asks':[['9','1','seven',null,5]],'offset':1,'odd':null}");
    OrderBookSnapshot book = last(client).getOrderBookSnapshot();
    assertThat(book.getExtraFieldsMap()).containsOnly(Map.entry("offset", "1"));
    assertThat(book.getBids(0).getExtraFieldsMap()).containsOnly(Map.entry("orders", "3"));
    assertThat(book.getBids(1).getExtraFieldsMap()).isEmpty();
    assertThat(book.getAsks(0).getExtraFieldsMap())
        .containsOnly(Map.entry("2", "\"seven\""), Map.entry("4", "5"));
    client.take();
    quote.take();

    // The same size with another field, and a level that loses its fields.
    venue.update(
        Channel.ORDER_BOOK,
        BTC,
        "{'bids':[{'price':'2','size':'1','orders':4}],'asks':[['9','1']],'offset':1}");
    OrderBookDelta delta = client.take().get(0).getOrderBookDelta();
    assertThat(delta.getExtraFieldsMap()).isEmpty();
    assertThat(delta.getBids(0).getExtraFieldsMap()).containsOnly(Map.entry("orders", "4"));
    assertThat(delta.getAsks(0).getExtraFieldsMap()).isEmpty();
    assertThat(quote.take()).isEmpty();

    // Fields of a level that is removed come with its removal, and are gone with it.
    venue.update(Channel.ORDER_BOOK, BTC, "{'bids':[['2','0','x']]}");
    PriceLevel removed = client.take().get(0).getOrderBookDelta().getBids(0);
    assertThat(removed.getSize()).isZero();
    assertThat(removed.getExtraFieldsMap()).containsOnly(Map.entry("2", "\"x\""));
    venue.update(Channel.ORDER_BOOK, BTC, "{'bids':[['1.5','1']]}");
    venue.update(Channel.ORDER_BOOK, BTC, "{'bids':[['2','7']]}");
    assertThat(last(client).getOrderBookDelta().getBids(0).getExtraFieldsMap()).isEmpty();
    client.take();

    // Nothing but a field beside the levels.
    venue.update(Channel.ORDER_BOOK, BTC, "{'offset':2}");
    assertThat(client.take())
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getOrderBookDelta().getExtraFieldsMap())
                    .containsOnly(Map.entry("offset", "2")));
    assertThat(last(gateway.client(orderBook(BTC))).getOrderBookSnapshot().getExtraFieldsMap())
        .containsOnly(Map.entry("offset", "2"));
  }

  @Test
  void ofTheBookAsPublishedThroughChangesOfItsScales() {
    RecordingClient client = gateway.client(rawOrderBook(BTC));
    venue.initialState(Channel.ORDER_BOOK, BTC, "{'bids':[['2','1','x']],'asks':[['1','1','y']]}");
    venue.batch(
        Channel.ORDER_BOOK,
        BTC,
        "{'bids':[['3.123456','1.00000001']],'a':1}",
        "{'asks':[['8','1','z']],'b':2,'a':3}");
    OrderBookSnapshot rescaled = last(client).getOrderBookSnapshot();
    assertThat(rescaled.getExtraFieldsMap()).containsOnly(Map.entry("a", "3"), Map.entry("b", "2"));
    assertThat(rescaled.getAsks(1).getExtraFieldsMap()).containsOnly(Map.entry("2", "\"z\""));
    OrderBookSnapshot book = last(gateway.client(rawOrderBook(BTC))).getOrderBookSnapshot();
    assertThat(book.getBidsList())
        .extracting(level -> level.getExtraFieldsMap().getOrDefault("2", ""))
        .containsExactly("", "\"x\"");
    assertThat(book.getAsksList())
        .extracting(level -> level.getExtraFieldsMap().getOrDefault("2", ""))
        .containsExactly("\"y\"", "\"z\"");
  }

  private static Event last(RecordingClient client) {
    List<Event> events = client.events();
    return events.get(events.size() - 1);
  }
}
