package io.github.dydxgateway.simulator;

import java.util.ArrayList;
import java.util.List;

/** One live subscription of one connection. Owned by the simulator's context. */
final class SimulatedSubscription {

  private final Session session;
  private final SimulatedTopic topic;
  private final boolean batched;
  private final List<Publication> batch = new ArrayList<>();

  SimulatedSubscription(Session session, SimulatedTopic topic, boolean batched) {
    this.session = session;
    this.topic = topic;
    this.batched = batched;
  }

  SimulatedTopic topic() {
    return topic;
  }

  /** Sends an update, or keeps it for the next batch. */
  void deliver(Publication publication) {
    if (batched) {
      batch.add(publication);
    } else {
      session.sendData("channel_data", topic.channel(), publication.tail());
    }
  }

  /** Sends what has been collected: one frame, or for a parent one for each of its children. */
  void flush() {
    while (!batch.isEmpty()) {
      int number = batch.get(0).subaccountNumber();
      List<Publication> frame =
          batch.stream().filter(update -> update.subaccountNumber() == number).toList();
      batch.removeAll(frame);
      session.sendData("channel_batch_data", topic.channel(), Publication.batchTail(frame));
    }
  }
}
