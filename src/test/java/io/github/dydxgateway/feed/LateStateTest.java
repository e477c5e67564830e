package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients see where an initial state is late, and where a loss is found late. */
class LateStateTest {
  private static final String ID = "BTC-USD";
  private static final String TRADE =
      "{'trades':[{'id':'%s','side':'BUY','size':'1','price':'1','type':'LIMIT',"
          + "'createdAt':'2024-01-01T00:00:00.000Z','createdAtHeight':'1'}]}";

  private final TestGateway gateway = TestGateway.withBtc();

  @Test
  void aTopicWhoseFirstSubscribeFailsSaysThatItIsRecoveringAndWhy() {
    RecordingClient first = gateway.client(Topics.trades(ID));
    gateway.venue().interrupt(Channel.TRADES, ID, "Internal error");
    RecordingClient second = gateway.client(Topics.trades(ID));
    assertThat(states(first)).containsExactly(State.STATE_PENDING, State.STATE_RECOVERING);
    assertThat(second.events()).singleElement().satisfies(LateStateTest::isRecovering);

    gateway.venue().initialState(Channel.TRADES, ID, TRADE.formatted("a"));
    assertThat(states(first)).endsWith(State.STATE_LIVE);
    assertThat(second.events()).last().matches(event -> event.getTrades().getSnapshot());
    assertThat(second.events()).filteredOn(Event::hasTrades).hasSize(1);
  }

  private static void isRecovering(Event event) {
    assertThat(event.getSubscriptionState().getState()).isEqualTo(State.STATE_RECOVERING);
    assertThat(event.getSubscriptionState().getReason()).isEqualTo("Internal error");
  }

  private static List<State> states(RecordingClient client) {
    return client.events().stream()
        .filter(Event::hasSubscriptionState)
        .map(event -> event.getSubscriptionState().getState())
        .toList();
  }

  @Test
  void tradesLostBeforeTradesThatCameAreAnnounced() {
    RecordingClient client = gateway.client(Topics.trades(ID));
    gateway.venue().initialState(Channel.TRADES, ID, TRADE.formatted("a"));
    gateway.venue().update(Channel.TRADES, ID, TRADE.formatted("c"));
    client.take();
    gateway.venue().lose(Channel.TRADES, ID, "messages are missing");
    assertGapThenRecovering(client.take());
  }

  @Test
  void blocksLostBeforeBlocksThatCameAreAnnounced() {
    RecordingClient client = gateway.client(Topics.blockHeight());
    gateway
        .venue()
        .initialState(Channel.BLOCK_HEIGHT, "", "{'height':'1','time':'2024-01-01T00:00:00.000Z'}");
    client.take();
    gateway.venue().lose(Channel.BLOCK_HEIGHT, "", "messages are missing");
    assertGapThenRecovering(client.take());
  }

  private static void assertGapThenRecovering(List<Event> events) {
    assertThat(events).hasSize(2);
    assertThat(events.get(0).getGap().getReason()).isEqualTo(GapReason.GAP_REASON_UPSTREAM_LOSS);
    assertThat(events.get(1).getSubscriptionState().getState()).isEqualTo(State.STATE_RECOVERING);
  }

  @Test
  void aBookNeedsNoGapForItsSnapshotHoldsAll() {
    RecordingClient client = gateway.client(Topics.orderBook(ID));
    gateway.venue().initialState(Channel.ORDER_BOOK, ID, "{'bids':[],'asks':[]}");
    client.take();
    gateway.venue().lose(Channel.ORDER_BOOK, ID, "messages are missing");
    assertThat(client.take()).extracting(Event::hasGap).containsExactly(false);
  }
}
