package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.Event;
import java.util.List;

/** Gives a topic's present state to clients that join. Called on the topic's loop. */
@FunctionalInterface
public interface SnapshotSource {
  /**
   * The present state as events with payload and receive time; the topic adds its key and sequence.
   * Empty while there is none.
   */
  List<Event.Builder> snapshot();
}
