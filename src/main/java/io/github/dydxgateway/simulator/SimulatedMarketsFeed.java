package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The {@code v4_markets} channel: oracle prices, figures, and now and then a change of what a
 * market is. Owned by the simulator's context.
 */
final class SimulatedMarketsFeed {

  private static final int STATUS_CHANGE_ONE_IN = 600;
  private static final int TICK_SIZE_CHANGE_ONE_IN = 5000;
  private static final int HALT_BLOCKS = 20;

  private final Collection<SimulatedMarket> markets;
  private final RandomGenerator random;
  private final BlockClock block;
  private final Publisher publisher;
  private final List<SimulatedMarket> announced = new ArrayList<>();
  private SimulatedMarket halted;
  private long haltedUntil;

  /** Reads the collection anew each time, so that new markets show up. */
  SimulatedMarketsFeed(
      Collection<SimulatedMarket> markets,
      RandomGenerator random,
      BlockClock block,
      Publisher publisher) {
    this.markets = markets;
    this.random = random;
    this.block = block;
    this.publisher = publisher;
  }

  /** The initial state of the channel. */
  String snapshot() {
    JsonText json = new JsonText(900 * markets.size()).object().object("markets");
    for (SimulatedMarket market : markets) {
      json.object(market.spec().ticker());
      market.writeDefinition(json);
      market.figures().write(json);
      json.endObject();
    }
    return json.endObject().endObject().toString();
  }

  void endBlock() {
    completeAnnounced();
    oraclePrices();
    if (block.height() % 10 == 0) {
      figures();
    }
    changeSomeStatus();
    if (random.nextInt(TICK_SIZE_CHANGE_ONE_IN) == 0) {
      SimulatedMarket market = anyQuiet();
      BigDecimal tick = market.maker().tickSize();
      changeTickSize(
          market, random.nextBoolean() ? tick.scaleByPowerOfTen(-1) : tick.movePointRight(1));
    }
  }

  /** The first announcement of a new market: too little to trade it. */
  void announce(SimulatedMarket market) {
    announced.add(market);
    JsonText json = identified(market);
    json.field("clobPairId", Integer.toString(market.spec().clobPairId()))
        .field("ticker", market.spec().ticker())
        .field("status", market.status().name());
    publish(json);
  }

  /** All of a market whose number is known under another name. */
  void announceRenamed(SimulatedMarket market) {
    JsonText json = identified(market);
    market.writeDefinition(json);
    market.figures().write(json);
    publish(json);
  }

  /** Publishes nothing more of a market. */
  void forget(SimulatedMarket market) {
    announced.remove(market);
    if (market.equals(halted)) {
      halted = null;
    }
  }

  void changeTickSize(SimulatedMarket market, BigDecimal tickSize) {
    market.maker().changeTickSize(tickSize);
    JsonText json = trading(market);
    json.field("id", Integer.toString(market.spec().clobPairId()));
    market.writeTickSize(json);
    publish(json);
  }

  void changeStatus(SimulatedMarket market, MarketStatus status) {
    market.setStatus(status);
    publish(trading(market).field("status", status.name()));
  }

  private void completeAnnounced() {
    for (SimulatedMarket market : announced) {
      market.setStatus(MarketStatus.ACTIVE);
      JsonText json = trading(market);
      market.writeDefinition(json);
      market.figures().write(json);
      publish(json);
      market.openBook(publisher);
    }
    announced.clear();
  }

  private void oraclePrices() {
    JsonText json = new JsonText(1024).object().object("oraclePrices");
    boolean any = false;
    for (SimulatedMarket market : markets) {
      // The market whose price is not known yet gets one when it first moves.
      if (market.takeMoved()) {
        any = true;
        BigDecimal price = market.maker().mid();
        market.figures().setOraclePrice(price);
        json.object(market.spec().ticker())
            .field("oraclePrice", VenueNumber.ragged(price))
            .field("effectiveAt", block.timeText())
            .field("effectiveAtHeight", Long.toString(block.height()))
            .field("marketId", market.spec().clobPairId())
            .endObject();
      }
    }
    if (any && publisher.wanted(SimulatedTopic.MARKETS)) {
      String contents = json.endObject().endObject().toString();
      publisher.publish(Publication.of(SimulatedTopic.MARKETS, contents));
    }
  }

  private void figures() {
    JsonText json = new JsonText(1024).object().object("trading");
    for (SimulatedMarket market : markets) {
      if (market.busy() || random.nextInt(8) == 0) {
        json.object(market.spec().ticker());
        market.figures().writeSome(json);
        json.endObject();
      }
    }
    publish(json);
  }

  private void changeSomeStatus() {
    if (halted != null && block.height() >= haltedUntil) {
      changeStatus(halted, MarketStatus.ACTIVE);
      halted = null;
    }
    if (halted == null && random.nextInt(STATUS_CHANGE_ONE_IN) == 0) {
      SimulatedMarket market = anyQuiet();
      if (market.status() == MarketStatus.ACTIVE) {
        halted = market;
        haltedUntil = block.height() + HALT_BLOCKS;
        changeStatus(market, random.nextBoolean() ? MarketStatus.CANCEL_ONLY : MarketStatus.PAUSED);
      }
    }
  }

  private SimulatedMarket anyQuiet() {
    List<SimulatedMarket> all = new ArrayList<>(markets);
    int first = Math.min(3, all.size() - 1);
    return all.get(random.nextInt(first, all.size()));
  }

  private static JsonText trading(SimulatedMarket market) {
    return new JsonText().object().object("trading").object(market.spec().ticker());
  }

  private static JsonText identified(SimulatedMarket market) {
    return trading(market)
        .field("id", Integer.toString(market.spec().clobPairId()))
        .field("marketId", market.spec().clobPairId());
  }

  /** Ends the innermost object of one market, or of all, and sends it. */
  private void publish(JsonText json) {
    if (publisher.wanted(SimulatedTopic.MARKETS)) {
      publisher.publish(Publication.of(SimulatedTopic.MARKETS, json.closeAll()));
    }
  }
}
