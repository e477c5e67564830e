package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The venue behind the wire: markets, blocks and accounts, all from one seed. It knows of no
 * connection, so what happens on it does not depend on who listens. Owned by the simulator's
 * context.
 */
final class Venue {

  private static final long BLOCK_MILLIS = 1000;
  private static final int MARKET_WITHOUT_PRICE = 5;

  private final SimulatedClock clock;
  private final BlockClock block;
  private final SplittableRandom random;
  private final SimulatorRecord record;
  private final Publisher publisher;
  private final SimulatedMarketsFeed marketsFeed;
  private final Map<String, SimulatedMarket> markets = new LinkedHashMap<>();
  private final Map<String, Instant> announced = new HashMap<>();
  private final Map<String, TradingAccount> accounts = new LinkedHashMap<>();
  private final long ticksPerBlock;
  private int nextClobPairId;
  private long ticks;

  Venue(SimulatorSettings settings, SimulatorRecord record, Publisher publisher) {
    this.clock = new SimulatedClock(settings.manual(), Clock.systemUTC());
    this.block = new BlockClock(clock.now());
    this.random = new SplittableRandom(settings.seed());
    this.record = record;
    this.publisher = publisher;
    this.ticksPerBlock =
        settings.manual() ? 1 : Math.max(1, BLOCK_MILLIS / settings.tickInterval().toMillis());
    for (MarketSpec spec : MarketCatalogue.first(settings.markets())) {
      boolean knownPrice = spec.clobPairId() != MARKET_WITHOUT_PRICE;
      list(spec, MarketStatus.ACTIVE, knownPrice).settle(block);
    }
    this.marketsFeed = new SimulatedMarketsFeed(markets.values(), random.split(), block, publisher);
    for (String address : settings.accounts()) {
      accounts.put(
          address,
          new TradingAccount(address, List.copyOf(markets.values()), random.split(), record));
    }
  }

  /** One step of the story; every so many of them make a block. */
  void tick() {
    clock.advance();
    for (SimulatedMarket market : markets.values()) {
      boolean moves = market.busy() ? random.nextInt(8) > 0 : random.nextInt(16) == 0;
      if (moves && market.status().moves()) {
        market.move(publisher);
      }
    }
    if (++ticks % ticksPerBlock == 0) {
      endBlock();
    }
  }

  private void endBlock() {
    block.next(clock.now());
    for (SimulatedMarket market : markets.values()) {
      market.takersTrade(block);
    }
    for (TradingAccount account : accounts.values()) {
      account.trade(block);
    }
    for (SimulatedMarket market : markets.values()) {
      market.publishTrades(publisher);
    }
    for (TradingAccount account : accounts.values()) {
      account.publish(publisher);
    }
    marketsFeed.endBlock();
    listNewMarket();
    record.block(block.height());
    if (publisher.wanted(SimulatedTopic.BLOCK_HEIGHT)) {
      String contents =
          new JsonText()
              .object()
              .field("blockHeight", Long.toString(block.height()))
              .field("time", block.timeText())
              .endObject()
              .toString();
      publisher.publish(Publication.of(SimulatedTopic.BLOCK_HEIGHT, contents));
    }
    publisher.blockEnded();
  }

  private void listNewMarket() {
    if (random.nextInt(5000) == 0) {
      addMarket("NEW" + nextClobPairId + "-USD", BigDecimal.valueOf(random.nextLong(100, 9999), 3));
    }
  }

  /** Lists a market: its first update has only a part of the fields, the next block the rest. */
  void addMarket(String ticker, BigDecimal price) {
    checkNew(ticker);
    MarketSpec spec = MarketSpec.of(ticker, nextClobPairId, price, true);
    SimulatedMarket market = list(spec, MarketStatus.INITIALIZING, false);
    announced.put(ticker, clock.now());
    marketsFeed.announce(market);
  }

  /** Announces a market under another name; the old one is not mentioned. */
  void renameMarket(String ticker, String newTicker) {
    checkNew(newTicker);
    SimulatedMarket old = remove(ticker);
    MarketSpec spec = old.spec().renamed(newTicker, old.maker());
    SimulatedMarket market = list(spec, old.status(), true);
    announced.put(newTicker, clock.now());
    marketsFeed.announceRenamed(market);
    market.openBook(publisher);
  }

  /** Removes a market without an announcement. */
  void delistMarket(String ticker) {
    remove(ticker);
  }

  private SimulatedMarket remove(String ticker) {
    SimulatedMarket market = market(ticker);
    if (markets.size() == 1) {
      throw new IllegalArgumentException("the only market is " + ticker);
    }
    for (TradingAccount account : accounts.values()) {
      if (account.trades(market)) {
        throw new IllegalArgumentException("accounts trade " + ticker);
      }
    }
    markets.remove(ticker);
    marketsFeed.forget(market);
    return market;
  }

  private void checkNew(String ticker) {
    if (markets.containsKey(ticker)) {
      throw new IllegalArgumentException("market is listed already: " + ticker);
    }
  }

  void changeTickSize(String ticker, BigDecimal tickSize) {
    if (tickSize.signum() <= 0) {
      throw new IllegalArgumentException("tick size must be positive: " + tickSize);
    }
    marketsFeed.changeTickSize(market(ticker), tickSize);
  }

  void setStatus(String ticker, MarketStatus status) {
    marketsFeed.changeStatus(market(ticker), status);
  }

  /**
   * Publishes a trade with the very text; null becomes JSON null. Initial states and the record
   * hold it only where both texts are decimals.
   */
  void publishTrade(String ticker, String price, String size) {
    SimulatorRecord.Trade trade =
        new SimulatorRecord.Trade(
            block.nextEventId(),
            "BUY",
            price,
            size,
            "LIMIT",
            SimulatedClock.iso(clock.now()),
            block.height());
    boolean keep = decimal(price).isPresent() && decimal(size).isPresent();
    market(ticker).publishRawTrade(trade, keep, publisher);
  }

  /** Publishes a level with the very text; the book takes it only where both are decimals. */
  void publishLevel(String ticker, SimulatedBookSide side, String price, String size) {
    SimulatedMarket market = market(ticker);
    BookChanges changes = new BookChanges();
    MarketBook.Level level = new MarketBook.Level(price, size);
    Optional<BigDecimal> decimalPrice = decimal(price);
    Optional<BigDecimal> decimalSize = decimal(size);
    if (decimalPrice.isPresent() && decimalSize.isPresent()) {
      market.book().set(side, decimalPrice.get(), decimalSize.get(), level, changes);
    } else {
      changes.put(side, BigDecimal.ZERO, level);
    }
    market.publish(changes, publisher);
  }

  private static Optional<BigDecimal> decimal(String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(new BigDecimal(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether the venue has the topic. */
  boolean knows(SimulatedTopic topic) {
    String id = topic.id();
    return switch (topic.channel()) {
      case MARKETS, BLOCK_HEIGHT -> true;
      case ORDERBOOK, TRADES, CANDLES -> tickerOf(topic).filter(markets::containsKey).isPresent();
      case SUBACCOUNTS -> SubaccountId.parse(id).filter(s -> s.number() < 128_000).isPresent();
      case PARENT_SUBACCOUNTS -> SubaccountId.parse(id).filter(s -> s.number() < 128).isPresent();
    };
  }

  /** The ticker that a topic is about, if any. */
  Optional<String> tickerOf(SimulatedTopic topic) {
    return switch (topic.channel()) {
      case ORDERBOOK, TRADES -> Optional.of(topic.id());
      case CANDLES -> candleTicker(topic.id());
      case MARKETS, BLOCK_HEIGHT, SUBACCOUNTS, PARENT_SUBACCOUNTS -> Optional.empty();
    };
  }

  /** When a market was announced; empty for those there from the start. */
  Optional<Instant> announced(String ticker) {
    return Optional.ofNullable(announced.get(ticker));
  }

  /** Simulated time. */
  Instant now() {
    return clock.now();
  }

  /** The contents of a {@code subscribed} frame. The topic must be known. */
  String initialState(SimulatedTopic topic) {
    String id = topic.id();
    return switch (topic.channel()) {
      case MARKETS -> marketsFeed.snapshot();
      case BLOCK_HEIGHT ->
          new JsonText()
              .object()
              .field("height", Long.toString(block.height()))
              .field("time", block.timeText())
              .endObject()
              .toString();
      case ORDERBOOK -> market(id).book().snapshot();
      case TRADES -> market(id).tape().snapshot();
      case CANDLES -> {
        int slash = id.lastIndexOf('/');
        CandleResolution resolution =
            CandleResolution.of(id.substring(slash + 1)).orElseThrow(() -> unknown(id));
        yield market(id.substring(0, slash)).candles(resolution);
      }
      case SUBACCOUNTS ->
          subaccount(id).map(s -> accountState(s, TradingAccount::subaccount)).orElse("{}");
      case PARENT_SUBACCOUNTS ->
          subaccount(id).map(s -> accountState(s, TradingAccount::parentSubaccount)).orElse("{}");
    };
  }

  /** The last update of a trades topic, which an initial state holds as well. */
  Optional<Publication> lastTrades(SimulatedTopic topic) {
    return topic.channel() == SimulatedChannel.TRADES
        ? Optional.ofNullable(market(topic.id()).tape().lastUpdate())
        : Optional.empty();
  }

  private interface AccountState {
    Optional<String> of(TradingAccount account, int number, BlockClock block);
  }

  private Optional<SubaccountId> subaccount(String id) {
    return SubaccountId.parse(id).filter(s -> accounts.containsKey(s.address()));
  }

  private String accountState(SubaccountId id, AccountState state) {
    return state.of(accounts.get(id.address()), id.number(), block).orElse("{}");
  }

  private SimulatedMarket list(MarketSpec spec, MarketStatus status, boolean knownPrice) {
    Instant start = clock.now();
    SimulatedMarket market =
        new SimulatedMarket(spec, random.split(), record, start, status, knownPrice);
    nextClobPairId = Math.max(nextClobPairId, spec.clobPairId() + 1);
    markets.put(spec.ticker(), market);
    return market;
  }

  private SimulatedMarket market(String ticker) {
    SimulatedMarket market = markets.get(ticker);
    if (market == null) {
      throw unknown(ticker);
    }
    return market;
  }

  private static IllegalArgumentException unknown(String what) {
    return new IllegalArgumentException("the simulator has no market " + what);
  }

  private static Optional<String> candleTicker(String id) {
    int slash = id.lastIndexOf('/');
    return slash > 0 && CandleResolution.of(id.substring(slash + 1)).isPresent()
        ? Optional.of(id.substring(0, slash))
        : Optional.empty();
  }
}
