package io.github.dydxgateway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.simulator.IndexerSimulator;
import io.github.dydxgateway.simulator.SimulatorRecord;
import io.github.dydxgateway.simulator.SimulatorSettings;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.Side;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.Trade;
import io.github.dydxgateway.v1.Trades;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The comparison with the venue's own log: a true record passes, one bent a little does not. */
class OracleTest {
  private static final String ETH = "ETH-USD";
  private static final int SCALE = 8;

  private final Ledger ledger = new Ledger();
  private Vertx vertx;
  private SimulatorRecord venue;
  private JsonObject state = new JsonObject();

  @BeforeEach
  void publish() {
    vertx = Vertx.vertx();
    IndexerSimulator simulator =
        new IndexerSimulator(
            vertx, SimulatorSettings.defaults().withTickInterval(Duration.ZERO).withMarkets(3));
    ChaosVenue.await(simulator.start());
    for (int i = 0; i < 10; i++) {
      ChaosVenue.await(simulator.tick());
    }
    venue = simulator.record();
  }

  @AfterEach
  void stop() {
    ChaosVenue.await(vertx.close());
  }

  private List<Trade> published() {
    List<Trade> trades = new ArrayList<>();
    for (SimulatorRecord.Trade trade : venue.trades(ETH)) {
      trades.add(
          Trade.newBuilder()
              .setTradeId(trade.id())
              .setSide(Side.valueOf("SIDE_" + trade.side()))
              .setPrice(scaled(new BigDecimal(trade.price())))
              .setSize(scaled(new BigDecimal(trade.size())))
              .setBlockHeight(trade.createdAtHeight())
              .build());
    }
    return trades;
  }

  private static long scaled(BigDecimal value) {
    return value.movePointRight(SCALE).longValueExact();
  }

  private TopicLog log(Topic topic, Event.Builder... events) {
    TopicLog log = ledger.open("client", topic);
    log.attach(false);
    Event.Builder live = Event.newBuilder();
    live.getSubscriptionStateBuilder().setState(State.STATE_LIVE);
    log.take(live.build());
    long sequence = 0;
    for (Event.Builder event : events) {
      sequence++;
      if (isSnapshot(event)) {
        event.getSnapshotInfoBuilder().setAsOfSequence(sequence).setLast(true);
      } else {
        event.setSequence(sequence);
      }
      log.take(event.build());
    }
    return log;
  }

  private static boolean isSnapshot(Event.Builder event) {
    return event.hasOrderBookSnapshot()
        || event.hasSubaccountSnapshot()
        || event.getTrades().getSnapshot()
        || event.getInstruments().getSnapshot()
        || event.getMarketUpdate().getSnapshot();
  }

  private static Event.Builder trades(List<Trade> trades, boolean snapshot) {
    return Event.newBuilder()
        .setTrades(
            Trades.newBuilder()
                .setPriceScale(SCALE)
                .setSizeScale(SCALE)
                .setSnapshot(snapshot)
                .addAllTrades(trades));
  }

  private List<String> judge(TopicLog log) {
    new Oracle(venue, (channel, id) -> state, ledger.problems(), Set.of("GONE-USD"))
        .judge(List.of(log), List.of(log));
    return ledger.problems().all();
  }

  private List<String> judgeTrades(List<Trade> bent) {
    return judge(
        log(
            Topics.trades(ETH),
            trades(published().subList(0, 5), true),
            trades(bent.subList(5, bent.size()), false)));
  }

  @Test
  void tradesAsPublishedPass() {
    assertThat(judgeTrades(published())).isEmpty();
  }

  @Test
  void twoTradesInTheWrongOrderDoNotPass() {
    List<Trade> bent = published();
    Collections.swap(bent, 7, 8);
    assertThat(judgeTrades(bent)).isNotEmpty();
  }

  @Test
  void aTradeLeftOutDoesNotPass() {
    List<Trade> bent = published();
    bent.remove(9);
    assertThat(judgeTrades(bent)).singleElement().asString().contains("silently");
  }

  @Test
  void theLastTradeLeftOutDoesNotPass() {
    List<Trade> bent = published();
    bent.remove(bent.size() - 1);
    assertThat(judgeTrades(bent)).singleElement().asString().contains("silently");
  }

  @Test
  void aTradeTwiceDoesNotPass() {
    List<Trade> bent = published();
    bent.add(10, bent.get(9));
    assertThat(judgeTrades(bent)).singleElement().asString().contains("twice");
  }

  @Test
  void aTradeOfAnotherPriceDoesNotPass() {
    List<Trade> bent = published();
    bent.set(9, bent.get(9).toBuilder().setPrice(bent.get(9).getPrice() + 1).build());
    assertThat(judgeTrades(bent)).singleElement().asString().contains("got Seen");
  }

  private OrderBookSnapshot.Builder book() {
    OrderBookSnapshot.Builder book =
        OrderBookSnapshot.newBuilder().setPriceScale(SCALE).setSizeScale(SCALE);
    venue.bids(ETH).forEach((price, size) -> book.addBids(level(price, size)));
    venue.asks(ETH).forEach((price, size) -> book.addAsks(level(price, size)));
    return book;
  }

  private static PriceLevel.Builder level(BigDecimal price, BigDecimal size) {
    return PriceLevel.newBuilder().setPrice(scaled(price)).setSize(scaled(size));
  }

  @Test
  void theVenuesBookPassesAndOneWithALevelLessDoesNot() {
    Event.Builder whole = Event.newBuilder().setOrderBookSnapshot(book());
    assertThat(judge(log(Topics.rawOrderBook(ETH), whole))).isEmpty();
    Event.Builder less = Event.newBuilder().setOrderBookSnapshot(book().removeBids(3));
    assertThat(judge(log(Topics.rawOrderBook(ETH), less)))
        .anyMatch(problem -> problem.contains("bids is"));
  }

  @Test
  void aBlockBehindDoesNotPass() {
    Event.Builder behind = Event.newBuilder();
    behind.getBlockHeightBuilder().setHeight(venue.blockHeight() - 1);
    assertThat(judge(log(Topics.blockHeight(), behind)))
        .anyMatch(problem -> problem.contains("height is"));
  }

  @Test
  void aFillLeftOutDoesNotPass() {
    List<SimulatorRecord.Fill> fills =
        venue.fills(SimulatorSettings.DEFAULT_ACCOUNT).stream()
            .filter(fill -> fill.subaccountNumber() == 0)
            .toList();
    assertThat(fills).hasSizeGreaterThan(2);
    Event.Builder state = Event.newBuilder();
    state.getSubaccountSnapshotBuilder().setFound(true);
    List<Event.Builder> events = new ArrayList<>(List.of(state));
    for (SimulatorRecord.Fill fill : fills) {
      if (fill != fills.get(1)) {
        Event.Builder update = Event.newBuilder();
        update.getSubaccountUpdateBuilder().addFillsBuilder().setFillId(fill.id());
        events.add(update);
      }
    }
    Topic topic = Topics.subaccount(SimulatorSettings.DEFAULT_ACCOUNT, 0);
    assertThat(judge(log(topic, events.toArray(Event.Builder[]::new))))
        .singleElement()
        .asString()
        .contains("silently");
  }

  @Test
  void aMarketThatTheVenueDoesNotListDoesNotPassUnlessItWasRemovedUnannounced() {
    state = new JsonObject().put("markets", new JsonObject());
    Event.Builder gone = Event.newBuilder();
    gone.getMarketUpdateBuilder().setInstrumentId("GONE-USD-PERP.DYDX").setSnapshot(true);
    assertThat(judge(log(Topics.markets(), gone))).isEmpty();
    Event.Builder renamed = Event.newBuilder();
    renamed.getMarketUpdateBuilder().setInstrumentId("OLD-USD-PERP.DYDX").setSnapshot(true);
    assertThat(judge(log(Topics.markets(), renamed)))
        .anyMatch(problem -> problem.contains("has OLD-USD-PERP.DYDX"));
  }

  @Test
  void aPositionThatTheVenueDoesNotHaveDoesNotPass() {
    Event.Builder state = Event.newBuilder();
    state
        .getSubaccountSnapshotBuilder()
        .addPositionsBuilder()
        .setInstrumentId("BTC-USD-PERP.DYDX")
        .setStatusValue(1)
        .setSize("1");
    TopicLog log = log(Topics.subaccount("dydx1nobody", 0), state);
    assertThat(judge(log)).singleElement().asString().contains("positions is", Map.of().toString());
  }
}
