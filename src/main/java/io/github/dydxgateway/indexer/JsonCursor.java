package io.github.dydxgateway.indexer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Walks over the bytes of a frame: fields, elements, and the JSON text of any value. Unless said
 * otherwise methods expect the cursor on the first byte of a value. Reused from frame to frame; not
 * thread safe.
 */
final class JsonCursor {
  /**
   * Records, levels and unknown fields a frame may hold, whatever its length. The venue sends some
   * thousands; more, of a few bytes each, would cost many times the memory of the frame.
   */
  static final int MAX_ELEMENTS = 200_000;

  /** A longer frame may hold one element for each of so many bytes. */
  private static final int BYTES_PER_ELEMENT = 16;

  /** Objects and arrays within each other. */
  static final int MAX_DEPTH = 64;

  private static final int MAX_EXCERPT = 100;
  private static final int MAX_PATH = 200;

  private final JsonBytes json = new JsonBytes();
  private final TextCache texts = new TextCache();
  private final FieldNames fieldNames = new FieldNames();

  /** By depth: whether an object or an array is open, its field, its element (-1: none yet). */
  private final boolean[] inObject = new boolean[MAX_DEPTH + 1];

  private final String[] names = new String[MAX_DEPTH + 1];
  private final int[] indexes = new int[MAX_DEPTH + 1];

  private byte[] buffer;
  private int depth;
  private int outside;

  /** Null after an object or array, until the next value. */
  private JsonValue value;

  private int elements;
  private int maxElements;

  /** Begins with new JSON, on its first value. */
  void open(byte[] buffer, int offset, int length) throws IOException {
    this.buffer = buffer;
    json.open(buffer, offset, length);
    depth = 0;
    outside = 0;
    elements = 0;
    maxElements = Math.max(MAX_ELEMENTS, length / BYTES_PER_ELEMENT);
    fieldNames.restart();
    readValue();
  }

  /** Goes back to the value of a field of the frame, from its end. */
  void returnTo(String name, int valueStart) throws IOException {
    json.returnTo(valueStart);
    enter(true);
    names[depth] = name;
    readValue();
  }

  /** Makes sure that nothing comes after the frame. */
  void expectEnd() throws IOException {
    if (!json.isAtEnd()) {
      throw json.unexpected("the end of the frame");
    }
  }

  /** Makes {@link #path} start inside the object where the cursor stands. */
  void enterContents() throws IOException {
    outside = depth - 1;
    expectObject("an object");
  }

  void expectObject(String expected) throws IOException {
    if (!isObject()) {
      throw unexpected(expected);
    }
  }

  void expectArray(String expected) throws IOException {
    if (!isArray()) {
      throw unexpected(expected);
    }
  }

  /** Goes to the next field's value; null at the end of the object. */
  String nextField() throws IOException {
    if (!next('}')) {
      return null;
    }
    String name = fieldNames.read(json);
    names[depth] = name;
    readValue();
    return name;
  }

  /** The field whose value the cursor is on; not if that is an object or array. */
  String fieldName() {
    return names[depth];
  }

  /** Like {@link #nextField}, in an object that holds records by their name. */
  String nextEntry() throws IOException {
    countElement();
    return nextField();
  }

  /** Goes to the next element of an array; false at its end. */
  boolean nextElement() throws IOException {
    countElement();
    return nextPart();
  }

  /** Like {@link #nextElement}, in an array that is one element itself, such as a level. */
  boolean nextPart() throws IOException {
    if (!next(']')) {
      return false;
    }
    readValue();
    return true;
  }

  private void countElement() throws IOException {
    if (++elements > maxElements) {
      throw new UnexpectedShapeException("expected at most " + maxElements + " elements");
    }
  }

  /** Passes the comma before the next field or element; leaves the object or array at its end. */
  private boolean next(char close) throws IOException {
    byte b = json.peek(close == '}' ? "a field or '}'" : "an element or ']'");
    if (b == close) {
      json.pass();
      depth--;
      value = null;
      return false;
    }
    if (indexes[depth]++ >= 0) {
      if (b != ',') {
        throw json.unexpected(close == '}' ? "a comma or '}'" : "a comma or ']'");
      }
      json.pass();
    }
    return true;
  }

  private void readValue() throws IOException {
    value = json.readValue();
    if (value == JsonValue.OBJECT || value == JsonValue.ARRAY) {
      enter(value == JsonValue.OBJECT);
    }
  }

  private void enter(boolean object) throws IOException {
    if (depth == MAX_DEPTH) {
      throw new UnexpectedShapeException(
          "expected at most " + MAX_DEPTH + " objects and arrays within each other");
    }
    depth++;
    inObject[depth] = object;
    names[depth] = null;
    indexes[depth] = -1;
  }

  boolean isNull() {
    return value == JsonValue.NULL;
  }

  boolean isObject() {
    return value == JsonValue.OBJECT;
  }

  boolean isArray() {
    return value == JsonValue.ARRAY;
  }

  boolean isTrue() {
    return value == JsonValue.TRUE;
  }

  boolean isFalse() {
    return value == JsonValue.FALSE;
  }

  /** Whether the value is a string or a number, so that the text methods may be called. */
  boolean isText() {
    return value == JsonValue.STRING || value == JsonValue.NUMBER;
  }

  /**
   * Holds the characters of a string, or of a number as it was written, as UTF-8. To be called
   * before {@link #textOffset} and {@link #textLength}, which tell where.
   */
  byte[] textBytes() throws IOException {
    return json.textBytes();
  }

  int textOffset() {
    return json.textOffset();
  }

  int textLength() {
    return json.textLength();
  }

  /** The text as a new String. */
  String text() throws IOException {
    return json.text();
  }

  /** The text as a String that is shared with earlier frames; for texts that recur. */
  String repeatedText() throws IOException {
    return texts.get(json.textBytes(), json.textOffset(), json.textLength());
  }

  /** Skips the value. */
  void skip() throws IOException {
    if (value != JsonValue.OBJECT && value != JsonValue.ARRAY) {
      return;
    }
    int parent = depth - 1;
    while (depth > parent) {
      boolean object = inObject[depth];
      if (next(object ? '}' : ']')) {
        if (object) {
          json.readName();
        }
        readValue();
      }
    }
  }

  /** Where the value begins in the buffer. */
  int valueStart() {
    return json.valueStart();
  }

  /** Skips the value and tells where it ended in the buffer. */
  int skipToValueEnd() throws IOException {
    skip();
    return json.at();
  }

  /** Skips the value and returns its exact JSON text. Counts as an element, for what it costs. */
  String json() throws IOException {
    countElement();
    int start = valueStart();
    int end = skipToValueEnd();
    return new String(buffer, start, end - start, StandardCharsets.UTF_8);
  }

  /** Skips the value and returns the beginning of its JSON text, for a person. */
  String excerpt() throws IOException {
    int start = valueStart();
    int length = skipToValueEnd() - start;
    return length <= MAX_EXCERPT
        ? new String(buffer, start, length, StandardCharsets.UTF_8)
        : new String(buffer, start, MAX_EXCERPT, StandardCharsets.UTF_8) + "…";
  }

  /** Where the value stands, such as {@code orders[2].price}. */
  String path() {
    StringBuilder path = new StringBuilder();
    for (int level = outside + 1; level <= depth && path.length() <= MAX_PATH; level++) {
      if (!inObject[level] && indexes[level] >= 0) {
        path.append('[').append(indexes[level]).append(']');
      } else if (inObject[level] && names[level] != null) {
        path.append(path.length() == 0 ? "" : ".").append(names[level]);
      }
    }
    return path.length() > MAX_PATH ? path.substring(0, MAX_PATH) : path.toString();
  }

  /** What to throw where the rest of the frame makes no sense without the value. */
  UnexpectedShapeException unexpected(String expected) throws IOException {
    String path = path();
    return new UnexpectedShapeException(
        "expected " + expected + (path.isEmpty() ? "" : " at " + path) + ", got " + excerpt());
  }
}
