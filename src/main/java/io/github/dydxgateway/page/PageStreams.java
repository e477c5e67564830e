package io.github.dydxgateway.page;

import io.github.dydxgateway.access.HttpRights;
import io.github.dydxgateway.access.Rights;
import io.github.dydxgateway.access.StreamQuota;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.stream.ClientStream;
import io.github.dydxgateway.stream.DeliveryLoop;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.CandlesTopic;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.github.dydxgateway.v1.QuotesTopic;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TradesTopic;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves {@code GET /stream}: one instrument's book, trades, quotes and candles to a browser. Never
 * an account. Requests come in on any event loop; each stream stays on its own.
 */
final class PageStreams {
  private static final String RESOLUTION = "CANDLE_RESOLUTION_";
  private static final long LOOK_MILLIS = 5_000;

  /** Looks in a row that found the browser not reading, after which its place is free again. */
  private static final int MOST_STALLED_LOOKS = 12;

  private final StreamRegistry streams;
  private final InstrumentCache instruments;
  private final StreamQuota quota;
  private final int most;
  private final AtomicInteger open = new AtomicInteger();

  PageStreams(StreamRegistry streams, InstrumentCache instruments, StreamQuota quota, int most) {
    this.streams = streams;
    this.instruments = instruments;
    this.quota = quota;
    this.most = most;
  }

  /** Browsers that stream. Any thread. */
  int size() {
    return open.get();
  }

  void serve(RoutingContext routing) {
    List<TopicKey> topics;
    try {
      topics =
          topics(
              instrument(routing.request().getParam("instrument", "")),
              resolution(routing.request().getParam("resolution", "1MIN")));
    } catch (IllegalArgumentException e) {
      refuse(routing, 400, e.getMessage());
      return;
    }
    Rights rights = HttpRights.of(routing);
    if (!topics.stream().allMatch(topic -> rights.allows(topic.message()))) {
      refuse(routing, 403, "the token does not allow this");
      return;
    }
    if (routing.response().closed()) {
      return; // left while its token was looked at
    }
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      refuse(
          routing,
          503,
          "as many pages are open as may be, " + most + " (gateway.page.max-streams)");
      return;
    }
    if (!quota.take(rights)) {
      open.decrementAndGet();
      refuse(routing, 429, "the token allows " + rights.maxStreams() + " streams at once");
      return;
    }
    serve(routing, topics, rights);
  }

  private void serve(RoutingContext routing, List<TopicKey> topics, Rights rights) {
    Context context = Vertx.currentContext();
    HttpServerResponse response = routing.response();
    BrowserSink sink =
        new BrowserSink(
            response,
            response::reset,
            new DeliveryLoop(
                task -> context.runOnContext(ignored -> task.run()),
                (task, delay, unit) ->
                    context
                        .owner()
                        .setTimer(Math.max(1, unit.toMillis(delay)), ignored -> task.run())),
            () -> {
              open.decrementAndGet();
              quota.giveBack(rights);
            });
    ClientStream stream =
        streams.open(sink, SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, true);
    if (stream == null) {
      sink.closed();
      refuse(routing, 503, "the gateway serves as many streams as it may");
      return;
    }
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    long timer = letGoOfStalled(context.owner(), response, sink);
    Optional<Long> expiry =
        rights.expiry().map(when -> endWithRights(context.owner(), when, sink, stream));
    response.drainHandler(ignored -> stream.drain());
    response.exceptionHandler(ignored -> leave(sink, stream));
    routing.addEndHandler(
        ignored -> {
          context.owner().cancelTimer(timer);
          expiry.ifPresent(context.owner()::cancelTimer);
          leave(sink, stream);
        });
    topics.forEach(topic -> stream.subscribe(topic, null));
    stream.drain();
  }

  private static long endWithRights(
      Vertx vertx, Instant expiry, BrowserSink sink, ClientStream stream) {
    long millis = Math.max(1, Duration.between(Instant.now(), expiry).toMillis());
    return vertx.setTimer(
        millis,
        ignored -> {
          stream.close();
          sink.fail(
              new TopicFailure(TopicFailure.UNAUTHENTICATED, "the token has expired", false),
              List.of());
        });
  }

  private static void leave(BrowserSink sink, ClientStream stream) {
    sink.closed();
    stream.close();
  }

  /** A phone that has left its network never says goodbye. */
  private static long letGoOfStalled(Vertx vertx, HttpServerResponse response, BrowserSink sink) {
    int[] stalled = {0};
    return vertx.setPeriodic(
        LOOK_MILLIS,
        ignored -> {
          stalled[0] = response.writeQueueFull() ? stalled[0] + 1 : 0;
          if (stalled[0] >= MOST_STALLED_LOOKS) {
            sink.reset();
          }
        });
  }

  private String instrument(String name) {
    try {
      return instruments.resolve(name).canonical();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("instrument " + e.getMessage(), e);
    }
  }

  private static CandleResolution resolution(String name) {
    for (CandleResolution resolution : CandleResolution.values()) {
      if (resolution != CandleResolution.CANDLE_RESOLUTION_UNSPECIFIED
          && resolution.name().equals(RESOLUTION + name)) {
        return resolution;
      }
    }
    throw new IllegalArgumentException("resolution must be one from 1MIN to 1DAY, such as 5MINS");
  }

  private static List<TopicKey> topics(String instrument, CandleResolution resolution) {
    return List.of(
        new TopicKey(
            Topic.newBuilder()
                .setOrderBook(OrderBookTopic.newBuilder().setInstrumentId(instrument))
                .build()),
        new TopicKey(
            Topic.newBuilder()
                .setTrades(TradesTopic.newBuilder().setInstrumentId(instrument))
                .build()),
        new TopicKey(
            Topic.newBuilder()
                .setQuotes(QuotesTopic.newBuilder().setInstrumentId(instrument))
                .build()),
        new TopicKey(
            Topic.newBuilder()
                .setCandles(
                    CandlesTopic.newBuilder().setInstrumentId(instrument).setResolution(resolution))
                .build()));
  }

  private static void refuse(RoutingContext routing, int status, String why) {
    routing
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
        .end(why);
  }
}
