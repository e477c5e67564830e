package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelListener;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.ChannelSubscription;
import io.github.dydxgateway.indexer.FrameReader;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.MalformedFrameException;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.stream.EventBatch;
import io.github.dydxgateway.stream.StreamClock;
import io.github.dydxgateway.stream.StreamCounters;
import io.github.dydxgateway.stream.StreamSettings;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.stream.TopicRefusedException;
import io.github.dydxgateway.stream.TopicRegistry;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From a frame's records to an encoded event in the ring of its topic, which nobody reads. */
@State(Scope.Thread)
public class FeedBenchmark {
  private static final int BEST_BID = 89_947;
  private static final int MARKETS = 300;

  /** Which frames: two levels, a trade, an oracle price, or a change of every market. */
  @Param({"book", "trade", "oracle price", "all markets"})
  public String frame;

  private final Venue venue = new Venue();
  private final FrameReader reader = new FrameReader();
  private final SplittableRandom random = new SplittableRandom(42);
  private IndexerFrame.ChannelData[] frames;
  private ChannelListener feed;
  private int next;
  private long receiveTimeNs = 1_795_380_878_046_482_055L;

  /** Opens the topic and reads the frames. */
  @Setup
  public void open() throws TopicRefusedException, MalformedFrameException {
    InstrumentCache instruments = new InstrumentCache();
    Feeds feeds =
        new Feeds(
            venue,
            instruments,
            new PrivateAccounts(List.of()),
            new FeedCounters(),
            Redundancy.NONE);
    StreamSettings settings =
        new StreamSettings(
            Duration.ofSeconds(1),
            2048,
            1L << 21,
            Duration.ofHours(1),
            1_000,
            1_000,
            1_000,
            Duration.ofHours(1),
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            EventBatch.MAX_BYTES);
    TopicRegistry topics =
        new TopicRegistry(feeds, settings, new StreamCounters(), "epoch", StreamClock.system());
    feeds.start();
    state(
        Channel.MARKETS,
        "{\"markets\":{" + markets(number -> market(number, "\"tickSize\":\"1\",")) + "}}");
    Topic wanted =
        switch (frame) {
          case "book" -> Topics.orderBook("M0-USD");
          case "trade" -> Topics.trades("M0-USD");
          default -> Topics.markets();
        };
    topics.open(new TopicKey(wanted));
    Channel channel =
        switch (frame) {
          case "book" -> Channel.ORDER_BOOK;
          case "trade" -> Channel.TRADES;
          default -> Channel.MARKETS;
        };
    if (channel == Channel.ORDER_BOOK) {
      state(channel, book());
    } else if (channel == Channel.TRADES) {
      state(channel, "{\"trades\":[]}");
    }
    feed = venue.listeners.get(channel);
    frames = new IndexerFrame.ChannelData[count()];
    for (int i = 0; i < frames.length; i++) {
      frames[i] =
          (IndexerFrame.ChannelData)
              read("channel_data", channel, contents(i), ",\"version\":\"1\"");
    }
  }

  /** Few enough to be in the cache; but more trades than are remembered, so that each is new. */
  private int count() {
    return switch (frame) {
      case "trade" -> 1 << 14;
      case "all markets" -> 1 << 4;
      default -> 1 << 8;
    };
  }

  private String contents(int i) {
    return switch (frame) {
      case "book" ->
          "{\"bids\":[[\"%d\",\"%s\"]],\"asks\":[[\"%d\",\"%s\"]]}"
              .formatted(BEST_BID - depth(), size(), BEST_BID + 1 + depth(), size());
      case "trade" ->
          """
          {"trades":[{"id":"03f89a5500000002%08d","side":"BUY","size":"0.0%d","price":"%d",\
          "type":"LIMIT","createdAt":"2025-12-08T16:11:30.590Z","createdAtHeight":"66624085"}]}\
          """
              .formatted(i, 1 + random.nextInt(99), BEST_BID + random.nextInt(9));
      case "oracle price" ->
          """
          {"oraclePrices":{"M%d-USD":{"oraclePrice":"89941.%05d",\
          "effectiveAt":"2025-12-08T16:11:30.590Z","effectiveAtHeight":"66624085",\
          "marketId":0}}}\
          """
              .formatted(random.nextInt(MARKETS), random.nextInt(100_000));
      default ->
          "{\"trading\":{"
              + markets(
                  number ->
                      market(
                          number,
                          "\"volume24H\":\"%d\",\"nextFundingRate\":\"0.%d\","
                              .formatted(i, random.nextInt(1000))))
              + "}}";
    };
  }

  private int depth() {
    double draw = random.nextDouble();
    return (int) (100 * draw * draw * draw);
  }

  private String size() {
    return random.nextInt(3) == 0 ? "0" : "0." + (1000 + random.nextInt(9000));
  }

  private static String book() {
    return "{\"bids\":[%s],\"asks\":[%s]}".formatted(levels(BEST_BID, -1), levels(BEST_BID + 1, 1));
  }

  private static String levels(int best, int step) {
    return IntStream.range(0, 100)
        .mapToObj(level -> "{\"price\":\"%d\",\"size\":\"0.1234\"}".formatted(best + step * level))
        .collect(Collectors.joining(","));
  }

  private static String markets(java.util.function.IntFunction<String> market) {
    return IntStream.range(0, MARKETS).mapToObj(market).collect(Collectors.joining(","));
  }

  private static String market(int number, String more) {
    return """
        "M%1$d-USD":{"clobPairId":"%1$d","ticker":"M%1$d-USD","status":"ACTIVE",%2$s\
        "oraclePrice":"89941.12345","priceChange24H":"-512.5","trades24H":81234,\
        "initialMarginFraction":"0.02","maintenanceMarginFraction":"0.012",\
        "openInterest":"512.1234","atomicResolution":-10,"quantumConversionExponent":-9,\
        "stepSize":"0.0001","stepBaseQuantums":1000000,"subticksPerTick":100000,\
        "marketType":"CROSS","openInterestLowerCap":"0","openInterestUpperCap":"0",\
        "baseOpenInterest":"512.1234","defaultFundingRate1H":"0"}\
        """
        .formatted(number, more);
  }

  private void state(Channel channel, String contents) throws MalformedFrameException {
    venue
        .listeners
        .get(channel)
        .onSubscribed(
            (IndexerFrame.Subscribed) read("subscribed", channel, contents, ""), receiveTimeNs);
  }

  private IndexerFrame read(String type, Channel channel, String contents, String more)
      throws MalformedFrameException {
    String id = channel.hasId() ? ",\"id\":\"M0-USD\"" : "";
    byte[] bytes =
        """
        {"type":"%s","connection_id":"ba7c6d72-4a9d-4e71-8a59-6ad2b4f2ee8e","message_id":%d,\
        "channel":"%s"%s%s,"contents":%s}\
        """
            .formatted(type, ++next, channel.wireName(), id, more, contents)
            .getBytes(StandardCharsets.UTF_8);
    return reader.read(bytes, 0, bytes.length);
  }

  /** One frame. */
  @Benchmark
  public void publish() {
    next++;
    feed.onData(frames[next & (frames.length - 1)], receiveTimeNs += 100_000);
  }

  /** Keeps the listeners and does nothing. */
  private static final class Venue implements ChannelSource {
    private final Map<Channel, ChannelListener> listeners = new EnumMap<>(Channel.class);

    @Override
    public Executor loopFor(Channel channel) {
      return Runnable::run;
    }

    @Override
    public ChannelSubscription subscribe(ChannelId id, Executor loop, ChannelListener listener) {
      listeners.put(id.channel(), listener);
      return new ChannelSubscription() {
        @Override
        public void resync(String reason) {}

        @Override
        public long progressNanos() {
          return 0;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public ChannelSubscription subscribeCopy(
        ChannelId id, Executor loop, ChannelListener listener) {
      throw new UnsupportedOperationException();
    }
  }
}
