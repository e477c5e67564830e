package io.github.dydxgateway.indexer;

import java.nio.charset.StandardCharsets;

/**
 * Type, channel, id and message_id of a frame that could not be read, so that its loss can be told
 * to those it concerns. Looks only at quotes and brackets, thus gets past most of what is broken in
 * between, and gives up silently where it does not.
 */
final class FrameLabel {
  private static final int MAX_TOKEN = 512;

  private final JsonBytes json = new JsonBytes();
  private final byte[] buffer;
  private final int end;
  private int at;
  private String type;
  private String channelName;
  private String id;
  private String messageId;

  private FrameLabel(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.at = offset;
    this.end = offset + length;
  }

  static FrameLabel find(byte[] buffer, int offset, int length) {
    FrameLabel label = new FrameLabel(buffer, offset, length);
    label.scan();
    return label;
  }

  /** Null where channel or id were not found. */
  ChannelId channelId() {
    Channel channel = Channel.ofWireName(channelName);
    if (channel == null || !channel.hasId()) {
      return channel == null ? null : ChannelId.of(channel);
    }
    return id == null || id.isEmpty() ? null : new ChannelId(channel, id);
  }

  /** -1 where it was not found. */
  long messageId() {
    if (messageId == null) {
      return -1;
    }
    DecimalParser number = new DecimalParser();
    byte[] text = messageId.getBytes(StandardCharsets.UTF_8);
    boolean readable = number.parse(text, 0, text.length) == DecimalParser.Outcome.NUMBER;
    return readable && number.scale() == 0 ? number.unscaled() : -1;
  }

  /** Whether the frame is {@code subscribed}. */
  boolean isInitialState() {
    return FrameType.SUBSCRIBED == FrameType.ofWireName(type);
  }

  private void scan() {
    int depth = 0;
    while (at < end) {
      switch (buffer[at]) {
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        case '"' -> {
          String key = string(depth == 1);
          if (key != null && skipColon()) {
            noteField(key);
          }
          continue;
        }
        default -> {}
      }
      at++;
    }
  }

  private void noteField(String key) {
    switch (key) {
      case "type" -> type = scalar();
      case "channel" -> channelName = scalar();
      case "id" -> id = scalar();
      case "message_id" -> messageId = scalar();
      default -> {}
    }
  }

  private boolean skipColon() {
    skipSpace();
    if (at == end || buffer[at] != ':') {
      return false;
    }
    at++;
    skipSpace();
    return true;
  }

  private void skipSpace() {
    while (at < end && buffer[at] <= ' ' && buffer[at] >= 0) {
      at++;
    }
  }

  /** The string or number here; null, and nothing passed, where something else stands. */
  private String scalar() {
    if (at < end && buffer[at] == '"') {
      return string(true);
    }
    int start = at;
    while (at < end && ((buffer[at] >= '0' && buffer[at] <= '9') || buffer[at] == '-')) {
      at++;
    }
    return at == start || at - start > MAX_TOKEN
        ? null
        : new String(buffer, start, at - start, StandardCharsets.US_ASCII);
  }

  /** Passes the string here; tells it only if wanted. */
  private String string(boolean wanted) {
    int start = at;
    boolean escaped = false;
    at++;
    while (at < end && buffer[at] != '"') {
      boolean escape = buffer[at] == '\\';
      escaped |= escape;
      at += escape ? 2 : 1;
    }
    if (at >= end) {
      at = end;
      return null;
    }
    at++;
    if (!wanted || at - start > MAX_TOKEN) {
      return null;
    }
    return escaped
        ? unescaped(start, at - start)
        : new String(buffer, start + 1, at - start - 2, StandardCharsets.UTF_8);
  }

  private String unescaped(int start, int length) {
    try {
      json.open(buffer, start, length);
      json.readValue();
      return json.text();
    } catch (UnexpectedShapeException e) {
      // The frame is broken anyway; that its label is, too, is no news.
      return null;
    }
  }
}
