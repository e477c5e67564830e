package io.github.dydxgateway.indexer;

/**
 * A frame that could not be read. Names the channel, id and message_id as far as they were read.
 */
public final class MalformedFrameException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient ChannelId channelId;
  private final long messageId;
  private final boolean initialState;

  /**
   * A frame other than {@code subscribed}, or of an unknown type.
   *
   * @param reason what was expected and what came
   * @param channelId null where it could not be read
   * @param messageId -1 where it could not be read
   */
  public MalformedFrameException(String reason, ChannelId channelId, long messageId) {
    this(reason, channelId, messageId, false);
  }

  /**
   * @param reason what was expected and what came
   * @param channelId null where it could not be read
   * @param messageId -1 where it could not be read
   * @param initialState whether the frame is {@code subscribed}, the answer to a subscribe
   */
  public MalformedFrameException(
      String reason, ChannelId channelId, long messageId, boolean initialState) {
    super(reason, null, false, false);
    this.channelId = channelId;
    this.messageId = messageId;
    this.initialState = initialState;
  }

  /** What the frame was about; null where it could not be read. */
  public ChannelId channelId() {
    return channelId;
  }

  /** The venue's number of the frame; -1 where it could not be read. */
  public long messageId() {
    return messageId;
  }

  /** Whether the frame is {@code subscribed}, the answer to a subscribe. */
  public boolean isInitialState() {
    return initialState;
  }
}
