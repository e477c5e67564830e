package io.github.dydxgateway.indexer;

import java.io.IOException;
import java.util.HexFormat;

/**
 * Reads event ids: strings, or the {@code {"type":"Buffer","data":[…]}} that JavaScript makes of
 * bytes, which become lower-case hex. Not thread safe.
 */
final class EventIdReader {
  /** Real ones have 12 bytes. */
  private static final int MAX_BYTES = 1024;

  private static final HexFormat HEX = HexFormat.of();

  private final FieldProblems problems;
  private final FieldValues strings;
  private final FieldValues bytes;
  private boolean readable;

  EventIdReader(JsonCursor cursor, FieldProblems problems) {
    this.problems = problems;
    this.strings = new FieldValues(cursor, problems);
    this.bytes = new FieldValues(cursor, (in, expected) -> refuse(in, "a byte, 0 to 255"));
  }

  String read(JsonCursor in) throws IOException {
    if (!in.isObject()) {
      return strings.text();
    }
    boolean hasData = false;
    String hex = null;
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      if (name.equals("data")) {
        hasData = true;
        hex = readBytes(in);
      } else {
        in.skip();
      }
    }
    if (!hasData) {
      problems.addMissing(in, "data with bytes");
    }
    return hex;
  }

  private String readBytes(JsonCursor in) throws IOException {
    if (!in.isArray()) {
      problems.add(in, "an array of bytes");
      return null;
    }
    readable = true;
    StringBuilder hex = new StringBuilder();
    while (in.nextElement()) {
      if (!readable) {
        in.skip();
      } else if (hex.length() == 2 * MAX_BYTES) {
        refuse(in, "at most " + MAX_BYTES + " bytes");
      } else {
        appendByte(in, hex);
      }
    }
    return readable ? hex.toString() : null;
  }

  private void appendByte(JsonCursor in, StringBuilder hex) throws IOException {
    Long value = bytes.integer();
    if (value == null || value < 0 || value > 255) {
      if (readable) {
        refuse(in, "a byte, 0 to 255");
      }
      return;
    }
    HEX.toHexDigits(hex, value.byteValue());
  }

  private void refuse(JsonCursor in, String expected) throws IOException {
    readable = false;
    problems.add(in, expected);
  }
}
