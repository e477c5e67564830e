package io.github.dydxgateway.upstream;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks names up on a thread of its own, since a look-up blocks, for many seconds where no name
 * server answers. Look-ups of the same name at the same time are one. Thread safe.
 */
final class NameResolver {
  private final WorkerExecutor worker;
  private final Lookup lookup;

  /** Guarded by itself. */
  private final Map<String, Future<List<InetAddress>>> running = new HashMap<>();

  NameResolver(Vertx vertx, Lookup lookup) {
    this.worker = vertx.createSharedWorkerExecutor("dydx-gateway-names", 1);
    this.lookup = lookup;
  }

  /** All addresses of a name, or of an address written out. May block. */
  @FunctionalInterface
  interface Lookup {
    /** As {@link InetAddress#getAllByName}. */
    InetAddress[] addressesOf(String name) throws UnknownHostException;
  }

  /**
   * All addresses of a name, in the order in which to try them.
   *
   * @return fails with {@link UnknownHostException}; completes on any thread
   */
  Future<List<InetAddress>> resolve(String name) {
    synchronized (running) {
      Future<List<InetAddress>> present = running.get(name);
      if (present != null) {
        return present;
      }
      Future<List<InetAddress>> started =
          worker.executeBlocking(() -> alternating(lookup.addressesOf(name)));
      running.put(name, started);
      started.onComplete(ignored -> ended(name));
      return started;
    }
  }

  private void ended(String name) {
    synchronized (running) {
      running.remove(name);
    }
  }

  /** Ends the thread; a look-up that runs is not waited for. */
  Future<Void> close() {
    return worker.close();
  }

  /** The families in turn, so that one without a route costs a single attempt. */
  private static List<InetAddress> alternating(InetAddress[] addresses) {
    Deque<InetAddress> first = new ArrayDeque<>();
    Deque<InetAddress> second = new ArrayDeque<>();
    for (InetAddress address : addresses) {
      boolean isOfFirst = address instanceof Inet4Address == addresses[0] instanceof Inet4Address;
      (isOfFirst ? first : second).add(address);
    }
    List<InetAddress> inTurn = new ArrayList<>();
    while (!first.isEmpty() || !second.isEmpty()) {
      if (!first.isEmpty()) {
        inTurn.add(first.remove());
      }
      if (!second.isEmpty()) {
        inTurn.add(second.remove());
      }
    }
    return inTurn;
  }
}
