package io.github.dydxgateway.stream;

import java.time.Duration;

/**
 * Limits of topics and clients.
 *
 * @param outboxEvents how many events of one topic may wait for a client
 * @param outboxBytes how many bytes of one topic may wait for a client
 * @param replayEvents how many events a topic keeps, at least {@code outboxEvents}
 * @param replayBytes how many bytes a topic keeps
 * @param maxStreams how many streams are served at once
 * @param maxTopicsPerStream how many topics one stream may have
 * @param maxTopics how many topics may be open at once
 * @param heartbeatInterval a stream that was quiet for so long gets a heartbeat
 * @param idleLinger how long a topic that nobody streams is kept
 * @param stallTimeout a stream to which nothing could be sent for so long is ended
 */
public record StreamSettings(
    int outboxEvents,
    long outboxBytes,
    int replayEvents,
    long replayBytes,
    int maxStreams,
    int maxTopicsPerStream,
    int maxTopics,
    Duration heartbeatInterval,
    Duration idleLinger,
    Duration stallTimeout) {
  /** A few long events together are no backlog yet. */
  private static final int LONG_EVENTS_WITHIN_LIMIT = 4;

  public StreamSettings {
    requirePositive("outboxEvents", outboxEvents);
    requirePositive("outboxBytes", outboxBytes);
    requirePositive("replayEvents", replayEvents);
    requirePositive("replayBytes", replayBytes);
    requirePositive("maxStreams", maxStreams);
    requirePositive("maxTopicsPerStream", maxTopicsPerStream);
    requirePositive("maxTopics", maxTopics);
    if (replayEvents < outboxEvents) {
      throw new IllegalArgumentException(
          "replayEvents must be at least outboxEvents " + outboxEvents + ", got " + replayEvents);
    }
  }

  /**
   * How many bytes of one event count towards {@code outboxBytes}: a single event is no backlog,
   * however long it is.
   */
  long outboxBytesOfOneEvent() {
    return Math.max(1, outboxBytes / LONG_EVENTS_WITHIN_LIMIT);
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
