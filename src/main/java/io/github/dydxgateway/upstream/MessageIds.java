package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.ChannelId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds out from the venue's {@code message_id} which messages of a session were lost.
 *
 * <p>The venue numbers messages of a connection without holes, but gives a request its number when
 * it arrives and answers a subscribe when it can: the answer comes late, or never, or names another
 * number. So a number that does not come is <em>missing</em> as long as a request sent before it
 * was missed may have it, and <em>lost</em> from then on. A request that is given up, or whose
 * answer names a number already taken, excuses one missing number.
 *
 * <p>Costs one comparison while all is in order, and keeps at most {@value #MAX_RANGES} ranges
 * whatever numbers come. Knows time only as the given nanoseconds. Not thread safe.
 */
final class MessageIds {
  /** More missing ranges than this: the oldest counts as lost. */
  static final int MAX_RANGES = 64;

  /**
   * More unanswered requests than this, and than a connection can carry: the oldest is given up.
   */
  static final int MAX_REQUESTS = 4096;

  /**
   * A number further than this from the last is no loss of so many messages but another count: one
   * message counts as lost, and counting begins anew.
   */
  static final long MAX_STEP = 100_000;

  private static final long NONE = -1;

  /** Rising and apart; all below {@link #highest}. */
  private final List<Range> missing = new ArrayList<>();

  /** In the order of sending, so that {@code after} never falls. */
  private final Deque<Request> requests = new ArrayDeque<>();

  private long highest = NONE;
  private int givenUp;
  private long lostCount;
  private long firstLost;
  private long lastLost;

  /** What a request asks for. */
  enum Kind {
    SUBSCRIBE,
    UNSUBSCRIBE
  }

  /**
   * Messages that were lost.
   *
   * @param count how many
   * @param first number of the first
   * @param last number of the last; all later ones came
   */
  record Loss(long count, long first, long last) {}

  /** A new session begins with this number; -1 where it has none. */
  void sessionStarted(long messageId) {
    missing.clear();
    requests.clear();
    givenUp = 0;
    lostCount = 0;
    highest = messageId < 0 ? NONE : messageId;
  }

  /** A request was sent; without an answer it is given up at that time. */
  void sent(Kind kind, ChannelId channelId, long dueNs) {
    if (requests.size() >= MAX_REQUESTS) {
      takeFirst(oldest -> true);
    }
    requests.addLast(new Request(kind, channelId, highest, dueNs));
  }

  /**
   * A message arrived.
   *
   * @param messageId -1 where it has none
   * @return whether the number was not taken before
   */
  boolean received(long messageId) {
    if (messageId == highest + 1 && messageId >= 0 && givenUp == 0) {
      highest = messageId;
      return true;
    }
    return messageId >= 0 && receivedOutOfTurn(messageId);
  }

  /** The answer to a request arrived, or what may be one. */
  void receivedAnswer(Kind kind, ChannelId channelId, long messageId) {
    boolean hasOwnNumber = received(messageId);
    Request answered =
        takeFirst(
            request ->
                request.kind == kind
                    && request.channelId.equals(channelId)
                    && (messageId < 0 || request.after < messageId));
    if (answered == null) {
      return;
    }
    if (!hasOwnNumber) {
      excuse(answered); // its number was given before the answer's, so it shows already
    }
    settle();
  }

  /** A message arrived whose number could not be read: it is taken for the next. */
  void receivedUnnumbered() {
    if (highest != NONE) {
      received(highest + 1);
    }
  }

  private boolean receivedOutOfTurn(long messageId) {
    if (highest == NONE) {
      highest = messageId;
      return true;
    }
    if (Math.abs(messageId - highest) > MAX_STEP) {
      countAnew(messageId);
      return true;
    }
    if (messageId <= highest) {
      boolean taken = !takeMissing(messageId);
      settle();
      return !taken;
    }
    if (messageId > highest + 1) {
      missing.add(new Range(highest + 1, messageId - 1));
    }
    highest = messageId;
    excuseGivenUp(false); // a later number has come, so each number given before shows by now
    settle();
    return true;
  }

  private void countAnew(long messageId) {
    missing.clear();
    requests.clear();
    givenUp = 0;
    lost(1, 0, Long.MAX_VALUE);
    highest = messageId;
  }

  /** Gives up the requests whose time has come. */
  void expire(long nowNs) {
    for (Request request : requests) {
      if (!request.givenUp && request.dueNs - nowNs <= 0) {
        request.givenUp = true;
        givenUp++;
      }
    }
    if (!missing.isEmpty()) {
      excuseGivenUp(true);
      settle();
    }
  }

  /** After how many nanoseconds to call {@link #expire}; the largest long if nothing waits. */
  long expiresInNs(long nowNs) {
    long inNs = Long.MAX_VALUE;
    for (Request request : requests) {
      if (!request.givenUp) {
        inNs = Math.min(inNs, request.dueNs - nowNs);
      }
    }
    return inNs;
  }

  /** Whether a number between these two is missing and not found lost yet. */
  boolean isMissingBetween(long after, long before) {
    for (Range range : missing) {
      if (range.last > after && range.first < before) {
        return true;
      }
    }
    return false;
  }

  boolean hasLoss() {
    return lostCount > 0;
  }

  /** What was found lost since the last call; only if there is a loss. */
  Loss takeLoss() {
    Loss loss = new Loss(lostCount, firstLost, lastLost);
    lostCount = 0;
    return loss;
  }

  // ---- requests that are given up

  /**
   * @param keepUnused whether those that excuse nothing may yet
   */
  private void excuseGivenUp(boolean keepUnused) {
    Iterator<Request> all = requests.iterator();
    while (givenUp > 0 && all.hasNext()) {
      Request request = all.next();
      if (request.givenUp && (excuse(request) || !keepUnused)) {
        all.remove();
        givenUp--;
      }
    }
  }

  /** Takes the first missing number that the request may have had. */
  private boolean excuse(Request request) {
    for (int i = 0; i < missing.size(); i++) {
      Range range = missing.get(i);
      if (range.first > request.after) {
        replace(i, range.first + 1, range.last);
        return true;
      }
    }
    return false;
  }

  private Request takeFirst(Predicate<Request> wanted) {
    Iterator<Request> all = requests.iterator();
    while (all.hasNext()) {
      Request request = all.next();
      if (wanted.test(request)) {
        all.remove();
        givenUp -= request.givenUp ? 1 : 0;
        return request;
      }
    }
    return null;
  }

  // ---- missing numbers

  /** Returns whether the number was missing; it is no more. */
  private boolean takeMissing(long messageId) {
    for (int i = 0; i < missing.size(); i++) {
      Range range = missing.get(i);
      if (range.first <= messageId && messageId <= range.last) {
        replace(i, messageId + 1, range.last);
        if (range.first < messageId) {
          missing.add(i, new Range(range.first, messageId - 1));
        }
        return true;
      }
    }
    return false;
  }

  private void replace(int index, long first, long last) {
    if (first <= last) {
      missing.set(index, new Range(first, last));
    } else {
      missing.remove(index);
    }
  }

  /** What no request explains is lost. */
  private void settle() {
    while (!missing.isEmpty()) {
      Range oldest = missing.get(0);
      boolean explained = !requests.isEmpty() && requests.getFirst().after < oldest.first;
      if (explained && missing.size() <= MAX_RANGES) {
        return;
      }
      missing.remove(0);
      lost(oldest.last - oldest.first + 1, oldest.first, oldest.last);
    }
  }

  private void lost(long count, long first, long last) {
    firstLost = lostCount == 0 ? first : Math.min(firstLost, first);
    lastLost = lostCount == 0 ? last : Math.max(lastLost, last);
    lostCount += count;
  }

  private record Range(long first, long last) {}

  private static final class Request {
    private final Kind kind;
    private final ChannelId channelId;

    /** The highest number known when it was sent: its own is higher. */
    private final long after;

    private final long dueNs;

    /** Not answered in time; may yet excuse a number in the next hole. */
    private boolean givenUp;

    Request(Kind kind, ChannelId channelId, long after, long dueNs) {
      this.kind = kind;
      this.channelId = channelId;
      this.after = after;
      this.dueNs = dueNs;
    }
  }
}
