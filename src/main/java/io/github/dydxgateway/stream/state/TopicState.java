package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.SnapshotInfo;
import io.github.dydxgateway.v1.SnapshotReason;
import io.github.dydxgateway.v1.Topic;
import java.util.List;

/**
 * What a topic is about, as of the last event of its log. Two states that have applied the same
 * events are equal, and so is one that has applied a snapshot and the events after it.
 *
 * <p>Not thread safe: it belongs to the thread that writes the topic.
 */
public abstract class TopicState {
  /**
   * Size in bytes above which a snapshot is divided into several events. A single record that is
   * larger stays whole.
   */
  public static final int MAX_EVENT_BYTES = 1 << 20;

  private long receiveTimeNs;
  private boolean isPresent;
  private boolean isWithinSnapshot;

  /** Empty. */
  protected TopicState() {}

  /**
   * An empty state for a topic.
   *
   * @throws IllegalArgumentException if the topic has no kind
   */
  public static TopicState of(Topic topic) {
    return switch (topic.getKindCase()) {
      case TRADES -> new TradesState();
      case ORDER_BOOK -> new OrderBookState();
      case QUOTES -> new QuotesState();
      case CANDLES -> new CandlesState();
      case MARKETS -> new MarketsState();
      case BLOCK_HEIGHT -> new BlockHeightState();
      case SUBACCOUNT -> AccountState.of(topic.getSubaccount());
      case PARENT_SUBACCOUNT -> AccountState.of(topic.getParentSubaccount());
      case KIND_NOT_SET -> throw new IllegalArgumentException("a topic needs a kind");
    };
  }

  /**
   * Applies an event of the log. The first event of a snapshot replaces the state, the others add
   * to it. Events that do not change the state, such as gaps, are ignored.
   */
  public final void apply(Event event) {
    boolean isSnapshot = event.hasSnapshotInfo() || isWholeByItself(event);
    if (isSnapshot && !isWithinSnapshot) {
      clear();
      isPresent = true;
    }
    if (fold(event)) {
      applied(event.getReceiveTimeNs());
    }
    if (event.hasSnapshotInfo()) {
      isWithinSnapshot = !event.getSnapshotInfo().getLast();
    }
    if (isSnapshot && !isWithinSnapshot) {
      endSnapshot();
    }
  }

  /**
   * Replaces the state by a whole one.
   *
   * @param events that hold the new state together; {@link SnapshotInfo} on them is ignored
   */
  public final void replace(List<Event> events) {
    isWithinSnapshot = false;
    clear();
    for (Event event : events) {
      if (fold(event)) {
        applied(event.getReceiveTimeNs());
      }
    }
    endSnapshot();
  }

  private static boolean isWholeByItself(Event event) {
    return event.hasOrderBookSnapshot() || event.hasSubaccountSnapshot();
  }

  /**
   * The present state as the events of a snapshot, with payload, receive time of the last event
   * applied and {@link SnapshotInfo}; topic and sequence are absent. Empty before the first state.
   *
   * @param asOfSequence last sequence of the log that is applied
   */
  public final List<Event.Builder> snapshot(SnapshotReason reason, long asOfSequence) {
    return isPresent ? withInfo(payloads(MAX_EVENT_BYTES), reason, asOfSequence) : List.of();
  }

  /**
   * As {@link #snapshot}, but only the best levels of an order book.
   *
   * @param depth most levels a side; 0: all
   */
  public final List<Event.Builder> view(int depth, SnapshotReason reason, long asOfSequence) {
    return isPresent ? withInfo(payloads(MAX_EVENT_BYTES, depth), reason, asOfSequence) : List.of();
  }

  private List<Event.Builder> withInfo(
      List<Event.Builder> events, SnapshotReason reason, long asOfSequence) {
    for (int i = 0; i < events.size(); i++) {
      events
          .get(i)
          .setReceiveTimeNs(receiveTimeNs)
          .setSnapshotInfo(
              SnapshotInfo.newBuilder()
                  .setReason(reason)
                  .setLast(i == events.size() - 1)
                  .setAsOfSequence(asOfSequence));
    }
    return events;
  }

  /**
   * As {@link #snapshot}, but as the next entries of the log, whose sequences follow one another
   * and of which the last is the {@code as_of_sequence} of all.
   *
   * @param lastSequence last sequence of the log before them
   */
  public final List<Event.Builder> entries(SnapshotReason reason, long lastSequence) {
    List<Event.Builder> events = snapshot(reason, 0);
    for (int i = 0; i < events.size(); i++) {
      events.get(i).setSequence(lastSequence + 1 + i);
      events.get(i).getSnapshotInfoBuilder().setAsOfSequence(lastSequence + events.size());
    }
    return events;
  }

  /** Notes that the state has changed with an event received at that time. */
  protected final void applied(long eventReceiveTimeNs) {
    receiveTimeNs = eventReceiveTimeNs;
    isPresent = true;
  }

  /** Forgets everything: a snapshot begins. */
  protected abstract void clear();

  /** Applies the payload of an event; false if it does not change states of this kind. */
  protected abstract boolean fold(Event event);

  /** All events of a snapshot have been applied. */
  protected void endSnapshot() {}

  /**
   * The present state as events that have a payload only; at least one.
   *
   * @param maxBytes size above which a message is divided
   */
  protected abstract List<Event.Builder> payloads(int maxBytes);

  /**
   * As {@link #payloads(int)}, of a book only its best levels.
   *
   * @param depth most levels a side; 0: all
   */
  protected List<Event.Builder> payloads(int maxBytes, int depth) {
    return payloads(maxBytes);
  }
}
