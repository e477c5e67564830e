package io.github.dydxgateway.simulator;

import java.util.HashMap;
import java.util.Map;

/**
 * So many events a second for each key; the second begins with a key's first event. Not
 * thread-safe.
 */
final class RateLimit {

  private static final long WINDOW_NANOS = 1_000_000_000;
  private static final int SWEEP_SIZE = 1024;

  private final int events;
  private final Map<Object, Window> windows = new HashMap<>();

  RateLimit(int events) {
    this.events = events;
  }

  private static final class Window {
    private final long startedNanos;
    private int count;

    Window(long startedNanos) {
      this.startedNanos = startedNanos;
    }

    boolean over(long nowNanos) {
      return nowNanos - startedNanos >= WINDOW_NANOS;
    }
  }

  /**
   * Counts an event.
   *
   * @param nowNanos {@link System#nanoTime()}
   * @return whether it is within the limit
   */
  boolean allows(Object key, long nowNanos) {
    Window window = windows.get(key);
    if (window == null || window.over(nowNanos)) {
      if (windows.size() >= SWEEP_SIZE) {
        windows.values().removeIf(old -> old.over(nowNanos));
      }
      window = new Window(nowNanos);
      windows.put(key, window);
    }
    return ++window.count <= events;
  }
}
