package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.ChannelId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * When subscribes may be sent on one connection: at a steady rate without bursts, and with a
 * distance between two for the same id, since the venue closes connections that send more than two
 * of those a second. After an offence everything goes at half the pace (again halved at the next)
 * until the connection has been good for a minute.
 *
 * <p>Times are nanoseconds on any one scale, such as that of {@link System#nanoTime()}. Not thread
 * safe.
 */
final class SubscribePacer {
  static final Duration SAME_ID_INTERVAL = Duration.ofMillis(600);
  static final Duration GOOD_AFTER = Duration.ofMinutes(1);

  /** An error about it and the close that follows belong together. */
  static final Duration SAME_OFFENCE = Duration.ofSeconds(2);

  private static final int MAX_SLOWNESS = 16;
  private static final int REMEMBERED_IDS = 1024;

  private final long intervalNs;
  private final Map<ChannelId, Long> lastSentNs = new HashMap<>();
  private boolean sentAny;
  private long lastAnyNs;
  private int slowness = 1;
  private long lastOffenceNs;
  private boolean inSession;
  private long goodSinceNs;

  SubscribePacer(double subscribesPerSecond) {
    this.intervalNs = Math.max(1, Math.round(1e9 / subscribesPerSecond));
  }

  /** How long a subscribe of this id has to wait yet; 0: it may be sent now. */
  long waitNs(ChannelId channelId, long nowNs) {
    recover(nowNs);
    long waitNs = sentAny ? lastAnyNs + intervalNs * slowness - nowNs : 0;
    Long lastSameNs = lastSentNs.get(channelId);
    if (lastSameNs != null) {
      waitNs = Math.max(waitNs, lastSameNs + SAME_ID_INTERVAL.toNanos() * slowness - nowNs);
    }
    return Math.max(0, waitNs);
  }

  /** A subscribe was sent. */
  void sent(ChannelId channelId, long nowNs) {
    sentAny = true;
    lastAnyNs = nowNs;
    if (lastSentNs.size() >= REMEMBERED_IDS) {
      long relevantNs = SAME_ID_INTERVAL.toNanos() * slowness;
      lastSentNs.values().removeIf(timeNs -> nowNs - timeNs >= relevantNs);
    }
    lastSentNs.put(channelId, nowNs);
  }

  /** The venue said {@code connected}. */
  void sessionStarted(long nowNs) {
    inSession = true;
    goodSinceNs = nowNs;
    lastSentNs.clear();
  }

  /** The connection was lost. */
  void sessionLost() {
    inSession = false;
  }

  /** The venue said that it is too much; what it says within a moment is one offence. */
  void slowDown(long nowNs) {
    if (slowness == 1 || nowNs - lastOffenceNs >= SAME_OFFENCE.toNanos()) {
      slowness = Math.min(slowness * 2, MAX_SLOWNESS);
    }
    lastOffenceNs = nowNs;
    goodSinceNs = nowNs;
  }

  /** By how much the pace is reduced now: 1 not at all, 2 half. */
  int slowness(long nowNs) {
    recover(nowNs);
    return slowness;
  }

  private void recover(long nowNs) {
    if (slowness > 1 && inSession && nowNs - goodSinceNs >= GOOD_AFTER.toNanos()) {
      slowness = 1;
    }
  }
}
