package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Gap;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SnapshotInfo;
import io.github.dydxgateway.v1.SnapshotReason;
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
  private int gapsBeforeState;
  private long asOf;
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
    if (event.getSequence() != 0) {
      takeEntry(event);
    }
    switch (event.getPayloadCase()) {
      case SUBSCRIPTION_STATE -> {
        State next = event.getSubscriptionState().getState();
        require(
            next != state || event.getSequence() != 0 || gapsBeforeState > 0,
            "another state",
            event);
        state = next;
        gapsBeforeState = 0;
        return;
      }
      case SUBSCRIPTION_ERROR -> failed = true;
      case GAP -> {
        if (event.getSequence() == 0) {
          takeGap(event);
        } else {
          require(
              event.getGap().getFirstMissingSequence() == event.getSequence()
                  && event.getGap().getLastMissingSequence() == event.getSequence()
                  && event.getGap().getReason() == GapReason.GAP_REASON_UPSTREAM_LOSS,
              "a loss that stands for itself",
              event);
        }
      }
      case SUBACCOUNT_SNAPSHOT -> takeSnapshot(event);
      default -> takeUpdate(event);
    }
    require(failed || state != null || gapsBeforeState > 0, "a state first", event);
    begun = true;
  }

  /** An entry of the log: none is left out. */
  private void takeEntry(Event event) {
    require(last == UNKNOWN || event.getSequence() == last + 1, "sequence " + (last + 1), event);
    require(!event.hasSnapshotInfo(), "no snapshot", event);
    last = event.getSequence();
    snapshotMayCome = false;
  }

  @Override
  public String toString() {
    return key + " resumed from " + resumeFrom + ", since: " + history;
  }

  private void takeGap(Event event) {
    Gap gap = event.getGap();
    gaps++;
    switch (gap.getReason()) {
      case GAP_REASON_EPOCH_CHANGED -> {
        require(!begun && resumeFrom != null, "no Gap without a resume point", event);
        require(
            gap.getFirstMissingSequence() == 0 && gap.getLastMissingSequence() == 0,
            "an unknown range",
            event);
        require(state == null, "a Gap before the state", event);
        last = UNKNOWN;
        gapsBeforeState++;
      }
      case GAP_REASON_REPLAY_EXPIRED -> {
        require(!begun && resumeFrom != null, "no Gap without a resume point", event);
        require(state == null, "a Gap before the state", event);
        takeRange(gap, event);
        gapsBeforeState++;
      }
      case GAP_REASON_SLOW_CONSUMER -> {
        require(
            key.kind().whenLagging() == TopicKind.WhenLagging.DELIVER_OR_GAP
                || key.kind().whenLagging() == TopicKind.WhenLagging.DELIVER_OR_SNAPSHOT
                || state == State.STATE_PENDING,
            "no dropped events on " + key.kind(),
            event);
        takeRange(gap, event);
      }
      default -> require(false, "a known reason", event);
    }
    count = UNKNOWN;
    snapshotMayCome = true;
  }

  private void takeRange(Gap gap, Event event) {
    require(
        last == UNKNOWN || gap.getFirstMissingSequence() == last + 1,
        "a Gap from " + (last + 1),
        event);
    require(
        gap.getLastMissingSequence() >= gap.getFirstMissingSequence(), "a range forwards", event);
    last = gap.getLastMissingSequence();
  }

  /** Whether it resumed from there, was told a Gap and has not got the snapshot yet. */
  boolean waitsForSnapshotSince(long sequence) {
    return snapshotMayCome && resumeFrom != null && resumeFrom.getSequence() == sequence;
  }

  private void takeSnapshot(Event event) {
    snapshots++;
    SnapshotInfo info = event.getSnapshotInfo();
    require(event.hasSnapshotInfo() && event.getSequence() == 0, "a snapshot of its own", event);
    require(
        snapshotMayCome
            || insideSnapshot
            || key.kind().whenLagging() == TopicKind.WhenLagging.CONFLATE
            || (!begun && resumeFrom != null),
        "no snapshot on " + key.kind(),
        event);
    require(
        info.getReason() == SnapshotReason.SNAPSHOT_REASON_JOIN
            || info.getReason() == SnapshotReason.SNAPSHOT_REASON_CONFLATED,
        "a reason",
        event);
    count = event.getSubaccountSnapshot().getBlockHeight();
    boolean hasMore = event.getSubaccountSnapshot().getUpdatedAtHeight() > 0;
    require(info.getLast() != hasMore, "the last part to say so", event);
    require(!insideSnapshot || info.getAsOfSequence() == asOf, "one sequence of all parts", event);
    insideSnapshot = hasMore;
    asOf = info.getAsOfSequence();
    if (hasMore) {
      return;
    }
    require(last == UNKNOWN || asOf >= last, "a snapshot not before " + last, event);
    last = asOf;
    snapshotMayCome = false;
  }

  private void takeUpdate(Event event) {
    long height =
        event.hasBlockHeight()
            ? event.getBlockHeight().getHeight()
            : event.getSubaccountUpdate().getBlockHeight();
    require(event.getSequence() != 0, "a sequence", event);
    require(count == UNKNOWN || height == count + 1, "count " + (count + 1), event);
    count = height;
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
