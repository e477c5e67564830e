package io.github.dydxgateway.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who gets which topic. Owned by the simulator's context. */
final class Subscriptions implements Publisher {

  private final Map<SimulatedTopic, Set<SimulatedSubscription>> byTopic = new HashMap<>();

  void add(SimulatedSubscription subscription) {
    byTopic.computeIfAbsent(subscription.topic(), topic -> new LinkedHashSet<>()).add(subscription);
  }

  void remove(SimulatedSubscription subscription) {
    byTopic.computeIfPresent(
        subscription.topic(),
        (topic, subscribers) -> {
          subscribers.remove(subscription);
          return subscribers.isEmpty() ? null : subscribers;
        });
  }

  /** How many there are. */
  int size() {
    return byTopic.values().stream().mapToInt(Set::size).sum();
  }

  @Override
  public boolean wanted(SimulatedTopic topic) {
    return byTopic.containsKey(topic);
  }

  @Override
  public void publish(Publication publication) {
    Set<SimulatedSubscription> subscribers = byTopic.get(publication.topic());
    if (subscribers != null) {
      // A delivery may close its connection, which removes it from here.
      List.copyOf(subscribers).forEach(subscription -> subscription.deliver(publication));
    }
  }

  /** Sends all batches that have something in them. */
  void flushBatches() {
    for (Set<SimulatedSubscription> subscribers : new ArrayList<>(byTopic.values())) {
      List.copyOf(subscribers).forEach(SimulatedSubscription::flush);
    }
  }
}
