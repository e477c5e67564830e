package io.github.dydxgateway.testing;

import io.github.dydxgateway.feed.FeedCounters;
import io.github.dydxgateway.feed.Feeds;
import io.github.dydxgateway.feed.PrivateAccounts;
import io.github.dydxgateway.feed.Redundancy;
import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.stream.EventBatch;
import io.github.dydxgateway.stream.ManualClock;
import io.github.dydxgateway.stream.StreamCounters;
import io.github.dydxgateway.stream.StreamIdentity;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.stream.StreamSettings;
import io.github.dydxgateway.stream.TopicRegistry;
import io.github.dydxgateway.v1.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The gateway's rooms from frame to event, without sockets, threads or a container: a {@link
 * FakeVenue} on the left, {@link RecordingClient}s on the right.
 */
public final class TestGateway {
  /** BTC-USD with ticks of 0.1 and steps of 0.001, so scales 1 and 3. */
  public static final String BTC_MARKET =
      "'BTC-USD':{'ticker':'BTC-USD','clobPairId':'0','status':'ACTIVE','oraclePrice':'27000.5',"
          + "'tickSize':'0.1','stepSize':'0.001','marketType':'CROSS'}";

  private static final StreamSettings SETTINGS =
      new StreamSettings(
          Duration.ZERO,
          100_000,
          1L << 28,
          Duration.ofHours(1),
          1_000,
          1_000,
          1_000,
          Duration.ofHours(1),
          Duration.ofMinutes(1),
          Duration.ofHours(1),
          EventBatch.MAX_BYTES);

  private final FakeVenue venue = new FakeVenue();
  private final AtomicLong nanoTime = new AtomicLong();
  private final InstrumentCache instruments = new InstrumentCache();
  private final FeedCounters feedCounters = new FeedCounters();
  private final Feeds feeds;
  private final TopicRegistry topics;
  private final StreamRegistry streams;

  /** A gateway that has just started and knows no instruments yet. */
  public TestGateway(PrivateAccounts accounts) {
    this(accounts, 1);
  }

  /** A gateway that subscribes to everything so many times. */
  public TestGateway(PrivateAccounts accounts, int redundancy) {
    this(accounts, redundancy, false);
  }

  private TestGateway(PrivateAccounts accounts, int redundancy, boolean verifiesStates) {
    this.feeds =
        new Feeds(
            venue,
            instruments,
            accounts,
            feedCounters,
            new Redundancy(redundancy, verifiesStates, nanoTime::get));
    StreamCounters counters = new StreamCounters();
    ManualClock clock = new ManualClock();
    this.topics = new TopicRegistry(feeds, SETTINGS, counters, "epoch", clock);
    this.streams =
        new StreamRegistry(
            topics,
            SETTINGS,
            counters,
            new StreamIdentity("epoch", "test", "simulator", "127.0.0.1"),
            clock);
    feeds.start();
    venue.loop().run();
  }

  /** A gateway that has just started, without accounts. */
  public static TestGateway started() {
    return new TestGateway(new PrivateAccounts(List.of()));
  }

  /** A gateway that knows {@link #BTC_MARKET}. */
  public static TestGateway withBtc() {
    TestGateway gateway = started();
    gateway.venue.initialState(Channel.MARKETS, "", "{'markets':{" + BTC_MARKET + "}}");
    return gateway;
  }

  /** A gateway that subscribes to everything twice and knows {@link #BTC_MARKET}. */
  public static TestGateway redundantWithBtc(PrivateAccounts accounts) {
    TestGateway gateway = new TestGateway(accounts, 2);
    for (int copy = 0; copy < 2; copy++) {
      gateway
          .venue
          .copy(copy)
          .initialState(Channel.MARKETS, "", "{'markets':{" + BTC_MARKET + "}}");
    }
    return gateway;
  }

  /** A gateway that compares first states with second ones and knows {@link #BTC_MARKET}. */
  public static TestGateway verifyingWithBtc(PrivateAccounts accounts) {
    TestGateway gateway = new TestGateway(accounts, 1, true);
    gateway.venue.initialState(Channel.MARKETS, "", "{'markets':{" + BTC_MARKET + "}}");
    return gateway;
  }

  /** Lets time pass for the feeds, and what is due then be done. */
  public void settle(Duration time) {
    advance(time);
    feeds.checkStates();
    venue.loop().run();
  }

  /** Lets time pass for the feeds. */
  public void advance(Duration time) {
    nanoTime.addAndGet(time.toNanos());
  }

  /** Does what is done from time to time. */
  public void retryRefused() {
    feeds.retryRefused();
    venue.loop().run();
  }

  /** A new client that streams these topics. */
  public RecordingClient client(Topic... wanted) {
    RecordingClient client = new RecordingClient(streams, venue.loop());
    for (Topic topic : wanted) {
      client.subscribe(topic);
    }
    return client;
  }

  /** Lets so much time pass that topics which nobody streams are closed. */
  public void closeIdleTopics() {
    topics.sweep(System.nanoTime() + Duration.ofHours(1).toNanos());
    venue.loop().run();
  }

  /** What the gateway is connected to. */
  public FakeVenue venue() {
    return venue;
  }

  /** Its instruments. */
  public InstrumentCache instruments() {
    return instruments;
  }

  /** Its count of what could not be expressed. */
  public FeedCounters feedCounters() {
    return feedCounters;
  }

  /** Its subscriptions at the venue. */
  public Feeds feeds() {
    return feeds;
  }

  /** Its open streams. */
  public StreamRegistry streams() {
    return streams;
  }

  /** Its open topics. */
  public TopicRegistry topics() {
    return topics;
  }
}
