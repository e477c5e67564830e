package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.SnapshotReason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Publishes the state of a topic on another one, its view: as much of it, and as often, as the view
 * asks for. Belongs to the loop of both.
 */
final class TopicView {
  private final Topic viewed;
  private final Topic topic;
  private final int depth;
  private final Duration interval;
  private final LongSupplier nanoTime;

  /** What was published last; without receive time and SnapshotInfo. */
  private List<Event> last = List.of();

  private long lastNanos;
  private boolean isDue;

  /**
   * @param viewed whose state is published
   * @param topic the view
   */
  TopicView(Topic viewed, Topic topic, LongSupplier nanoTime) {
    this.viewed = viewed;
    this.topic = topic;
    this.depth = topic.key().depth();
    this.interval = topic.key().interval();
    this.nanoTime = nanoTime;
  }

  /** The view. */
  Topic topic() {
    return topic;
  }

  Topic viewed() {
    return viewed;
  }

  /** The viewed topic may have changed. */
  void update() {
    if (isDue) {
      return;
    }
    long left = last.isEmpty() ? 0 : lastNanos + interval.toNanos() - nanoTime.getAsLong();
    if (left > 0) {
      isDue = true;
      CompletableFuture.delayedExecutor(left, TimeUnit.NANOSECONDS, viewed.loop())
          .execute(this::publishDue);
    } else {
      publish();
    }
  }

  private void publishDue() {
    isDue = false;
    publish();
  }

  private void publish() {
    List<Event.Builder> parts =
        viewed.content().view(depth, SnapshotReason.SNAPSHOT_REASON_VIEW, viewed.sequence());
    List<Event> present =
        parts.stream()
            .map(part -> part.clone().clearSnapshotInfo().clearReceiveTimeNs().build())
            .toList();
    if (!present.isEmpty() && !present.equals(last)) {
      last = present;
      lastNanos = nanoTime.getAsLong();
      topic.publishView(parts, viewed.sequence());
    }
  }
}
