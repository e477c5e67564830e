package io.github.dydxgateway.feed;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A map of bounded size that drops the entry used least recently. Not thread safe. */
final class RecentMap<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;

  private final int most;

  /**
   * @param most entries kept
   */
  RecentMap(int most) {
    super(16, 0.75f, true);
    this.most = most;
  }

  /** A set that is bounded likewise. */
  static <T> Set<T> set(int most) {
    return Collections.newSetFromMap(new RecentMap<>(most));
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
