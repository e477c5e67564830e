package io.github.dydxgateway.access;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the open streams of each holder of rights. May be used from any thread. */
@Singleton
public class StreamQuota {
  private final Map<String, Integer> open = new ConcurrentHashMap<>();

  /**
   * Takes a place.
   *
   * @return whether there was one; if so it has to be given back
   */
  public boolean take(Rights rights) {
    if (rights.maxStreams() == Integer.MAX_VALUE) {
      return true;
    }
    boolean[] taken = new boolean[1];
    open.compute(
        rights.holder(),
        (holder, count) -> {
          int present = count == null ? 0 : count;
          taken[0] = present < rights.maxStreams();
          return taken[0] ? Integer.valueOf(present + 1) : count;
        });
    return taken[0];
  }

  /** Gives a place back. */
  public void giveBack(Rights rights) {
    if (rights.maxStreams() != Integer.MAX_VALUE) {
      open.computeIfPresent(rights.holder(), (holder, count) -> count == 1 ? null : count - 1);
    }
  }
}
