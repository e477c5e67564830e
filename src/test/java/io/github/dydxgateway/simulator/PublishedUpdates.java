package io.github.dydxgateway.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Everything that a venue publishes. */
final class PublishedUpdates implements Publisher {
  private final List<Publication> published = new ArrayList<>();

  @Override
  public boolean wanted(SimulatedTopic topic) {
    return true;
  }

  @Override
  public void publish(Publication publication) {
    published.add(publication);
  }

  void clear() {
    published.clear();
  }

  List<Publication> publications() {
    return published;
  }

  /** Topic and frame of each. */
  List<String> all() {
    return published.stream().map(update -> update.topic() + update.tail()).toList();
  }

  List<JsonObject> contents(SimulatedChannel channel) {
    return published.stream()
        .filter(update -> update.topic().channel() == channel)
        .map(update -> new JsonObject(update.contents()))
        .toList();
  }

  /** Elements of an array that updates of a channel hold. */
  List<JsonObject> elements(SimulatedChannel channel, String array) {
    return contents(channel).stream()
        .flatMap(update -> update.getJsonArray(array, new JsonArray()).stream())
        .map(element -> (JsonObject) element)
        .toList();
  }
}
