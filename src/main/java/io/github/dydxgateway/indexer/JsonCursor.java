package io.github.dydxgateway.indexer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Walks over the bytes of a frame: fields, elements, and the JSON text of any value. Unless said
 * otherwise methods expect the cursor on the first token of a value. Reused from frame to frame;
 * not thread safe.
 */
final class JsonCursor {
  /**
   * Records, levels and unknown fields a frame may hold. The venue sends some thousands; more, of a
   * few bytes each, would cost many times the memory of the frame.
   */
  static final int MAX_ELEMENTS = 200_000;

  private static final int MAX_EXCERPT = 100;
  private static final int MAX_PATH = 200;

  private final TextCache texts = new TextCache();
  private JsonParser parser;
  private byte[] buffer;
  private int offset;
  private int elements;
  private JsonStreamContext outside;

  /**
   * Begins with new JSON.
   *
   * @param parser over the bytes of the buffer from the offset on
   */
  void open(JsonParser parser, byte[] buffer, int offset) {
    this.parser = parser;
    this.buffer = buffer;
    this.offset = offset;
    elements = 0;
    outside = null;
  }

  /** Goes to the first token, or to the one after the last value. */
  JsonToken nextToken() throws IOException {
    return parser.nextToken();
  }

  /** Makes {@link #path} start inside the object where the cursor stands. */
  void enterContents() throws IOException {
    outside = parser.getParsingContext().getParent();
    expect(JsonToken.START_OBJECT, "an object");
  }

  void expect(JsonToken token, String expected) throws IOException {
    if (!parser.hasToken(token)) {
      throw unexpected(expected);
    }
  }

  /** Goes to the next field's value; null at the end of the object. */
  String nextField() throws IOException {
    String name = parser.nextFieldName();
    if (name != null) {
      parser.nextToken();
    }
    return name;
  }

  /** The field whose value the cursor is on; not if that is an object or array. */
  String fieldName() {
    return parser.getParsingContext().getCurrentName();
  }

  /** Like {@link #nextField}, in an object that holds records by their name. */
  String nextEntry() throws IOException {
    countElement();
    return nextField();
  }

  /** Goes to the next element of an array; false at its end. */
  boolean nextElement() throws IOException {
    countElement();
    return parser.nextToken() != JsonToken.END_ARRAY;
  }

  private void countElement() throws IOException {
    if (++elements > MAX_ELEMENTS) {
      throw new UnexpectedShapeException("expected at most " + MAX_ELEMENTS + " elements");
    }
  }

  boolean isNull() {
    return parser.hasToken(JsonToken.VALUE_NULL);
  }

  boolean isObject() {
    return parser.hasToken(JsonToken.START_OBJECT);
  }

  boolean isArray() {
    return parser.hasToken(JsonToken.START_ARRAY);
  }

  boolean isTrue() {
    return parser.hasToken(JsonToken.VALUE_TRUE);
  }

  boolean isFalse() {
    return parser.hasToken(JsonToken.VALUE_FALSE);
  }

  /** Whether the value is a string or a number, so that the text methods may be called. */
  boolean isText() {
    JsonToken token = parser.currentToken();
    return token == JsonToken.VALUE_STRING || token.isNumeric();
  }

  /** The characters of a string, or of a number as it was written. */
  char[] textChars() throws IOException {
    return parser.getTextCharacters();
  }

  int textOffset() throws IOException {
    return parser.getTextOffset();
  }

  int textLength() throws IOException {
    return parser.getTextLength();
  }

  /** The text as a new String. */
  String text() throws IOException {
    return new String(textChars(), textOffset(), textLength());
  }

  /** The text as a String that is shared with earlier frames; for texts that recur. */
  String repeatedText() throws IOException {
    return texts.get(textChars(), textOffset(), textLength());
  }

  /** Skips the value. */
  void skip() throws IOException {
    parser.skipChildren();
  }

  /** Where the value begins in the buffer. */
  int valueStart() {
    return offset + (int) parser.currentTokenLocation().getByteOffset();
  }

  /** Skips the value and tells where it ended in the buffer. */
  int skipToValueEnd() throws IOException {
    parser.skipChildren();
    parser.finishToken();
    return offset + (int) parser.currentLocation().getByteOffset();
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
    appendPath(path, parser.getParsingContext());
    return path.length() > MAX_PATH ? path.substring(0, MAX_PATH) : path.toString();
  }

  private void appendPath(StringBuilder path, JsonStreamContext context) {
    if (context == null || context == outside || context.inRoot()) {
      return;
    }
    appendPath(path, context.getParent());
    if (context.inArray() && context.hasCurrentIndex()) {
      path.append('[').append(context.getCurrentIndex()).append(']');
    } else if (context.inObject() && context.getCurrentName() != null) {
      path.append(path.length() == 0 ? "" : ".").append(context.getCurrentName());
    }
  }

  /** What to throw where the rest of the frame makes no sense without the value. */
  UnexpectedShapeException unexpected(String expected) throws IOException {
    String path = path();
    return new UnexpectedShapeException(
        "expected " + expected + (path.isEmpty() ? "" : " at " + path) + ", got " + excerpt());
  }
}
