package io.github.dydxgateway.feed;

import static java.util.stream.Collectors.joining;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.testing.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/**
 * Whatever the venue sends of an account, on one connection or two, and whatever blocks come: the
 * fold of the account's events, from the first or from any snapshot, is what a client gets that
 * joins.
 */
class AccountStatePropertiesTest {
  private static final int TRIES = 60;
  private static final int STEPS = 80;
  private static final String ID = TestAccount.ADDRESS + "/0";

  /** An account, made up by a random generator. */
  private static final class Scenario {
    private final Random random;
    private final int lines;
    private final Channel channel;
    private final TestGateway gateway;
    private final FoldedTopic topic;
    private final List<String> sent = new ArrayList<>(List.of("{'orders':[]}"));
    private int height = 1_000;

    Scenario(long seed, int lines, boolean isParent) {
      PrivateAccounts accounts =
          new PrivateAccounts(
              List.of(new PrivateAccounts.Account(TestAccount.ADDRESS, Set.of(), "main")));
      this.random = new Random(seed);
      this.lines = lines;
      this.channel = isParent ? Channel.PARENT_SUBACCOUNTS : Channel.SUBACCOUNTS;
      this.gateway =
          lines == 1
              ? TestGateway.verifyingWithBtc(accounts)
              : TestGateway.redundantWithBtc(accounts);
      this.topic =
          new FoldedTopic(
              gateway,
              isParent
                  ? Topics.parentSubaccount(TestAccount.ADDRESS, 0)
                  : Topics.subaccount(TestAccount.ADDRESS, 0));
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        step(random.nextInt(lines));
        topic.check();
      }
    }

    private void step(int line) {
      FakeVenue.Copy venue = gateway.venue().copy(line);
      switch (random.nextInt(16)) {
        case 0 -> onAccount(line, () -> venue.interrupt(channel, ID, "connection lost"));
        case 1, 2 ->
            onAccount(
                line,
                () -> {
                  venue.interrupt(channel, ID, "connection lost");
                  venue.initialState(channel, ID, state());
                });
        case 3 -> onAccount(line, () -> venue.lose(channel, ID, "an update is missing"));
        case 4 -> gateway.settle(Duration.ofSeconds(random.nextInt(15)));
        case 5, 6, 7 -> block(line);
        case 8 -> {
          String again = sent.get(random.nextInt(sent.size()));
          onAccount(line, () -> update(venue, again));
        }
        case 9, 10 -> {
          String update = update();
          for (int other = 0; other < lines; other++) {
            FakeVenue.Copy one = gateway.venue().copy(other);
            onAccount(other, () -> update(one, update));
          }
        }
        default -> onAccount(line, () -> update(venue, update()));
      }
      gateway.venue().takeResyncs();
    }

    private void onAccount(int line, Runnable action) {
      if (gateway.venue().subscriptions(channel, ID) > line) {
        action.run();
      }
    }

    private void block(int line) {
      if (gateway.venue().subscriptions(Channel.BLOCK_HEIGHT, "") > line) {
        height += random.nextInt(10);
        FakeVenue.Copy venue = gateway.venue().copy(line);
        if (random.nextInt(3) == 0) {
          venue.interrupt(Channel.BLOCK_HEIGHT, "", "connection lost");
          venue.initialState(Channel.BLOCK_HEIGHT, "", "{'height':'" + height + "'}");
        } else {
          venue.update(Channel.BLOCK_HEIGHT, "", "{'blockHeight':'" + height + "'}");
        }
      }
    }

    private void update(FakeVenue.Copy venue, String contents) {
      if (channel == Channel.PARENT_SUBACCOUNTS) {
        venue.updateOfChild(ID, pick(0, 128, 256), contents);
      } else {
        venue.update(channel, ID, contents);
      }
    }

    private int pick(int... of) {
      return of[random.nextInt(of.length)];
    }

    private String one(String... of) {
      return of[random.nextInt(of.length)];
    }

    private String list(int max, Supplier<String> record) {
      return IntStream.range(0, random.nextInt(max + 1))
          .mapToObj(i -> record.get())
          .collect(joining(",", "[", "]"));
    }

    private String state() {
      height += random.nextInt(3);
      if (random.nextInt(8) == 0) {
        return "{}";
      }
      String account =
          channel == Channel.PARENT_SUBACCOUNTS
              ? "{'parentSubaccountNumber':0,'equity':'%d','childSubaccounts':%s%s}"
                  .formatted(random.nextInt(9), children(), extras())
              : account("'subaccountNumber':0");
      return "{'subaccount':%s,'orders':%s%s}"
          .formatted(
              account,
              list(3, this::order),
              random.nextInt(3) == 0 ? "" : ",'blockHeight':'" + height + "'");
    }

    private String children() {
      return IntStream.of(0, 128, 384)
          .filter(number -> random.nextBoolean())
          .mapToObj(number -> account("'subaccountNumber':" + number))
          .collect(joining(",", "[", "]"));
    }

    private String account(String number) {
      return ("{%s,'equity':'%d','openPerpetualPositions':%s,'assetPositions':%s%s%s}")
          .formatted(
              number,
              random.nextInt(9),
              list(2, this::position),
              list(2, this::balance),
              one("", ",'marginEnabled':true", ",'latestProcessedBlockHeight':'" + height + "'"),
              random.nextBoolean() ? "" : ",'updatedAtHeight':'" + (height - 2) + "'" + extras());
    }

    private String update() {
      height += random.nextInt(3);
      String update =
          "{'orders':%s,'fills':%s,'perpetualPositions':%s,'assetPositions':%s%s%s%s}"
              .formatted(
                  list(2, this::order),
                  list(1, () -> "{'id':'f%d'}".formatted(random.nextInt(1_000))),
                  list(1, this::position),
                  list(1, this::balance),
                  random.nextInt(4) == 0 ? ",'transfers':{'size':'" + height + "'}" : "",
                  random.nextInt(4) == 0 ? "" : ",'blockHeight':'" + height + "'",
                  extras());
      sent.add(update);
      return update;
    }

    private String order() {
      return "{'id':'o%d','clientId':'7','status':'%s','orderFlags':'%s'%s%s}"
          .formatted(
              random.nextInt(5),
              one(
                  "OPEN",
                  "OPEN",
                  "FILLED",
                  "CANCELED",
                  "BEST_EFFORT_CANCELED",
                  "BEST_EFFORT_OPENED",
                  "UNTRIGGERED",
                  "ERROR",
                  "SOON"),
              one("0", "0", "0", "32", "64", "128", "256"),
              one(
                  "",
                  ",'goodTilBlock':'" + (height + random.nextInt(20)) + "'",
                  ",'goodTilBlockTime':'2027-01-0%dT00:00:00.000Z'".formatted(1 + pick(0, 1)),
                  ",'totalFilled':'0.5','updatedAtHeight':'" + (height - pick(0, 1, 5)) + "'",
                  ",'totalFilled':'0.20','side':'BUY','price':'1.5'",
                  ",'side':'BOTH','type':'SOON','timeInForce':'NEVER'",
                  ",'side':'SELL','type':'LIMIT','timeInForce':'IOC'",
                  ",'createdAtHeight':'%d','size':'3','ticker':'BTC-USD'".formatted(height),
                  ",'subaccountNumber':" + pick(0, 128, 256)),
              extras());
    }

    private String position() {
      return "{'market':'%s'%s%s%s}"
          .formatted(
              one("BTC-USD", "ETH-USD"),
              one(
                  ",'status':'OPEN','side':'LONG'",
                  ",'status':'CLOSED'",
                  ",'status':'SOON'",
                  ",'status':'LIQUIDATED'",
                  ",'side':'BOTH'",
                  ""),
              one(",'size':'" + random.nextInt(4) + "'", ",'entryPrice':'2','exitPrice':'3'", ""),
              extras());
    }

    private String balance() {
      return "{'symbol':'%s'%s%s}"
          .formatted(
              one("USDC", "DAI"),
              one(
                  ",'size':'0.00'",
                  ",'size':'4','side':'LONG'",
                  ",'side':'BOTH'",
                  ",'size':'-1','assetId':'0'",
                  ""),
              extras());
    }

    private String extras() {
      return random.nextInt(10) == 0
          ? ",'new%d':%d".formatted(random.nextInt(3), random.nextInt(3))
          : "";
    }
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void subaccount(@ForAll long seed, @ForAll @IntRange(min = 1, max = 2) int lines) {
    new Scenario(seed, lines, false).run();
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void parentSubaccount(@ForAll long seed, @ForAll @IntRange(min = 1, max = 2) int lines) {
    new Scenario(seed, lines, true).run();
  }
}
