package io.github.dydxgateway.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.testing.GatewayProcess;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.github.dydxgateway.v1.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * The venue restarts while many clients are attached: at once with 1012, staying away for a while,
 * and one connection after another. Every client is told, everything recovers at the pace that the
 * venue bears, and in the end all agree with it.
 */
final class VenueRestart implements AutoCloseable {
  private static final long SEED = 12;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final double MIB = 1024 * 1024;
  private static final int MARKETS_CLIENTS_ONE_IN = 25;

  /**
   * Attempts of one connection in a second: two waits of the backoff at its first length fit, and
   * one more for the start of the second.
   */
  private static final int MOST_ATTEMPTS_PER_SECOND = 3;

  private final Load load;
  private final LoadVenue venue;
  private final GatewayProcess gateway;
  private final ProcessProbe probe;
  private final LoadClients clients;
  private int connections;
  private int recoveriesExpected;

  /**
   * How much of everything.
   *
   * @param markets each has a book and trades
   * @param framesPerSecond of books, and half as many of trades
   * @param subscribeRate of the gateway, per second and connection
   * @param away how long the venue refuses whoever connects
   * @param heap of the gateway's JVM
   */
  record Load(
      int clients,
      int channels,
      int markets,
      int framesPerSecond,
      int subscribeRate,
      Duration away,
      String heap) {}

  /**
   * What a restart came to.
   *
   * @param recovery from the venue's return until all clients were live again
   * @param mostResidentBytes meanwhile
   */
  record Outcome(LoadVenue.Seen seen, Duration recovery, long mostResidentBytes) {}

  /** Starts venue and gateway. */
  VenueRestart(Load load) {
    this.load = load;
    venue = new LoadVenue(load.markets());
    gateway =
        new GatewayProcess(
            Map.of(
                // All of them come from this machine's one address.
                "GATEWAY_STREAM_MAX_STREAMS_PER_CLIENT",
                "10000",
                "GATEWAY_UPSTREAM_URL",
                venue.uri().toString(),
                "GATEWAY_UPSTREAM_SUBSCRIBE_RATE",
                Integer.toString(load.subscribeRate()),
                "JAVA_TOOL_OPTIONS",
                "-Xmx" + load.heap()));
    probe = new ProcessProbe(gateway.pid(), gateway.httpPort());
    clients = new LoadClients(gateway.grpcPort(), load.channels());
  }

  /** Has all clients call, and waits until all are live. */
  void attach() {
    gateway.awaitStarted();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < load.clients(); i++) {
      clients.add(topics(i, random));
    }
    venue.pace(load.framesPerSecond(), load.framesPerSecond() / 2);
    awaitLive();
    connections = venue.sessions().size();
  }

  /** A book, trades of another market, and for some all markets. */
  private List<Topic> topics(int client, SplittableRandom random) {
    List<String> tickers = venue.tickers();
    List<Topic> topics = new ArrayList<>();
    topics.add(Topics.orderBook(tickers.get(client % tickers.size())));
    topics.add(Topics.trades(tickers.get(random.nextInt(tickers.size()))));
    if (client % MARKETS_CLIENTS_ONE_IN == 0) {
      topics.add(Topics.markets());
    }
    return topics;
  }

  LoadClients clients() {
    return clients;
  }

  ProcessProbe probe() {
    return probe;
  }

  /** Connections to the venue. */
  int connections() {
    return connections;
  }

  /** All connections end at once, and nobody is let in for a while. */
  Outcome restart(LoadVenue.Door meanwhile) throws Exception {
    venue.takeSeen();
    venue.door(meanwhile);
    venue.closeAll(1012);
    recoveriesExpected++;
    long mostResident = watchUntilNobodyIsLive(load.away());
    venue.door(LoadVenue.Door.OPEN);
    return recover(mostResident);
  }

  /** Connections end one after another, each when the one before is back. */
  Outcome rollingRestart() throws Exception {
    venue.takeSeen();
    recoveriesExpected++;
    long start = System.nanoTime();
    for (int session : venue.sessions()) {
      venue.close(session, 1012);
      Awaitility.await("the session is replaced")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                List<Integer> open = venue.sessions();
                return open.size() == connections && !open.contains(session);
              });
    }
    Outcome outcome = recover(probe.residentBytes());
    return new Outcome(
        outcome.seen(), Duration.ofNanos(System.nanoTime() - start), outcome.mostResidentBytes());
  }

  private Outcome recover(long mostResidentSoFar) throws Exception {
    long start = System.nanoTime();
    long[] mostResident = {mostResidentSoFar};
    awaitLive(() -> mostResident[0] = Math.max(mostResident[0], probe.residentBytes()));
    Duration recovery = Duration.ofNanos(System.nanoTime() - start);
    LoadVenue.Seen seen = venue.takeSeen();
    assertThat(seen.mostAttemptsPerSecond())
        .as("attempts to connect in a second, %d connections", connections)
        .isBetween(1, MOST_ATTEMPTS_PER_SECOND * connections);
    assertThat(seen.subscribes())
        .as("subscribes: each topic once, whatever the number of clients")
        .isBetween(2L * load.markets(), 2L * load.markets() + connections + 2);
    return new Outcome(seen, recovery, mostResident[0]);
  }

  private long watchUntilNobodyIsLive(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    long[] most = {0};
    Awaitility.await()
        .atMost(duration.plus(PATIENCE))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              most[0] = Math.max(most[0], probe.residentBytes());
              return System.nanoTime() >= end
                  && clients.checks().noneMatch(check -> check.state() == State.STATE_LIVE);
            });
    return most[0];
  }

  private void awaitLive() {
    awaitLive(() -> 0L);
  }

  /** Waits until every client has heard of every loss, and that all is well again. */
  private void awaitLive(Callable<Long> meanwhile) {
    Awaitility.await("all live")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              meanwhile.call();
              return clients
                  .checks()
                  .allMatch(
                      check ->
                          check.state() == State.STATE_LIVE
                              && check.lastSequence() > 0
                              && check.recoveries() >= recoveriesExpected);
            });
  }

  /** Nothing more is published, and all clients have what the venue has. */
  void assertThatAllAgreeWithTheVenue() {
    venue.pace(0, 0);
    for (String ticker : venue.tickers()) {
      LoadMarket.Book book = venue.book(ticker);
      long lastTrade = venue.lastTrade(ticker);
      Topic books = Topics.orderBook(ticker);
      Topic trades = Topics.trades(ticker);
      Awaitility.await("books and trades of " + ticker + " are the venue's")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .until(
              () ->
                  clients
                      .checks()
                      .allMatch(
                          check ->
                              check.topic().equals(books)
                                  ? check.book().equals(book)
                                  : !check.topic().equals(trades)
                                      || check.lastTrade() == lastTrade));
    }
    for (Topic topic : clients.checks().map(TopicCheck::topic).distinct().toList()) {
      assertThat(
              clients
                  .checks()
                  .filter(check -> check.topic().equals(topic))
                  .map(TopicCheck::lastSequence)
                  .distinct())
          .as("last sequences of %s", topic)
          .hasSize(1);
    }
    assertThat(clients.counters().problems()).isEmpty();
    assertThat(gateway.output().lines().filter(line -> line.contains("\"level\":\"ERROR\"")))
        .isEmpty();
  }

  /** For a report. */
  List<String> row(String what, Outcome outcome) throws Exception {
    return List.of(
        what,
        Long.toString(outcome.seen().attempts()),
        Integer.toString(outcome.seen().mostAttemptsPerSecond()),
        Long.toString(outcome.seen().subscribes()),
        Integer.toString(outcome.seen().mostSubscribesPerSecond()),
        format("%.1f", outcome.recovery().toNanos() / (double) TimeUnit.SECONDS.toNanos(1)),
        format("%.0f", outcome.mostResidentBytes() / MIB),
        format("%.1f", probe.sample().liveHeapBytes() / MIB),
        Long.toString(clients.counters().gaps.sum()),
        Long.toString(clients.counters().problemCount()));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  @Override
  public void close() throws Exception {
    try (venue;
        gateway;
        clients) {
      venue.pace(0, 0);
    }
  }
}
