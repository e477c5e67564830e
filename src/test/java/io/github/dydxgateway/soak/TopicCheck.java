package io.github.dydxgateway.soak;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Gap;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.SnapshotInfo;
import io.github.dydxgateway.v1.SnapshotReason;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.Trade;
import io.github.dydxgateway.v1.Trades;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One client's copy of one topic of a {@link LoadVenue}, kept over all its calls, and what is wrong
 * with it: a sequence that skips without a Gap or a snapshot, a trade that is missing or twice. One
 * thread at a time takes events; the getters may be used from any.
 */
final class TopicCheck {
  private static final long NONE = -1;

  private final Topic topic;
  private final LoadCounters counters;
  private final Map<Long, Long> bids = new TreeMap<>();
  private final Map<Long, Long> asks = new TreeMap<>();

  /** Whether the next event may have any sequence: the call has just begun without a resume. */
  private boolean fresh = true;

  private volatile long lastSequence = NONE;
  private volatile long lastTrade = NONE;
  private volatile State state = State.STATE_UNSPECIFIED;
  private volatile int recoveries;

  TopicCheck(Topic topic, LoadCounters counters) {
    this.topic = topic;
    this.counters = counters;
  }

  Topic topic() {
    return topic;
  }

  /** The last sequence it has; negative for none. */
  long lastSequence() {
    return lastSequence;
  }

  /** Number of the last trade it has; negative for none. */
  long lastTrade() {
    return lastTrade;
  }

  State state() {
    return state;
  }

  /** How often it was told that the topic recovers. */
  int recoveries() {
    return recoveries;
  }

  /** The book it has rebuilt; read it when nothing comes any more. */
  LoadMarket.Book book() {
    return new LoadMarket.Book(Map.copyOf(bids), Map.copyOf(asks));
  }

  /** A new call begins. */
  void opened(boolean resumes) {
    fresh = !resumes;
    state = State.STATE_UNSPECIFIED;
  }

  /** Takes an event of the topic. */
  void take(Event event) {
    if (event.getSequence() != 0) {
      takeEntry(event);
    }
    switch (event.getPayloadCase()) {
      case SUBSCRIPTION_STATE -> takeState(event.getSubscriptionState().getState());
      case SUBSCRIPTION_ERROR -> wrong("an error", event);
      case GAP -> takeGap(event);
      default -> takeContent(event);
    }
  }

  private void takeState(State next) {
    if (next == State.STATE_RECOVERING && state != State.STATE_UNSPECIFIED) {
      recoveries++;
    }
    state = next;
  }

  private void takeGap(Event event) {
    counters.gaps.increment();
    Gap gap = event.getGap();
    lastTrade = NONE;
    if (event.getSequence() != 0) {
      return;
    }
    if (gap.getReason() == GapReason.GAP_REASON_EPOCH_CHANGED) {
      wrong("no other epoch", event);
      return;
    }
    if (!fresh && gap.getFirstMissingSequence() != lastSequence + 1) {
      wrong("a Gap from " + (lastSequence + 1), event);
    }
    fresh = gap.getReason() == GapReason.GAP_REASON_REPLAY_EXPIRED;
    lastSequence = gap.getLastMissingSequence();
  }

  private void takeEntry(Event event) {
    if (!fresh && event.getSequence() != lastSequence + 1) {
      wrong("sequence " + (lastSequence + 1), event);
    }
    lastSequence = event.getSequence();
  }

  private void takeContent(Event event) {
    if (state == State.STATE_UNSPECIFIED) {
      wrong("a state first", event);
    }
    if (event.hasSnapshotInfo()) {
      takeSnapshotInfo(event);
    } else if (fresh) {
      wrong("a snapshot first", event);
    }
    if (event.hasTrades()) {
      takeTrades(event, event.getTrades());
    } else if (event.hasOrderBookSnapshot()) {
      takeBook(event, event.getOrderBookSnapshot());
    } else if (event.hasOrderBookDelta()) {
      takeBook(event, event.getOrderBookDelta());
    }
  }

  private void takeSnapshotInfo(Event event) {
    SnapshotInfo info = event.getSnapshotInfo();
    if (!fresh && info.getAsOfSequence() < lastSequence) {
      wrong("a snapshot not before " + lastSequence, event);
    }
    if (!fresh && info.getReason() == SnapshotReason.SNAPSHOT_REASON_CONFLATED && info.getLast()) {
      counters.conflations.increment();
    }
    if (info.getLast()) {
      fresh = false;
      lastSequence = info.getAsOfSequence();
    }
  }

  private void takeTrades(Event event, Trades trades) {
    if (trades.getSnapshot()) {
      lastTrade = NONE;
    }
    for (Trade trade : trades.getTradesList()) {
      long number = Long.parseLong(trade.getTradeId(), 16);
      if (lastTrade != NONE && number != lastTrade + 1) {
        wrong("trade " + (lastTrade + 1) + ", not " + number, event);
      }
      lastTrade = number;
    }
  }

  private void takeBook(Event event, OrderBookSnapshot snapshot) {
    bids.clear();
    asks.clear();
    requireScales(event, snapshot.getPriceScale(), snapshot.getSizeScale());
    set(bids, snapshot.getBidsList());
    set(asks, snapshot.getAsksList());
  }

  private void takeBook(Event event, OrderBookDelta delta) {
    requireScales(event, delta.getPriceScale(), delta.getSizeScale());
    set(bids, delta.getBidsList());
    set(asks, delta.getAsksList());
  }

  private void requireScales(Event event, int priceScale, int sizeScale) {
    if (priceScale != 0 || sizeScale != LoadMarket.SIZE_SCALE) {
      wrong("scales 0 and " + LoadMarket.SIZE_SCALE, event);
    }
  }

  private static void set(Map<Long, Long> side, List<PriceLevel> levels) {
    for (PriceLevel level : levels) {
      if (level.getSize() == 0) {
        side.remove(level.getPrice());
      } else {
        side.put(level.getPrice(), level.getSize());
      }
    }
  }

  private void wrong(String expected, Event event) {
    counters.problem(
        "%s: expected %s, got %s %d %s"
            .formatted(
                topic.toString().replace('\n', ' '),
                expected,
                event.getPayloadCase(),
                event.getSequence(),
                event.hasGap() ? event.getGap().toString().replace('\n', ' ') : ""));
  }
}
