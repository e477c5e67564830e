package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.upstream.MessageIds.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Against a model of the venue: it gives a request its number when it arrives, answers subscribes
 * in any order, some never and some by an error that repeats the current number, and some of its
 * messages are lost on the way, which may be a long one.
 */
class MessageIdsPropertiesTest {
  private static final long TIMEOUT_NS = 1_000;
  private static final int CHANNELS = 4;

  @Property(tries = 2_000)
  void exactlyWhatWasDroppedIsFound(@ForAll long seed) {
    Venue venue = new Venue(new Random(seed));
    for (int step = 0; step < 150; step++) {
      venue.step();
      assertThat(venue.found).as("never more than was dropped").isLessThanOrEqualTo(venue.dropped);
    }
    venue.answerAll();
    assertThat(venue.found).isEqualTo(venue.dropped);
  }

  @Property(tries = 500)
  void whateverNumbersComeTheCostIsBounded(@ForAll List<Long> numbers) {
    MessageIds ids = new MessageIds();
    ids.sessionStarted(0);
    for (long number : numbers) {
      ids.sent(Kind.SUBSCRIBE, new ChannelId(Channel.TRADES, "T"), 0);
      ids.received(number);
      if (ids.hasLoss()) {
        assertThat(ids.takeLoss().count()).isBetween(1L, MessageIds.MAX_STEP);
      }
    }
    ids.expire(MessageIds.KEPT.toNanos());
    assertThat(ids.expiresInNs(MessageIds.KEPT.toNanos())).isEqualTo(Long.MAX_VALUE);
  }

  /** All that the venue sends comes in order, but after requests have been given up. */
  @Property(tries = 2_000)
  void onALateLinkNothingIsFoundWhereNothingWasDropped(@ForAll long seed) {
    LateVenue venue = new LateVenue(new Random(seed), 0);
    for (int step = 0; step < 150; step++) {
      venue.step();
      assertThat(venue.found).isZero();
    }
    venue.end();
    assertThat(venue.found).isZero();
  }

  /** One that a request given up has excused may be found after another was found in its place. */
  @Property(tries = 2_000)
  void onALateLinkAllThatWasDroppedIsFound(@ForAll long seed) {
    LateVenue venue = new LateVenue(new Random(seed), 1);
    for (int step = 0; step < 150; step++) {
      venue.step();
      assertThat(venue.found).isLessThanOrEqualTo(2 * venue.dropped);
    }
    venue.end();
    assertThat(venue.found).isBetween(venue.dropped, 2 * venue.dropped);
  }

  private static final class LateVenue {
    private final Random random;
    private final MessageIds ids = new MessageIds();
    private final Deque<Frame> onTheWay = new ArrayDeque<>();
    private final List<Runnable> unanswered = new ArrayList<>();
    private final long lateNs;
    private final int dropsIn8;
    private long requests;
    private long number;
    private long nowNs;
    private long dropped;
    private long found;

    private record Frame(long timeNs, Runnable received) {}

    LateVenue(Random random, int dropsIn8) {
      this.random = random;
      this.lateNs = random.nextLong(10 * TIMEOUT_NS);
      this.dropsIn8 = dropsIn8;
      ids.sessionStarted(0);
    }

    void step() {
      int what = random.nextInt(8);
      if (what < dropsIn8) {
        number++;
        dropped++;
      } else if (what == 2) {
        subscribe();
      } else if (what == 3) {
        ChannelId channelId = request(Kind.UNSUBSCRIBE);
        long own = number;
        send(() -> ids.receivedAnswer(Kind.UNSUBSCRIBE, channelId, own));
      } else if (what == 4 && !unanswered.isEmpty()) {
        unanswered.remove(random.nextInt(unanswered.size())).run();
      } else {
        data();
      }
      pass(random.nextLong(TIMEOUT_NS / 4));
    }

    private void subscribe() {
      ChannelId channelId = request(Kind.SUBSCRIBE);
      long own = number;
      switch (random.nextInt(4)) {
        case 0 -> {} // never answered
        case 1 ->
            unanswered.add(
                () -> {
                  data(); // so that the current number is not the subscribe's
                  long current = number;
                  send(() -> ids.receivedError(channelId, current));
                });
        default ->
            unanswered.add(() -> send(() -> ids.receivedAnswer(Kind.SUBSCRIBE, channelId, own)));
      }
    }

    private ChannelId request(Kind kind) {
      ChannelId channelId = new ChannelId(Channel.TRADES, "T" + ++requests);
      ids.sent(kind, channelId, nowNs + TIMEOUT_NS);
      number++;
      return channelId;
    }

    private void data() {
      long own = ++number;
      send(() -> ids.received(own));
    }

    private void send(Runnable received) {
      onTheWay.add(new Frame(nowNs + lateNs, received));
    }

    private void pass(long ns) {
      nowNs += ns;
      while (!onTheWay.isEmpty() && onTheWay.element().timeNs() <= nowNs) {
        onTheWay.remove().received().run();
        take();
      }
      ids.expire(nowNs);
      take();
    }

    private void take() {
      if (ids.hasLoss()) {
        found += ids.takeLoss().count();
      }
    }

    void end() {
      unanswered.forEach(Runnable::run);
      data(); // shows what is missing
      pass(lateNs);
      pass(TIMEOUT_NS);
    }
  }

  private static final class Venue {
    private final Random random;
    private final MessageIds ids = new MessageIds();
    private final List<Pending> pending = new ArrayList<>();
    private long number;
    private long nowNs;
    private long dropped;
    private long found;

    /** A subscribe that the venue has not answered. */
    private record Pending(ChannelId channelId, long number, long sentNs) {}

    Venue(Random random) {
      this.random = random;
      ids.sessionStarted(0);
    }

    void step() {
      switch (random.nextInt(8)) {
        case 0 -> subscribe();
        case 1 -> unsubscribe(channel());
        case 2, 3 -> answerOne();
        case 4 -> drop();
        default -> ids.received(++number);
      }
      take();
    }

    private void subscribe() {
      ChannelId channelId = channel();
      ids.sent(Kind.SUBSCRIBE, channelId, nowNs + TIMEOUT_NS);
      pending.add(new Pending(channelId, ++number, nowNs));
    }

    private void unsubscribe(ChannelId channelId) {
      ids.sent(Kind.UNSUBSCRIBE, channelId, nowNs + TIMEOUT_NS);
      ids.receivedAnswer(Kind.UNSUBSCRIBE, channelId, ++number);
    }

    private ChannelId channel() {
      return channel(random.nextInt(CHANNELS));
    }

    private static ChannelId channel(int channel) {
      return new ChannelId(Channel.TRADES, "T" + channel);
    }

    private void drop() {
      number++;
      dropped++;
      ids.received(++number); // shows the hole
    }

    private void answerOne() {
      if (pending.isEmpty()) {
        return;
      }
      Pending one = pending.remove(random.nextInt(pending.size()));
      if (pending.stream().anyMatch(other -> other.channelId().equals(one.channelId()))) {
        pending.add(one); // two of the same are answered in order, below
        answerFirstOf(one.channelId());
      } else {
        answer(one);
      }
    }

    private void answerFirstOf(ChannelId channelId) {
      Pending first =
          pending.stream()
              .filter(one -> one.channelId().equals(channelId))
              .min((a, b) -> Long.compare(a.number(), b.number()))
              .orElseThrow();
      pending.remove(first);
      answer(first);
    }

    private void answer(Pending one) {
      switch (random.nextInt(4)) {
        case 0 -> {
          ids.received(++number); // so that the current number is not the subscribe's
          ids.receivedError(one.channelId(), number);
        }
        case 1 -> { // never
          nowNs = Math.max(nowNs, one.sentNs() + TIMEOUT_NS);
          pending.removeIf(other -> other.sentNs() + TIMEOUT_NS <= nowNs);
          ids.expire(nowNs);
          for (int channel = 0; channel < CHANNELS; channel++) {
            unsubscribe(channel(channel)); // as is done before subscribing again
          }
        }
        default -> ids.receivedAnswer(Kind.SUBSCRIBE, one.channelId(), one.number());
      }
    }

    void answerAll() {
      while (!pending.isEmpty()) {
        answerOne();
        take();
      }
      ids.received(++number);
      take();
    }

    private void take() {
      if (ids.hasLoss()) {
        found += ids.takeLoss().count();
      }
    }
  }
}
