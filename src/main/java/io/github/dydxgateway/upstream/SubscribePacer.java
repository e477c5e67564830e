package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.ChannelId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * When subscribes may be sent on one connection: at a steady rate without bursts, and with a
 * distance between two for the same id, since the venue closes connections that send more than two
 * of those a second. After an offence everything goes at half the pace, and again at half after the
 * next; while no other follows, the pace rises step by step to what is configured.
 *
 * <p>Times are nanoseconds on any one scale, such as that of {@link System#nanoTime()}. Not thread
 * safe.
 */
final class SubscribePacer {
  static final Duration SAME_ID_INTERVAL = Duration.ofMillis(600);

  /** An error about it and the close that follows belong together. */
  static final Duration SAME_OFFENCE = Duration.ofSeconds(2);

  /** How long a session has to go without an offence for one step back to the full pace. */
  static final Duration STEP_TIME = Duration.ofSeconds(4);

  /** The full pace in steps. The slowest pace is one step. */
  static final int FULL_PACE = 16;

  private static final int REMEMBERED_IDS = 1024;

  private final long intervalNs;
  private final Map<ChannelId, Long> lastSentNs = new HashMap<>();
  private boolean sentAny;
  private long lastAnyNs;
  private int pace = FULL_PACE;
  private boolean offended;
  private long lastOffenceNs;
  private boolean inSession;
  private long goodSinceNs;

  SubscribePacer(double subscribesPerSecond) {
    this.intervalNs = Math.max(1, Math.round(1e9 / subscribesPerSecond));
  }

  /** How long a subscribe of this id has to wait yet; 0: it may be sent now. */
  long waitNs(ChannelId channelId, long nowNs) {
    recover(nowNs);
    long waitNs = sentAny ? lastAnyNs + slowed(intervalNs) - nowNs : 0;
    Long lastSameNs = lastSentNs.get(channelId);
    if (lastSameNs != null) {
      waitNs = Math.max(waitNs, lastSameNs + slowed(SAME_ID_INTERVAL.toNanos()) - nowNs);
    }
    return Math.max(0, waitNs);
  }

  /** A subscribe was sent. */
  void sent(ChannelId channelId, long nowNs) {
    sentAny = true;
    lastAnyNs = nowNs;
    if (lastSentNs.size() >= REMEMBERED_IDS) {
      long relevantNs = slowed(SAME_ID_INTERVAL.toNanos());
      lastSentNs.values().removeIf(timeNs -> nowNs - timeNs >= relevantNs);
    }
    lastSentNs.put(channelId, nowNs);
  }

  /** The venue sent {@code connected}. */
  void sessionStarted(long nowNs) {
    inSession = true;
    goodSinceNs = nowNs;
    lastSentNs.clear();
  }

  /** The connection was lost. */
  void sessionLost(long nowNs) {
    recover(nowNs);
    inSession = false;
  }

  /** The venue reported too many subscribes; its reports within a moment are one offence. */
  void slowDown(long nowNs) {
    recover(nowNs);
    if (!offended || nowNs - lastOffenceNs >= SAME_OFFENCE.toNanos()) {
      pace = Math.max(1, pace / 2);
    }
    offended = true;
    lastOffenceNs = nowNs;
    goodSinceNs = nowNs;
  }

  /** The pace now, in steps of which {@link #FULL_PACE} are the configured rate. */
  int pace(long nowNs) {
    recover(nowNs);
    return pace;
  }

  private long slowed(long ns) {
    return ns * FULL_PACE / pace;
  }

  private void recover(long nowNs) {
    if (pace == FULL_PACE || !inSession) {
      return;
    }
    long steps = (nowNs - goodSinceNs) / STEP_TIME.toNanos();
    if (steps > 0) {
      pace = (int) Math.min(FULL_PACE, pace + steps);
      goodSinceNs += steps * STEP_TIME.toNanos();
    }
  }
}
