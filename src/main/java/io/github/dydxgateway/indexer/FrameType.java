package io.github.dydxgateway.indexer;

/** What a frame is, from its {@code type}. */
enum FrameType {
  CONNECTED("connected"),
  SUBSCRIBED("subscribed"),
  CHANNEL_DATA("channel_data"),
  CHANNEL_BATCH_DATA("channel_batch_data"),
  UNSUBSCRIBED("unsubscribed"),
  ERROR("error"),
  /** A type that this version does not know. */
  UNKNOWN("");

  private static final FrameType[] TYPES = values();

  private final String wireName;

  FrameType(String wireName) {
    this.wireName = wireName;
  }

  static FrameType ofWireName(String wireName) {
    for (FrameType type : TYPES) {
      if (type.wireName.equals(wireName)) {
        return type;
      }
    }
    return UNKNOWN;
  }

  /** Whether contents stand in frames of the type. */
  boolean hasContents() {
    return this == SUBSCRIBED || this == CHANNEL_DATA || this == CHANNEL_BATCH_DATA;
  }
}
