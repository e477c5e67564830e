package io.github.dydxgateway.indexer;

import io.github.dydxgateway.indexer.IndexerError.Kind;

/** Understands the texts of {@code error} frames: the venue gives no codes. */
final class ErrorText {
  private static final int MAX_MESSAGE = 500;

  /** Follows an id that has no bracket around it. */
  private static final String ADVICE = ". Please ";

  private ErrorText() {}

  /**
   * @param message the venue's text
   * @param channel from the frame's field; null where it has none that is known
   * @param id from the frame's field; null where it has none
   */
  static IndexerError understand(String message, Channel channel, String id) {
    Subject named = channel == null ? Subject.in(message) : Subject.in(message).onlyIf(channel);
    Channel about = channel == null ? named.channel : channel;
    String aboutId = id == null ? named.id : id;
    if (about != null && !about.hasId()) {
      aboutId = "";
    }
    boolean fieldsTell = channel != null && (id != null || !channel.hasId());
    return new IndexerError(kind(message, fieldsTell), cut(message), about, aboutId);
  }

  private static Kind kind(String message, boolean fieldsTell) {
    if (message.startsWith("Invalid subscription id for channel")) {
      return Kind.INVALID_SUBSCRIPTION_ID;
    }
    if (message.startsWith("Per-connection subscription limit reached")) {
      return Kind.CONNECTION_LIMIT;
    }
    if (message.startsWith("Too many subscribe attempts")) {
      return Kind.TOO_MANY_SUBSCRIBES;
    }
    if (message.startsWith("Internal error")) {
      return Kind.INTERNAL;
    }
    if (message.startsWith("Invalid subscribe message: already subscribed")) {
      return Kind.ALREADY_SUBSCRIBED;
    }
    if (message.startsWith("Invalid channel")
        || message.startsWith("Invalid id")
        || message.startsWith("Invalid message")
        || message.startsWith("Too many invalid messages")) {
      return Kind.INVALID_REQUEST;
    }
    return fieldsTell ? Kind.REFUSED : Kind.INVALID_REQUEST;
  }

  private static String cut(String message) {
    return message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message;
  }

  /** What a text names as {@code channel} or {@code channel-id}; null where it names none. */
  private record Subject(Channel channel, String id) {
    private static final Subject NONE = new Subject(null, null);

    Subject onlyIf(Channel expected) {
      return channel == expected ? this : NONE;
    }

    static Subject in(String message) {
      Channel first = null;
      int start = Integer.MAX_VALUE;
      for (Channel channel : Channel.values()) { // an id may hold the name of another channel
        int at = message.indexOf(channel.wireName());
        if (at >= 0 && at < start) {
          first = channel;
          start = at;
        }
      }
      return first == null
          ? NONE
          : new Subject(first, idAt(message, start, start + first.wireName().length()));
    }

    /**
     * The id after {@code v4_trades-}, which may hold any character: up to the last bracket where
     * one stands before the channel, else up to the sentence that follows.
     */
    private static String idAt(String message, int channelStart, int channelEnd) {
      if (!message.startsWith("-", channelEnd)) {
        return null;
      }
      boolean bracketed = channelStart > 0 && message.charAt(channelStart - 1) == '(';
      int end = message.lastIndexOf(bracketed ? ")" : ADVICE);
      String id = message.substring(channelEnd + 1, end > channelEnd ? end : message.length());
      if (!bracketed && id.endsWith(".")) {
        id = id.substring(0, id.length() - 1);
      }
      return id.isEmpty() ? null : id;
    }
  }
}
