package io.github.dydxgateway.chaos;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What was found wrong; the first hundred in words. Thread-safe. */
final class Problems {
  private static final int MOST = 100;

  private final Queue<String> problems = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  void add(String problem) {
    if (count.incrementAndGet() <= MOST) {
      problems.add(problem);
    }
  }

  int count() {
    return count.get();
  }

  List<String> all() {
    return List.copyOf(problems);
  }
}
