package io.github.dydxgateway.stream.state;

import com.google.protobuf.MessageLite;

/** The size of one part of a snapshot while records are added to it. */
final class PartSize {
  /** Most bytes that tag and length of a record take. */
  private static final int FRAME_BYTES = 8;

  private final int maxBytes;
  private int bytes;
  private boolean hasRecord;

  /**
   * @param maxBytes a part is at most so large, unless one record is larger
   */
  PartSize(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Begins a part that has these bytes already. */
  void begin(int headerBytes) {
    bytes = headerBytes;
    hasRecord = false;
  }

  /** Most bytes that a record takes in a message. */
  static int of(MessageLite record) {
    return record.getSerializedSize() + FRAME_BYTES;
  }

  /** Adds a record; false, and nothing is added, if it belongs into the next part. */
  boolean add(int recordBytes) {
    if (hasRecord && bytes + recordBytes > maxBytes) {
      return false;
    }
    bytes += recordBytes;
    hasRecord = true;
    return true;
  }
}
