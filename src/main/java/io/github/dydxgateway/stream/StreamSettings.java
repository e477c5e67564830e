package io.github.dydxgateway.stream;

import java.time.Duration;

/**
 * Limits of topics and clients.
 *
 * @param maxLag how long an event of a live topic may wait for a client that asks for nothing else;
 *     zero: for ever
 * @param replayEvents how many events a topic keeps at least, as far as the next two allow
 * @param replayBytes how many bytes a topic's log may take
 * @param replayAge how old an event may be before its part of the log may be dropped
 * @param maxStreams how many streams are served at once
 * @param maxTopicsPerStream how many topics one stream may have
 * @param maxTopics how many topics may be open at once
 * @param heartbeatInterval a stream that was quiet for so long gets a heartbeat
 * @param idleLinger how long a topic that nobody streams is kept
 * @param stallTimeout a stream to which nothing could be sent for so long is ended
 * @param messageBytes bytes of a message that has more than one event
 */
public record StreamSettings(
    Duration maxLag,
    int replayEvents,
    long replayBytes,
    Duration replayAge,
    int maxStreams,
    int maxTopicsPerStream,
    int maxTopics,
    Duration heartbeatInterval,
    Duration idleLinger,
    Duration stallTimeout,
    int messageBytes) {
  public StreamSettings {
    if (maxLag.isNegative()) {
      throw new IllegalArgumentException("maxLag must not be negative, got " + maxLag);
    }
    requirePositive("replayEvents", replayEvents);
    requirePositive("replayBytes", replayBytes);
    requirePositive("replayAge", replayAge.toNanos());
    requirePositive("maxStreams", maxStreams);
    requirePositive("maxTopicsPerStream", maxTopicsPerStream);
    requirePositive("maxTopics", maxTopics);
    requirePositive("messageBytes", messageBytes);
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, got " + value);
    }
  }
}
