package io.github.dydxgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that do not begin and states that do not come as they should. */
class SubscribeFaultsTest extends SimulatorFixture {

  private SubscribeFaults subscribes() {
    return simulator.faults().subscribes();
  }

  @Test
  void failedFetchesAreNamedByChannelAndIdWhateverTheyAre() {
    subscribes().failFetches(3);
    VenueClient client = client();
    client.subscribe("v4_trades", "BTC-USD");
    client.subscribe("v4_candles", "BTC-USD/1MIN");
    client.subscribe("v4_markets", null);
    await().atMost(VenueClient.PATIENCE).until(() -> client.count("error") == 3);
    assertThat(client.frames())
        .filteredOn(frame -> frame.getString("type").equals("error"))
        .allSatisfy(
            frame ->
                assertThat(frame.getString("message"))
                    .isEqualTo(
                        "Internal error, could not fetch data for subscription: "
                            + frame.getString("channel")
                            + "."))
        .extracting(frame -> frame.getString("id"))
        .containsExactlyInAnyOrder("BTC-USD", "BTC-USD/1MIN", "v4_markets");
    assertThat(client.subscribed("v4_trades", "BTC-USD")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\"", "\"<html>502</html>\"", "{}", "[]"})
  void anUnreadableStateIsSentAsItIsAndTheSubscriptionIsLive(String contents) {
    subscribes().sendUnreadableStates(contents, 1);
    VenueClient client = client();
    JsonObject subscribed = client.subscribed("v4_trades", "BTC-USD");
    assertThat(subscribed.encode()).contains("\"contents\":" + contents);
    ticks(5);
    client.settle();
    assertThat(client.data("v4_trades")).isNotEmpty();
    assertThat(client.subscribed("v4_orderbook", "BTC-USD").getJsonObject("contents")).isNotEmpty();
  }

  @Test
  void anEmptyStateMakesAFrameThatIsNoJson() {
    subscribes().sendUnreadableStates("", 1);
    VenueClient client = client();
    client.subscribe("v4_trades", "BTC-USD");
    await()
        .atMost(VenueClient.PATIENCE)
        .until(() -> client.texts().stream().anyMatch(text -> text.contains("\"subscribed\"")));
    assertThat(client.count("subscribed")).isZero();
    client.unsubscribe("v4_trades", "BTC-USD");
    assertThat(client.subscribed("v4_trades", "BTC-USD")).isNotNull();
  }

  @Test
  void whatIsPublishedWhileAStateIsFetchedIsInNeither() {
    subscribes().fetchFor(Duration.ofSeconds(2));
    VenueClient client = client();
    VenueClient watcher = client();
    client.subscribe("v4_orderbook", "BTC-USD");
    watcher.subscribe("v4_orderbook", "BTC-USD");
    // The state is read within 8 ms of the request.
    settleAfter(Duration.ofMillis(60), client);
    VenueClient.get(simulator.faults().publishLevel("BTC-USD", true, "10", "7"));
    JsonObject state = client.subscribed("v4_orderbook", "BTC-USD");
    VenueClient.get(simulator.faults().publishLevel("BTC-USD", true, "11", "7"));
    client.settle();
    assertThat(state.encode()).doesNotContain("\"price\":\"10\"");
    assertThat(client.data("v4_orderbook")).noneMatch(frame -> frame.encode().contains("[\"10\""));
    assertThat(client.data("v4_orderbook")).anyMatch(frame -> frame.encode().contains("[\"11\""));
    assertThat(simulator.record().bids("BTC-USD")).containsKey(BigDecimal.TEN.stripTrailingZeros());
    subscribes().fetchFor(Duration.ZERO);
    assertThat(client().subscribed("v4_orderbook", "BTC-USD").encode()).isNotEmpty();
  }

  private static void settleAfter(Duration time, VenueClient client) {
    long end = System.nanoTime() + time.toNanos();
    await().atMost(VenueClient.PATIENCE).until(() -> System.nanoTime() > end);
    client.settle();
  }

  @Test
  void aMuteConnectionIsUpgradedAndThatIsAll() {
    simulator.faults().openings().mute(1);
    VenueClient mute = VenueClient.connect(vertx, simulator);
    VenueClient fresh = client();
    mute.subscribe("v4_block_height", null);
    fresh.subscribed("v4_block_height", null);
    ticks(3);
    fresh.settle();
    assertThat(mute.texts()).isEmpty();
    assertThat(mute.isClosed()).isFalse();
  }

  @Test
  void connectedIsWithheldFromTheNextConnectionsAlone() {
    simulator.faults().openings().withholdConnected(1);
    VenueClient client = VenueClient.connect(vertx, simulator);
    client.settle();
    assertThat(client.count("connected")).isZero();
    assertThat(client().count("connected")).isEqualTo(1);
  }

  @Test
  void anUpgradeIsNeverAnswered() {
    simulator.faults().openings().ignoreUpgrades(1);
    Future<VenueClient> hanging = VenueClient.tryConnect(vertx, simulator.uri());
    await()
        .during(Duration.ofMillis(200))
        .atMost(VenueClient.PATIENCE)
        .until(() -> !hanging.isComplete());
    client().settle();
    assertThat(hanging.isComplete()).isFalse();
  }

  @Test
  void clearEndsAll() {
    subscribes().failFetches(5);
    subscribes().fetchFor(Duration.ofSeconds(5));
    subscribes().sendUnreadableStates("null", 5);
    simulator.faults().openings().mute(5);
    simulator.faults().openings().ignoreUpgrades(5);
    simulator.faults().tickers().hideNewTickers(Duration.ofMinutes(5));
    simulator.faults().tickers().hideTickers(Set.of("BTC-USD"), 5, Duration.ofDays(1));
    VenueClient.get(simulator.addMarket("FRESH-USD", new BigDecimal("2.5")));
    VenueClient.get(simulator.faults().clear());
    VenueClient client = client();
    assertThat(client.subscribed("v4_trades", "BTC-USD").getJsonObject("contents")).isNotEmpty();
    assertThat(client.subscribed("v4_trades", "FRESH-USD").getJsonObject("contents")).isNotEmpty();
  }
}
