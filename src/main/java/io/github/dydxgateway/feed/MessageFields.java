package io.github.dydxgateway.feed;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Map;

/**
 * Fields of the contract's messages, written without an object for the message: a field that has
 * its default value takes no bytes.
 */
final class MessageFields {
  private static final int MAP_KEY = 1;
  private static final int MAP_VALUE = 2;

  private MessageFields() {}

  static int sizeOfBytes(int field, ByteString value) {
    return value.isEmpty() ? 0 : CodedOutputStream.computeBytesSize(field, value);
  }

  static void writeBytes(CodedOutputStream out, int field, ByteString value) throws IOException {
    if (!value.isEmpty()) {
      out.writeBytes(field, value);
    }
  }

  static int sizeOfString(int field, String value) {
    return value.isEmpty() ? 0 : CodedOutputStream.computeStringSize(field, value);
  }

  static void writeString(CodedOutputStream out, int field, String value) throws IOException {
    if (!value.isEmpty()) {
      out.writeString(field, value);
    }
  }

  static int sizeOfSint64(int field, long value) {
    return value == 0 ? 0 : CodedOutputStream.computeSInt64Size(field, value);
  }

  static void writeSint64(CodedOutputStream out, int field, long value) throws IOException {
    if (value != 0) {
      out.writeSInt64(field, value);
    }
  }

  static int sizeOfUint64(int field, long value) {
    return value == 0 ? 0 : CodedOutputStream.computeUInt64Size(field, value);
  }

  static void writeUint64(CodedOutputStream out, int field, long value) throws IOException {
    if (value != 0) {
      out.writeUInt64(field, value);
    }
  }

  static int sizeOfFixed64(int field, long value) {
    return value == 0 ? 0 : CodedOutputStream.computeFixed64Size(field, value);
  }

  static void writeFixed64(CodedOutputStream out, int field, long value) throws IOException {
    if (value != 0) {
      out.writeFixed64(field, value);
    }
  }

  static int sizeOfUint32(int field, int value) {
    return value == 0 ? 0 : CodedOutputStream.computeUInt32Size(field, value);
  }

  static void writeUint32(CodedOutputStream out, int field, int value) throws IOException {
    if (value != 0) {
      out.writeUInt32(field, value);
    }
  }

  static int sizeOfEnum(int field, int number) {
    return number == 0 ? 0 : CodedOutputStream.computeEnumSize(field, number);
  }

  static void writeEnum(CodedOutputStream out, int field, int number) throws IOException {
    if (number != 0) {
      out.writeEnum(field, number);
    }
  }

  /** A message of so many bytes with its tag and length. */
  static int sizeOfMessage(int field, int size) {
    return CodedOutputStream.computeTagSize(field)
        + CodedOutputStream.computeUInt32SizeNoTag(size)
        + size;
  }

  /** The tag and length of a message; its bytes follow. */
  static void beginMessage(CodedOutputStream out, int field, int size) throws IOException {
    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(size);
  }

  static int sizeOfMap(int field, Map<String, String> values) {
    int size = 0;
    if (!values.isEmpty()) {
      for (Map.Entry<String, String> entry : values.entrySet()) {
        size += sizeOfMessage(field, sizeOfEntry(entry));
      }
    }
    return size;
  }

  static void writeMap(CodedOutputStream out, int field, Map<String, String> values)
      throws IOException {
    if (!values.isEmpty()) {
      for (Map.Entry<String, String> entry : values.entrySet()) {
        beginMessage(out, field, sizeOfEntry(entry));
        out.writeString(MAP_KEY, entry.getKey());
        out.writeString(MAP_VALUE, entry.getValue());
      }
    }
  }

  private static int sizeOfEntry(Map.Entry<String, String> entry) {
    return CodedOutputStream.computeStringSize(MAP_KEY, entry.getKey())
        + CodedOutputStream.computeStringSize(MAP_VALUE, entry.getValue());
  }
}
