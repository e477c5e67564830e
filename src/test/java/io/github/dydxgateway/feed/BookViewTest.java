package io.github.dydxgateway.feed;

import static io.github.dydxgateway.testing.Topics.orderBook;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.EventText;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.SnapshotReason;
import io.github.dydxgateway.v1.Topic;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The best levels of a book, and a book now and then. */
class BookViewTest {
  private static final Topic BOOK = orderBook("BTC-USD");

  private final TestGateway gateway = TestGateway.withBtc();
  private final FakeVenue venue = gateway.venue();

  private static Topic view(int depth, int millis) {
    Topic.Builder topic = BOOK.toBuilder();
    topic.getOrderBookBuilder().setDepth(depth);
    if (millis > 0) {
      topic.getOrderBookBuilder().setInterval(Duration.newBuilder().setNanos(millis * 1_000_000));
    }
    return topic.build();
  }

  private void state() {
    venue.initialState(
        Channel.ORDER_BOOK,
        "BTC-USD",
        "{'bids':[['10','1'],['9','1'],['8','1']],'asks':[['11','1'],['12','1'],['13','1']]}");
  }

  private void update(String contents) {
    venue.update(Channel.ORDER_BOOK, "BTC-USD", contents);
  }

  @Test
  void eachEventIsAllOfTheBestLevelsWithTheSequenceOfTheBook() {
    RecordingClient book = gateway.client(BOOK);
    RecordingClient top = gateway.client(view(2, 0));
    state();
    assertThat(top.story())
        .containsExactly(
            "PENDING", "LIVE", "book bids 10.0=1.000 9.0=1.000 asks 11.0=1.000 12.0=1.000");
    update("{'bids':[['9','5']]}");
    update("{'bids':[['8','5']]}");
    update("{'asks':[['11','0']]}");

    List<Event> events = top.take();
    assertThat(events.stream().map(EventText::of))
        .containsExactly(
            "book bids 10.0=1.000 9.0=5.000 asks 11.0=1.000 12.0=1.000",
            "book bids 10.0=1.000 9.0=5.000 asks 12.0=1.000 13.0=1.000");
    List<Event> entries = book.take();
    assertThat(events).allMatch(event -> event.getSequence() == 0);
    assertThat(events)
        .extracting(event -> event.getSnapshotInfo().getReason())
        .containsOnly(SnapshotReason.SNAPSHOT_REASON_VIEW);
    assertThat(events.get(1).getSnapshotInfo().getAsOfSequence())
        .isEqualTo(entries.get(entries.size() - 1).getSequence());
  }

  @Test
  void clientsThatAskForTheSameShareAViewAndANewOneGetsThePresent() {
    gateway.client(view(1, 0));
    state();
    update("{'bids':[['10','7']]}");
    RecordingClient late = gateway.client(view(1, 0));

    assertThat(late.story()).containsExactly("LIVE", "book bids 10.0=7.000 asks 11.0=1.000");
  }

  @Test
  void aViewOfABookThatIsLostIsRecoveringAndComesAnew() {
    RecordingClient top = gateway.client(view(1, 0));
    state();
    top.take();
    venue.interrupt(Channel.ORDER_BOOK, "BTC-USD", "connection lost");
    venue.initialState(Channel.ORDER_BOOK, "BTC-USD", "{'bids':[['5','1']],'asks':[]}");

    assertThat(top.story())
        .containsExactly("RECOVERING: connection lost", "LIVE", "book bids 5.0=1.000 asks");
  }

  @Test
  void withAnIntervalOnlyTheLatestOfWhatCameMeanwhileIsPublished() {
    RecordingClient slow = gateway.client(view(1, 200));
    state();
    slow.take();
    for (int i = 1; i <= 20; i++) {
      update("{'bids':[['10','" + i + "']]}");
    }
    assertThat(slow.take()).isEmpty();
    Awaitility.await()
        .atMost(java.time.Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              venue.loop().run();
              assertThat(slow.story()).containsExactly("book bids 10.0=20.000 asks 11.0=1.000");
            });
  }
}
