package io.github.dydxgateway.feed;

import static java.util.stream.Collectors.joining;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/**
 * Whatever the venue sends of market data, on one connection or two: the fold of a topic's events,
 * from the first or from any snapshot, is what a client gets that joins.
 */
class MarketDataStatePropertiesTest {
  private static final int TRIES = 30;
  private static final int STEPS = 60;

  /** Market data of one channel and id, made up by a random generator. */
  private abstract static class Scenario {
    final Random random;
    final TestGateway gateway;
    private final Channel channel;
    private final String id;
    private final int lines;
    private final List<FoldedTopic> topics = new ArrayList<>();

    Scenario(long seed, int lines, Channel channel, String id) {
      this.random = new Random(seed);
      this.lines = lines;
      this.channel = channel;
      this.id = id;
      this.gateway =
          lines == 1
              ? TestGateway.verifyingWithBtc(new PrivateAccounts(List.of()))
              : TestGateway.redundantWithBtc(new PrivateAccounts(List.of()));
    }

    abstract String state();

    abstract String update();

    final void run(Topic... wanted) {
      Arrays.stream(wanted).forEach(topic -> topics.add(new FoldedTopic(gateway, topic)));
      for (int step = 0; step < STEPS; step++) {
        step(random.nextInt(lines));
        if (random.nextInt(3) == 0 || step == STEPS - 1) {
          topics.forEach(FoldedTopic::check);
        }
      }
    }

    private void step(int line) {
      if (gateway.venue().subscriptions(channel, id) <= line) {
        return;
      }
      FakeVenue.Copy venue = gateway.venue().copy(line);
      switch (random.nextInt(16)) {
        case 0 -> venue.interrupt(channel, id, "connection lost");
        case 1, 2 -> {
          venue.interrupt(channel, id, "connection lost");
          venue.initialState(channel, id, state());
        }
        case 3 -> venue.lose(channel, id, "an update is missing");
        case 4 -> gateway.settle(Duration.ofSeconds(random.nextInt(15)));
        case 5 ->
            venue.frame(
                "{'type':'channel_data','channel':'%s','id':'%s','contents':{'s"
                    .formatted(channel.wireName(), channel.hasId() ? id : channel.wireName()));
        case 6 -> venue.batch(channel, id, update(), update(), update());
        case 7 -> {
          String update = update();
          for (int other = 0; other < gateway.venue().subscriptions(channel, id); other++) {
            gateway.venue().copy(other).update(channel, id, update);
          }
        }
        default -> venue.update(channel, id, update());
      }
      gateway.venue().takeResyncs();
    }

    final String one(String... of) {
      return of[random.nextInt(of.length)];
    }

    final String extras() {
      return random.nextInt(8) == 0
          ? ",'new%d':%d".formatted(random.nextInt(3), random.nextInt(3))
          : "";
    }

    final String price() {
      return one("1", "2", "2.5", "3", "1e-9", "7.000000000001", "9000000000", "4.25");
    }

    final String size() {
      return one("1", "0.5", "1000000", "0.000000000001", "3");
    }
  }

  // ---- trades

  private static final class TradesScenario extends Scenario {
    private int height = 5_000;
    private int lastId;

    TradesScenario(long seed, int lines) {
      super(seed, lines, Channel.TRADES, "BTC-USD");
    }

    @Override
    String state() {
      if (random.nextInt(6) == 0) {
        height += random.nextBoolean() ? -2_000 : 2_000;
        lastId += 2_000;
      }
      int count = random.nextInt(40) == 0 ? 1_000 : random.nextInt(30);
      lastId = Math.max(lastId, count);
      return "{'trades':"
          + IntStream.range(0, count)
              .filter(i -> random.nextInt(10) > 0)
              .mapToObj(i -> trade(lastId - i, height - i / 3))
              .collect(joining(",", "[", "]"))
          + extras()
          + "}";
    }

    @Override
    String update() {
      int count = random.nextInt(20) == 0 ? 400 : random.nextInt(4);
      height += random.nextInt(2);
      return "{'trades':"
          + IntStream.range(0, count).mapToObj(i -> next()).collect(joining(",", "[", "]"))
          + extras()
          + "}";
    }

    private String next() {
      return random.nextInt(5) == 0
          ? trade(Math.max(1, lastId - random.nextInt(40)), height - random.nextInt(15))
          : trade(++lastId, height);
    }

    private String trade(int number, int atHeight) {
      String block =
          random.nextInt(20) == 0 ? "" : ",'createdAtHeight':'" + Math.max(1, atHeight) + "'";
      return "{'id':'%d','side':'%s','type':'%s','size':'%s','price':'%s'%s%s}"
          .formatted(
              number,
              one("BUY", "SELL", "BOTH"),
              one("LIMIT", "LIQUIDATED", "SOON"),
              random.nextInt(30) == 0 ? "99999999999999999999" : size(),
              price(),
              block,
              extras());
    }
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void trades(@ForAll long seed, @ForAll @IntRange(min = 1, max = 2) int lines) {
    new TradesScenario(seed, lines).run(Topics.trades("BTC-USD"));
  }

  // ---- candles

  private static final class CandlesScenario extends Scenario {
    private int minute = 1_500;

    CandlesScenario(long seed, int lines) {
      super(seed, lines, Channel.CANDLES, "BTC-USD/1MIN");
    }

    @Override
    String state() {
      minute += random.nextInt(10) == 0 ? 1_100 : random.nextInt(3);
      int count = random.nextInt(40) == 0 ? 1_000 : random.nextInt(12);
      return "{'candles':"
          + IntStream.range(0, count)
              .mapToObj(i -> candle(minute - i))
              .collect(joining(",", "[", "]"))
          + extras()
          + "}";
    }

    @Override
    String update() {
      minute += random.nextInt(3) == 0 ? 1 : 0;
      String candle = candle(minute - (random.nextInt(4) == 0 ? random.nextInt(5) : 0));
      return random.nextInt(6) == 0
          ? "{'candles':[]" + extras() + "}"
          : candle.substring(0, candle.length() - 1) + extras() + "}";
    }

    private String candle(int start) {
      return ("{'startedAt':'2023-04-%02dT%02d:%02d:00.000Z','ticker':'BTC-USD','resolution':'1MIN',"
              + "'low':'%s','high':'%s','open':'1','close':'%s','baseTokenVolume':'%s',"
              + "'usdVolume':'1','trades':%d,'startingOpenInterest':'%d'}")
          .formatted(
              1 + start / 1440,
              start / 60 % 24,
              start % 60,
              price(),
              price(),
              random.nextInt(20) == 0 ? "soon" : price(),
              size(),
              random.nextInt(4),
              random.nextInt(3));
    }
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void candles(@ForAll long seed, @ForAll @IntRange(min = 1, max = 2) int lines) {
    new CandlesScenario(seed, lines)
        .run(Topics.candles("BTC-USD", CandleResolution.CANDLE_RESOLUTION_1MIN));
  }

  // ---- books and quotes

  private static final class BookScenario extends Scenario {
    BookScenario(long seed, int lines) {
      super(seed, lines, Channel.ORDER_BOOK, "BTC-USD");
    }

    @Override
    String state() {
      return "{'bids':" + levels(true) + ",'asks':" + levels(true) + extras() + "}";
    }

    @Override
    String update() {
      return "{'bids':" + levels(false) + ",'asks':" + levels(false) + extras() + "}";
    }

    private String levels(boolean ofState) {
      return IntStream.range(0, random.nextInt(5))
          .mapToObj(i -> ofState ? levelOfState() : level())
          .collect(joining(",", "[", "]"));
    }

    private String levelOfState() {
      return "{'price':'%s','size':'%s'%s}".formatted(price(), size(), extras());
    }

    private String level() {
      String size = random.nextInt(25) == 0 ? "9999999999999999999" : size();
      return "['%s','%s'%s]"
          .formatted(
              price(),
              random.nextInt(3) == 0 ? "0" : size,
              random.nextInt(12) == 0 ? "," + random.nextInt(3) : "");
    }
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void booksAndQuotes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 2) int lines) {
    new BookScenario(seed, lines)
        .run(Topics.orderBook("BTC-USD"), Topics.rawOrderBook("BTC-USD"), Topics.quotes("BTC-USD"));
  }

  // ---- markets

  private static final class MarketsScenario extends Scenario {
    MarketsScenario(long seed, int lines) {
      super(seed, lines, Channel.MARKETS, "");
    }

    @Override
    String state() {
      String names =
          random.nextInt(4) == 0 ? "A-USD" : random.nextInt(3) == 0 ? "B-USD" : "A-USD,C-USD";
      return "{'markets':{"
          + TestGateway.BTC_MARKET
          + ","
          + Arrays.stream(names.split(",")).map(name -> market(name, true)).collect(joining(","))
          + "}"
          + extras()
          + "}";
    }

    @Override
    String update() {
      return random.nextInt(3) == 0
          ? "{'oraclePrices':{'%s':{'oraclePrice':%s,'effectiveAtHeight':'%d','marketId':%d%s}}%s}"
              .formatted(
                  name(),
                  one("'1.5'", "'2'", "null"),
                  random.nextInt(3),
                  random.nextInt(2),
                  extras(),
                  extras())
          : "{'trading':{" + market(name(), random.nextInt(4) == 0) + "}" + extras() + "}";
    }

    private String name() {
      return one("A-USD", "B-USD", "C-USD", "BTC-USD", "BTC-USD");
    }

    private String market(String name, boolean whole) {
      String pair =
          switch (name) {
            case "BTC-USD" -> "0";
            case "C-USD" -> "3";
            default -> random.nextInt(4) == 0 ? "2" : "1";
          };
      String more =
          one(
              ",'volume24H':'%d'".formatted(random.nextInt(3)),
              ",'volume24H':null",
              ",'trades24H':%d".formatted(random.nextInt(3)),
              ",'nextFundingRate':'0.1','openInterest':'4'",
              ",'openInterest':null,'baseOpenInterest':'2'",
              ",'priceChange24H':'-1'",
              ",'status':'%s'".formatted(one("ACTIVE", "PAUSED", "SOON")),
              ",'status':null",
              ",'tickSize':'0.01'",
              ",'new0':null",
              "");
      return whole
          ? ("'%s':{'ticker':'%s','clobPairId':'%s','status':'ACTIVE','tickSize':'%s',"
                  + "'stepSize':'0.1'%s%s}")
              .formatted(
                  name,
                  name,
                  pair,
                  one("1", "0.5"),
                  more.contains("status") || more.contains("tick") ? "" : more,
                  extras())
          : "'%s':{'ticker':'%s'%s%s}".formatted(name, name, more, extras());
    }
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void markets(@ForAll long seed, @ForAll @IntRange(min = 1, max = 2) int lines) {
    new MarketsScenario(seed, lines).run(Topics.markets(), Topics.market("BTC-USD"));
  }

  // ---- blocks

  private static final class BlocksScenario extends Scenario {
    private int height = 100;

    BlocksScenario(long seed, int lines) {
      super(seed, lines, Channel.BLOCK_HEIGHT, "");
    }

    @Override
    String state() {
      height += random.nextInt(8) == 0 ? 5_000 : random.nextInt(5) - 2;
      return "{'height':'" + Math.max(1, height) + "'" + extras() + "}";
    }

    @Override
    String update() {
      height += random.nextInt(20) == 0 ? 5_000 : random.nextInt(4) - 1;
      return "{'blockHeight':'" + Math.max(1, height) + "'" + extras() + "}";
    }
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void blocks(@ForAll long seed, @ForAll @IntRange(min = 1, max = 2) int lines) {
    new BlocksScenario(seed, lines).run(Topics.blockHeight());
  }
}
