package io.github.dydxgateway.stream;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** A loop that runs its tasks when the test says so. */
final class ManualLoop implements Executor {
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  boolean runOne() {
    Runnable task = tasks.poll();
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  /** Runs what is there and what comes of it; whether there was anything. */
  boolean runAll() {
    boolean ran = false;
    while (runOne()) {
      ran = true;
    }
    return ran;
  }

  int size() {
    return tasks.size();
  }
}
