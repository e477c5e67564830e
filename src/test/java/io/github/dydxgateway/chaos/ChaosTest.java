package io.github.dydxgateway.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.dydxgateway.chaos.ChaosClient.Habit;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.ConnectionState;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.GetStatusRequest;
import io.github.dydxgateway.v1.GetStatusResponse;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.github.dydxgateway.v1.Topic;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The gateway between a venue behind a broken network and dozens of clients of all kinds. Whatever
 * happens, each client's record of each topic must be what the venue published: nothing lost
 * unannounced, nothing twice, nothing out of order, books and states equal, memory and topics back
 * where they were.
 *
 * <p>A round is a storm, a calm in which everything must recover, silence, and then the comparison.
 * With the build one round runs from a fixed seed; {@code -Pchaos} runs rounds for minutes from a
 * new seed. {@link ChaosSettings} names the properties. A failure prints the command that repeats
 * its plan: the same faults at the same messages of the same connections, the same habits of
 * clients and the same market. Threads stay free, so at which moment they fall differs.
 *
 * <p>{@link VenueFault} has what the venue itself does wrong; none of it is usual yet.
 *
 * <p>What nobody can promise is left out: a digit changed inside a sound frame can't be seen, by no
 * reader at all; a price that is no number is tried on trades only, for in a book it takes the
 * level away until it changes again, with a Gap that says so.
 */
@QuarkusTest
@QuarkusTestResource(value = ChaosVenue.class, restrictToAnnotatedClass = true)
class ChaosTest {
  private static final Logger LOG = Logger.getLogger(ChaosTest.class);
  private static final Duration PACE = Duration.ofMillis(20);

  /** On a machine with little time left clients would else be cut off for ever. */
  private static final Duration PACE_OF_CALM = Duration.ofMillis(200);

  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final long MOST_GROWTH = 64 << 20;
  private static final Habit[] HABITS = Habit.values();
  private static final List<String> TICKERS =
      List.of("BTC-USD", "ETH-USD", "SOL-USD", "BTC-USD", "ETH-USD");

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  ChaosVenue venue;
  private GatewayClient observer;
  private ScheduledThreadPoolExecutor timer;

  @BeforeEach
  void begin() {
    observer = new GatewayClient(port);
    timer = new ScheduledThreadPoolExecutor(2);
  }

  @AfterEach
  void end() throws Exception {
    timer.shutdownNow();
    observer.close();
  }

  @Test
  void nothingIsLostUnannouncedWhateverTheNetworkAndTheClientsDo() {
    ChaosSettings settings = venue.settings();
    LOG.infof("%s; to repeat: %s", settings.setup(), settings.repeat());
    long end = System.nanoTime() + settings.duration().toNanos();
    long heap = 0;
    for (int round = 0; round == 0 || System.nanoTime() < end; round++) {
      Problems problems = round(settings.plan(round), settings);
      if (problems.count() > 0) {
        fail(
            "%d problems in round %d, %s; to repeat: %s%n%s"
                .formatted(
                    problems.count(),
                    round,
                    settings.setup(),
                    settings.repeat(),
                    String.join("\n", problems.all())));
      }
      long used = usedHeap();
      LOG.infof("Round %d: %d MiB of heap in use", round, used >> 20);
      if (round == 0) {
        heap = used;
      }
      assertThat(used)
          .as("heap after round %d; to repeat: %s", round, settings.repeat())
          .isLessThan(heap + MOST_GROWTH);
    }
  }

  private Problems round(ChaosPlan plan, ChaosSettings settings) {
    venue.proxy().follow(plan);
    venue.move(PACE);
    Ledger ledger = new Ledger();
    List<ChaosClient> clients = new ArrayList<>();
    for (int number = 0; number < settings.clients(); number++) {
      ChaosClient client = client(number, plan.client(number), ledger);
      clients.add(client);
      client.start((int) settings.round().toMillis() * 3 / 4);
    }
    plan.storm();
    venue.storm().begin(plan, ledger.problems());
    pass(settings.round());
    plan.calm();
    venue.storm().calm();
    venue.move(PACE_OF_CALM);
    clients.forEach(ChaosClient::settle);
    ChaosClient late =
        new ChaosClient(
            settings.clients(),
            Habit.STAYS,
            plan.client(settings.clients()),
            allTopics(),
            port,
            timer,
            ledger);
    late.start(1);
    clients.add(late);
    boolean recovered = false;
    try {
      awaitLive(clients);
      pass(Duration.ofSeconds(1));
      venue.halt();
      awaitAll(clients);
      recovered = true;
    } catch (ConditionTimeoutException e) {
      ledger.problems().add("no recovery after the storm: " + e.getMessage() + lacking(clients));
    }
    if (Stream.of(plan.tally(), venue.storm().tally())
        .flatMap(tally -> tally.values().stream())
        .allMatch(times -> times.get() == 0)) {
      ledger.problems().add("nothing went wrong, so nothing is proved");
    }
    List<TopicLog> present = new ArrayList<>();
    clients.forEach(client -> present.addAll(client.attached()));
    if (recovered) { // else clients may still be writing what would be judged
      new Oracle(
              venue.simulator().record(),
              this::venueState,
              ledger.problems(),
              venue.storm().removed())
          .judge(ledger.logs(), present);
    }
    LOG.infof(
        "Round of seed %d: faults %s, of the venue %s, %d records, gaps %s, %d fresh snapshots, %d cut off, %d"
            + " problems",
        plan.seed(),
        plan.tally(),
        venue.storm().tally(),
        ledger.logs().size(),
        gaps(ledger.logs()),
        ledger.logs().stream().mapToInt(TopicLog::freshSnapshots).sum(),
        clients.stream().mapToInt(ChaosClient::cutOffs).sum(),
        ledger.problems().count());
    venue.halt();
    clients.forEach(ChaosClient::close);
    timer.getQueue().clear(); // what they had in mind holds their records in the heap
    awaitNothingLeft(settings.setup().redundancy(), ledger.problems());
    return ledger.problems();
  }

  private static Map<GapReason, Integer> gaps(List<TopicLog> logs) {
    Map<GapReason, Integer> gaps = new EnumMap<>(GapReason.class);
    logs.forEach(
        log -> log.gaps().forEach((reason, count) -> gaps.merge(reason, count, Integer::sum)));
    return gaps;
  }

  private JsonObject venueState(String channel, String id) {
    return VenueState.of(venue.vertx(), venue.simulator().uri(), channel, id);
  }

  private ChaosClient client(int number, SplittableRandom random, Ledger ledger) {
    Habit habit = HABITS[number % HABITS.length];
    List<Topic> all = habit == Habit.ASKS ? books() : allTopics();
    if (habit == Habit.STALLS) {
      // With an account among them the call would end each time, and nothing be conflated.
      all.removeIf(topic -> topic.hasSubaccount() || topic.hasParentSubaccount());
    }
    List<Topic> topics = new ArrayList<>();
    int count =
        switch (habit) {
          case ASKS -> 3;
          // So much that it does not all fit into the windows and buffers on the way.
          case STALLS, STALLS_STRICTLY -> random.nextInt(14, 21);
          default -> random.nextInt(1, 9);
        };
    while (topics.size() < count) {
      Topic topic = all.get(random.nextInt(all.size()));
      if (!topics.contains(topic)) {
        topics.add(topic);
      }
    }
    return new ChaosClient(number, habit, random, topics, port, timer, ledger);
  }

  private static List<Topic> books() {
    return new ArrayList<>(TICKERS.stream().distinct().map(Topics::orderBook).toList());
  }

  private static List<Topic> allTopics() {
    List<Topic> topics = new ArrayList<>();
    for (String ticker : TICKERS.stream().distinct().toList()) {
      topics.add(Topics.trades(ticker));
      topics.add(Topics.orderBook(ticker));
      topics.add(Topics.rawOrderBook(ticker));
      topics.add(Topics.quotes(ticker));
      topics.add(Topics.candles(ticker, CandleResolution.CANDLE_RESOLUTION_1MIN));
      topics.add(Topics.candles(ticker, CandleResolution.CANDLE_RESOLUTION_5MINS));
    }
    topics.add(Topics.market("BTC-USD"));
    topics.add(Topics.markets());
    topics.add(Topics.blockHeight());
    topics.add(Topics.subaccount(ChaosVenue.ADDRESS, 0));
    topics.add(Topics.subaccount(ChaosVenue.ADDRESS, 128));
    topics.add(Topics.parentSubaccount(ChaosVenue.ADDRESS, 0));
    return topics;
  }

  private static void pass(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    Awaitility.await()
        .atMost(duration.plusSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> System.nanoTime() >= end);
  }

  private GetStatusResponse status() {
    return observer.calls().getStatus(GetStatusRequest.getDefaultInstance());
  }

  private void awaitLive(List<ChaosClient> clients) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () ->
                status().getTopicsList().stream()
                        .allMatch(topic -> topic.getState() == State.STATE_LIVE)
                    && clients.stream()
                        .flatMap(client -> client.attached().stream())
                        .allMatch(TopicLog::isLive));
  }

  /** Until nothing more comes and all have it all. */
  private void awaitAll(List<ChaosClient> clients) {
    Map<Topic, Long> before = new HashMap<>();
    int[] same = {0};
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(150))
        .until(
            () -> {
              Map<Topic, Long> now = sequences();
              same[0] = now.equals(before) ? same[0] + 1 : 0;
              before.clear();
              before.putAll(now);
              return same[0] >= 3 && clients.stream().allMatch(client -> client.hasAll(now));
            });
  }

  private Map<Topic, Long> sequences() {
    Map<Topic, Long> sequences = new HashMap<>();
    status()
        .getTopicsList()
        .forEach(
            topic ->
                sequences.put(
                    topic.getTopic(),
                    topic.getState() == State.STATE_LIVE ? topic.getSequence() : -1L));
    return sequences;
  }

  private String lacking(List<ChaosClient> clients) {
    Map<Topic, Long> now = sequences();
    List<String> lacking = new ArrayList<>();
    for (ChaosClient client : clients) {
      if (!client.hasAll(now)) {
        lacking.add(client.lacks(now));
      }
    }
    return "; " + lacking;
  }

  /**
   * No topic of a client, no stream, no connection too many, and only the markets at the venue.
   *
   * @param copies subscriptions to these, each on its connection
   */
  private void awaitNothingLeft(int copies, Problems problems) {
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(100))
          .until(
              () -> {
                GetStatusResponse status = status();
                return status.getTopicsList().isEmpty()
                    && status.getStreamCount() == 0
                    && status.getConnectionsList().size() == copies
                    && status.getConnectionsList().stream()
                        .allMatch(c -> c.getState() == ConnectionState.CONNECTION_STATE_ACTIVE)
                    && ChaosVenue.await(venue.simulator().connections()) == copies
                    && ChaosVenue.await(venue.simulator().subscriptions()) == copies;
              });
    } catch (ConditionTimeoutException e) {
      problems.add("something is left: " + status());
    }
  }

  private static long usedHeap() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
