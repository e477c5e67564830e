package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.log.Addresses;
import io.github.dydxgateway.log.ControlCharacters;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/**
 * Counts what feeds make of the venue's frames: what could not be expressed exactly, which is
 * logged as well, how old events are when they arrive, and what redundancy did. A venue that sends
 * nothing right does not fill the log: each channel may log so many lines a minute, and says how
 * many it kept back. May be used from any thread.
 */
public final class FeedCounters {
  private static final Logger LOG = Logger.getLogger(FeedCounters.class);
  private static final int LINES_A_MINUTE = 20;
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final Map<Channel, LongAdder> counts = new EnumMap<>(Channel.class);
  private final Map<Channel, AtomicLong> lags = new EnumMap<>(Channel.class);
  private final Map<Channel, LongAdder> cameSecond = new EnumMap<>(Channel.class);
  private final Map<Channel, LongAdder> repeated = new EnumMap<>(Channel.class);
  private final Map<Channel, LongAdder> failovers = new EnumMap<>(Channel.class);
  private final Map<Channel, LongAdder> stateDifferences = new EnumMap<>(Channel.class);
  private final Map<Channel, LongAdder> missingCopies = new EnumMap<>(Channel.class);
  private final Map<Channel, Window> windows = new EnumMap<>(Channel.class);

  /** No problems yet. */
  public FeedCounters() {
    for (Channel channel : Channel.values()) {
      counts.put(channel, new LongAdder());
      lags.put(channel, new AtomicLong());
      cameSecond.put(channel, new LongAdder());
      repeated.put(channel, new LongAdder());
      failovers.put(channel, new LongAdder());
      stateDifferences.put(channel, new LongAdder());
      missingCopies.put(channel, new LongAdder());
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

  /**
   * Notes how old an event of the venue was when it arrived.
   *
   * @param eventTimeNs the venue's time, nanoseconds since the Unix epoch; 0: not given
   * @param receiveTimeNs when its frame arrived, likewise
   */
  void noteEventTime(Channel channel, long eventTimeNs, long receiveTimeNs) {
    if (eventTimeNs != 0) {
      lags.get(channel).setRelease(receiveTimeNs - eventTimeNs);
    }
  }

  /**
   * How old the newest event was when it arrived, in nanoseconds by both sides' clocks; 0 before
   * the first.
   */
  public long lagNanos(Channel channel) {
    return lags.get(channel).getAcquire();
  }

  /** Counts a frame that told nothing which another copy had not told before. */
  void cameSecond(Channel channel) {
    cameSecond.get(channel).increment();
  }

  /** Counts records that the venue sent again or late. */
  void repeated(Channel channel, int records) {
    repeated.get(channel).add(records);
  }

  /** Counts that a copy broke off and another went on without an interruption. */
  void failedOver(Channel channel) {
    failovers.get(channel).increment();
  }

  /** Counts and logs what a further initial state showed to be missing or wrong at clients. */
  void stateDiffered(ChannelId channelId, int differences) {
    stateDifferences.get(channelId.channel()).add(differences);
    LOG.warnf(
        "%s %s: the venue has lost updates while it fetched an initial state; another state of it"
            + " corrects %d entries",
        channelId.channel().wireName(), Addresses.shortened(channelId.id()), differences);
  }

  /** Logs that an initial state could not be compared with another one. */
  void notCompared(ChannelId channelId, String reason) {
    LOG.warnf(
        "%s %s: the initial state is not verified: %s",
        channelId.channel().wireName(),
        Addresses.shortened(channelId.id()),
        Addresses.shortened(reason));
  }

  void addMissingCopies(Channel channel, int difference) {
    missingCopies.get(channel).add(difference);
  }

  /** Frames so far that told nothing which another connection had not told before. */
  public long redundantFrames(Channel channel) {
    return cameSecond.get(channel).sum();
  }

  /** How often so far a connection broke off and another went on without an interruption. */
  public long failovers(Channel channel) {
    return failovers.get(channel).sum();
  }

  /**
   * Records in updates so far (trades, versions of candles, block heights, records of accounts)
   * that were dropped since clients had them, or later ones. With redundancy most are those that
   * another connection was first with.
   */
  public long repeatedRecords(Channel channel) {
    return repeated.get(channel).sum();
  }

  /**
   * Levels of books, trades, and entries of accounts so far that a further initial state has
   * corrected.
   */
  public long stateDifferences(Channel channel) {
    return stateDifferences.get(channel).sum();
  }

  /** Copies of subscriptions that redundancy asks for and that can't take over now. */
  public long missingCopies(Channel channel) {
    return missingCopies.get(channel).sum();
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
            channelId.channel().wireName(),
            ControlCharacters.replaced(Addresses.shortened(channelId.id())),
            messageId,
            ControlCharacters.replaced(Addresses.shortened(problem)));
      }
    }
  }
}
