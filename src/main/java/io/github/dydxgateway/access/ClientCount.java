package io.github.dydxgateway.access;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many of something each client has, with a limit. Forgets clients that have none, so it is
 * bounded by what there is to count. May be used from any thread.
 */
public final class ClientCount {
  private final int most;
  private final Map<ClientAddress, Integer> counts = new ConcurrentHashMap<>();

  /**
   * @param most how many a client may have
   */
  public ClientCount(int most) {
    this.most = most;
  }

  /** Counts one more for a client; false if it has as many as it may. */
  public boolean add(ClientAddress client) {
    boolean[] added = {false};
    counts.compute(
        client,
        (ignored, count) -> {
          int present = count == null ? 0 : count;
          added[0] = present < most;
          return added[0] ? Integer.valueOf(present + 1) : count;
        });
    return added[0];
  }

  /** Counts one less for a client; to be called once for each that was added. */
  public void remove(ClientAddress client) {
    counts.computeIfPresent(client, (ignored, count) -> count == 1 ? null : count - 1);
  }

  /** How many a client has. */
  public int of(ClientAddress client) {
    return counts.getOrDefault(client, 0);
  }

  /** How many clients have any. */
  public int clients() {
    return counts.size();
  }
}
