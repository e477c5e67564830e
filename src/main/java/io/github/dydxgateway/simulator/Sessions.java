package io.github.dydxgateway.simulator;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The open connections, oldest first. Owned by the simulator's context. */
final class Sessions {

  private final Set<Session> open = new LinkedHashSet<>();

  void add(Session session) {
    open.add(session);
  }

  void remove(Session session) {
    open.remove(session);
  }

  int size() {
    return open.size();
  }

  /** Does something to every connection; it may close them. */
  void each(Consumer<FaultyConnection> action) {
    List.copyOf(open).forEach(session -> action.accept(session.connection()));
  }

  /** Does something to the connection that is open for longest, if there is one. */
  void oldest(Consumer<FaultyConnection> action) {
    open.stream().findFirst().ifPresent(session -> action.accept(session.connection()));
  }
}
