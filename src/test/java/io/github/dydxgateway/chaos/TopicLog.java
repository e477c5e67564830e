package io.github.dydxgateway.chaos;

import io.github.dydxgateway.testing.Places;
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
 * comes: a state first; then entries whose sequences rise by one, or a Gap that begins where they
 * stopped, or a snapshot that includes them. Not thread safe.
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

  private boolean needsSnapshot = true;
  private boolean inSnapshot;
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

  /** Whether a client that is cut off may be told to resume from there: what it has last. */
  boolean isResumedFrom(long sequence) {
    return sequence == last();
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
      inSnapshot = false;
      needsSnapshot = true;
      contents.joined();
    }
    inSnapshot = false;
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
    if (inSnapshot && !event.hasSnapshotInfo() && !isLagging(event)) {
      problem("came inside of a snapshot");
    }
    if (event.getSequence() != 0) {
      entry(event.getSequence());
    }
    switch (event.getPayloadCase()) {
      case SUBSCRIPTION_STATE -> state = event.getSubscriptionState().getState();
      case SUBSCRIPTION_ERROR -> problem("refused: " + event.getSubscriptionError().getMessage());
      case GAP -> {
        gaps.merge(event.getGap().getReason(), 1, Integer::sum);
        if (event.getSequence() == 0) {
          gap(event.getGap());
        }
        contents.gap();
      }
      default -> content(event);
    }
  }

  private static boolean isLagging(Event event) {
    return event.getSubscriptionState().getState() == State.STATE_LAGGING;
  }

  private void entry(long sequence) {
    if (any && sequence != last + 1) {
      problem("came after " + last);
    }
    any = true;
    last = sequence;
  }

  private void gap(Gap gap) {
    long first = gap.getFirstMissingSequence();
    long end = gap.getLastMissingSequence();
    if (gap.getReason() == GapReason.GAP_REASON_EPOCH_CHANGED) {
      problem("the epoch never changed");
    } else if (end < first) {
      problem("a gap that ends before it begins");
    } else if (any && first != last + 1) {
      problem("a gap that does not begin after " + last);
    }
    any = true;
    last = end;
    needsSnapshot |= gap.getReason() == GapReason.GAP_REASON_REPLAY_EXPIRED;
    if (gap.getReason() == GapReason.GAP_REASON_SLOW_CONSUMER && topic.hasTrades()) {
      // Of these the oldest are dropped, the snapshot of a client that joined among them.
      needsSnapshot = false;
    }
  }

  private void content(Event event) {
    if (state != State.STATE_LIVE
        && state != State.STATE_RECOVERING
        && state != State.STATE_LAGGING
        && !(event.hasSnapshotInfo() && event.getSequence() != 0)) {
      problem("came in state " + state);
    }
    if (event.hasSnapshotInfo()) {
      snapshot(event);
    } else if (event.getSequence() == 0) {
      problem("has no sequence");
    } else if (needsSnapshot && !event.hasBlockHeight()) {
      problem("came before a snapshot");
    } else {
      needsSnapshot = false; // each block height is whole by itself
      contents.update(event);
    }
  }

  private void snapshot(Event event) {
    long asOf = event.getSnapshotInfo().getAsOfSequence();
    boolean isEntry = event.getSequence() != 0;
    if (asOf < last()) {
      problem("a snapshot of " + asOf + " though " + last + " was there");
    }
    if (!isEntry && !inSnapshot && any && asOf > last) {
      freshSnapshots++;
    }
    inSnapshot = !event.getSnapshotInfo().getLast();
    contents.snapshot(event);
    if (!inSnapshot) {
      needsSnapshot = false;
      any = true;
      last = asOf;
    }
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
      default -> Places.of(event) + (event.hasSnapshotInfo() ? " S" : "");
    };
  }
}
