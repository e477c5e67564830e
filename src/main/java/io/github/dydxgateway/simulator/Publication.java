package io.github.dydxgateway.simulator;

import java.util.List;

/**
 * One update, written once for all who get it. Immutable.
 *
 * @param contents JSON
 * @param subaccountNumber the child that an update of a parent subaccount is about; -1 elsewhere
 */
record Publication(SimulatedTopic topic, String contents, int subaccountNumber, String tail) {

  private static final int NO_SUBACCOUNT = -1;

  static Publication of(SimulatedTopic topic, String contents) {
    return of(topic, contents, NO_SUBACCOUNT);
  }

  static Publication of(SimulatedTopic topic, String contents, int subaccountNumber) {
    return new Publication(
        topic, contents, subaccountNumber, tail(topic, contents, subaccountNumber));
  }

  /** Everything of a {@code channel_batch_data} frame behind {@code message_id}. */
  static String batchTail(List<Publication> publications) {
    Publication first = publications.get(0);
    StringBuilder contents = new StringBuilder("[");
    for (Publication publication : publications) {
      contents.append(contents.length() == 1 ? "" : ",").append(publication.contents);
    }
    return tail(first.topic, contents.append(']').toString(), first.subaccountNumber);
  }

  private static String tail(SimulatedTopic topic, String contents, int subaccountNumber) {
    SimulatedChannel channel = topic.channel();
    StringBuilder tail = new StringBuilder(contents.length() + 120);
    // Field order is no part of the protocol; a third of the frames has its contents first.
    boolean contentsFirst = contents.length() % 3 == 0;
    if (contentsFirst) {
      tail.append(",\"contents\":").append(contents);
    }
    if (channel != SimulatedChannel.MARKETS) {
      tail.append(",\"id\":\"").append(topic.id()).append('"');
    }
    tail.append(",\"channel\":\"").append(channel.wireName()).append('"');
    tail.append(",\"version\":\"").append(channel.version()).append('"');
    if (!contentsFirst) {
      tail.append(",\"contents\":").append(contents);
    }
    if (subaccountNumber != NO_SUBACCOUNT) {
      tail.append(",\"subaccountNumber\":").append(subaccountNumber);
    }
    return tail.append('}').toString();
  }
}
