package io.github.dydxgateway.simulator;

import java.util.List;

/** Which refusals of a subscribe name the topic in fields of their own: the venue does by text. */
final class ErrorShape {

  private static final List<String> WITHOUT_TOPIC =
      List.of(
          "Invalid subscription id",
          "Per-connection subscription limit",
          "Too many",
          "Invalid channel",
          "Invalid id",
          "Invalid message");

  private ErrorShape() {}

  static boolean namesTopic(String message) {
    return WITHOUT_TOPIC.stream().noneMatch(message::startsWith);
  }
}
