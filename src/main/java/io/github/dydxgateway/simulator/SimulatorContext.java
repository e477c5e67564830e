package io.github.dydxgateway.simulator;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** The way onto the one Vert.x context that owns all state of a simulator. Thread-safe. */
final class SimulatorContext {

  private volatile Context context;

  void opened(Context opened) {
    context = opened;
  }

  void closed() {
    context = null;
  }

  boolean isOpen() {
    return context != null;
  }

  /** Runs an action on the context after so many milliseconds, if the simulator still runs then. */
  void later(long millis, Runnable action) {
    Context present = context;
    if (present != null) {
      present.owner().setTimer(millis, timer -> run(action));
    }
  }

  /** Runs an action on the context; fails where the simulator does not run or the action throws. */
  Future<Void> run(Runnable action) {
    Context present = context;
    if (present == null) {
      return Future.failedFuture(
          new IllegalStateException("the simulator does not run; call start() first"));
    }
    Promise<Void> done = Promise.promise();
    present.runOnContext(
        nothing -> {
          try {
            action.run();
            done.complete();
          } catch (RuntimeException e) {
            done.fail(e);
          }
        });
    return done.future();
  }
}
