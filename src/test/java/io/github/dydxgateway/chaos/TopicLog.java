package io.github.dydxgateway.chaos;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Gap;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.github.dydxgateway.v1.Topic;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one client has got of one topic, over all its calls, checked against the contract as it
 * comes: a state first; then sequences that rise by one, or a Gap that begins where they stopped,
 * or a snapshot that ends no earlier. Not thread safe.
 */
final class TopicLog {
  private static final int LATEST = 12;

  private final String who;
  private final Topic topic;
  private final TopicContents contents;
  private final Problems problems;
  private final Deque<String> latest = new ArrayDeque<>();

  private boolean attached;
  private State state = State.STATE_UNSPECIFIED;
  private boolean any;
  private long last;

  /** The last sequence up to which the state was whole: a snapshot in parts may be cut off. */
  private long whole;

  private boolean needsSnapshot = true;
  private boolean inSnapshot;
  private long floor;
  private final Map<GapReason, Integer> gaps = new EnumMap<>(GapReason.class);
  private int freshSnapshots;

  TopicLog(String who, Topic topic, TopicContents contents, Problems problems) {
    this.who = who;
    this.topic = topic;
    this.contents = contents;
    this.problems = problems;
  }

  Topic topic() {
    return topic;
  }

  TopicContents contents() {
    return contents;
  }

  String who() {
    return who;
  }

  /** The last sequence it has; 0 for none. */
  long last() {
    return any ? last : 0;
  }

  /**
   * Whether a client that is cut off may be told to resume from there: what it has last, or what it
   * had before a snapshot whose end it may not have got.
   */
  boolean isResumedFrom(long sequence) {
    return sequence == last() || sequence == whole;
  }

  /** How many gaps it was told of, by reason. */
  Map<GapReason, Integer> gaps() {
    return gaps;
  }

  /** How often a snapshot took the place of what was missed. */
  int freshSnapshots() {
    return freshSnapshots;
  }

  boolean isLive() {
    return attached && state == State.STATE_LIVE;
  }

  boolean isAttached() {
    return attached;
  }

  /** The client asks for the topic, after what it has or from the beginning. */
  void attach(boolean resumes) {
    note(resumes ? "asks for what follows " + last : "asks anew");
    attached = true;
    state = State.STATE_UNSPECIFIED;
    if (!resumes) {
      any = false;
      last = 0;
      floor = 0;
      inSnapshot = false;
      needsSnapshot = true;
      contents.joined();
    }
    whole = last;
  }

  /** The client has the topic no more. */
  void detach() {
    if (attached) {
      note("leaves");
      attached = false;
    }
  }

  /** An event of the topic has come. */
  void take(Event event) {
    note(describe(event));
    if (!attached) {
      problem("came after the end");
    }
    switch (event.getPayloadCase()) {
      case SUBSCRIPTION_STATE -> state = event.getSubscriptionState().getState();
      case SUBSCRIPTION_ERROR -> problem("refused: " + event.getSubscriptionError().getMessage());
      case GAP -> gap(event.getGap());
      default -> numbered(event);
    }
  }

  private void gap(Gap gap) {
    gaps.merge(gap.getReason(), 1, Integer::sum);
    long first = gap.getFirstMissingSequence();
    long end = gap.getLastMissingSequence();
    if (gap.getReason() == GapReason.GAP_REASON_EPOCH_CHANGED) {
      problem("the epoch never changed");
    } else if (end < first) {
      problem("a gap that ends before it begins");
    } else if (any && first != last + 1) {
      problem("a gap that does not begin after " + last);
    }
    if (any && last < floor) {
      problem("a snapshot that ends at " + last + " though " + floor + " was there");
    }
    any = true;
    last = end;
    floor = 0;
    inSnapshot = false;
    needsSnapshot |= gap.getReason() == GapReason.GAP_REASON_REPLAY_EXPIRED;
    if (gap.getReason() == GapReason.GAP_REASON_SLOW_CONSUMER
        && (topic.hasTrades() || topic.hasBlockHeight())) {
      // Of these the oldest are dropped, the snapshot of a client that joined among them.
      needsSnapshot = false;
    }
    contents.gap();
  }

  private void numbered(Event event) {
    long sequence = event.getSequence();
    if (state != State.STATE_LIVE
        && state != State.STATE_RECOVERING
        && state != State.STATE_LAGGING) {
      problem("came in state " + state);
    }
    if (sequence <= 0) {
      problem("has no sequence");
    }
    if (isSnapshot(event)) {
      if (!inSnapshot || sequence != last + 1) {
        floor = Math.max(floor, last());
        freshSnapshots += any && sequence > last + 1 ? 1 : 0;
      }
      inSnapshot = true;
      any = true;
      last = sequence;
      needsSnapshot = false;
      contents.snapshot(event);
      return;
    }
    if (needsSnapshot) {
      problem("came before a snapshot");
    } else if (sequence != last + 1) {
      problem("came after " + last);
    } else if (last < floor) {
      problem("a snapshot that ends at " + last + " though " + floor + " was there");
    }
    needsSnapshot = false;
    inSnapshot = false;
    floor = 0;
    any = true;
    last = sequence;
    whole = sequence;
    contents.update(event);
  }

  /** Whether the event can stand alone, so that one that comes first or after a jump is sound. */
  private boolean isSnapshot(Event event) {
    return switch (event.getPayloadCase()) {
      case TRADES -> event.getTrades().getSnapshot();
      case CANDLES -> event.getCandles().getSnapshot();
      case INSTRUMENTS -> event.getInstruments().getSnapshot();
      case MARKET_UPDATE -> event.getMarketUpdate().getSnapshot();
      case ORDER_BOOK_SNAPSHOT, SUBACCOUNT_SNAPSHOT, QUOTE -> true;
      // Of these a client that lags gets the newest, whatever was before.
      case BLOCK_HEIGHT -> needsSnapshot || event.getSequence() > last + 1;
      default -> false;
    };
  }

  private void problem(String what) {
    problems.add("%s, %s: %s; latest: %s".formatted(who, Agreement.name(topic), what, latest));
  }

  private void note(String what) {
    if (latest.size() == LATEST) {
      latest.removeFirst();
    }
    latest.addLast(what);
  }

  private static String describe(Event event) {
    return switch (event.getPayloadCase()) {
      case GAP ->
          "gap %d-%d %s"
              .formatted(
                  event.getGap().getFirstMissingSequence(),
                  event.getGap().getLastMissingSequence(),
                  event.getGap().getReason());
      case SUBSCRIPTION_STATE -> event.getSubscriptionState().getState().toString();
      case TRADES -> event.getSequence() + (event.getTrades().getSnapshot() ? " S" : "");
      case CANDLES -> event.getSequence() + (event.getCandles().getSnapshot() ? " S" : "");
      case ORDER_BOOK_SNAPSHOT, SUBACCOUNT_SNAPSHOT -> event.getSequence() + " S";
      default -> Long.toString(event.getSequence());
    };
  }
}
