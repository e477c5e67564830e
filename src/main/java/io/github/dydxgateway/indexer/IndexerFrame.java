package io.github.dydxgateway.indexer;

import java.util.List;

/**
 * One frame from the Indexer. Immutable, so it may cross threads; {@code messageId} is the venue's
 * {@code message_id}, which counts up on each connection.
 */
public sealed interface IndexerFrame {

  /** The venue's {@code message_id}; -1 where the frame had none. */
  long messageId();

  /** First frame of a connection: subscribing may begin. */
  record Connected(long messageId, String connectionId) implements IndexerFrame {}

  /** A subscription is live; holds the initial state. */
  record Subscribed(long messageId, ChannelId channelId, ChannelContents contents)
      implements IndexerFrame {}

  /**
   * One update, or several of a batch in the venue's order.
   *
   * @param subaccountNumber the child that an update of a parent subaccount is about; -1 where not
   *     given
   */
  record ChannelData(
      long messageId, ChannelId channelId, int subaccountNumber, List<ChannelContents> updates)
      implements IndexerFrame {}

  /** A subscription has ended. */
  record Unsubscribed(long messageId, ChannelId channelId) implements IndexerFrame {}

  /**
   * The venue refuses something.
   *
   * @param error what its text says
   */
  record Failed(long messageId, IndexerError error) implements IndexerFrame {}

  /**
   * A frame of a type or channel that this version does not know.
   *
   * @param description type and channel, for the log; at most 200 characters
   */
  record Unknown(long messageId, String description) implements IndexerFrame {}
}
