package io.github.dydxgateway.indexer;

import java.io.IOException;
import java.util.List;

/** The fields of a frame beside its contents, as far as they came. Not thread safe. */
final class Envelope {
  private static final int MAX_DESCRIPTION = 200;

  private final JsonCursor in;
  private final ChannelIdCache channelIds;
  private final FieldValues numbers;

  private int fieldsSeen;
  private FrameType type;
  private String typeName;
  private Channel channel;
  private String channelName;
  private String id;
  private long messageId;
  private String connectionId;
  private String message;
  private int subaccountNumber;
  private UnexpectedShapeException unreadable;

  Envelope(JsonCursor cursor, ChannelIdCache channelIds) {
    this.in = cursor;
    this.channelIds = channelIds;
    this.numbers = new FieldValues(cursor, (in, expected) -> noteUnreadable(expected));
  }

  void clear() {
    fieldsSeen = 0;
    type = null;
    typeName = null;
    channel = null;
    channelName = null;
    id = null;
    messageId = -1;
    connectionId = null;
    message = null;
    subaccountNumber = -1;
    unreadable = null;
  }

  /** Reads one field where the cursor is on its value; that of the contents is left alone. */
  void readField(String name) throws IOException {
    switch (name) {
      case "type" -> {
        allowOnce(name, 1);
        typeName = readName();
        type = FrameType.ofWireName(typeName);
      }
      case "channel" -> {
        allowOnce(name, 1 << 1);
        channelName = readName();
        channel = Channel.ofWireName(channelName);
      }
      case "id" -> {
        allowOnce(name, 1 << 2);
        id = readName();
      }
      case "message_id" -> {
        allowOnce(name, 1 << 3);
        messageId = readMessageId();
      }
      case "subaccountNumber" -> {
        allowOnce(name, 1 << 4);
        subaccountNumber = readSubaccountNumber();
      }
      case "connection_id" -> {
        allowOnce(name, 1 << 5);
        connectionId = readConnectionId();
      }
      case "message" -> {
        allowOnce(name, 1 << 6);
        message = readMessage();
      }
      case FrameReader.CONTENTS -> allowOnce(name, 1 << 7);
      default -> in.skip();
    }
  }

  /** Which of two is meant cannot be told, and contents may have been read for the first. */
  private void allowOnce(String name, int bit) throws IOException {
    if ((fieldsSeen & bit) != 0) {
      throw new UnexpectedShapeException("expected one " + name + ", got several");
    }
    fieldsSeen |= bit;
  }

  private String readName() throws IOException {
    if (in.isText()) {
      return in.repeatedText();
    }
    if (in.isNull()) {
      return null;
    }
    noteUnreadable("a string");
    return null;
  }

  /** Each frame has one, but only in the first it says something new. */
  private String readConnectionId() throws IOException {
    return type == null || type == FrameType.CONNECTED || !in.isText() ? readName() : null;
  }

  /** Whether it matters shows only when the type is known. */
  private void noteUnreadable(String expected) throws IOException {
    UnexpectedShapeException problem = in.unexpected(expected);
    if (unreadable == null) {
      unreadable = problem;
    }
  }

  private long readMessageId() throws IOException {
    return numbers.integerOr(-1);
  }

  /** Up to the largest int: whose child it is must not be mistaken. */
  private int readSubaccountNumber() throws IOException {
    Long number = numbers.subaccountNumber();
    return number == null ? -1 : Math.toIntExact(number);
  }

  /** Whatever the venue gives: an error must not be lost for its shape. */
  private String readMessage() throws IOException {
    if (in.isNull()) {
      return null;
    }
    return in.isText() ? in.text() : in.json();
  }

  /** Whether type and channel came, so that contents after them can be read at once. */
  boolean hasTypeAndChannel() {
    return typeName != null && channelName != null;
  }

  /** Whether contents are to be read: of a type that has some, in a channel that is known. */
  boolean wantsContents() {
    return typeName != null && type.hasContents() && channel != null;
  }

  Channel channel() {
    return channel;
  }

  FrameType type() {
    return type;
  }

  /**
   * The whole frame.
   *
   * @param contents null where there were none, or none were wanted
   */
  IndexerFrame frame(List<ChannelContents> contents) throws IOException {
    // Frames of a type to come may give these fields another shape, and no error may be lost.
    if (unreadable != null && type != FrameType.UNKNOWN && type != FrameType.ERROR) {
      throw unreadable;
    }
    if (typeName == null) {
      throw new UnexpectedShapeException("expected a frame with a type, got none");
    }
    return switch (type) {
      case CONNECTED ->
          new IndexerFrame.Connected(messageId, connectionId == null ? "" : connectionId);
      case ERROR ->
          new IndexerFrame.Failed(
              messageId, ErrorText.understand(message == null ? "" : message, channel, id));
      case UNKNOWN -> unknown();
      case SUBSCRIBED, CHANNEL_DATA, CHANNEL_BATCH_DATA, UNSUBSCRIBED -> channelFrame(contents);
    };
  }

  private IndexerFrame channelFrame(List<ChannelContents> contents) throws IOException {
    if (channelName == null) {
      throw new UnexpectedShapeException("expected " + typeName + " with a channel, got none");
    }
    if (channel == null) {
      return unknown();
    }
    if (channel.hasId() && (id == null || id.isEmpty())) {
      throw new UnexpectedShapeException(
          "expected " + typeName + " of " + channelName + " with an id, got none");
    }
    ChannelId channelId = channelIds.get(channel, channel.hasId() ? id : "");
    if (type == FrameType.UNSUBSCRIBED) {
      return new IndexerFrame.Unsubscribed(messageId, channelId);
    }
    if (contents == null) {
      throw new UnexpectedShapeException("expected " + typeName + " with contents, got none");
    }
    return type == FrameType.SUBSCRIBED
        ? new IndexerFrame.Subscribed(messageId, channelId, contents.get(0))
        : new IndexerFrame.ChannelData(messageId, channelId, subaccountNumber, contents);
  }

  private IndexerFrame unknown() {
    String description =
        "type '" + typeName + "'" + (channelName == null ? "" : ", channel '" + channelName + "'");
    return new IndexerFrame.Unknown(
        messageId,
        description.length() > MAX_DESCRIPTION
            ? description.substring(0, MAX_DESCRIPTION)
            : description);
  }
}
