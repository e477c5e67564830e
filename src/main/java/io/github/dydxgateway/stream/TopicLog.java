package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.SubscriptionState.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A topic's log of encoded events: each entry is an element of a response message, exactly as it is
 * sent, so any run of entries is a response message by itself. The place of an entry is its
 * sequence.
 *
 * <p>It keeps the latest entries, bounded by number, bytes and age, in segments that are dropped as
 * a whole; one that a reader still holds stays as it is until the reader lets go of it. Segments
 * begin small and grow with the topic, up to a size that collectors do not copy.
 *
 * <p>One thread appends; any thread reads.
 */
final class TopicLog {
  private static final int FIRST_BYTES = 1 << 10;
  private static final int LEAST_BYTES = 1 << 8;
  private static final int FIRST_ENTRIES = 12;

  /**
   * The largest segment. It is above half of the smallest region of G1, 1 MiB, so that G1 keeps it
   * where it is from the start instead of copying it while it is young.
   */
  private static final int MOST_BYTES = 576 << 10;

  /** A segment that is full within this time is followed by one of twice its size. */
  private static final long GROWS_WITHIN_NANOS = 10_000_000_000L;

  /** Segments of the largest size that the bound of bytes has to allow. */
  private static final int LEAST_SEGMENTS = 3;

  /** How much of a long event counts towards the bound of bytes: one part of so many. */
  private static final int LONG_EVENTS_WITHIN_LIMIT = 4;

  /** Segments kept whatever they hold: the latest event is, and what came before a long one. */
  private static final int ALWAYS_KEPT = 2;

  /** Bytes of the shortest event there is. */
  private static final int LEAST_EVENT = 16;

  private static final LogSegment[] NONE = {};

  private final byte[] topicField;
  private final boolean isNumbered;
  private final int maxEvents;
  private final long maxBytes;
  private final long maxAgeNanos;
  private final int mostSegmentBytes;

  /** Of a segment with many events, its index included. */
  private final long mostCapacity;

  /** The kept segments, oldest first; replaced as a whole. */
  private volatile LogSegment[] segments = NONE;

  private final AtomicLong head;
  private final AtomicLong shownBytes = new AtomicLong();
  private LogSegment current;

  /** First and last entry of the latest whole state. */
  private long stateFirst;

  private long stateLast = -1;
  private int regularBytes;
  private State state = State.STATE_PENDING;

  /**
   * @param topicField what each event says of its topic, from {@link EventEncoder#topicField}
   * @param isNumbered whether events carry their sequence; those of a view do not
   * @param base the sequence before that of the first entry
   * @param maxEvents entries that are kept at least, as far as the other bounds allow; no more than
   *     three times as many are
   * @param maxBytes of all segments, used or not
   * @param maxAgeNanos age of an entry after which it may be dropped with its segment
   */
  TopicLog(
      byte[] topicField,
      boolean isNumbered,
      long base,
      int maxEvents,
      long maxBytes,
      long maxAgeNanos) {
    this.topicField = topicField;
    this.isNumbered = isNumbered;
    this.head = new AtomicLong(base);
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
    this.maxAgeNanos = maxAgeNanos;
    this.mostSegmentBytes =
        (int) Math.max(LEAST_BYTES, Math.min(MOST_BYTES, maxBytes / LEAST_SEGMENTS));
    this.regularBytes = Math.min(FIRST_BYTES, mostSegmentBytes);
    this.mostCapacity =
        mostSegmentBytes
            + LogSegment.INDEX_BYTES * (mostSegmentBytes / LEAST_EVENT + FIRST_ENTRIES);
  }

  // ---- the writer's

  /**
   * Announces that the next entries are a whole state; the writer's thread only.
   *
   * @param entries that hold it together
   */
  void beginState(int entries) {
    stateFirst = head.getPlain() + 1;
    stateLast = stateFirst + entries - 1;
  }

  /**
   * Appends an event with the next sequence; the writer's thread only. Readers may see it a moment
   * later: a fence for each entry is dear.
   *
   * @param receiveTimeNs nanoseconds since the Unix epoch; 0: none
   * @param newState the topic's state after it
   * @param changesState whether the event says so
   * @param nowNanos monotonic
   * @return the sequence
   */
  long append(
      EventPayload payload,
      long receiveTimeNs,
      State newState,
      boolean changesState,
      long nowNanos) {
    long sequence = head.getPlain() + 1;
    long shown = isNumbered ? sequence : 0;
    int eventSize = EventEncoder.eventSize(topicField, shown, receiveTimeNs, payload);
    int length = EventEncoder.elementSize(eventSize);
    LogSegment segment = current;
    if (segment == null || !segment.hasRoom(length, nowNanos)) {
      segment = roll(sequence, length, nowNanos);
    }
    try {
      EventEncoder.write(segment.out(), eventSize, topicField, shown, receiveTimeNs, payload);
      segment.commit(newState, changesState, nowNanos);
    } catch (IOException e) {
      segment.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      segment.close();
      throw e;
    }
    state = newState;
    head.setRelease(sequence);
    return sequence;
  }

  private LogSegment roll(long sequence, int length, long nowNanos) {
    LogSegment next;
    if (length > mostSegmentBytes) {
      next = new LogSegment(sequence, state, length, 1, nowNanos);
    } else {
      next = new LogSegment(sequence, state, nextBytes(length, nowNanos), entries(), nowNanos);
    }
    LogSegment[] kept = segments;
    int dropped = dropped(kept, sequence, next.capacity(), nowNanos);
    LogSegment[] then = Arrays.copyOfRange(kept, dropped, kept.length + 1);
    then[then.length - 1] = next;
    current = next;
    segments = then;
    long bytes = 0;
    for (LogSegment segment : then) {
      bytes += segment.capacity();
    }
    shownBytes.setRelease(bytes);
    return next;
  }

  private int nextBytes(int length, long nowNanos) {
    boolean isFast =
        current != null
            && current.count() > 1
            && nowNanos - current.originNanos() < GROWS_WITHIN_NANOS;
    if (isFast) {
      long enough = (long) maxEvents * meanLength() + FIRST_BYTES;
      regularBytes = (int) Math.min(Math.min(mostSegmentBytes, 2L * regularBytes), enough);
    }
    return Math.max(regularBytes, length);
  }

  /** Entries that fit into the next segment if they are as long as those of the present one. */
  private int entries() {
    int likely =
        current == null || current.count() == 0
            ? FIRST_ENTRIES
            : regularBytes / meanLength() + FIRST_ENTRIES;
    return Math.max(1, Math.min(likely, maxEvents));
  }

  private int meanLength() {
    return Math.max(1, current.used() / Math.max(1, current.count()));
  }

  /** How many of the oldest segments go when another is added. */
  private int dropped(LogSegment[] kept, long nextSequence, int added, long nowNanos) {
    long bytes = counted(added);
    for (LogSegment segment : kept) {
      bytes += counted(segment.capacity());
    }
    int dropped = 0;
    while (kept.length - dropped >= ALWAYS_KEPT) {
      LogSegment after = kept[dropped + 1];
      boolean isBeyond =
          nextSequence - after.first() >= maxEvents
              || bytes > maxBytes
              || nowNanos - after.originNanos() > maxAgeNanos;
      if (!isBeyond || isPartOfState(kept, dropped, nextSequence, added)) {
        break;
      }
      bytes -= counted(kept[dropped].capacity());
      dropped++;
    }
    return dropped;
  }

  /**
   * Whether a segment has part of the latest whole state that was published, or what came right
   * before it, such as LIVE: a state must not push itself out before a client could read it. It is
   * no longer kept for that once what has followed it is as much as may be kept.
   */
  private boolean isPartOfState(LogSegment[] kept, int index, long nextSequence, int added) {
    boolean isPart = kept[index].first() <= stateLast && kept[index + 1].first() >= stateFirst;
    if (!isPart || nextSequence - stateLast > maxEvents) {
      return false;
    }
    long bytes = nextSequence > stateLast ? counted(added) : 0;
    for (LogSegment segment : kept) {
      bytes += segment.first() > stateLast ? counted(segment.capacity()) : 0;
    }
    return bytes <= maxBytes;
  }

  /** Of a segment that is longer than others, for it has one long event, only a part counts. */
  private long counted(int capacity) {
    return capacity > mostCapacity
        ? Math.min(capacity, Math.max(1, maxBytes / LONG_EVENTS_WITHIN_LIMIT))
        : capacity;
  }

  // ---- anybody's

  /** Sequence of the newest entry; the base if there is none. */
  long head() {
    return head.get();
  }

  /** Sequence of the oldest entry kept; one above {@link #head} if there is none. */
  long oldest() {
    LogSegment[] kept = segments;
    return kept.length == 0 ? head.get() + 1 : kept[0].first();
  }

  /** Bytes of the segments, used or not; may be out of date for any thread but the writer. */
  long bytes() {
    return shownBytes.getAcquire();
  }

  /**
   * Reads entries from a place on, at least one and as many as one segment has.
   *
   * @param from sequence of the first
   * @param last sequence of the last that is wanted; not above {@link #head}
   * @param mostBytes of more than one entry
   * @param separatesStates whether a change of the topic's state is a run of its own
   * @return false if that entry is no longer kept
   */
  boolean read(long from, long last, int mostBytes, boolean separatesStates, LogSlice into) {
    LogSegment[] kept = segments;
    int index = indexOf(kept, from);
    if (index < 0) {
      return false;
    }
    long end = index + 1 < kept.length ? Math.min(last, kept[index + 1].first() - 1) : last;
    kept[index].read(from, end, mostBytes, separatesStates, into);
    return true;
  }

  /**
   * The topic's state after an entry.
   *
   * @return null if that is no longer known
   */
  State stateAfter(long sequence) {
    LogSegment[] kept = segments;
    int index = indexOf(kept, sequence);
    if (index >= 0) {
      return kept[index].stateAfter(sequence);
    }
    index = indexOf(kept, sequence + 1);
    return index >= 0 ? kept[index].stateAfter(sequence) : null;
  }

  /** The segment with an entry; -1: none has it, or no longer. */
  private static int indexOf(LogSegment[] kept, long sequence) {
    int index = kept.length - 1;
    while (index >= 0 && kept[index].first() > sequence) {
      index--;
    }
    return index;
  }
}
