package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.blockHeight;
import static io.github.dydxgateway.testing.GatewayClient.book;
import static io.github.dydxgateway.testing.GatewayClient.candles;
import static io.github.dydxgateway.testing.GatewayClient.markets;
import static io.github.dydxgateway.testing.GatewayClient.parentSubaccount;
import static io.github.dydxgateway.testing.GatewayClient.quotes;
import static io.github.dydxgateway.testing.GatewayClient.rawBook;
import static io.github.dydxgateway.testing.GatewayClient.subaccount;
import static io.github.dydxgateway.testing.GatewayClient.trades;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.simulator.IndexerSimulator;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.Places;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.Topic;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Real clients that leave and come back while the market moves, beside one that never leaves. */
@QuarkusTest
@TestProfile(SimulatedVenueTest.ManualTicks.class)
class ResumeTest {
  private static final String ADDRESS = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";
  private static final String BTC = "BTC-USD-PERP.DYDX";
  private static final Topic MARKETS = markets(BTC);

  /** One of each kind. */
  private static final List<Topic> TOPICS =
      List.of(
          trades(BTC),
          book(BTC),
          rawBook(BTC),
          quotes(BTC),
          candles(BTC, CandleResolution.CANDLE_RESOLUTION_1MIN),
          MARKETS,
          blockHeight(),
          subaccount(ADDRESS, 0),
          parentSubaccount(ADDRESS, 0));

  private static final int RETURNS = 25;
  private static final int TICKS = 20;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @Inject Optional<IndexerSimulator> simulator;

  private void tick() throws Exception {
    simulator
        .orElseThrow()
        .tick()
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  /** A client that keeps what it got of each topic over all its streams. */
  private static final class Returning {
    private final Map<Topic, List<Event>> events = new HashMap<>();
    private final Random random;
    private String epoch;

    Returning(long seed) {
      random = new Random(seed);
    }

    SubscribeRequest request() {
      SubscribeRequest.Builder request = SubscribeRequest.newBuilder();
      for (Topic topic : TOPICS) {
        var subscription = request.addSubscriptionsBuilder().setTopic(topic);
        if (last(topic) > 0) {
          subscription.setResumeFrom(
              ResumePoint.newBuilder().setEpoch(epoch).setSequence(last(topic)));
        }
      }
      return request.build();
    }

    long last(Topic topic) {
      List<Event> got = events.getOrDefault(topic, List.of());
      // The part of a snapshot that was cut off is no place to go on from.
      return got.stream()
          .filter(event -> event.getSequence() != 0 || event.getSnapshotInfo().getLast())
          .mapToLong(Places::of)
          .max()
          .orElse(0);
    }

    void keep(List<Event> stream) {
      for (Event event : stream) {
        if (event.hasStreamOpened()) {
          epoch = event.getStreamOpened().getEpoch();
        }
        assertThat(event.hasGap()).as("a Gap: %s", event).isFalse();
        if (Places.hasPlace(event)) {
          events.computeIfAbsent(event.getTopic(), topic -> new ArrayList<>()).add(event);
        }
      }
    }
  }

  @Test
  void clientsThatComeBackAgainAndAgainUnderLoadMissNothingAndGetNothingTwice() throws Exception {
    AtomicBoolean moving = new AtomicBoolean(true);
    // So many moves of the market for each return that no ring is run over.
    Semaphore moves = new Semaphore(TICKS);
    try (GatewayClient client = new GatewayClient(port)) {
      RecordedStream<?, ?> reference = client.subscribe(TOPICS.toArray(Topic[]::new));
      for (Topic topic : TOPICS) {
        reference.await(event -> Places.hasPlace(event) && event.getTopic().equals(topic));
      }
      Thread market =
          new Thread(
              () -> {
                try {
                  while (moving.get()) {
                    if (moves.tryAcquire(10, TimeUnit.MILLISECONDS)) {
                      tick();
                    }
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      market.start();
      List<Returning> clients = List.of(new Returning(1), new Returning(2), new Returning(3));
      for (int i = 0; i < RETURNS; i++) {
        moves.release(TICKS);
        for (Returning returning : clients) {
          RecordedStream<?, ?> stream = client.subscribe(returning.request());
          int enough = returning.random.nextInt(3 * TOPICS.size());
          stream.await(event -> stream.count() >= enough);
          stream.cancel();
          stream.awaitEnd();
          returning.keep(stream.events());
        }
      }
      moving.set(false);
      market.join(20_000);
      awaitPresent(reference, client.subscribe(TOPICS.toArray(Topic[]::new)));

      for (Returning returning : clients) {
        RecordedStream<?, ?> stream = client.subscribe(returning.request());
        for (Topic topic : TOPICS) {
          long end = lastOf(reference, topic);
          if (returning.last(topic) < end) {
            stream.await(event -> event.getTopic().equals(topic) && Places.of(event) >= end);
          }
        }
        stream.cancel();
        stream.awaitEnd();
        returning.keep(stream.events());
        TOPICS.forEach(topic -> assertSame(returning, reference, topic));
      }
    } finally {
      moving.set(false);
    }
  }

  /** Waits until a stream has all that a client which joins only now begins with. */
  private static void awaitPresent(RecordedStream<?, ?> stream, RecordedStream<?, ?> joining)
      throws Exception {
    for (Topic topic : TOPICS) {
      joining.await(event -> Places.hasPlace(event) && event.getTopic().equals(topic));
      long present = lastOf(joining, topic);
      stream.await(event -> event.getTopic().equals(topic) && Places.of(event) >= present);
    }
  }

  private static long lastOf(RecordedStream<?, ?> stream, Topic topic) {
    return stream.events().stream()
        .filter(event -> event.getTopic().equals(topic))
        .mapToLong(Places::of)
        .max()
        .orElseThrow();
  }

  /** After its first snapshot, the very events of the client that never left. */
  private static void assertSame(Returning returning, RecordedStream<?, ?> reference, Topic topic) {
    List<Event> got = returning.events.get(topic);
    if (topic.equals(MARKETS)) {
      // Its snapshot is many events, of which one may have been cut off.
      assertThat(got).last().extracting(Places::of).isEqualTo(lastOf(reference, topic));
      return;
    }
    long first = Places.of(got.get(0));
    List<Event> expected =
        reference.events().stream()
            .filter(event -> event.getTopic().equals(topic) && Places.of(event) > first)
            .toList();
    assertThat(got.subList(1, got.size())).as("events of %s", topic).isEqualTo(expected);
  }

  @Test
  void anotherEpochIsSaidForEveryKindAndStateComesAsASnapshot() throws Exception {
    SubscribeRequest.Builder request = SubscribeRequest.newBuilder();
    for (Topic topic : TOPICS) {
      request
          .addSubscriptionsBuilder()
          .setTopic(topic)
          .setResumeFrom(ResumePoint.newBuilder().setEpoch("of another life").setSequence(3));
    }
    try (GatewayClient client = new GatewayClient(port)) {
      RecordedStream<?, ?> stream = client.subscribe(request.build());
      for (Topic topic : TOPICS) {
        Event gap = stream.await(event -> event.hasGap() && event.getTopic().equals(topic));
        assertThat(gap.getGap().getReason()).isEqualTo(GapReason.GAP_REASON_EPOCH_CHANGED);
        stream.await(event -> Places.hasPlace(event) && event.getTopic().equals(topic));
        List<Event> of =
            stream.events().stream()
                .filter(event -> event.getTopic().equals(topic))
                .filter(event -> event.hasGap() || Places.hasPlace(event))
                .toList();
        assertThat(of.get(0).hasGap()).isTrue();
      }
    }
  }
}
