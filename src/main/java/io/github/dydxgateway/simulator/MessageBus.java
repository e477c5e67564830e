package io.github.dydxgateway.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The message bus between the venue and its WebSocket service. It delivers in order, but a batch
 * that failed is delivered again, after what came later, and clients receive its updates once more
 * under new numbers. Owned by the simulator's context, except for the setting.
 *
 * <p>Sizes of book levels, positions, balances, statuses and prices are absolute values, so a batch
 * that ends before the newest update leaves clients with old values until these change again, and
 * no client can notice. A batch that ends with the newest update leaves them as they are.
 */
final class MessageBus implements Publisher {

  /** Updates of each channel that can be delivered again. */
  static final int REMEMBERED = 256;

  private static final int LARGEST_BATCH = 60;
  private static final long SALT = 0x2545F4914F6CDD1DL;

  private final Publisher service;
  private final SplittableRandom random;
  private final Map<SimulatedChannel, Deque<Publication>> delivered =
      new EnumMap<>(SimulatedChannel.class);
  private final Set<SimulatedTopic> remembered = new HashSet<>();
  private volatile int redeliveryOneIn;

  /**
   * A bus that delivers everything once.
   *
   * @param seed of when batches fail; the venue's own chance is not drawn upon
   */
  MessageBus(Publisher service, long seed) {
    this.service = service;
    this.random = new SplittableRandom(seed ^ SALT);
    for (SimulatedChannel channel : SimulatedChannel.values()) {
      delivered.put(channel, new ArrayDeque<>());
    }
  }

  @Override
  public boolean wanted(SimulatedTopic topic) {
    boolean wanted = service.wanted(topic);
    if (!wanted) {
      forget(topic);
    }
    return wanted;
  }

  /** An update of the topic is left out, so those before it are not its newest any more. */
  private void forget(SimulatedTopic topic) {
    if (remembered.remove(topic)) {
      delivered.get(queueOf(topic.channel())).removeIf(update -> update.topic().equals(topic));
    }
  }

  @Override
  public void publish(Publication publication) {
    if (wanted(publication.topic())) {
      remembered.add(publication.topic());
      Deque<Publication> updates = delivered.get(queueOf(publication.topic().channel()));
      updates.addLast(publication);
      if (updates.size() > REMEMBERED) {
        updates.removeFirst();
      }
    }
    service.publish(publication);
  }

  /** Subaccounts and their parents share a queue. */
  private static SimulatedChannel queueOf(SimulatedChannel channel) {
    return channel == SimulatedChannel.PARENT_SUBACCOUNTS ? SimulatedChannel.SUBACCOUNTS : channel;
  }

  @Override
  public void blockEnded() {
    int oneIn = redeliveryOneIn;
    if (oneIn == 0) {
      return;
    }
    for (SimulatedChannel channel : SimulatedChannel.values()) {
      if (queueOf(channel) == channel && random.nextInt(oneIn) == 0) {
        redeliver(channel, random.nextInt(1, LARGEST_BATCH + 1), 0);
      }
    }
  }

  /**
   * Delivers a batch again. It counts as delivered once, so the same call repeats the same batch.
   *
   * @param count its size; all that is remembered where that is less
   * @param later how many updates came after it
   * @return its size
   */
  int redeliver(SimulatedChannel channel, int count, int later) {
    List<Publication> updates = new ArrayList<>(delivered.get(queueOf(channel)));
    int to = Math.max(0, updates.size() - later);
    int from = Math.max(0, to - count);
    updates.subList(from, to).forEach(service::publish);
    return to - from;
  }

  /**
   * From now on, of each channel in one block of so many a batch that ends with the newest update
   * is delivered again; 0 ends it. Thread-safe.
   */
  void redeliverSometimes(int oneIn) {
    redeliveryOneIn = oneIn;
  }
}
