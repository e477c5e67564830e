package io.github.dydxgateway.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a topic signals to one delivery loop: that there is something new. Raised at most once until
 * the loop has seen it, however many clients of the loop read the topic.
 *
 * <p>Its cursors belong to the loop; {@link #raise} is called on the topic's loop.
 */
final class TopicSignal {
  private final Topic topic;
  private final DeliveryLoop loop;
  private final AtomicBoolean raised = new AtomicBoolean();
  private final List<TopicCursor> cursors = new ArrayList<>();

  TopicSignal(Topic topic, DeliveryLoop loop) {
    this.topic = topic;
    this.loop = loop;
  }

  Topic topic() {
    return topic;
  }

  /** There is something new. */
  void raise() {
    if (!raised.get() && raised.compareAndSet(false, true)) {
      loop.signalled(this);
    }
  }

  /** The loop is about to look: whoever appends later has to raise it anew. */
  void lower() {
    raised.set(false);
  }

  /** Cursors of this loop on the topic. */
  List<TopicCursor> cursors() {
    return cursors;
  }

  void add(TopicCursor cursor) {
    cursor.place(cursors.size());
    cursors.add(cursor);
  }

  /** Removes a cursor; the last takes its place. */
  void remove(TopicCursor cursor) {
    TopicCursor last = cursors.remove(cursors.size() - 1);
    if (last != cursor) {
      cursors.set(cursor.place(), last);
      last.place(cursor.place());
    }
  }
}
