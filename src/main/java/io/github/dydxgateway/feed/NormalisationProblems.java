package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/**
 * Counts and logs what the venue sent and could not be expressed exactly. A venue that sends
 * nothing else does not fill the log: each channel may log so many lines a minute, and says how
 * many it kept back. May be used from any thread.
 */
public final class NormalisationProblems {
  private static final Logger LOG = Logger.getLogger(NormalisationProblems.class);
  private static final int LINES_A_MINUTE = 20;
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final Map<Channel, LongAdder> counts = new EnumMap<>(Channel.class);
  private final Map<Channel, Window> windows = new EnumMap<>(Channel.class);

  /** No problems yet. */
  public NormalisationProblems() {
    for (Channel channel : Channel.values()) {
      counts.put(channel, new LongAdder());
      windows.put(channel, new Window());
    }
  }

  /**
   * Counts and logs one problem.
   *
   * @param messageId the venue's number of the frame
   * @param problem what was expected and what came
   */
  void report(ChannelId channelId, long messageId, String problem) {
    counts.get(channelId.channel()).increment();
    windows.get(channelId.channel()).log(channelId, messageId, problem);
  }

  /** Problems so far. */
  public long count(Channel channel) {
    return counts.get(channel).sum();
  }

  private static final class Window {
    private final AtomicLong start = new AtomicLong(System.nanoTime());
    private final AtomicLong lines = new AtomicLong();

    void log(ChannelId channelId, long messageId, String problem) {
      long now = System.nanoTime();
      long began = start.get();
      if (now - began > MINUTE_NANOS && start.compareAndSet(began, now)) {
        long keptBack = lines.getAndSet(0) - LINES_A_MINUTE;
        if (keptBack > 0) {
          LOG.warnf(
              "%d more problems on %s were counted, not logged",
              keptBack, channelId.channel().wireName());
        }
      }
      if (lines.incrementAndGet() <= LINES_A_MINUTE) {
        LOG.warnf(
            "can't normalise: channel=%s id=%s message_id=%d: %s",
            channelId.channel().wireName(), shortened(channelId), messageId, problem);
      }
    }

    /** Ids of accounts hold an address, which does not belong into a log. */
    private static String shortened(ChannelId channelId) {
      String id = channelId.id();
      boolean isAddress =
          channelId.channel() == Channel.SUBACCOUNTS
              || channelId.channel() == Channel.PARENT_SUBACCOUNTS;
      int slash = id.indexOf('/');
      return isAddress && slash > 16 ? id.substring(0, 8) + "…" + id.substring(slash - 4) : id;
    }
  }
}
