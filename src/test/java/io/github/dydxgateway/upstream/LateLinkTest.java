package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelContents.BlockHeight;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelListener;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.MalformedFrameException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In virtual time, against a venue that sees requests at once, needs a while to fetch each initial
 * state, and whose frames all come late but in order.
 */
class LateLinkTest {
  private static final int TOPICS = 6;
  private static final long DATA_EVERY_MS = 100;
  private static final long LONGEST_FETCH_MS = 500;

  private final List<Listener> listeners = new ArrayList<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>(Event.ORDER);
  private final SplittableRandom random = new SplittableRandom(1);
  private long nowNs;
  private long wakeNs = Long.MAX_VALUE;
  private long eventCount;
  private int retries;
  private long found;

  // the venue and the link
  private final TreeSet<String> live = new TreeSet<>();
  private final Map<String, Integer> asked = new HashMap<>();
  private long number;
  private long lateMs;
  private int toDrop;

  /** 10 s for the first answer. */
  private final UpstreamSettings settings = UpstreamSettings.defaults(URI.create("ws://localhost"));

  private final ConnectionSubscriptions subscriptions =
      new ConnectionSubscriptions(
          "Connection 1",
          settings,
          new SubscribePacer(5),
          () -> nowNs,
          new ConnectionSubscriptions.Wire() {
            @Override
            public void send(String text) {
              request(new JsonObject(text));
            }

            @Override
            public void wakeAfter(long delayNs) {
              wakeNs = nowNs + delayNs;
            }

            @Override
            public void doNotWake() {
              wakeNs = Long.MAX_VALUE;
            }
          },
          new ConnectionSubscriptions.Placement() {
            @Override
            public void refused(PooledSubscription subscription) {}

            @Override
            public boolean moveAway(PooledSubscription subscription) {
              return false;
            }
          },
          ignored -> false,
          new UpstreamObserver() {
            @Override
            public void messagesLost(long count) {
              found += count;
            }

            @Override
            public void subscribeRetried(Channel channel, RetryReason reason) {
              retries++;
            }
          });

  private record Event(long timeNs, long order, Runnable action) {
    static final Comparator<Event> ORDER =
        Comparator.comparingLong(Event::timeNs).thenComparingLong(Event::order);
  }

  private void after(long ms, Runnable action) {
    events.add(new Event(nowNs + TimeUnit.MILLISECONDS.toNanos(ms), eventCount++, action));
  }

  private void pass(long seconds) {
    long endNs = nowNs + TimeUnit.SECONDS.toNanos(seconds);
    while (Math.min(wakeNs, events.element().timeNs()) <= endNs) {
      if (wakeNs <= events.element().timeNs()) {
        nowNs = Math.max(nowNs, wakeNs);
        wakeNs = Long.MAX_VALUE;
        subscriptions.wake();
      } else {
        Event event = events.remove();
        nowNs = Math.max(nowNs, event.timeNs());
        event.action().run();
      }
    }
    nowNs = endNs;
  }

  private void request(JsonObject request) {
    String id = request.getString("id");
    ChannelId channelId = new ChannelId(Channel.TRADES, id);
    long own = ++number;
    if (request.getString("type").equals("subscribe")) {
      asked.merge(id, 1, Integer::sum);
      after(
          random.nextLong(LONGEST_FETCH_MS),
          () -> {
            live.add(id);
            IndexerFrame.Subscribed state =
                new IndexerFrame.Subscribed(own, channelId, new BlockHeight(own, 0));
            after(lateMs, () -> subscriptions.onSubscribed(state, nowNs));
          });
    } else {
      live.remove(id);
      after(
          lateMs,
          () -> subscriptions.onUnsubscribed(new IndexerFrame.Unsubscribed(own, channelId)));
    }
  }

  private void publish() {
    for (String id : live) {
      IndexerFrame.ChannelData data =
          new IndexerFrame.ChannelData(
              ++number, new ChannelId(Channel.TRADES, id), -1, List.of(new BlockHeight(number, 0)));
      if (toDrop > 0) {
        toDrop--;
      } else {
        after(lateMs, () -> subscriptions.onData(data, nowNs, 100));
      }
    }
    after(DATA_EVERY_MS, this::publish);
  }

  private void start(long lateByMs) {
    lateMs = lateByMs;
    publish();
    subscriptions.sessionStarted(0);
    for (int i = 0; i < TOPICS; i++) {
      subscribe();
    }
  }

  private void subscribe() {
    Listener listener = new Listener();
    ChannelId channelId = new ChannelId(Channel.TRADES, "T" + listeners.size());
    PooledSubscription owner =
        new PooledSubscription(null, listeners.size(), channelId, Runnable::run, listener, false);
    listeners.add(listener);
    subscriptions.add(
        new Subscription(
            owner,
            new Delivery(owner, null, UpstreamObserver.NONE),
            new Backoff(UpstreamSettings.BackoffSettings.DEFAULT, random),
            new Backoff(settings.answerWaits(), random)));
  }

  /** Keeps no more than is asked for, as there is much to hear. */
  private static final class Listener implements ChannelListener {
    private boolean isLive;
    private int losses;
    private int updates;

    @Override
    public void onSubscribed(IndexerFrame.Subscribed frame, long receiveTimeNs) {
      isLive = true;
    }

    @Override
    public void onData(IndexerFrame.ChannelData frame, long receiveTimeNs) {
      updates++;
    }

    @Override
    public void onInterrupted(String reason) {
      isLive = false;
    }

    @Override
    public void onLost(String reason, long receiveTimeNs) {
      isLive = false;
      losses++;
    }

    @Override
    public void onMalformed(MalformedFrameException problem, long receiveTimeNs) {}

    @Override
    public void onRefused(Refusal refusal) {}
  }

  /** And nothing goes on behind the scenes. */
  private void assertAllLive() {
    int before = retries;
    List<Integer> updates = listeners.stream().map(listener -> listener.updates).toList();
    pass(60);
    assertThat(retries).isEqualTo(before);
    for (int i = 0; i < listeners.size(); i++) {
      assertThat(listeners.get(i).isLive).isTrue();
      assertThat(listeners.get(i).updates - updates.get(i))
          .isBetween(60_000 / (int) DATA_EVERY_MS - 1, 60_000 / (int) DATA_EVERY_MS + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 9_000, 10_000, 12_000, 21_000, 29_000, 39_000})
  void isNoLossAndTopicsGoLive(long lateByMs) {
    start(lateByMs);
    pass(120);
    subscribe(); // while data comes from all others
    pass(120);
    subscribe();
    pass(120);
    assertThat(found).isZero();
    assertAllLive();
    assertThat(listeners).allMatch(listener -> listener.losses == 0);
    assertThat(asked.values()).allMatch(times -> times <= 3);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 9_000, 12_000, 29_000})
  void hidesNoLossWhateverIsUnanswered(long lateByMs) {
    start(lateByMs);
    pass(120);
    for (int i = 0; i < 20; i++) { // a little later each time, before and after it is given up
      long before = found;
      subscribe();
      pass(i);
      toDrop = 1;
      pass(2 * lateByMs / 1_000 + 15);
      assertThat(found).as("told in time, round %d", i).isEqualTo(before + 1);
      pass(120);
      assertThat(found).as("and nothing else, round %d", i).isEqualTo(before + 1);
    }
    assertAllLive();
  }
}
