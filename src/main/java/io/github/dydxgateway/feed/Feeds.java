package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.stream.TopicRefusedException;
import io.github.dydxgateway.stream.TopicSource;
import io.github.dydxgateway.v1.CandleResolution;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * All feeds: opens one for each subscription at the venue that some topic needs, and closes it when
 * none needs it any more. May be used from any thread.
 */
public final class Feeds implements TopicSource {
  private final ChannelSource source;
  private final InstrumentCache instruments;
  private final PrivateAccounts accounts;
  private final FeedCounters counters;
  private final Redundancy redundancy;
  private final Map<ChannelId, Open> feeds = new HashMap<>();

  /**
   * @param source where feeds subscribe
   * @param instruments filled by the feed of markets
   * @param redundancy how many connections carry each subscription
   */
  public Feeds(
      ChannelSource source,
      InstrumentCache instruments,
      PrivateAccounts accounts,
      FeedCounters counters,
      Redundancy redundancy) {
    this.source = source;
    this.instruments = instruments;
    this.accounts = accounts;
    this.counters = counters;
    this.redundancy = redundancy;
  }

  /** A feed and how many topics need it. */
  private static final class Open {
    final Feed feed;
    int users;

    Open(Feed feed) {
      this.feed = feed;
    }
  }

  /** Opens the feed of markets, which is never closed: from it the instruments are known. */
  public synchronized void start() {
    ChannelId markets = ChannelId.of(Channel.MARKETS);
    if (!feeds.containsKey(markets)) {
      open(markets, newMarketsFeed()).users++;
    }
  }

  /**
   * Tries again to get the markets and the block height if the venue has refused them: without the
   * markets nothing can be served, and accounts need the height. Tries again to get the copies for
   * which there was no connection. Called from time to time.
   */
  public synchronized void retryRefused() {
    for (Channel neededByOthers : List.of(Channel.MARKETS, Channel.BLOCK_HEIGHT)) {
      Open open = feeds.get(ChannelId.of(neededByOthers));
      if (open != null) {
        open.feed.retryIfRefused();
      }
    }
    feeds.values().forEach(open -> open.feed.retryMissingCopies());
  }

  /** Compares initial states where that is due. Called often, for states settle within seconds. */
  public synchronized void checkStates() {
    feeds.values().forEach(open -> open.feed.checkState());
  }

  private Open open(ChannelId channelId, Feed feed) {
    Open open = new Open(feed);
    feeds.put(channelId, open);
    feed.start();
    return open;
  }

  @Override
  public synchronized Topic open(TopicKey key, TopicFactory factory) throws TopicRefusedException {
    InstrumentId instrumentId = instrumentOf(key);
    if (instrumentId != null && instruments.isUnknown(instrumentId)) {
      throw new TopicRefusedException(
          InstrumentFeed.noInstrument(instruments.absence(instrumentId)));
    }
    ChannelId channelId = channelOf(key, instrumentId);
    Open open = feeds.get(channelId);
    if (open == null) {
      open = open(channelId, newFeed(key, instrumentId, channelId));
      if (open.feed instanceof SubaccountFeed account) {
        openBlockHeight().follow(account);
      }
    }
    open.users++;
    Feed feed = open.feed;
    Topic topic = factory.create(key, feed.loop());
    feed.add(topic);
    return topic;
  }

  @Override
  public synchronized void closed(Topic topic) {
    ChannelId channelId = channelOf(topic.key(), instrumentOf(topic.key()));
    Open open = feeds.get(channelId);
    if (open != null) {
      open.feed.remove(topic);
      release(channelId, open);
    }
  }

  private void release(ChannelId channelId, Open open) {
    if (--open.users > 0) {
      return;
    }
    feeds.remove(channelId);
    open.feed.close();
    if (open.feed instanceof SubaccountFeed account) {
      ChannelId blocks = ChannelId.of(Channel.BLOCK_HEIGHT);
      Open blockHeight = feeds.get(blocks);
      ((BlockHeightFeed) blockHeight.feed).unfollow(account);
      release(blocks, blockHeight);
    }
  }

  /**
   * The feed of the block height, open as long as an account is: short-term orders end with a
   * block, and of that a quiet account hears nothing.
   */
  private BlockHeightFeed openBlockHeight() {
    ChannelId channelId = ChannelId.of(Channel.BLOCK_HEIGHT);
    Open open = feeds.get(channelId);
    if (open == null) {
      open = open(channelId, newBlockHeightFeed());
    }
    open.users++;
    return (BlockHeightFeed) open.feed;
  }

  /**
   * Subscriptions that are live but have brought nothing for much longer than usual; never one of
   * an account.
   *
   * @param nowNanos as {@link System#nanoTime}
   * @param least no shorter silence counts
   */
  public synchronized List<ChannelId> silent(long nowNanos, Duration least) {
    return feeds.values().stream()
        .map(open -> open.feed)
        .filter(feed -> feed.isSilent(nowNanos, least))
        .map(Feed::channelId)
        .toList();
  }

  /**
   * Whether a topic that is not live has come nearer to its state within that time: its subscribe
   * waits its turn, and the venue answers those before it.
   *
   * @param nowNanos as {@link System#nanoTime}
   */
  public synchronized boolean isMoving(Topic topic, long nowNanos, Duration within) {
    Open open = feeds.get(channelOf(topic.key(), instrumentOf(topic.key())));
    return open != null && open.feed.isMoving(nowNanos, within);
  }

  private static InstrumentId instrumentOf(TopicKey key) {
    io.github.dydxgateway.v1.Topic topic = key.message();
    String id =
        switch (key.kind()) {
          case TRADES -> topic.getTrades().getInstrumentId();
          case ORDER_BOOK -> topic.getOrderBook().getInstrumentId();
          case QUOTES -> topic.getQuotes().getInstrumentId();
          case CANDLES -> topic.getCandles().getInstrumentId();
          case MARKETS -> topic.getMarkets().getInstrumentId();
          case BLOCK_HEIGHT, SUBACCOUNT, PARENT_SUBACCOUNT -> "";
        };
    return id.isEmpty() ? null : InstrumentId.parse(id);
  }

  private static ChannelId channelOf(TopicKey key, InstrumentId instrumentId) {
    io.github.dydxgateway.v1.Topic topic = key.message();
    return switch (key.kind()) {
      case TRADES -> new ChannelId(Channel.TRADES, instrumentId.ticker());
      case ORDER_BOOK, QUOTES -> new ChannelId(Channel.ORDER_BOOK, instrumentId.ticker());
      case CANDLES ->
          new ChannelId(
              Channel.CANDLES,
              instrumentId.ticker() + "/" + venueNameOf(topic.getCandles().getResolution()));
      case MARKETS -> ChannelId.of(Channel.MARKETS);
      case BLOCK_HEIGHT -> ChannelId.of(Channel.BLOCK_HEIGHT);
      case SUBACCOUNT ->
          new ChannelId(
              Channel.SUBACCOUNTS,
              topic.getSubaccount().getAddress()
                  + "/"
                  + topic.getSubaccount().getSubaccountNumber());
      case PARENT_SUBACCOUNT ->
          new ChannelId(
              Channel.PARENT_SUBACCOUNTS,
              topic.getParentSubaccount().getAddress()
                  + "/"
                  + topic.getParentSubaccount().getSubaccountNumber());
    };
  }

  /** {@code CANDLE_RESOLUTION_1MIN} is {@code 1MIN} at the venue. */
  static String venueNameOf(CandleResolution resolution) {
    return resolution.name().substring("CANDLE_RESOLUTION_".length());
  }

  private Feed newFeed(TopicKey key, InstrumentId instrumentId, ChannelId channelId)
      throws TopicRefusedException {
    Executor loop = source.loopFor(channelId.channel());
    io.github.dydxgateway.v1.Topic topic = key.message();
    return switch (key.kind()) {
      case TRADES ->
          new TradesFeed(instrumentId, channelId, loop, source, instruments, counters, redundancy);
      case ORDER_BOOK, QUOTES ->
          new OrderBookFeed(
              instrumentId, channelId, loop, source, instruments, counters, redundancy);
      case CANDLES ->
          new CandlesFeed(
              instrumentId,
              topic.getCandles().getResolution(),
              channelId,
              loop,
              source,
              instruments,
              counters,
              redundancy);
      case MARKETS -> newMarketsFeed();
      case BLOCK_HEIGHT -> newBlockHeightFeed();
      case SUBACCOUNT ->
          newSubaccountFeed(
              topic.getSubaccount().getAddress(),
              topic.getSubaccount().getSubaccountNumber(),
              channelId,
              loop);
      case PARENT_SUBACCOUNT ->
          newSubaccountFeed(
              topic.getParentSubaccount().getAddress(),
              topic.getParentSubaccount().getSubaccountNumber(),
              channelId,
              loop);
    };
  }

  private BlockHeightFeed newBlockHeightFeed() {
    return new BlockHeightFeed(source.loopFor(Channel.BLOCK_HEIGHT), source, counters, redundancy);
  }

  private MarketsFeed newMarketsFeed() {
    return new MarketsFeed(
        source.loopFor(Channel.MARKETS), source, instruments, counters, redundancy);
  }

  private SubaccountFeed newSubaccountFeed(
      String address, int number, ChannelId channelId, Executor loop) throws TopicRefusedException {
    PrivateAccounts.Account account = accounts.find(address, number);
    if (account == null) {
      throw new TopicRefusedException(
          new TopicFailure(
              TopicFailure.PERMISSION_DENIED,
              "the subaccount is not configured; see gateway.accounts",
              false));
    }
    return new SubaccountFeed(
        address, number, account.accountId(), channelId, loop, source, counters, redundancy);
  }
}
