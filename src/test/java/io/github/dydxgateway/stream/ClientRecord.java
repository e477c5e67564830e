package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Gap;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SubscriptionState.State;

/**
 * What a careful client makes of one topic: it accepts consecutive sequences, and anything else
 * only where a Gap or a snapshot says what is missing.
 */
final class ClientRecord {
  static final long UNKNOWN = -1;

  final TopicKey key;
  private final ResumePoint resumeFrom;
  private final String epoch;
  long last = UNKNOWN;
  long count = UNKNOWN;
  State state;
  boolean failed;
  int gaps;
  int snapshots;
  private final StringBuilder history = new StringBuilder();
  private boolean begun;
  private boolean insideSnapshot;
  private boolean snapshotMayCome;

  ClientRecord(TopicKey key, ResumePoint resumeFrom, String epoch) {
    this.key = key;
    this.resumeFrom = resumeFrom;
    this.epoch = epoch;
    this.snapshotMayCome = resumeFrom == null;
    if (resumeFrom != null && resumeFrom.getEpoch().equals(epoch)) {
      last = resumeFrom.getSequence();
    }
  }

  void take(Event event) {
    history.append(event.getPayloadCase()).append(' ').append(event.getSequence()).append(", ");
    require(!failed, "nothing after an error", event);
    if (insideSnapshot) {
      boolean isLag =
          event.hasSubscriptionState()
              && event.getSubscriptionState().getState() == State.STATE_LAGGING;
      require(event.hasSubaccountSnapshot() || isLag, "the rest of the snapshot", event);
    }
    switch (event.getPayloadCase()) {
      case SUBSCRIPTION_STATE -> {
        State next = event.getSubscriptionState().getState();
        require(next != state, "another state", event);
        state = next;
        return;
      }
      case SUBSCRIPTION_ERROR -> failed = true;
      case GAP -> takeGap(event);
      case SUBACCOUNT_SNAPSHOT -> takeSnapshot(event);
      default -> takeUpdate(event);
    }
    require(failed || state != null, "a state first", event);
    begun = true;
  }

  @Override
  public String toString() {
    return key + " resumed from " + resumeFrom + ", since: " + history;
  }

  private void takeGap(Event event) {
    Gap gap = event.getGap();
    gaps++;
    if (gap.getReason() == GapReason.GAP_REASON_EPOCH_CHANGED) {
      require(!begun && resumeFrom != null, "no Gap without a resume point", event);
      require(
          gap.getFirstMissingSequence() == 0 && gap.getLastMissingSequence() == 0,
          "an unknown range",
          event);
      last = UNKNOWN;
      snapshotMayCome = true;
      return;
    }
    if (isConflated(gap.getFirstMissingSequence())) {
      last = UNKNOWN;
    }
    require(
        last == UNKNOWN || gap.getFirstMissingSequence() == last + 1,
        "a Gap from " + (last + 1),
        event);
    require(
        gap.getLastMissingSequence() >= gap.getFirstMissingSequence(), "a range forwards", event);
    switch (gap.getReason()) {
      case GAP_REASON_SLOW_CONSUMER -> {
        require(
            key.kind().whenLagging() == TopicKind.WhenLagging.DELIVER_OR_GAP
                || key.kind().whenLagging() == TopicKind.WhenLagging.DELIVER_OR_SNAPSHOT
                || state == State.STATE_PENDING,
            "no dropped events on " + key.kind(),
            event);
        snapshotMayCome = true;
      }
      case GAP_REASON_REPLAY_EXPIRED -> {
        require(!begun && resumeFrom != null, "no Gap without a resume point", event);
        snapshotMayCome = true;
      }
      case GAP_REASON_UPSTREAM_LOSS ->
          require(
              gap.getFirstMissingSequence() == gap.getLastMissingSequence(), "one sequence", event);
      default -> require(false, "a known reason", event);
    }
    if (gap.getReason() != GapReason.GAP_REASON_UPSTREAM_LOSS) {
      count = UNKNOWN;
    }
    last = gap.getLastMissingSequence();
  }

  /** Whether it resumed from there, was told a Gap and has not got the snapshot yet. */
  boolean waitsForSnapshotSince(long sequence) {
    return snapshotMayCome && resumeFrom != null && resumeFrom.getSequence() == sequence;
  }

  private void takeSnapshot(Event event) {
    snapshots++;
    require(
        snapshotMayCome
            || insideSnapshot
            || key.kind().whenLagging() == TopicKind.WhenLagging.CONFLATE
            || (!begun && resumeFrom != null),
        "no snapshot on " + key.kind(),
        event);
    count = event.getSubaccountSnapshot().getBlockHeight();
    insideSnapshot = event.getSubaccountSnapshot().getUpdatedAtHeight() > 0;
    require(event.getSequence() > 0, "a sequence", event);
    if (insideSnapshot) {
      return;
    }
    require(last == UNKNOWN || event.getSequence() >= last, "a snapshot not before " + last, event);
    last = event.getSequence();
    snapshotMayCome = false;
  }

  private void takeUpdate(Event event) {
    if (isConflated(event.getSequence())) {
      last = UNKNOWN;
      count = UNKNOWN;
    }
    require(last == UNKNOWN || event.getSequence() == last + 1, "sequence " + (last + 1), event);
    long height =
        event.hasBlockHeight()
            ? event.getBlockHeight().getHeight()
            : event.getSubaccountUpdate().getBlockHeight();
    require(count == UNKNOWN || height == count + 1, "count " + (count + 1), event);
    last = event.getSequence();
    count = height;
    snapshotMayCome = false;
  }

  /** Of some topics a client that lags gets the newest event, without a word of those before. */
  private boolean isConflated(long sequence) {
    return key.kind().whenLagging() == TopicKind.WhenLagging.NEWEST && sequence > last + 1;
  }

  private void require(boolean holds, String expected, Event event) {
    if (!holds) {
      throw new AssertionError(
          key
              + " (resumed from "
              + resumeFrom
              + ", epoch "
              + epoch
              + "): expected "
              + expected
              + ", got "
              + event.getPayloadCase()
              + " "
              + event.getSequence());
    }
  }
}
