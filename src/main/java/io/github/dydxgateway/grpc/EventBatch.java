package io.github.dydxgateway.grpc;

import java.util.ArrayList;
import java.util.List;

/**
 * One response message: the encoded events that are sent together. Built by one thread; not changed
 * once it is handed to gRPC.
 */
final class EventBatch {
  private final List<byte[]> events = new ArrayList<>();
  private int length;

  /**
   * Adds an event.
   *
   * @param event an element of a response message; must not be changed
   */
  void add(byte[] event) {
    events.add(event);
    length += event.length;
  }

  /** The events, in the order in which they are sent. */
  List<byte[]> events() {
    return events;
  }

  /** Bytes of all events: those of the message. */
  int length() {
    return length;
  }
}
