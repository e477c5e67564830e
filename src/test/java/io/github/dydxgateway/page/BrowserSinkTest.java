package io.github.dydxgateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.stream.ClientStream;
import io.github.dydxgateway.stream.DeliveryLoop;
import io.github.dydxgateway.stream.EventBatch;
import io.github.dydxgateway.stream.ManualClock;
import io.github.dydxgateway.stream.StreamCounters;
import io.github.dydxgateway.stream.StreamIdentity;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.stream.StreamSettings;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.stream.TopicRegistry;
import io.github.dydxgateway.stream.TopicSource;
import io.github.dydxgateway.testing.QueueLoop;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Quote;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BrowserSinkTest {
  private final QueueLoop loop = new QueueLoop();
  private final Bids bids = new Bids();
  private final FakeResponse response = new FakeResponse();
  private int ends;
  private int resets;
  private final BrowserSink sink =
      new BrowserSink(
          response,
          () -> resets++,
          new DeliveryLoop(loop, (task, delay, unit) -> loop.execute(task)),
          () -> ends++);
  private final StreamRegistry streams = streams();

  private StreamRegistry streams() {
    ManualClock clock = new ManualClock();
    StreamSettings settings =
        new StreamSettings(
            Duration.ofSeconds(1),
            8,
            1 << 20,
            Duration.ofHours(1),
            1,
            4,
            4,
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1),
            EventBatch.MAX_BYTES);
    StreamCounters counters = new StreamCounters();
    return new StreamRegistry(
        new TopicRegistry(bids, settings, counters, "epoch", clock),
        settings,
        counters,
        new StreamIdentity("epoch", "test", "simulator", "127.0.0.1"),
        clock);
  }

  private ClientStream open() {
    ClientStream stream =
        streams.open(sink, SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, true);
    stream.subscribe(new TopicKey(Topics.quotes("BTC-USD-PERP.DYDX")), null);
    stream.drain();
    loop.run();
    return stream;
  }

  @Test
  void eachEventIsOneServerSentEvent() {
    open();
    bids.publish(1);
    loop.run();

    assertThat(response.written())
        .allMatch(event -> event.startsWith("data: {") && event.endsWith("}\n\n"))
        .allMatch(event -> event.indexOf('\n') == event.length() - 2);
    assertThat(response.written().get(0)).contains("stream_opened");
    assertThat(response.written().get(response.written().size() - 1))
        .contains("\"bid_price\":\"1\"");
  }

  @Test
  void aSlowBrowserHoldsNothingAndGoesOnWithAFreshSnapshot() {
    ClientStream stream = open();
    response.room(0);
    int before = response.written().size();

    for (int i = 1; i <= 1000; i++) {
      bids.publish(i);
      loop.run();
    }
    assertThat(sink.isReady()).isFalse();
    assertThat(response.written()).hasSize(before);

    response.room(100);
    stream.drain();
    loop.run();
    List<String> late = response.written().subList(before, response.written().size());
    assertThat(late).singleElement().asString().contains("\"bid_price\":\"1000\"");
  }

  @Test
  void nothingIsSentOnceTheBrowserHasGone() {
    ClientStream stream = open();
    int before = response.written().size();

    sink.closed();
    stream.close();
    bids.publish(1);
    loop.run();
    sink.complete();

    assertThat(response.written()).hasSize(before);
    assertThat(response.isEnded()).isFalse();
    assertThat(streams.size()).isZero();
    assertThat(ends).isEqualTo(1);
  }

  @Test
  void aFailureIsToldAndEndsTheResponse() {
    open();
    sink.fail(new TopicFailure(TopicFailure.NOT_FOUND, "no instrument X", false), List.of());
    sink.fail(new TopicFailure(TopicFailure.NOT_FOUND, "again", false), List.of());

    assertThat(response.written().get(response.written().size() - 1))
        .startsWith("data: {\"failure\":")
        .contains("no instrument X");
    assertThat(response.isEnded()).isTrue();
    assertThat(ends).isEqualTo(1);
  }

  @Test
  void aBrowserThatReadsNothingIsLetGoOfOnce() {
    open();
    sink.reset();
    sink.reset();
    sink.closed();

    assertThat(resets).isEqualTo(1);
    assertThat(ends).isEqualTo(1);
    assertThat(sink.isReady()).isFalse();
  }

  /** One topic, whose state is the bid price published last. */
  private final class Bids implements TopicSource {
    private Topic topic;
    private long last;

    @Override
    public Topic open(TopicKey key, TopicFactory factory) {
      topic = factory.create(key, loop);
      topic.moveTo(State.STATE_LIVE, "");
      return topic;
    }

    @Override
    public void closed(Topic closed) {}

    void publish(long price) {
      last = price;
      topic.publish(event());
    }

    private Event.Builder event() {
      return Event.newBuilder().setQuote(Quote.newBuilder().setBidPrice(last).setBidSize(1));
    }
  }
}
