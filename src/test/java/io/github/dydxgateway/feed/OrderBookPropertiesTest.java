package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.Places;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the venue sends and whoever joins: all see the same book, and it is the right one. */
class OrderBookPropertiesTest {
  private static final Topic UNCROSSED = Topics.orderBook("BTC-USD");
  private static final Topic RAW = Topics.rawOrderBook("BTC-USD");
  private static final Topic QUOTES = Topics.quotes("BTC-USD");

  /** A level as the venue writes it. */
  private record Level(boolean bid, String price, String size) {}

  /** Something that happens. */
  private sealed interface Step {
    record Update(List<List<Level>> updates) implements Step {}

    record NewState(List<Level> levels) implements Step {}

    record Interruption() implements Step {}

    record Join(Topic topic) implements Step {}

    record Leave(int index) implements Step {}
  }

  @Property(tries = 1500)
  void everyClientsBookIsTheFeedsAndTheFeedsIsTheReference(@ForAll("steps") List<Step> steps) {
    Scenario scenario = new Scenario();
    scenario.run(new Step.NewState(List.of()));
    steps.forEach(scenario::run);
    scenario.checkEnd();
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<List<Level>> levels = levels().list().ofMaxSize(8);
    Arbitrary<Step> updates = levels.list().ofMinSize(1).ofMaxSize(3).map(Step.Update::new);
    Arbitrary<Step> states = levels.map(Step.NewState::new);
    Arbitrary<Step> joins = Arbitraries.of(UNCROSSED, RAW, QUOTES).map(Step.Join::new);
    Arbitrary<Step> leaves = Arbitraries.integers().between(0, 20).map(Step.Leave::new);
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(12, updates),
            net.jqwik.api.Tuple.of(1, states),
            net.jqwik.api.Tuple.of(1, Arbitraries.create(Step.Interruption::new)),
            net.jqwik.api.Tuple.of(4, joins),
            net.jqwik.api.Tuple.of(2, leaves))
        .list()
        .ofMaxSize(40);
  }

  private static Arbitrary<Level> levels() {
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.of("1", "2", "2.0", "2.5", "2.25", "3", "3e0", "4", "5.125", "6"),
            Arbitraries.of("0", "0.0", "1", "1.50", "2", "2e0", "3", "0.0001", "1000000"))
        .as(Level::new);
  }

  /** The gateway, its clients and the reference side by side. */
  private static final class Scenario {
    private final TestGateway gateway = TestGateway.withBtc();
    private final FakeVenue venue = gateway.venue();
    private final ReferenceBook reference = new ReferenceBook();
    private final List<Reader> readers = new ArrayList<>();
    private boolean live;

    Scenario() {
      join(UNCROSSED);
    }

    void run(Step step) {
      if (step instanceof Step.Update update) {
        if (live) {
          update(update.updates());
        }
      } else if (step instanceof Step.NewState state) {
        newState(state.levels());
      } else if (step instanceof Step.Interruption) {
        interrupt();
      } else if (step instanceof Step.Join join) {
        join(join.topic());
      } else if (step instanceof Step.Leave leave && leave.index() < readers.size()) {
        readers.remove(leave.index()).client.leave();
      }
      readers.forEach(Reader::read);
    }

    private void update(List<List<Level>> updates) {
      reference.beginFrame();
      updates.forEach(this::apply);
      reference.uncross();
      String[] contents = updates.stream().map(Scenario::contentsOf).toArray(String[]::new);
      if (contents.length == 1) {
        venue.update(Channel.ORDER_BOOK, "BTC-USD", contents[0]);
      } else {
        venue.batch(Channel.ORDER_BOOK, "BTC-USD", contents);
      }
    }

    /** The feed takes the bids of an update first, then its asks. */
    private void apply(List<Level> levels) {
      levels.forEach(level -> reference.set(level.bid(), level.price(), level.size()));
    }

    private static String contentsOf(List<Level> levels) {
      return "{'bids':"
          + side(levels, true, "['%s','%s']")
          + ",'asks':"
          + side(levels, false, "['%s','%s']")
          + "}";
    }

    private static String side(List<Level> levels, boolean bid, String format) {
      return levels.stream()
          .filter(level -> level.bid() == bid)
          .map(level -> format.formatted(level.price(), level.size()))
          .collect(Collectors.joining(",", "[", "]"));
    }

    private void newState(List<Level> levels) {
      interrupt();
      reference.clear();
      apply(levels);
      reference.uncross();
      venue.initialState(
          Channel.ORDER_BOOK,
          "BTC-USD",
          "{'bids':"
              + side(levels, true, "{'price':'%s','size':'%s'}")
              + ",'asks':"
              + side(levels, false, "{'price':'%s','size':'%s'}")
              + "}");
      live = true;
    }

    private void interrupt() {
      if (live) {
        live = false;
        venue.interrupt(Channel.ORDER_BOOK, "BTC-USD", "connection lost");
      }
    }

    private void join(Topic topic) {
      readers.add(new Reader(gateway.client(topic), topic));
    }

    void checkEnd() {
      if (!live) {
        run(new Step.NewState(List.of(new Level(true, "2", "1"), new Level(false, "1", "3"))));
      }
      List.of(UNCROSSED, RAW, QUOTES).forEach(this::join);
      readers.forEach(Reader::read);
      for (Reader reader : readers) {
        if (reader.topic.equals(RAW)) {
          assertThat(reader.book).isEqualTo(reference.published());
        } else if (reader.topic.equals(UNCROSSED)) {
          assertThat(reader.book).isEqualTo(reference.uncrossed());
        } else {
          assertThat(reader.book).isEqualTo(reference.uncrossed().best());
        }
      }
    }
  }

  /** A client that rebuilds the book from its events, and checks each of them. */
  private static final class Reader {
    private final RecordingClient client;
    private final Topic topic;
    private final ClientBook book = new ClientBook();
    private long sequence = -1;
    private int priceScale;
    private int sizeScale;

    Reader(RecordingClient client, Topic topic) {
      this.client = client;
      this.topic = topic;
    }

    void read() {
      client.take().forEach(this::read);
    }

    private void read(Event event) {
      assertThat(event.getTopic()).isEqualTo(topic);
      if (event.getSequence() != 0 && sequence >= 0) {
        assertThat(event.getSequence()).as("sequences are consecutive").isEqualTo(sequence + 1);
      }
      if (Places.hasPlace(event)) {
        sequence = Places.of(event);
      }
      if (event.hasSubscriptionState()) {
        return;
      }
      if (event.hasOrderBookSnapshot()) {
        assertThat(event.hasSnapshotInfo()).isTrue();
        priceScale = event.getOrderBookSnapshot().getPriceScale();
        sizeScale = event.getOrderBookSnapshot().getSizeScale();
        book.replace(event.getOrderBookSnapshot());
      } else if (event.hasOrderBookDelta()) {
        assertThat(event.getOrderBookDelta().getPriceScale()).isEqualTo(priceScale);
        assertThat(event.getOrderBookDelta().getSizeScale()).isEqualTo(sizeScale);
        book.apply(event.getOrderBookDelta(), topic.equals(UNCROSSED));
      } else {
        assertThat(event.hasQuote()).as("an event of these topics: %s", event).isTrue();
        if (event.hasSnapshotInfo()) {
          priceScale = event.getQuote().getPriceScale();
          sizeScale = event.getQuote().getSizeScale();
        }
        assertThat(event.getQuote().getPriceScale()).isEqualTo(priceScale);
        assertThat(event.getQuote().getSizeScale()).isEqualTo(sizeScale);
        book.replace(event.getQuote());
      }
      if (!topic.equals(RAW)) {
        assertThat(book.isCrossed()).as("crossed: %s", book).isFalse();
      }
    }
  }
}
