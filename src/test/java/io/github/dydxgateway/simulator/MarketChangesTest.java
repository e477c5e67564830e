package io.github.dydxgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** New, renamed and removed markets, and instances that do not know them. */
class MarketChangesTest extends SimulatorFixture {

  private static JsonObject markets(JsonObject subscribed) {
    return subscribed.getJsonObject("contents").getJsonObject("markets");
  }

  private static void assertRefused(VenueClient client, String channel, String id) {
    client.subscribe(channel, id);
    JsonObject error = client.awaitFrame("error");
    assertThat(error.getString("message"))
        .isEqualTo("Invalid subscription id for channel: (" + channel + "-" + id + ")");
    assertThat(error.fieldNames()).doesNotContain("channel", "id");
  }

  @ParameterizedTest
  @CsvSource({"v4_trades, NEW301-USD", "v4_orderbook, NEW301-USD", "v4_candles, NEW301-USD/1MIN"})
  void anAnnouncedMarketIsRefusedUntilTheListsOfTickersAreRefreshed(String channel, String id) {
    simulator.faults().tickers().hideNewTickers(Duration.ofSeconds(5));
    VenueClient watcher = client();
    watcher.subscribed("v4_markets", null);
    VenueClient.get(simulator.addMarket("NEW301-USD", new BigDecimal("2.5")));
    ticks(1);
    watcher.settle();
    assertThat(watcher.data("v4_markets")).anyMatch(frame -> frame.encode().contains("NEW301-USD"));
    assertThat(markets(client().subscribed("v4_markets", null)).fieldNames())
        .contains("NEW301-USD");
    assertRefused(client(), channel, id);
    ticks(3);
    assertRefused(client(), channel, id);
    ticks(1);
    assertThat(client().subscribed(channel, id)).isNotNull();
  }

  @Test
  void marketsThereFromTheStartAreKnown() {
    simulator.faults().tickers().hideNewTickers(Duration.ofMinutes(5));
    assertThat(client().subscribed("v4_trades", "BTC-USD")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"v4_trades, BTC-USD", "v4_orderbook, BTC-USD", "v4_candles, BTC-USD/1MIN"})
  void aLiveMarketIsRefusedByTheStaleInstanceThatAReconnectLeadsTo(String channel, String id) {
    VenueClient live = client();
    live.subscribed(channel, id);
    simulator.faults().tickers().hideTickers(Set.of("BTC-USD"), 1, Duration.ofSeconds(3));
    VenueClient stale = client();
    assertRefused(stale, channel, id);
    assertThat(stale.subscribed("v4_trades", "ETH-USD")).isNotNull();
    assertThat(client().subscribed(channel, id)).isNotNull();
    live.settle();
    assertThat(live.isClosed()).isFalse();
    ticks(3);
    assertThat(stale.subscribed(channel, id)).isNotNull();
  }

  @Test
  void aRefusalTakesNoSubscriptionOfTheConnection() {
    simulator.faults().limitSubscriptions(1);
    simulator.faults().tickers().hideTickers(Set.of("BTC-USD"), 1, Duration.ofMinutes(5));
    VenueClient client = client();
    assertRefused(client, "v4_trades", "BTC-USD");
    assertThat(client.subscribed("v4_trades", "ETH-USD")).isNotNull();
  }

  @Test
  void aRenamedMarketKeepsItsNumberAndItsOldNameIsNeverMentionedAgain() {
    VenueClient client = client();
    String number =
        markets(client.subscribed("v4_markets", null))
            .getJsonObject("AVAX-USD")
            .getString("clobPairId");
    client.subscribed("v4_orderbook", "AVAX-USD");
    ticks(10);
    client.settle();
    int before = client.frames().size();
    VenueClient.get(simulator.renameMarket("AVAX-USD", "AVAX2-USD"));
    assertThat(client.subscribed("v4_orderbook", "AVAX2-USD").getJsonObject("contents"))
        .isNotEmpty();
    ticks(40);
    client.settle();
    assertThat(client.frames().subList(before, client.frames().size()))
        .noneMatch(frame -> frame.encode().contains("AVAX-USD"))
        .anySatisfy(
            frame -> {
              JsonObject renamed =
                  frame
                      .getJsonObject("contents")
                      .getJsonObject("trading")
                      .getJsonObject("AVAX2-USD");
              assertThat(renamed.getString("clobPairId")).isEqualTo(number);
              assertThat(renamed.getString("ticker")).isEqualTo("AVAX2-USD");
              assertThat(renamed.getString("status")).isEqualTo("ACTIVE");
            });
    assertThat(client.data("v4_orderbook"))
        .anyMatch(frame -> frame.getString("id").equals("AVAX2-USD"));
    JsonObject now = markets(client().subscribed("v4_markets", null));
    assertThat(now.fieldNames()).contains("AVAX2-USD").doesNotContain("AVAX-USD").hasSize(40);
    assertThat(now.getJsonObject("AVAX2-USD").getString("clobPairId")).isEqualTo(number);
    assertRefused(client(), "v4_trades", "AVAX-USD");
  }

  @Test
  void aRenamedMarketGoesOnAtItsPrice() {
    ticks(20);
    BigDecimal before = simulator.record().bids("AVAX-USD").firstKey();
    VenueClient.get(simulator.renameMarket("AVAX-USD", "AVAX2-USD"));
    BigDecimal after = simulator.record().bids("AVAX2-USD").firstKey();
    assertThat(after)
        .isBetween(before.multiply(new BigDecimal("0.9")), before.multiply(new BigDecimal("1.1")));
  }

  @Test
  void aRenamedMarketIsUnknownToOldListsOfTickersToo() {
    simulator.faults().tickers().hideNewTickers(Duration.ofMinutes(5));
    VenueClient.get(simulator.renameMarket("AVAX-USD", "AVAX2-USD"));
    assertRefused(client(), "v4_trades", "AVAX2-USD");
  }

  @Test
  void aRemovedMarketIsMissingInTheNextFullStateAndNothingAnnouncesIt() {
    VenueClient client = client();
    client.subscribed("v4_markets", null);
    client.subscribed("v4_orderbook", "AVAX-USD");
    VenueClient.get(simulator.delistMarket("AVAX-USD"));
    client.settle();
    int before = client.frames().size();
    ticks(40);
    client.settle();
    assertThat(client.frames().subList(before, client.frames().size()))
        .noneMatch(frame -> frame.encode().contains("AVAX-USD"));
    assertThat(markets(client().subscribed("v4_markets", null)).fieldNames())
        .doesNotContain("AVAX-USD")
        .hasSize(39);
    assertRefused(client(), "v4_orderbook", "AVAX-USD");
  }

  @Test
  void numbersOfRemovedMarketsAreNotUsedAgain() {
    VenueClient.get(simulator.delistMarket("AVAX-USD"));
    VenueClient.get(simulator.addMarket("FRESH-USD", new BigDecimal("2.5")));
    JsonObject markets = markets(client().subscribed("v4_markets", null));
    assertThat(markets.getJsonObject("FRESH-USD").getString("clobPairId")).isEqualTo("40");
  }

  @ParameterizedTest
  @ValueSource(strings = {"BTC-USD", "KAITO-USD"})
  void marketsThatAccountsTradeStay(String ticker) {
    assertThatThrownBy(() -> VenueClient.get(simulator.delistMarket(ticker)))
        .hasMessageContaining("accounts trade " + ticker);
    assertThatThrownBy(() -> VenueClient.get(simulator.renameMarket(ticker, "OTHER-USD")))
        .hasMessageContaining("accounts trade " + ticker);
    assertThatThrownBy(() -> VenueClient.get(simulator.renameMarket("AVAX-USD", ticker)))
        .hasMessageContaining("listed already");
    assertThat(client().subscribed("v4_trades", ticker)).isNotNull();
  }
}
