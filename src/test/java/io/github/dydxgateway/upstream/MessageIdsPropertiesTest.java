package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.upstream.MessageIds.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Against a model of the venue: it gives a request its number when it arrives, answers subscribes
 * in any order, some never and some by an error that repeats the current number, and some of its
 * messages are lost on the way.
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
    ids.expire(0);
    assertThat(ids.expiresInNs(0)).isEqualTo(Long.MAX_VALUE);
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
        case 1 -> unsubscribe();
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

    private void unsubscribe() {
      ChannelId channelId = channel();
      ids.sent(Kind.UNSUBSCRIBE, channelId, nowNs + TIMEOUT_NS);
      ids.receivedAnswer(Kind.UNSUBSCRIBE, channelId, ++number);
    }

    private ChannelId channel() {
      return new ChannelId(Channel.TRADES, "T" + random.nextInt(CHANNELS));
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
          ids.receivedAnswer(Kind.SUBSCRIBE, one.channelId(), number);
        }
        case 1 -> { // never
          nowNs = Math.max(nowNs, one.sentNs() + TIMEOUT_NS);
          pending.removeIf(other -> other.sentNs() + TIMEOUT_NS <= nowNs);
          ids.expire(nowNs);
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
