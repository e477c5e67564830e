package io.github.dydxgateway.stream;

import java.time.Duration;

/**
 * Limits of topics and clients.
 *
 * @param maxLag how long an event of a live topic may wait for a client that asks for nothing else;
 *     zero: for ever
 * @param replayEvents how many events a topic keeps
 * @param replayBytes how many bytes a topic keeps
 * @param maxStreams how many streams are served at once
 * @param maxTopicsPerStream how many topics one stream may have
 * @param maxTopics how many topics may be open at once
 * @param heartbeatInterval a stream that was quiet for so long gets a heartbeat
 * @param idleLinger how long a topic that nobody streams is kept
 * @param stallTimeout a stream to which nothing could be sent for so long is ended
 */
public record StreamSettings(
    Duration maxLag,
    int replayEvents,
    long replayBytes,
    int maxStreams,
    int maxTopicsPerStream,
    int maxTopics,
    Duration heartbeatInterval,
    Duration idleLinger,
    Duration stallTimeout) {
  /** A few long events together are within the limit. */
  private static final int LONG_EVENTS_WITHIN_LIMIT = 4;

  public StreamSettings {
    if (maxLag.isNegative()) {
      throw new IllegalArgumentException("maxLag must not be negative, got " + maxLag);
    }
    requirePositive("replayEvents", replayEvents);
    requirePositive("replayBytes", replayBytes);
    requirePositive("maxStreams", maxStreams);
    requirePositive("maxTopicsPerStream", maxTopicsPerStream);
    requirePositive("maxTopics", maxTopics);
  }

  /**
   * How many bytes of one event count towards {@code replayBytes}: a long event is kept beside
   * those that follow it, until clients have read it.
   */
  long replayBytesOfOneEvent() {
    return Math.max(1, replayBytes / LONG_EVENTS_WITHIN_LIMIT);
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, got " + value);
    }
  }
}
