package io.github.dydxgateway.chaos;

import io.github.dydxgateway.v1.Topic;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What clients have of a topic at a sequence: the first to be there says what it is, all others
 * must have the same. Thread-safe.
 */
final class Agreement {
  private final Map<Place, Claim> claims = new ConcurrentHashMap<>();
  private final Problems problems;

  Agreement(Problems problems) {
    this.problems = problems;
  }

  private record Place(Topic topic, long sequence) {}

  private record Claim(String who, Object what) {}

  void state(String who, Topic topic, long sequence, Object what) {
    Claim first = claims.putIfAbsent(new Place(topic, sequence), new Claim(who, what));
    if (first != null && !first.what.equals(what)) {
      problems.add(
          "%s and %s have not the same of %s at sequence %d: %s, %s"
              .formatted(who, first.who, name(topic), sequence, what, first.what));
    }
  }

  static String name(Topic topic) {
    return topic.toString().replaceAll("\\s+", " ").trim();
  }
}
