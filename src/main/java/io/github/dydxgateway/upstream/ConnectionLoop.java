package io.github.dydxgateway.upstream;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The event loop of a connection. Tasks given before the connection is deployed wait for it. May be
 * used from any thread.
 */
final class ConnectionLoop implements Executor {
  private final List<Runnable> early = new ArrayList<>();
  private volatile Thread thread;
  private volatile Context context;

  /** Called once, on the loop. */
  void bind(Context loopContext) {
    synchronized (early) {
      thread = Thread.currentThread();
      for (Runnable task : early) {
        loopContext.runOnContext(ignored -> task.run());
      }
      early.clear();
      context = loopContext;
    }
  }

  @Override
  public void execute(Runnable task) {
    Context bound = context;
    if (bound == null) {
      synchronized (early) {
        bound = context;
        if (bound == null) {
          early.add(task);
          return;
        }
      }
    }
    bound.runOnContext(ignored -> task.run());
  }

  /** Whether tasks of both run on the same thread; false as long as one of them has none. */
  boolean sharesThreadWith(Executor other) {
    return other == this
        || (other instanceof ConnectionLoop loop && thread != null && thread == loop.thread);
  }
}
