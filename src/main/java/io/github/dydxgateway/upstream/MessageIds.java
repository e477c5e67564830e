package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.ChannelId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Finds out from the venue's {@code message_id} which messages of a session were lost.
 *
 * <p>The venue numbers messages of a connection without holes, but gives a request its number when
 * it arrives and answers a subscribe when it can: the answer comes late, or never, or names another
 * number. So a number that does not come is <em>missing</em> as long as a request sent before it
 * was missed may have it, and <em>lost</em> from then on. A request that is given up, or whose
 * answer names a number already taken, excuses one missing number.
 *
 * <p>The link may be late: what arrives now was sent before the venue saw the last requests, so the
 * number of a request given up may show only later. The request may excuse it until an answer to a
 * later one proves that it would have shown, since the venue numbers requests in their order, or
 * until {@link #KEPT} has passed. What it excuses is found anew whenever more is known: should its
 * own answer come and bear another number, the one it excused is missing again.
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

  /**
   * So many numbers in a row that were all taken already, each higher than the one before, are
   * another count as well. A message that comes twice or late stands among new ones, so few are
   * enough; and a count that begins anew before it has come this far is not noticed.
   */
  static final int MAX_REPEATS = 16;

  /**
   * How long a request given up may yet excuse a number. The venue closes a link that is still
   * later: it pings every 30 s and waits 10 s for the answer.
   */
  static final Duration KEPT = Duration.ofSeconds(30);

  private static final long NONE = -1;

  /** Rising and apart; all below {@link #highest}. */
  private final List<Range> missing = new ArrayList<>();

  /** In the order of sending, so that {@code after} never falls. */
  private final Deque<Request> requests = new ArrayDeque<>();

  private long highest = NONE;
  private int repeats;
  private long lastRepeat;
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
    lostCount = 0;
    repeats = 0;
    highest = messageId < 0 ? NONE : messageId;
  }

  /** A request was sent; without an answer it is given up at that time. */
  void sent(Kind kind, ChannelId channelId, long dueNs) {
    if (requests.size() >= MAX_REQUESTS) {
      requests.removeFirst();
    }
    requests.addLast(new Request(kind, channelId, highest, dueNs));
  }

  /**
   * A message arrived that answers no request.
   *
   * @param messageId -1 where it has none
   * @return whether the number was not taken before
   */
  boolean received(long messageId) {
    if (messageId == highest + 1 && messageId >= 0) {
      highest = messageId;
      repeats = 0;
      return true;
    }
    return messageId >= 0 && receivedOutOfTurn(messageId);
  }

  /** The answer to a request arrived, which bears the number that the request was given. */
  void receivedAnswer(Kind kind, ChannelId channelId, long messageId) {
    received(kind, channelId, messageId, true);
  }

  /**
   * An error arrived that may answer a subscribe: under the subscribe's number or a later one, and
   * perhaps another subscribe than it seems.
   */
  void receivedError(ChannelId channelId, long messageId) {
    received(Kind.SUBSCRIBE, channelId, messageId, false);
  }

  /** A message arrived whose number could not be read: it is taken for the next. */
  void receivedUnnumbered() {
    if (highest != NONE) {
      received(highest + 1);
    }
  }

  private boolean receivedOutOfTurn(long messageId) {
    takeBackExcuses();
    boolean isNew = take(messageId);
    if (!isNew && isAnotherCount(messageId)) {
      countAnew(messageId);
      isNew = true;
    }
    settle();
    return isNew;
  }

  /** An error may repeat one number many times, which says nothing. */
  private boolean isAnotherCount(long messageId) {
    if (repeats == 0 || messageId > lastRepeat) {
      repeats++;
      lastRepeat = messageId;
    }
    return repeats >= MAX_REPEATS;
  }

  /** Returns whether the number was not taken before. */
  private boolean take(long messageId) {
    boolean isNew = true;
    if (highest == NONE || messageId == highest + 1) {
      highest = messageId;
    } else if (Math.abs(messageId - highest) > MAX_STEP) {
      countAnew(messageId);
    } else if (messageId > highest) {
      missing.add(new Range(highest + 1, messageId - 1));
      highest = messageId;
    } else {
      isNew = takeMissing(messageId);
    }
    repeats = isNew ? 0 : repeats;
    return isNew;
  }

  private void countAnew(long messageId) {
    missing.clear();
    requests.clear();
    repeats = 0;
    lost(1, 0, Long.MAX_VALUE);
    highest = messageId;
  }

  /** Gives up the requests whose time has come. */
  void expire(long nowNs) {
    for (Request request : requests) {
      request.givenUp |= request.dueNs - nowNs <= 0;
    }
    takeBackExcuses();
    settle();
    requests.removeIf(request -> request.givenUp && request.keptNs() - nowNs <= 0);
  }

  /** After how many nanoseconds to call {@link #expire}; the largest long if nothing waits. */
  long expiresInNs(long nowNs) {
    long inNs = Long.MAX_VALUE;
    for (Request request : requests) {
      inNs = Math.min(inNs, (request.givenUp ? request.keptNs() : request.dueNs) - nowNs);
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

  // ---- requests

  /**
   * @param isSure whether it answers such a request for sure, and under the number given to it
   */
  private void received(Kind kind, ChannelId channelId, long messageId, boolean isSure) {
    Request answered = find(kind, channelId, messageId, isSure);
    takeBackExcuses();
    boolean isNew = messageId >= 0 && take(messageId);
    if (answered != null) {
      if (isNew && isSure) {
        narrowOthers(answered, messageId);
      }
      if (isNew) {
        requests.remove(answered);
      } else {
        answered.answered(messageId < 0 ? highest + 1 : messageId);
      }
    }
    settle();
  }

  /**
   * The request that such an answer is to; null if there is none. Of several it is the one that
   * excused this number, else the first. An error may come under a number that is too high for its
   * request, but hardly so late that the request was given up.
   */
  private Request find(Kind kind, ChannelId channelId, long messageId, boolean isSure) {
    Request first = null;
    Request firstUnlikely = null;
    for (Request request : requests) {
      if (request.asks(kind, channelId) && (messageId < 0 || request.after < messageId)) {
        if (request.excused == messageId && messageId >= 0) {
          return request;
        }
        if (messageId < request.before || (!isSure && !request.givenUp)) {
          first = first == null ? request : first;
        } else if (!isSure) {
          firstUnlikely = firstUnlikely == null ? request : firstUnlikely;
        }
      }
    }
    return first == null ? firstUnlikely : first;
  }

  /** The venue gives numbers in the order of requests. */
  private void narrowOthers(Request answered, long messageId) {
    boolean isEarlier = true;
    for (Request request : requests) {
      if (request == answered) {
        isEarlier = false;
      } else if (isEarlier) {
        request.before = Math.min(request.before, messageId);
      } else {
        request.after = Math.max(request.after, messageId);
      }
    }
  }

  /** What is known now may excuse other numbers. */
  private void takeBackExcuses() {
    for (Request request : requests) {
      if (request.excused != NONE) {
        addMissing(request.excused);
        request.excused = NONE;
      }
    }
  }

  /** Takes the first missing number that the request may have had. */
  private void excuse(Request request) {
    for (int i = 0; i < missing.size(); i++) {
      Range range = missing.get(i);
      if (request.mayHave(range)) {
        request.excused = range.first;
        replace(i, range.first + 1, range.last);
        return;
      }
    }
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

  private void addMissing(long messageId) {
    int place = 0;
    while (place < missing.size() && missing.get(place).first < messageId) {
      place++;
    }
    missing.add(place, new Range(messageId, messageId));
  }

  private void replace(int index, long first, long last) {
    if (first <= last) {
      missing.set(index, new Range(first, last));
    } else {
      missing.remove(index);
    }
  }

  /** What no request excuses or explains is lost. */
  private void settle() {
    if (missing.isEmpty()) {
      return;
    }
    for (Request request : requests) {
      if (request.givenUp) {
        excuse(request);
      }
    }
    for (int i = 0; i < missing.size(); ) {
      if (isExplained(missing.get(i))) {
        i++;
      } else {
        lost(missing.remove(i));
      }
    }
    while (missing.size() > MAX_RANGES) {
      lost(missing.remove(0));
    }
  }

  private boolean isExplained(Range range) {
    for (Request request : requests) {
      if (!request.givenUp && request.mayHave(range)) {
        return true;
      }
    }
    return false;
  }

  private void lost(Range range) {
    lost(range.last - range.first + 1, range.first, range.last);
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

    /**
     * The highest number known when it was sent, or that an earlier request was given: its own is
     * higher.
     */
    private long after;

    private final long dueNs;

    /** The number that a later request was given: its own is lower. */
    private long before = Long.MAX_VALUE;

    /** Nobody waits for its number any more: it excuses the first that it may have had. */
    private boolean givenUp;

    private boolean answered;

    /** The number it excuses, which is not missing as long as it does. */
    private long excused = NONE;

    Request(Kind kind, ChannelId channelId, long after, long dueNs) {
      this.kind = kind;
      this.channelId = channelId;
      this.after = after;
      this.dueNs = dueNs;
    }

    private boolean asks(Kind wantedKind, ChannelId wantedId) {
      return !answered && kind == wantedKind && channelId.equals(wantedId);
    }

    /** Under a number already taken: its own was given before, so that it shows by now. */
    private void answered(long below) {
      answered = true;
      givenUp = true;
      before = Math.min(before, below);
    }

    /** No range reaches beyond one of the two numbers, for both of them came. */
    private boolean mayHave(Range range) {
      return after < range.first && range.last < before;
    }

    private long keptNs() {
      return dueNs + KEPT.toNanos();
    }
  }
}
