package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.book;
import static io.github.dydxgateway.testing.GatewayClient.candles;
import static io.github.dydxgateway.testing.GatewayClient.subaccount;
import static io.github.dydxgateway.testing.GatewayClient.trades;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.testing.ScriptedConnection;
import io.github.dydxgateway.testing.ScriptedIndexer;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.github.dydxgateway.v1.GetStatusRequest;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.github.dydxgateway.v1.Trade;
import io.grpc.Status;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every way a subscribe fails at the venue, and a loss on a live connection, as clients see it. */
@QuarkusTest
@QuarkusTestResource(value = ScriptedVenue.class, restrictToAnnotatedClass = true)
class SubscribeFailureTest {
  private static final String ID = "BTC-USD";
  private static final String ABOUT = ",\"channel\":\"v4_trades\",\"id\":\"BTC-USD\"";

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  ScriptedIndexer venue;
  private GatewayClient client;

  @BeforeEach
  void connect() {
    client = new GatewayClient(port);
    venue.initialState(Channel.TRADES, ID, Frames.tradesNewestFirst(1, 3));
    awaitSubscriptionsAtTheVenue(1); // markets
  }

  @AfterEach
  void leave() throws InterruptedException {
    client.close();
    venue.noError(Channel.TRADES, ID).limit(Channel.CANDLES, 32);
    venue.noError(Channel.SUBACCOUNTS, ScriptedVenue.ADDRESS + "/1");
    try (GatewayClient last = new GatewayClient(port)) {
      client = last;
      awaitSubscriptionsAtTheVenue(1);
    }
  }

  private void awaitSubscriptionsAtTheVenue(int count) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                client
                        .calls()
                        .getStatus(GetStatusRequest.getDefaultInstance())
                        .getConnectionsList()
                        .stream()
                        .mapToLong(connection -> connection.getSubscriptionCount())
                        .sum()
                    == count);
  }

  private static Event awaitState(RecordedStream<?, ?> stream, State state) {
    return stream.await(event -> event.getSubscriptionState().getState() == state);
  }

  @Test
  void aTransientErrorAtTheFirstSubscribeIsToldAsRecoveringAndTriedAgain() {
    venue.error(
        Channel.TRADES,
        ID,
        "\"message\":\"Internal error, could not fetch data for subscription: v4_trades.\""
            + ABOUT);
    RecordedStream<?, ?> stream = client.subscribe(trades(ID));
    assertThat(awaitState(stream, State.STATE_RECOVERING).getSubscriptionState().getReason())
        .startsWith("Internal error");
    venue.noError(Channel.TRADES, ID);
    awaitState(stream, State.STATE_LIVE);
    assertThat(stream.await(PayloadCase.TRADES, 1).get(0).getTrades().getTradesCount())
        .isEqualTo(3);
    assertThat(stream.events(PayloadCase.SUBSCRIPTION_ERROR)).isEmpty();
  }

  @Test
  void anInstanceThatDoesNotKnowAListedInstrumentYetIsAskedAgain() {
    venue.error(
        Channel.TRADES,
        ID,
        "\"message\":\"Invalid subscription id for channel: (v4_trades-BTC-USD)\"");
    RecordedStream<?, ?> stream = client.subscribe(trades(ID));
    assertThat(awaitState(stream, State.STATE_RECOVERING).getSubscriptionState().getReason())
        .startsWith("Invalid subscription id");
    awaitSubscriptionsAtTheVenue(2);
    venue.noError(Channel.TRADES, ID);
    awaitState(stream, State.STATE_LIVE);
    stream.await(PayloadCase.TRADES, 1);
    assertThat(stream.events(PayloadCase.SUBSCRIPTION_ERROR)).isEmpty();
  }

  @Test
  void anAnswerWithoutAStateIsAskedForAgain() {
    venue.initialState(Channel.TRADES, ID, "\"<html>502</html>\"");
    RecordedStream<?, ?> stream = client.subscribe(trades(ID));
    assertThat(awaitState(stream, State.STATE_RECOVERING).getSubscriptionState().getReason())
        .contains("unreadable");
    venue.initialState(Channel.TRADES, ID, Frames.tradesNewestFirst(1, 3));
    awaitState(stream, State.STATE_LIVE);
    assertThat(stream.await(PayloadCase.TRADES, 1).get(0).getTrades().getTradesCount())
        .isEqualTo(3);
    assertThat(stream.events(PayloadCase.GAP)).isEmpty();
  }

  @Test
  void anUnknownIdIsASubscriptionErrorThatLeavesTheOtherTopicsAndFreesTheSlot() {
    String account = ScriptedVenue.ADDRESS + "/1";
    venue.error(
        Channel.SUBACCOUNTS,
        account,
        "\"message\":\"Invalid subscription id for channel: (v4_subaccounts-" + account + ")\"");
    RecordedStream<?, ?> stream = client.subscribe(subaccount(ScriptedVenue.ADDRESS, 1), book(ID));
    Event error = stream.await(PayloadCase.SUBSCRIPTION_ERROR, 1).get(0);
    assertThat(error.getSubscriptionError().getCode()).isEqualTo(Status.Code.NOT_FOUND.value());
    assertThat(error.getSubscriptionError().getRetryable()).isFalse();
    stream.await(PayloadCase.ORDER_BOOK_SNAPSHOT, 1);
    assertThat(stream.isOpen()).isTrue();
    awaitSubscriptionsAtTheVenue(2);
  }

  @Test
  void aRefusalEndsTheCallWithTheVenuesWordsAndFreesTheSlot() {
    venue.error(Channel.TRADES, ID, "\"message\":\"Not where you are\"" + ABOUT);
    RecordedStream<?, ?> stream = client.subscribe(trades(ID));
    Status status = stream.awaitEnd();
    assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(status.getDescription()).contains("Not where you are");
    awaitSubscriptionsAtTheVenue(1);
  }

  @Test
  void alreadySubscribedIsNoErrorToAnybody() {
    venue.error(
        Channel.TRADES,
        ID,
        "\"message\":\"Invalid subscribe message: already subscribed (v4_trades-BTC-USD)\""
            + ABOUT);
    RecordedStream<?, ?> stream = client.subscribe(trades(ID));
    awaitState(stream, State.STATE_PENDING);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                venue.openConnections().get(0).requestSummaries().stream()
                    .anyMatch("unsubscribe v4_trades BTC-USD"::equals));
    venue.noError(Channel.TRADES, ID);
    awaitState(stream, State.STATE_LIVE);
    stream.await(PayloadCase.TRADES, 1);
    assertThat(stream.events(PayloadCase.SUBSCRIPTION_STATE)).hasSize(2);
    assertThat(stream.events(PayloadCase.SUBSCRIPTION_ERROR)).isEmpty();
  }

  @Test
  void aFullConnectionMovesTheTopicToAnother() {
    venue.limit(Channel.CANDLES, 1);
    RecordedStream<?, ?> stream =
        client.subscribe(
            candles(ID, CandleResolution.CANDLE_RESOLUTION_1MIN),
            candles(ID, CandleResolution.CANDLE_RESOLUTION_1HOUR));
    stream.await(PayloadCase.CANDLES, 2);
    assertThat(venue.openConnections()).hasSize(2);
    assertThat(stream.events(PayloadCase.SUBSCRIPTION_ERROR)).isEmpty();
  }

  @Test
  void aMessageLostOnALiveConnectionIsToldAndWhatItHeldDelivered() {
    RecordedStream<?, ?> stream = client.subscribe(trades(ID), book(ID));
    stream.await(PayloadCase.TRADES, 1);
    stream.await(PayloadCase.ORDER_BOOK_SNAPSHOT, 1);
    ScriptedConnection connection = venue.awaitSubscribed(Channel.TRADES, ID);

    connection.frame("channel_data", ABOUT); // takes a number and is never sent
    venue.initialState(Channel.TRADES, ID, Frames.tradesNewestFirst(1, 5));
    venue.push(Channel.TRADES, ID, Frames.trades(5, 5));

    assertThat(awaitState(stream, State.STATE_RECOVERING).getSubscriptionState().getReason())
        .contains("missing");
    stream.await(PayloadCase.TRADES, 2);
    stream.await(PayloadCase.ORDER_BOOK_SNAPSHOT, 2);
    List<String> ids =
        stream.events(PayloadCase.TRADES).stream()
            .flatMap(event -> event.getTrades().getTradesList().stream())
            .map(Trade::getTradeId)
            .toList();
    assertThat(ids).doesNotHaveDuplicates().hasSize(5).isSorted();
    assertThat(stream.events(PayloadCase.GAP)).isEmpty();
  }
}
